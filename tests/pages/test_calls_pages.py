"""The pages of calls: one form that keeps what is typed, the list, each call, and what an agency reads."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mash_portal.accounts.models import Agency, User
from mash_portal.audit.models import Event
from referrals import relay
from referrals.decision import actions as decisions
from referrals.models import Call, Contact, Notice
from referrals.triage import actions as triage
from referrals.vocabulary import AgencyKind, CallResult, Channel, Outcome
from tests import build, ringing
from tests.actions.test_joining import call_of, form_for, sent_alone
from tests.pages.browsing import signed_in, words

pytestmark = pytest.mark.django_db

#: Who a private caller is, and nothing else on any page.
CANARIES = ("Vera Quill", "960777")


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


def shown(person: User, name: str, *args: object, **query: str) -> str:
    answer = signed_in(person).get(reverse(name, args=args), query)
    assert answer.status_code == 200, name
    return answer.content.decode()


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


# The agency's side


def test_the_agency_reads_the_advice_and_the_hub_sees_that_it_has(sam: User, rosa: User) -> None:
    call = ringing.rings(rosa, taken_by=sam, result=CallResult.ADVICE)
    assert "Advice we gave you" in shown(rosa, "intake:list")
    assert "Not read by the agency yet" in shown(sam, "calls:list")
    assert "Keep her at school until we ring back." in shown(rosa, "calls:ours", call.reference)
    call.refresh_from_db()
    assert call.advice_read_by == rosa
    assert "by Rosa Bell" in words(shown(sam, "calls:call", call.reference))
    assert Event.objects.filter(verb="viewed:call", by=rosa, reference=call.reference).exists()


def test_an_agency_sees_nothing_of_anothers_call(sam: User, rosa: User, tom: User) -> None:
    call = ringing.rings(rosa, taken_by=sam)
    for html in (shown(tom, "intake:list"), shown(tom, "calls:our_list")):
        assert call.reference not in html
        assert "Noor" not in html
    assert signed_in(tom).get(reverse("calls:ours", args=[call.reference])).status_code == 404


def test_the_form_is_asked_for_begun_and_sent_from_our_referrals(sam: User, rosa: User) -> None:
    call = call_of(rosa, sam)
    html = shown(rosa, "intake:list")
    assert "A form is expected from you (1)" in html
    start = f"{reverse('intake:start')}?call={call.reference}"
    assert start in html
    assert start in shown(rosa, "intake:referral", call.reference)
    assert call.reference in signed_in(rosa).get(start).content.decode()
    answer = signed_in(rosa).post(start)
    assert answer.status_code == 302
    assert "Maisie Doyle" in signed_in(rosa).get(answer.headers["Location"]).content.decode()
    draft = form_for(call, rosa)
    sent = signed_in(rosa).post(reverse("intake:check", args=[draft.key]), {"declared": "on"}, follow=True)
    assert call.reference in words(sent.content.decode())
    assert "A form is expected" not in shown(rosa, "intake:list")
    assert "came on" in signed_in(rosa).post(start).content.decode()


def test_a_stranger_cannot_begin_the_form_for_a_call(sam: User, rosa: User, tom: User) -> None:
    call = call_of(rosa, sam)
    start = f"{reverse('intake:start')}?call={call.reference}"
    assert call.reference not in signed_in(tom).get(reverse("intake:start")).content.decode()
    assert signed_in(tom).post(start).status_code == 404


def test_a_contact_officer_joins_a_form_from_the_page_of_the_call(sam: User, rosa: User) -> None:
    call, form = call_of(rosa, sam), sent_alone(rosa)
    html = shown(sam, "calls:call", call.reference)
    assert "This may be the form" in html
    join = reverse("intake:join", args=[form.reference, call.reference])
    assert join in html
    after = words(signed_in(sam).post(join, follow=True).content.decode())
    assert f"{form.reference} is the form for this call" in after
    assert "This may be the form" not in after
    theirs = words(shown(rosa, "intake:referral", form.reference))
    assert f"This is the form for your call {call.reference}" in theirs
    assert f"Open {call.reference}" in words(shown(sam, "triage:contact", form.reference))


# Messages


@pytest.mark.parametrize("result", list(CallResult))
def test_a_message_about_a_call_has_a_reference_and_a_link_that_opens(
    sam: User, rosa: User, result: CallResult
) -> None:
    call = ringing.rings(rosa, taken_by=sam, result=result)
    [notice] = Notice.objects.all()
    facts = (notice.pk, notice.template, notice.reference, 0, rosa.email, rosa.full_name, True)
    subject, text = relay.render(relay.Claimed(*facts))
    assert call.reference in subject
    for word in ("Noor", "Aziz", "burn", "school until", "High Street"):
        assert word not in subject + text
    assert signed_in(rosa).get(relay.path_for(notice.template, notice.reference)).status_code == 200


# Who a private caller is


def test_no_agency_ever_reads_who_a_private_caller_is(
    sam: User, rosa: User, dev: User, grace: User, maya: User
) -> None:
    call = ringing.rings(taken_by=sam, said="I heard it from Mrs Quillfeather next door.")
    assert all(one in shown(sam, "calls:call", call.reference) for one in CANARIES)
    contact = call.contact
    assert contact is not None
    triage.claim(contact.reference, by=grace)
    build.assess(contact, by=grace)
    build.recommend(contact, Outcome.EARLY_HELP, by=grace, texts={"agreement_obtained": "Mother agreed to it today."})
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    inside = User.objects.create_user("pat@police.example", full_name="Pat Low", agency=sam.agency, role="partner")
    pages = [
        shown(dev, "triage:contact", contact.reference),
        shown(dev, "triage:marf", contact.reference),
        shown(inside, "intake:list"),
        shown(inside, "intake:referral", contact.reference),
        shown(inside, "calls:our_list"),
        shown(inside, "feedback:read", contact.reference),
    ]
    for html in pages:
        assert not any(one in html for one in (*CANARIES, "Quillfeather"))
    for person in (dev, inside, rosa):
        for name in ("calls:call", "calls:letter", "calls:ours"):
            assert signed_in(person).get(reverse(name, args=[call.reference])).status_code == 404
    assert {notice.to.full_name for notice in Notice.objects.all()} <= {"Grace Lin", "Maya Shah"}


def test_a_letter_can_be_printed_for_a_caller_without_an_account(sam: User) -> None:
    call = ringing.rings(taken_by=sam, result=CallResult.ADVICE)
    letter = words(shown(sam, "calls:letter", call.reference))
    assert "To Vera Quill" in letter
    assert "Keep her at school until we ring back." in letter
    assert "Noor" not in letter


def test_an_agency_that_closed_is_not_offered(sam: User, rosa: User) -> None:
    closed = Agency.objects.create(name="Shut School", kind=AgencyKind.SCHOOL, source="2A", is_active=False)
    html = shown(sam, "calls:record")
    assert "Alder Primary" in html
    assert closed.name not in html
    answer = post(sam, "calls:record", **typed(rosa, agency=str(closed.pk)))
    assert "Choose an agency from the list" in answer.content.decode()
    assert not Call.objects.exists()
