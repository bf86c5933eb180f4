"""The pages of restricted records: restricting, the list of one's own, breaking the glass, and its review."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import BrokenGlass, Contact, Deadline, Restriction
from referrals.restricted import breaking
from tests import build
from tests.pages.browsing import signed_in, words
from tests.pages.casework import text, without_token
from tests.restricting import BECAUSE, REASON, broken, restricted, run_out

OPEN, BROKEN, RECORDS = "/restricted/open/", "/broken-glass/", "/restricted/"


@pytest.fixture
def held(rosa: User, grace: User) -> Contact:
    return build.claimed(rosa, worker=grace)


@pytest.fixture
def shut(held: Contact, maya: User) -> Contact:
    return restricted(held, by=maya)


def url(contact: Contact, page: str = "") -> str:
    return f"/contacts/{contact.reference}/{page}"


def shown(who: User, address: str) -> str:
    answer = signed_in(who).get(address)
    assert answer.status_code == 200, address
    return words(text(answer))


def test_a_manager_restricts_a_record_on_its_page_and_every_page_of_it_says_so(
    held: Contact, maya: User, ivan: User, grace: User
) -> None:
    maya_s = signed_in(maya)
    page = words(text(maya_s.get(url(held, "restriction/"))))
    assert "Grace Lin, who holds it" in page
    assert "Rosa Bell, who referred" in page
    assert "Ivan Petrov" in page
    sent = {"reason": REASON, "people": [str(ivan.pk)], "version": held.version}
    after = maya_s.post(url(held, "restriction/"), sent, follow=True)
    assert "The record is there for the people named on it" in words(text(after))
    assert set(Restriction.objects.get().named.all()) == {maya, ivan}
    for page in ("", "known/", "referral/", "decision/"):
        assert "Only who is named, holds or referred this contact sees it." in shown(grace, url(held, page)), page
    assert "Change who is named" in shown(maya, url(held))
    assert "Change who is named" not in shown(grace, url(held))


def test_a_manager_who_leaves_the_reason_out_or_comes_too_late_loses_nothing_of_what_they_typed(
    held: Contact, maya: User, ivan: User
) -> None:
    maya_s = signed_in(maya)
    sent = {"reason": "", "people": [str(ivan.pk)], "version": held.version}
    page = text(maya_s.post(url(held, "restriction/"), sent))
    assert "Say why this record is restricted" in page
    assert f'value="{ivan.pk}" checked' in page.replace("\n", " ")
    late = text(maya_s.post(url(held, "restriction/"), sent | {"reason": REASON, "version": held.version - 1}))
    assert "has changed since you opened the page" in late
    assert REASON in late
    assert f'name="version" value="{held.version}"' in late
    assert not Restriction.objects.exists()
    wrong = text(maya_s.post(url(held, "restriction/"), sent | {"reason": REASON, "people": ["999999"]}))
    assert "Choose people from the list" in wrong
    assert not Restriction.objects.exists()


def test_a_named_manager_changes_who_is_named_and_lifts_the_restriction(
    shut: Contact, maya: User, ivan: User, sam: User
) -> None:
    maya_s = signed_in(maya)
    page = text(maya_s.get(url(shut, "restriction/")))
    assert REASON in page
    sent = {"reason": REASON, "people": [str(ivan.pk)], "version": shut.version}
    assert maya_s.post(url(shut, "restriction/"), sent).status_code == 302
    assert signed_in(ivan).get(url(shut)).status_code == 200
    shut.refresh_from_db()
    refused = text(maya_s.post(url(shut, "restriction/lift/"), {"reason": "", "version": shut.version}))
    assert "Say why the restriction is lifted" in refused
    assert signed_in(sam).get(url(shut)).status_code == 404
    lifted = maya_s.post(url(shut, "restriction/lift/"), {"reason": "Over", "version": shut.version}, follow=True)
    assert "The restriction is lifted." in words(text(lifted))
    assert "Restricted." not in words(text(lifted))
    assert "Restricted the record" in words(text(lifted))
    assert "Restricted the record" not in shown(sam, url(shut))


def test_everybody_reads_of_the_records_that_they_are_named_on_or_hold(
    shut: Contact, maya: User, grace: User, ivan: User
) -> None:
    for who in (maya, grace):
        page = shown(who, RECORDS)
        assert "1 restricted record" in page
        assert shut.reference in page
        assert "Noor Aziz" in page
    page = shown(ivan, RECORDS)
    assert "0 restricted records" in page
    assert "You are named on no restricted record" in page
    assert shut.reference not in page
    broken(shut, by=ivan)
    assert shut.reference not in shown(ivan, RECORDS)


def test_a_manager_breaks_the_glass_sees_the_banner_on_every_page_and_gives_it_back(shut: Contact, ivan: User) -> None:
    ivan_s = signed_in(ivan)
    absent = ivan_s.get(url(shut))
    assert absent.status_code == 404
    assert without_token(absent) == without_token(ivan_s.get("/contacts/ZZZZ-ZZZZ/"))
    typed = shut.reference.lower().replace("-", " ")
    answer = ivan_s.post(OPEN, {"reference": typed, "reason": BECAUSE}, follow=True)
    assert answer.redirect_chain == [(url(shut), 302)]
    for page in ("", "known/", "referral/", "decision/"):
        said = shown(ivan, url(shut, page))
        assert "You broke the glass of this restricted record." in said, page
        assert "Give it back" in said, page
    back = ivan_s.post(url(shut, "give-back/"), follow=True)
    assert f"You have given {shut.reference} back" in words(text(back))
    assert ivan_s.get(url(shut)).status_code == 404


def test_a_reference_that_is_not_there_is_answered_in_one_sentence_and_what_was_typed_is_kept(
    shut: Contact, ivan: User
) -> None:
    ivan_s = signed_in(ivan)
    for reference in ("ZZZZ-ZZZZ", "zz", "?"):
        page = text(ivan_s.post(OPEN, {"reference": reference, "reason": BECAUSE}))
        assert breaking.NOTHING in page
        assert BECAUSE in page
    for left_out, sentence in (("reference", "Enter the reference"), ("reason", "Say why you have to see this record")):
        sent = {"reference": shut.reference, "reason": BECAUSE} | {left_out: ""}
        assert sentence in text(ivan_s.post(OPEN, sent))
    assert not BrokenGlass.objects.exists()
    ivan_s.post(OPEN, {"reference": shut.reference, "reason": BECAUSE})
    assert BrokenGlass.objects.count() == 1


def test_the_page_of_a_reader_closes_when_the_four_hours_are_over(shut: Contact, ivan: User) -> None:
    glass = broken(shut, by=ivan)
    assert signed_in(ivan).get(url(shut)).status_code == 200
    run_out(glass)
    assert signed_in(ivan).get(url(shut)).status_code == 404


def test_an_auditor_sees_who_when_why_and_which_pages_but_not_the_case_and_reviews_it(
    shut: Contact, ivan: User, priya: User, maya: User
) -> None:
    glass = broken(shut, by=ivan)
    signed_in(ivan).get(url(shut, "known/"))
    listed = shown(priya, BROKEN)
    assert "1 broken glass to review" in listed
    assert shut.reference in listed
    assert "Ivan Petrov" in listed
    page = shown(priya, f"{BROKEN}{glass.pk}/")
    for fact in (shut.reference, "Ivan Petrov", BECAUSE, "Opened the contact"):
        assert fact in page, fact
    assert "Aziz" not in page
    priya_s = signed_in(priya)
    empty = text(priya_s.post(f"{BROKEN}{glass.pk}/", {"review": "I asked him"}))
    assert "Choose whether it was right" in empty
    assert "I asked him" in empty
    done = priya_s.post(f"{BROKEN}{glass.pk}/", {"was_right": "no", "review": "Maya was at her desk"}, follow=True)
    assert "Nothing to review" in words(text(done))
    assert "0 broken glasses to review" in words(text(done))
    assert "found it not right" in shown(priya, f"{BROKEN}?state=reviewed")
    assert "1 broken glass in all" in shown(priya, f"{BROKEN}?state=all")
    assert "Maya was at her desk" in shown(priya, f"{BROKEN}{glass.pk}/")
    assert "found it not right" in shown(maya, url(shut, "restriction/"))
    assert signed_in(priya).get(url(shut)).status_code == 404


def test_whoever_broke_a_glass_finds_no_review_of_it_to_write(shut: Contact, helen: User, priya: User) -> None:
    glass = broken(shut, by=helen)
    assert "somebody else reviews it" in shown(helen, f"{BROKEN}{glass.pk}/")
    answer = signed_in(helen).post(f"{BROKEN}{glass.pk}/", {"was_right": "yes", "review": "It was right"})
    assert "so somebody else must review it" in text(answer)
    assert BrokenGlass.objects.get().reviewed_by is None
    assert "Save the review" in shown(priya, f"{BROKEN}{glass.pk}/")


def test_a_review_that_is_late_stands_first_and_says_so(rosa: User, maya: User, ivan: User, priya: User) -> None:
    glasses = [broken(restricted(build.received(rosa), by=maya), by=ivan) for _ in range(2)]
    ago = timedelta(days=6)
    old = glasses[1]
    BrokenGlass.objects.filter(pk=old.pk).update(at=old.at - ago)
    Deadline.objects.filter(about=old.about).update(opened_at=old.at - ago, due_at=timezone.now() - timedelta(days=2))
    page = shown(priya, BROKEN)
    assert "2 days overdue" in page
    assert page.index(old.contact.reference) < page.index(glasses[0].contact.reference)


def test_the_lists_take_as_many_queries_for_many_records_as_for_one(
    rosa: User, maya: User, ivan: User, priya: User
) -> None:
    def queries(who: User, address: str) -> int:
        client = signed_in(who)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    broken(restricted(build.received(rosa), by=maya, people=[ivan]), by=build.player("Helen"))
    pages = ((maya, RECORDS), (priya, BROKEN), (maya, "/queue/"), (maya, "/escalations/"))
    one = {address: queries(who, address) for who, address in pages}
    for _ in range(4):
        broken(restricted(build.received(rosa), by=maya, people=[ivan]), by=build.player("Helen"))
    assert {address: queries(who, address) for who, address in pages} == one
    assert one[RECORDS] <= 12
    assert one[BROKEN] <= 9


def test_a_page_of_an_unrestricted_contact_takes_no_query_more_for_the_restrictions_of_others(
    rosa: User, maya: User, grace: User, client: Client
) -> None:
    contact = build.claimed(rosa, worker=grace)
    client.force_login(grace)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url(contact))
        return len(captured)

    queries()
    before = queries()
    restricted(build.received(rosa), by=maya)
    assert queries() == before
