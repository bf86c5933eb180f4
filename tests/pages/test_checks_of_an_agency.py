"""What a practitioner sees of a contact: the check of their agency and no more; their list, and their answer."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.enquiries import actions
from referrals.intake import actions as intake
from referrals.models import Check, Contact
from referrals.triage import actions as triage
from tests import build, checking
from tests.actions.test_intake import draft_by
from tests.checking import answered, asked, one_asked
from tests.pages.browsing import shown, signed_in, words

pytestmark = pytest.mark.django_db


def post(person: User, number: int, **data: Any) -> Any:
    return signed_in(person).post(reverse("enquiries:answer", args=[number]), data)


def test_a_practitioner_sees_what_they_are_asked_and_nothing_else_of_the_contact(
    rosa: User, grace: User, omar: User
) -> None:
    reference = intake.submit(draft_by(rosa).key, by=rosa).reference
    contact = Contact.objects.get(reference=reference)
    answers = contact.marf.answers
    triage.claim(reference, by=grace)
    User.objects.filter(pk=grace.pk).update(phone="01632 960111")
    grace.refresh_from_db()
    children = list(contact.children.all())
    made = actions.ask(
        reference, checking.request(contact, omar.agency, legal_basis="section_47", children=[children[0].pk]), by=grace
    )
    for check in made:
        if check.waits_for_authority:
            actions.authorise(reference, [check.pk], because="x", by=build.player("Maya"))
    page = words(shown(omar, "enquiries:answer", made[0].pk))
    first = answers["children"][0]
    for said in (checking.PURPOSE, children[0].name, first["address"], "Grace Lin", "01632 960111", reference):
        assert said in page, said
    for child in children[1:]:
        assert child.name not in page
    worry = [value for value in answers["worry"].values() if isinstance(value, str) and len(value) > 12]
    assert worry
    for hidden in (*worry, rosa.full_name, "Alder Primary", "Level"):
        assert hidden not in page, hidden
    for adult in contact.adults.filter(relationships__child=children[0]):
        assert adult.name in page
        if adult.phone:
            assert adult.phone not in page


def test_an_address_that_must_be_kept_from_somebody_is_marked(rosa: User, grace: User, omar: User) -> None:
    safety = {"withhold_address_from": "The father, who looks for them"}
    reference = intake.submit(draft_by(rosa, safety=safety).key, by=rosa).reference
    triage.claim(reference, by=grace)
    contact = Contact.objects.get(reference=reference)
    maya = build.player("Maya")
    [check] = asked(contact, omar, by=maya, legal_basis="public_task", because="x")
    page = shown(omar, "enquiries:answer", check.pk)
    assert "must be kept from somebody" in page
    assert "looks for them" not in page


def test_a_practitioner_answers_and_the_page_keeps_what_is_typed(rosa: User, grace: User, omar: User) -> None:
    check = one_asked(rosa, omar, worker=grace)
    assert not re.search(r'type="radio"[^>]*\bchecked', shown(omar, "enquiries:answer", check.pk))
    said = {"known": "yes", "facts": checking.FACTS, "may_share": "no", "share_with": "", "seen": "0"}
    page = post(omar, check.pk, **said).content.decode()
    assert page.count("Say why sharing it would be more detrimental to the child.") == 2
    assert checking.FACTS in page
    check.refresh_from_db()
    assert check.answered_at is None
    done = post(omar, check.pk, **said | {"share_with": "He would know who told us"})
    assert done.status_code == 302
    page = words(shown(omar, "enquiries:answer", check.pk))
    assert "Answer by Omar Khan" in page
    assert "Correct it or add to it" in page
    hub = words(shown(grace, "enquiries:contact", check.contact.reference))
    for words_ in (checking.FACTS, "May not be shared", "He would know who told us", "Omar Khan"):
        assert words_ in hub


def test_a_colleagues_answer_in_between_is_shown_and_what_is_typed_can_be_sent_after_reading_it(
    rosa: User, grace: User, omar: User
) -> None:
    check = one_asked(rosa, omar, worker=grace)
    answered(check, omar)
    said = {"known": "yes", "facts": "More that I know", "may_share": "yes", "share_with": "", "seen": "0"}
    page = post(omar, check.pk, **said).content.decode()
    assert "Omar Khan answered this at" in page
    assert checking.FACTS in page
    assert "More that I know" in page
    assert 'name="seen" value="1"' in page
    post(omar, check.pk, **said | {"seen": "1"})
    page = words(shown(grace, "enquiries:contact", check.contact.reference))
    assert "Earlier answer by Omar Khan" in page
    assert "Corrected Omar Khan" in page


def test_the_list_of_an_agency_counts_filters_and_puts_the_soonest_first(rosa: User, grace: User, omar: User) -> None:
    assert "The MASH has not asked your agency" in shown(omar, "enquiries:to_answer")
    late, soon, done = (one_asked(rosa, omar, worker=grace) for _ in range(3))
    Check.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
    answered(done, omar)
    page = shown(omar, "enquiries:to_answer")
    places = [page.index(reverse("enquiries:answer", args=[one.pk])) for one in (late, soon, done)]
    assert places == sorted(places)
    assert "3 agency checks" in page
    assert "portal-table--overdue" in page
    assert "2 agency checks to answer" in shown(omar, "enquiries:to_answer", show="open")
    assert "1 agency check answered or closed" in shown(omar, "enquiries:to_answer", show="answered")
    assert "3 agency checks" in shown(omar, "enquiries:to_answer", show="nonsense")
    assert f'href="{reverse("enquiries:to_answer")}"' in shown(omar, "intake:list"), "the way there"


def test_the_lists_take_as_many_queries_for_twenty_checks_as_for_two(
    rosa: User, grace: User, omar: User, maya: User
) -> None:
    counts = []
    for number in (2, 18):
        for _ in range(number):
            one_asked(rosa, omar, worker=grace)
        with CaptureQueriesContext(connection) as of_the_agency:
            shown(omar, "enquiries:to_answer")
        with CaptureQueriesContext(connection) as of_the_hub:
            shown(maya, "enquiries:list")
        counts.append((len(of_the_agency), len(of_the_hub)))
    assert counts[0] == counts[1]
