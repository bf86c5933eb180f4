"""G13 where no page of the portal answers: the API, the command line, what guards count, and what is worked out."""

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access
from referrals.decision import actions as decisions
from referrals.identity import actions as joining
from referrals.identity import pages as identity
from referrals.models import Contact, Notice, Person, StageChange
from referrals.refusals import Refused
from referrals.screening import queries as screening
from referrals.vocabulary import Outcome
from tests import build, policing
from tests.api.calling import REFERRAL, System
from tests.pages.browsing import shown
from tests.restricting import restricted

pytestmark = pytest.mark.django_db

FEW_DAYS = timedelta(days=3)
NFA: dict[str, Any] = {
    "outcome": Outcome.NFA_INFORMATION,
    "texts": {"advice": "Keep watching."},
    "advice_level": 2,
}


def insight() -> Any:
    out, today = io.StringIO(), timezone.localdate()
    days = ("--from", str(today - timedelta(days=30)), "--to", str(today + timedelta(days=1)))
    call_command("insight", *days, "--by", "agency", "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def of(person: Person) -> dict[str, object]:
    return {"given_names": "Noor", "family_name": "Aziz", "nhs_number": "9434765919", "person": person}


def test_a_system_of_the_agency_gets_of_a_restricted_referral_what_it_gets_of_none(rosa: User, maya: User) -> None:
    school = System(rosa)
    typed, sent = build.received(rosa), school.post("referrals", REFERRAL).json()["reference"]
    for reference in (typed.reference, sent):
        assert school.get(f"referrals/{reference}").status_code == 200
    for contact in Contact.objects.all():
        restricted(contact, by=maya)
    absent, hidden = (school.get(f"referrals/{reference}") for reference in ("ZZZZ-ZZZZ", typed.reference))
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
    assert hidden.status_code == 404
    assert school.get(f"referrals/{sent}").status_code == 200


def test_the_insight_command_counts_no_restricted_record(rosa: User, tom: User, maya: User) -> None:
    build.received(rosa)
    before = insight()
    new = build.received(tom)
    assert insight() != before
    restricted(new, by=maya)
    assert insight() == before


def test_a_manager_who_is_named_counts_what_others_do_not(rosa: User, maya: User, ivan: User, ana: User) -> None:
    build.received(rosa)
    restricted(build.received(rosa), by=maya)
    assert [access.countable_by(who).count() for who in (maya, ivan, ana)] == [2, 1, 1]


def test_the_guards_count_the_history_that_whoever_decides_may_see(
    rosa: User, grace: User, maya: User, ivan: User
) -> None:
    child = of(Person.objects.create())
    for days in (40, 20):
        at = timezone.now() - timedelta(days=days)
        restricted(build.received(rosa, at=at, children=[child]), by=maya)
    contact = build.recommended(rosa, worker=grace, children=[child], **NFA)
    said: dict[str, Any] = {"by": maya, "version": contact.version}
    with pytest.raises(Refused, match="contact number 3 about Noor Aziz"):
        decisions.sign_off(contact.reference, **said)
    decisions.sign_off(contact.reference, **(said | {"by": ivan}))
    now = timezone.now()
    assert screening.reasons_against([contact], maya, now)[contact.pk] != ()
    assert screening.reasons_against([contact], ivan, now)[contact.pk] == ()


def test_nobody_outside_is_shown_a_likeness_to_a_child_of_a_restricted_record(
    rosa: User, tom: User, grace: User, maya: User, ivan: User
) -> None:
    born = date(2016, 4, 15)
    old = build.received(rosa, children=[of(Person.objects.create()) | {"date_of_birth": born}])
    new = build.claimed(tom, worker=grace, children=[of(Person.objects.create()) | {"date_of_birth": born}])
    assert [len(identity.children_of(new, who)[0]["candidates"]) for who in (maya, ivan)] == [1, 1]
    restricted(old, by=maya)
    assert [len(identity.children_of(new, who)[0]["candidates"]) for who in (maya, ivan)] == [1, 0]


def test_why_children_were_joined_is_not_told_where_it_rests_on_what_a_reader_does_not_see(
    rosa: User, tom: User, maya: User, ivan: User
) -> None:
    noor = of(Person.objects.create())
    old, open_ = build.received(rosa, children=[noor]), build.received(rosa, children=[noor])
    new = build.received(tom, children=[noor])
    facts = {"person": noor["person"], "joined": True, "score": 1.0, "at": timezone.now()}
    new.children.get().proposals.create(reasons=["same NHS number"], **facts)
    restricted(old, by=maya)
    told = {who: identity.children_of(new, who)[0] for who in (maya, ivan)}
    assert "same NHS number" in told[maya]["joined"]
    assert told[ivan]["joined"] == "The hub takes this child for the one in 1 other contact."
    assert [row["reference"] for row in told[ivan]["rows"]] == [open_.reference]


def test_no_timeline_of_another_contact_names_a_restricted_one(rosa: User, tom: User, grace: User, maya: User) -> None:
    secret = restricted(build.received(rosa, children=[of(Person.objects.create())]), by=maya)
    other = build.claimed(tom, worker=grace, children=[of(Person.objects.create())])
    there, here = secret.children.get(), other.children.get()
    assert there.person_id is not None
    joining.confirm(other.reference, child=here.pk, person=there.person_id, reason="", by=maya, version=other.version)
    said = StageChange.objects.filter(contact=other).values_list("reason", flat=True)
    assert any("is the same child as in another record" in one for one in said)
    assert not any(secret.reference in one for one in said)
    assert Notice.objects.get(template="restricted_history").to == maya


def test_a_police_file_says_of_a_restricted_notification_no_more_than_that_it_is_here(
    omar: User, sam: User, maya: User
) -> None:
    [contact] = policing.brought_in(omar)
    again = policing.uploaded(omar)
    page = f"/police-notifications/{again.key}/"
    address = ("notifications:upload", again.key)
    assert contact.reference in shown(sam, *address), page
    restricted(contact, by=maya)
    for who in (sam, omar):
        text = shown(who, *address)
        assert contact.reference not in text
        assert policing.ROW["police_reference"] in text
    assert contact.reference in shown(maya, *address)
    alike = policing.uploaded(omar, policing.row(police_reference="PN/26/777777"))
    assert alike.items.get().possible == []


def test_an_administrator_sees_that_a_message_failed_and_not_about_which_restricted_record(
    rosa: User, maya: User, kit: User
) -> None:
    contact = build.received(rosa)
    rosa.notices.update(failed_at=contact.received_at)
    assert contact.reference in shown(kit, "settings:messages")
    restricted(contact, by=maya)
    text = shown(kit, "settings:messages")
    assert contact.reference not in text
    assert "Referral received" in text
