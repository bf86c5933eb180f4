"""What others read of a call: the agency that rang, whoever gets a message, and never who a private caller is."""

import pytest
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals import relay
from referrals.decision import actions as decisions
from referrals.models import Notice
from referrals.triage import actions as triage
from referrals.vocabulary import CallResult, Outcome
from tests import build, ringing
from tests.pages.browsing import shown, signed_in, words
from tests.ringing import call_of, form_for, sent_alone

pytestmark = pytest.mark.django_db


#: Who a private caller is, and nothing else on any page.
CANARIES = ("Vera Quill", "960777")


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
    told = {notice.to.full_name for notice in Notice.objects.exclude(template="handed_over")}
    assert told <= {"Grace Lin", "Maya Shah"}
    assert [notice.to for notice in Notice.objects.filter(template="handed_over")] == [dev], (
        "whose team is handed the child"
    )


def test_a_letter_can_be_printed_for_a_caller_without_an_account(sam: User) -> None:
    call = ringing.rings(taken_by=sam, result=CallResult.ADVICE)
    letter = words(shown(sam, "calls:letter", call.reference))
    assert "To Vera Quill" in letter
    assert "Keep her at school until we ring back." in letter
    assert "Noor" not in letter
