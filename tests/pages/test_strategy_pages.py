"""A strategy discussion as people meet it in a browser: the hub within the case, and those who are invited."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.models import Contact, Restriction, StrategyDiscussion
from referrals.strategy import actions
from referrals.vocabulary import AgencyKind, Outcome, StrategyDecision
from tests import build, discussing
from tests.pages.browsing import words
from tests.pages.casework import look, send, text

pytestmark = pytest.mark.django_db

FAMILY = [{"given_names": "Noor", "family_name": "Aziz"}, {"given_names": "Sami", "in_scope": False}]


def calling(contact: Contact, **changes: Any) -> dict[str, Any]:
    """What Grace types to call one about Noor, with social care and health, and no police."""
    hub, health = build.agency("Alderbrook MASH"), build.agency("Trent Vale Community Health")
    typed = {
        "reason": "A bruise that nobody explains",
        "children": [contact.children.all()[0].pk],
        "team_asked": "yes",
        "team_agency": hub.pk,
        "police_asked": "no",
        "police_because": "No crime is suspected",
        "health_asked": "yes",
        "health_agency": health.pk,
        "health_who": "Nell Adeyemi",
        "planned_on_day": "20",
        "planned_on_month": "nov",
        "planned_on_year": "2030",
        "planned_at": "2.30 pm",
        "how_to_join": "Room 2",
    }
    return typed | changes


def recording(discussion: StrategyDiscussion, **changes: Any) -> dict[str, Any]:
    now = timezone.localtime()
    typed = {
        "discussion": discussion.pk,
        "held_on_day": now.day,
        "held_on_month": now.month,
        "held_on_year": now.year,
        "held_at": f"{now:%H:%M}",
        "chair": discussion.called_by.pk,
        "decision": "section_47_single",
        **discussing.WORDS,
        "action_0_what": "Examine the baby",
        "action_0_owner": "Nell Adeyemi",
        "action_0_due_day": "21",
        "action_0_due_month": "11",
        "action_0_due_year": "2030",
    }
    for invitation in discussion.invitations.all():
        typed[f"attended_{invitation.pk}"] = "yes"
    return typed | changes


def test_a_worker_calls_arranges_and_records_a_discussion(client: Client, rosa: User, grace: User, nell: User) -> None:
    contact = build.claimed(rosa, worker=grace, children=FAMILY, at=timezone.now() - build.hours(1))
    assert "No strategy discussion has been called" in look(client, grace, contact, "strategy/")
    assert " checked" not in look(client, grace, contact, "strategy/call/"), "nothing is ticked"
    done = send(client, grace, contact, "strategy/call/", **calling(contact))
    assert done.status_code == 302
    page = words(look(client, grace, contact, "strategy/"))
    for said in (
        "Noor Aziz",
        "A bruise that nobody explains",
        "Wednesday 20 November 2030, 2:30pm",
        "Trent Vale Community Health, Nell Adeyemi",
        "Police: not invited. No crime is suspected",
        "3 hours 59 minutes left",
    ):
        assert said in page
    discussion = StrategyDiscussion.objects.get()
    send(client, grace, contact, "strategy/arrange/", discussion=discussion.pk, how_to_join="Room 7")
    done = send(client, grace, contact, "strategy/record/", **recording(discussion))
    assert done.status_code == 302
    page = words(look(client, grace, contact, "strategy/"))
    for said in (
        "Room 7",
        "chaired by Grace Lin",
        "Held without The police",
        "Section 47 enquiry, social care alone",
        "Nobody can say how it happened",
        "Police protection, if the parents take him home",
        "By 21 November 2030",
        "Recorded",
    ):
        assert said in page
    assert "Call a strategy discussion" in page, "another can be called after the first is recorded"


def test_what_was_typed_is_kept_and_each_objection_stands_at_its_field(client: Client, rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    typed = calling(contact, police_because="", team_asked="", planned_at="noonish")
    page = text(send(client, grace, contact, "strategy/call/", **typed))
    assert "Time must be a time of day, like 2:30pm" in page
    page = text(send(client, grace, contact, "strategy/call/", **(typed | {"planned_at": ""})))
    assert "Enter both the day and the time, or leave both empty." in page
    page = text(send(client, grace, contact, "strategy/call/", **(typed | {"planned_at": "2pm"})))
    for field, sentence in (
        ("team_asked", "Say whether you invite children’s social care."),
        ("police_because", "Say why you do not invite the police."),
    ):
        assert page.count(sentence) == 2
        assert f'id="id_{field}_error"' in page
    assert "A bruise that nobody explains" in page
    assert "Nell Adeyemi" in page
    assert not StrategyDiscussion.objects.exists()


def test_another_agency_can_be_invited_without_losing_anything(client: Client, rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    page = text(send(client, grace, contact, "strategy/call/", **calling(contact), other_0_agency="", more="1"))
    assert 'name="other_1_agency"' in page
    assert "There is a problem" not in page
    assert "A bruise that nobody explains" in page
    typed = calling(contact, referrer="on", school_who="The nursery nurse", other_0_who="The health visitor")
    send(client, grace, contact, "strategy/call/", **typed)
    assert discussing.invited_rows(StrategyDiscussion.objects.get())[3:] == [
        ("school", "The nursery nurse"),
        ("school", "Alder Primary"),
        ("voluntary", "The health visitor"),
    ]


def test_an_unfinished_record_comes_back_with_its_words(client: Client, rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    discussion = build.discussed(contact, by=grace)
    first = discussion.invitations.all()[0]
    typed = recording(discussion, **{f"attended_{first.pk}": "no"}, decision="", action_0_owner="")
    page = text(send(client, grace, contact, "strategy/record/", **typed))
    assert "Write who will do action 1" in page
    page = text(send(client, grace, contact, "strategy/record/", **(typed | {"action_0_owner": "Nell"})))
    assert "Say why Alderbrook MASH did not take part." in page
    assert "Choose what the discussion decided." in page
    assert "Nobody can say how it happened" in page
    discussion.refresh_from_db()
    assert discussion.recorded_at is None


def test_who_comes_too_late_reads_who_was_first_and_keeps_their_words(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    discussion = build.discussed(contact, by=grace)
    typed = recording(discussion)
    actions.call_off(contact.reference, discussion=discussion.pk, reason="Snow", by=maya)
    page = text(send(client, grace, contact, "strategy/record/", **typed))
    assert "Maya Shah has called this strategy discussion off" in page
    assert "Nobody can say how it happened" in page
    for form in ("record/", "arrange/", "call-off/"):
        assert "waits to be held" in look(client, grace, contact, f"strategy/{form}")


def test_the_pages_ask_as_much_about_many_as_about_one(client: Client, rosa: User, grace: User) -> None:
    one, many = build.claimed(rosa, worker=grace), build.claimed(rosa, worker=grace, children=FAMILY)
    discussing.held(build.discussed(one, by=grace), by=grace)
    for _ in range(3):
        discussing.held(build.discussed(many, by=grace, also=[actions.Invited(AgencyKind.HOUSING, who="A")]), by=grace)
    client.force_login(grace)

    def asked(contact: Contact, page: str) -> int:
        client.get(f"/contacts/{contact.reference}/{page}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/contacts/{contact.reference}/{page}").status_code == 200
        return len(queries)

    for page, most in (("strategy/", 14), ("strategy/call/", 12), ("", 26), ("decision/", 16)):
        assert asked(many, page) == asked(one, page) <= most, page


def test_the_overview_the_decision_page_and_the_record_show_it(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    discussion = build.discussed(contact, by=grace)
    assert "Not recorded yet" in words(look(client, grace, contact))
    discussing.held(discussion, by=grace, decision=StrategyDecision.SECTION_17)
    for page in ("", "decision/recommend/"):
        said = words(look(client, grace, contact, page))
        assert "Strategy discussion held" in said, page
        assert "Nobody can say how it happened" in said, page
    build.recommend(contact, Outcome.SECTION_17, by=grace, level=4)
    contact.refresh_from_db()
    assert "Nobody can say how it happened" in words(look(client, maya, contact, "decision/sign-off/"))
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    record = words(look(client, maya, contact, "decision/"))
    assert "Decided: Assessment under section 17" in record
    assert "Why: Nobody can say how it happened" in record
    assert "Health: Trent Vale Community Health. Took part" in record
    assert "Recorded a strategy discussion" in words(look(client, maya, contact))


def test_an_invited_practitioner_reads_when_and_where_and_nothing_of_the_case(
    client: Client, rosa: User, grace: User, nell: User, tom: User
) -> None:
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    build.discussed(contact, by=grace)
    client.force_login(nell)
    listed = words(text(client.get("/strategy-discussions/")))
    assert "1 strategy discussion to attend" in listed
    assert contact.reference in listed
    answer = client.get(f"/strategy-discussions/{contact.reference}/")
    page = words(text(answer))
    for said in (contact.reference, "Noor Aziz", "Room 2, or 01632 960199", "Grace Lin, Social worker"):
        assert said in page
    for kept in ("A bruise", "Regional Police", "Alder Primary", "2016", "L4-HEA-10", "Level 4"):
        assert kept not in page
    assert Event.objects.filter(verb="viewed:invitation", by=nell, reference=contact.reference).count() == 1
    assert client.get(f"/contacts/{contact.reference}/").status_code == 404
    assert client.get(f"/contacts/{contact.reference}/strategy/").status_code == 404
    client.force_login(tom)
    assert client.get(f"/strategy-discussions/{contact.reference}/").status_code == 404


@pytest.mark.parametrize("ends", ["recorded", "called off"])
def test_once_it_is_over_an_invitation_names_no_child(
    client: Client, rosa: User, grace: User, nell: User, ends: str
) -> None:
    contact = build.claimed(rosa, worker=grace)
    discussion = build.discussed(contact, by=grace)
    if ends == "recorded":
        discussing.held(discussion, by=grace)
    else:
        actions.call_off(contact.reference, discussion=discussion.pk, reason="Explained", by=grace)
    client.force_login(nell)
    page = words(text(client.get(f"/strategy-discussions/{contact.reference}/")))
    assert ends in page
    assert contact.reference in page
    for kept in ("Noor", "Room 2", "Explained", "Nobody can say"):
        assert kept not in page
    assert "No strategy discussion is waiting for your agency" in text(client.get("/strategy-discussions/"))


def test_a_restricted_record_invites_only_who_is_named_on_it(
    client: Client, rosa: User, maya: User, nell: User, omar: User
) -> None:
    grace = build.player("Grace")
    contact = build.claimed(rosa, worker=grace)
    build.discussed(contact, by=grace)
    restriction = Restriction.objects.create(contact=contact, reason="Staff family", by=maya, at=timezone.now())
    restriction.named.set([nell, grace, maya])
    Contact.objects.filter(pk=contact.pk).update(is_restricted=True)
    for who, status in ((nell, 200), (omar, 404)):
        client.force_login(who)
        assert client.get(f"/strategy-discussions/{contact.reference}/").status_code == status
        assert (contact.reference in text(client.get("/strategy-discussions/"))) is (status == 200)


def test_the_list_of_invitations_does_not_ask_more_for_more(
    client: Client, rosa: User, grace: User, nell: User
) -> None:
    client.force_login(nell)

    def asked() -> int:
        client.get("/strategy-discussions/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/strategy-discussions/")
        return len(queries)

    build.discussed(build.claimed(rosa, worker=grace), by=grace)
    few = asked()
    for _ in range(3):
        build.discussed(build.claimed(rosa, worker=grace), by=grace)
    assert asked() == few <= 5
