"""After sending, on the pages: what the agency reads and does, and what the hub sees of it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mash_portal.accounts.models import User
from referrals.decision import actions as decisions
from referrals.following import actions
from referrals.models import Addition, Contact, Question, Withdrawal
from referrals.triage import actions as triage
from referrals.vocabulary import Outcome, Rag, Stage
from tests import build
from tests.pages.browsing import signed_in, words

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"
OURS = ("add/", "withdraw/", "answer/", "form.pdf")
THEIRS = ("ask/", "carry-on/", "form.pdf")


def url(contact: Contact, page: str = "", side: str = "referrals") -> str:
    return f"/{side}/{contact.reference}/{page}"


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def asked(contact: Contact, by: User, text: str = "Who collects her?") -> Question:
    return actions.ask(contact.reference, text=text, by=by)


def in_hand(stage: Stage, rosa: User, grace: User, maya: User) -> Contact:
    """A contact at that stage; from triage on it is red and of level 4: there is something internal to give away."""
    if stage is Stage.RECEIVED:
        return build.received(rosa)
    if stage is Stage.CLOSED:
        return build.told(rosa, worker=grace, manager=maya)
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    build.rated(contact, Rag.RED, by=grace)
    if stage is not Stage.TRIAGE:
        build.discussed(contact, by=grace)
        build.recommend(contact, Outcome.STRATEGY, by=grace, level=4)
        contact.refresh_from_db()
    if stage is Stage.DECIDED:
        decisions.sign_off(contact.reference, by=maya, version=contact.version)
        contact.refresh_from_db()
    return contact


# The state in plain words


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        (Stage.RECEIVED, "Received"),
        (Stage.TRIAGE, "Being looked at by a social worker"),
        (Stage.SIGN_OFF, "Being looked at by a social worker"),
        (Stage.DECIDED, "Decided"),
        (Stage.CLOSED, "Decided: you have feedback"),
    ],
)
def test_the_agency_reads_the_state_in_plain_words_and_nothing_internal(
    stage: Stage, state: str, rosa: User, grace: User, maya: User
) -> None:
    contact = in_hand(stage, rosa, grace, maya)
    assert contact.stage == stage
    client = signed_in(rosa)
    page = html(client, url(contact))
    [tag] = re.findall(r'<strong class="govuk-tag[^"]*">([^<]+)</strong>', page)
    assert tag == state
    row = html(client, f"/referrals/?state={'feedback' if stage is Stage.CLOSED else ''}")
    assert f">{state}</strong>" in row
    shown = words(page.split("<main")[1].split("</main>")[0])
    internal = ["Grace", "Maya", "triage", "sign-off", "recommend", "Red", "Strategy", "level", "RAG", "overdue"]
    internal += [one.label for one in Stage if one is not Stage.RECEIVED]  # "Received" on Friday is no secret
    assert [one for one in internal if re.search(rf"\b{re.escape(one)}\b", shown)] == []


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.TRIAGE, Stage.SIGN_OFF])
def test_a_question_that_waits_is_the_state_whatever_the_stage_until_it_is_answered(
    stage: Stage, rosa: User, grace: User, maya: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    question = asked(contact, grace)
    if stage is Stage.RECEIVED:
        triage.release(contact.reference, reason="Called to court", by=grace)
    if stage is Stage.SIGN_OFF:
        build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    assert contact.stage == stage
    client = signed_in(rosa)
    page = html(client, url(contact))
    assert "We need something from you</strong>" in page
    assert "Who collects her?" in page
    assert "Grace" not in page
    assert contact.reference in html(client, "/referrals/?state=needed")
    for other in ("received", "in_hand", "decided", "feedback"):
        assert contact.reference not in html(client, f"/referrals/?state={other}")
    actions.answer(contact.reference, question=question.pk, text="Her aunt", by=rosa)
    assert contact.reference not in html(client, "/referrals/?state=needed")
    assert "We need something from you</strong>" not in html(client, url(contact))


def test_a_question_that_the_decision_overtook_is_no_longer_asked_for(rosa: User, grace: User, maya: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    asked(contact, grace)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    page = html(signed_in(rosa), url(contact))
    assert "Decided</strong>" in page
    assert "None came before the decision was made." in page
    assert "/answer/" not in page
    assert "No question about this referral is waiting" in html(signed_in(rosa), url(contact, "answer/"))


# The agency's forms


def test_a_referrer_adds_information_and_both_sides_see_it(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    client, hub = signed_in(rosa), signed_in(grace)
    assert 'href="/referrals/' + contact.reference + '/add/"' in html(client, url(contact))
    bare = client.post(url(contact, "add/"), {"text": " "})
    assert bare.content.decode().count("Write what you want to add") == 2
    assert "<title>Error: " in bare.content.decode()
    assert not Addition.objects.exists()
    done = client.post(url(contact, "add/"), {"text": f"A burn. {HOSTILE}"})
    assert done["Location"] == url(contact)
    ours, theirs = html(client, url(contact)), html(hub, url(contact, side="contacts"))
    for page in (ours, theirs):
        assert "A burn. &lt;script&gt;" in page
        assert HOSTILE not in page
    assert "Added. The MASH has been told." in ours
    assert "Added information" in theirs, "the timeline"


def test_what_was_typed_is_kept_where_it_is_too_long_or_comes_too_late(rosa: User, grace: User, maya: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    client = signed_in(rosa)
    long = client.post(url(contact, "add/"), {"text": "y" * 10_001}).content.decode()
    assert "must be 10000 characters or fewer; you typed 10001" in long
    assert "y" * 10_001 in long
    question = asked(contact, grace)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    late = client.post(url(contact, "answer/"), {"question": question.pk, "text": "Her aunt does"}).content.decode()
    assert "decided without this answer" in late
    assert "Her aunt does</textarea>" in late
    withdrawn = client.post(url(contact, "withdraw/"), {"reason": "Another child"}).content.decode()
    assert "has been decided, so it cannot be withdrawn" in withdrawn
    assert "Another child</textarea>" in withdrawn
    question.refresh_from_db()
    assert (question.answer, Addition.objects.count(), Withdrawal.objects.count()) == ("", 0, 0)


def test_a_referrer_answers_on_the_page_and_the_hub_reads_it(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    hub, client = signed_in(grace), signed_in(rosa)
    form = html(hub, url(contact, "ask/", "contacts"))
    assert "The answer is due 24 hours from the question." in form
    bare = hub.post(url(contact, "ask/", "contacts"), {"text": ""}).content.decode()
    assert bare.count("Write what you need to know") == 2
    assert not Question.objects.exists()
    assert hub.post(url(contact, "ask/", "contacts"), {"text": "Who collects her?"}).status_code == 302
    second = hub.post(url(contact, "ask/", "contacts"), {"text": "And when?"}).content.decode()
    assert "already waiting for its answer" in second
    assert "And when?</textarea>" in second
    waiting = html(hub, url(contact, side="contacts"))
    assert "Question waiting for an answer" in waiting
    assert "23 hours 59 minutes left" in waiting.split("Answer due")[1]
    assert f'href="{url(contact, "ask/", "contacts")}"' not in waiting
    page = html(client, url(contact, "answer/"))
    [number] = re.findall(r'name="question" value="(\d+)"', page)
    lost = client.post(url(contact, "answer/"), {"question": "x", "text": "Her aunt"}).content.decode()
    assert "The page has lost its place. Open it again." in lost
    assert "Her aunt</textarea>" in lost
    assert client.post(url(contact, "answer/"), {"question": number, "text": "Her aunt"}).status_code == 302
    assert "Answered by Rosa Bell" in words(html(hub, url(contact, side="contacts")))


def test_a_question_of_another_referral_cannot_be_answered_from_this_one(rosa: User, grace: User, tom: User) -> None:
    contact, other = build.claimed(rosa, worker=grace), build.claimed(tom, worker=grace)
    asked(contact, grace)
    theirs = asked(other, grace, "CANARY")
    answer = signed_in(rosa).post(url(contact, "answer/"), {"question": theirs.pk, "text": "x"}).content.decode()
    assert "There is no such question" in answer
    assert "CANARY" not in answer
    assert not Question.objects.exclude(answered_at=None).exists()


def test_a_wish_to_withdraw_is_a_warning_to_the_hub_until_it_carries_on(rosa: User, grace: User, sam: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    client, hub = signed_in(rosa), signed_in(grace)
    assert "asks to withdraw" not in html(hub, url(contact, side="contacts"))
    assert "Nobody has asked to withdraw" in html(hub, url(contact, "carry-on/", "contacts"))
    assert client.post(url(contact, "withdraw/"), {"reason": "Another child"}).status_code == 302
    assert f'href="{url(contact, "withdraw/")}"' not in html(client, url(contact))
    assert "already asked to withdraw" in html(client, url(contact, "withdraw/"))
    warned = html(hub, url(contact, side="contacts"))
    assert warned.index("The referrer asks to withdraw") < warned.index("What you can do now")
    assert "Carry on because…" in warned
    assert "Carry on because…" not in html(signed_in(sam), url(contact, side="contacts"))
    bare = hub.post(url(contact, "carry-on/", "contacts"), {"because": ""}).content.decode()
    assert bare.count("Write why the MASH carries on") == 2
    assert Withdrawal.objects.get().answered_at is None
    assert hub.post(url(contact, "carry-on/", "contacts"), {"because": "Two more concerns"}).status_code == 302
    assert "The referrer asks to withdraw" not in html(hub, url(contact, side="contacts"))
    told = words(html(client, url(contact)))
    assert "The MASH decided to carry on" in told
    assert "Two more concerns" in told
    assert "Grace" not in told


def test_the_manager_sees_that_a_recommendation_is_out_of_date(rosa: User, grace: User, maya: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    hub = signed_in(maya)
    assert "out of date" not in html(hub, url(contact, side="contacts"))
    actions.add(contact.reference, text="A burn on her hand", by=rosa)
    assert "The recommendation is out of date" in html(hub, url(contact, side="contacts"))


# Who may


def test_a_stranger_meets_the_same_nothing_and_the_hub_and_the_agency_keep_to_their_own_pages(
    rosa: User, grace: User, tom: User, sam: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    for side, pages in (("referrals", OURS), ("contacts", THEIRS)):
        for page in pages:
            stranger = signed_in(tom)
            for send, closed in ((stranger.get, 404), (stranger.post, 405 if page == "form.pdf" else 404)):
                theirs, nothing = send(url(contact, page, side)), send(f"/{side}/ZZZZ-ZZZZ/{page}")
                assert theirs.status_code == nothing.status_code == closed
    for page in OURS:
        assert signed_in(sam).get(url(contact, page)).status_code == 403
    for page in THEIRS:
        assert signed_in(rosa).get(url(contact, page, "contacts")).status_code == 403
    for page in ("ask/", "carry-on/"):
        refused = signed_in(sam).post(url(contact, page, "contacts"), {"text": "x", "because": "x"})
        assert refused.status_code == 403
    assert [model.objects.count() for model in (Addition, Question, Withdrawal)] == [0, 0, 0]


def test_a_worker_who_lost_the_contact_meanwhile_is_told_and_keeps_the_question(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    triage.assign(contact.reference, to=maya, by=maya, version=contact.version)
    page = signed_in(grace).post(url(contact, "ask/", "contacts"), {"text": "Who collects her?"}).content.decode()
    assert "It is held by Maya Shah." in page
    assert "Who collects her?</textarea>" in page
    assert not Question.objects.exists()


def test_the_pages_ask_no_more_with_more_to_show(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    client, hub = signed_in(rosa), signed_in(grace)

    def asks() -> list[int]:
        counts = []
        for browser, address in ((client, url(contact)), (hub, url(contact, side="contacts"))):
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                html(browser, address)
            counts.append(len(queries))
        return counts

    def more(number: int) -> None:
        actions.add(contact.reference, text=f"more {number}", by=rosa)
        question = asked(contact, grace, f"question {number}")
        actions.answer(contact.reference, question=question.pk, text="x", by=rosa)

    nothing = asks()
    more(0)
    before = asks()
    assert before > nothing
    for number in range(1, 6):
        more(number)
    assert asks() == before
