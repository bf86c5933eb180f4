"""The pages of calls: one form that keeps what is typed, the list, each call, and what an agency reads."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mash_portal.accounts.models import Agency, User
from referrals.models import Call, Contact
from referrals.vocabulary import AgencyKind, CallResult, Channel
from tests import ringing
from tests.pages.browsing import shown, signed_in, words

pytestmark = pytest.mark.django_db


def typed(rosa: User, **changes: Any) -> dict[str, Any]:
    """A professional's call as the page sends it."""
    assert rosa.agency is not None
    return {
        "children": "1",
        "caller_kind": "professional",
        "caller_name": "Rosa Bell",
        "caller_phone": "01632 960101",
        "agency": str(rosa.agency.pk),
        "given_names_1": "Noor",
        "family_name_1": "Aziz",
        "born_1_day": "15",
        "born_1_month": "apr",
        "born_1_year": "2016",
        "address": "12 High Street, WS3 4LP",
        "said": "She has a burn on her hand.",
        "advice": "Keep her at school until we ring back.",
        "result": "form_expected",
    } | changes


def post(person: User, name: str, **data: Any) -> Any:
    return signed_in(person).post(reverse(name), data)


# Taking a call


def test_a_contact_officer_records_a_call_on_one_page(sam: User, rosa: User) -> None:
    answer = post(sam, "calls:record", **typed(rosa))
    call = Call.objects.get()
    assert answer.headers["Location"] == reverse("calls:call", args=[call.reference])
    html = words(shown(sam, "calls:call", call.reference))
    for said in ("Rosa Bell", "Alder Primary", "01632 960101", "Noor Aziz, born 15 April 2016", "burn on her hand"):
        assert said in html
    assert "Written form" in html
    assert f"Open contact {call.reference}" in html


def test_the_page_keeps_what_is_typed_and_says_everything_that_is_missing(sam: User, rosa: User) -> None:
    answer = post(sam, "calls:record", **typed(rosa, caller_name="", advice="", result="", born_1_month="13"))
    html = answer.content.decode()
    for sentence in (
        "Enter the caller’s name: a professional is never anonymous",
        "Say what the call leads to",
        "Date of birth of child 1 must be a real date",
    ):
        assert html.count(sentence) == 2, sentence
    assert "<title>Error: " in html
    assert "She has a burn on her hand." in html
    assert 'value="01632 960101"' in html
    assert not Call.objects.exists()


def test_another_child_is_added_without_losing_a_word(sam: User, rosa: User) -> None:
    html = post(sam, "calls:record", **typed(rosa, another="1", caller_name="", said="")).content.decode()
    assert 'name="given_names_2"' in html
    assert "autofocus" in html
    assert 'value="Noor"' in html
    assert "govuk-error-summary" not in html
    assert not Call.objects.exists()
    both = typed(rosa, children="2", given_names_2="Sami", family_name_2="Not known", age_2="4")
    post(sam, "calls:record", **both)
    assert [(child.name, child.estimated_age) for child in Contact.objects.get().children.all()] == [
        ("Noor Aziz", None),
        ("Sami", 4),
    ]


@pytest.mark.parametrize("children", ["", "-3", "99999999999", "x", "0"])
def test_a_page_that_has_lost_count_of_the_children_still_records_the_first(
    sam: User, rosa: User, children: str
) -> None:
    post(sam, "calls:record", **typed(rosa, children=children))
    assert Contact.objects.get().children.count() == 1


def test_enter_saves_the_call(sam: User) -> None:
    """The first button of a form is the one that the Enter key presses."""
    buttons = re.findall(r"<button[^>]*>", shown(sam, "calls:record").split("<main", 1)[1])
    assert "name=" not in buttons[0]


def test_the_emergency_duty_team_has_the_same_page(sam: User, rosa: User) -> None:
    assert "Out of hours call" in shown(sam, "calls:out_of_hours")
    post(
        sam,
        "calls:out_of_hours",
        **typed(rosa, caller_kind="anonymous", caller_name="", caller_phone="", agency="", result="contact"),
    )
    call = Call.objects.get()
    assert call.contact is not None
    assert (call.out_of_hours, call.contact.channel, call.contact.source) == (True, Channel.EDT, "9")


def test_a_childs_name_is_text_wherever_a_call_shows_it(sam: User, rosa: User) -> None:
    hostile = "<script>alert(1)</script>"
    post(sam, "calls:record", **typed(rosa, given_names_1=hostile, said=hostile, advice=hostile, caller_name=hostile))
    call = Call.objects.get()
    for html in (
        shown(sam, "calls:list"),
        shown(sam, "calls:call", call.reference),
        shown(sam, "calls:letter", call.reference),
        shown(sam, "triage:contact", call.reference),
        shown(rosa, "calls:ours", call.reference),
        shown(rosa, "calls:our_list"),
        shown(rosa, "intake:list"),
        shown(rosa, "intake:referral", call.reference),
    ):
        assert "alert(1)" in html
        assert hostile not in html


# The list


def test_the_list_counts_filters_and_marks_what_is_late(sam: User, rosa: User) -> None:
    assert "No call has been recorded yet" in shown(sam, "calls:list")
    call = ringing.rings(rosa, taken_by=sam)
    advice = ringing.rings(rosa, taken_by=sam, result=CallResult.ADVICE)
    html = shown(sam, "calls:list")
    assert "2 calls" in html
    assert "portal-table--overdue" not in html
    Call.objects.filter(pk=call.pk).update(confirm_by=call.taken_at)
    waiting = shown(sam, "calls:list", show="waiting")
    assert "1 call waiting for the form" in waiting
    assert "portal-table--overdue" in waiting
    assert advice.reference not in waiting
    assert "No call is of this kind" in shown(sam, "calls:list", show="out_of_hours")
    assert "2 calls" in shown(sam, "calls:list", show="nonsense")


def test_the_list_takes_as_many_queries_for_twenty_calls_as_for_two(sam: User, rosa: User) -> None:
    counts = []
    for number in (2, 18):
        for one in range(number):
            ringing.rings(rosa, taken_by=sam, said=f"Call {number} {one}")
        with CaptureQueriesContext(connection) as asked:
            shown(sam, "calls:list")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_agency_that_closed_is_not_offered(sam: User, rosa: User) -> None:
    closed = Agency.objects.create(name="Shut School", kind=AgencyKind.SCHOOL, source="2A", is_active=False)
    html = shown(sam, "calls:record")
    assert "Alder Primary" in html
    assert closed.name not in html
    answer = post(sam, "calls:record", **typed(rosa, agency=str(closed.pk)))
    assert "Choose an agency from the list" in answer.content.decode()
    assert not Call.objects.exists()
