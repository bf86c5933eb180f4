"""The referrer's pages: a whole referral page by page, what goes wrong on the way, and who sees nothing."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.intake import actions
from referrals.models import Contact, Draft
from referrals.rules.marf import BY_SLUG
from tests import build
from tests.actions.test_intake import answers_of, draft_by

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"intake:{name}", args=args), query)
    assert response.status_code == 200, name
    return response.content.decode()


def post(client: Client, name: str, /, *args: object, **data: Any) -> Any:
    return client.post(reverse(f"intake:{name}", args=args), data)


def words(html: str) -> str:
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def start(client: Client) -> Draft:
    post(client, "start")
    return Draft.objects.latest("created_at")


CHILD = {
    "key": "aaaa1111", "given_names": "Leo", "family_name": "Marsh", "date_of_birth_day": "30",
    "date_of_birth_month": "jun", "date_of_birth_year": "2019", "address": "14 Cobden Row", "postcode": "ws28qt",
}  # fmt: skip
SECTIONS: list[tuple[str, Mapping[str, Any]]] = [
    ("about", {"name": "Rosa Bell", "dsl_consulted": "yes", "dsl_name": "Rosa Bell"}),
    ("tried", {"early_help": "no"}),
    ("safety", {"dogs": "One, friendly"}),
]


def test_a_referrer_can_send_a_referral_page_by_page(rosa: User) -> None:
    client = signed_in(rosa)
    assert "ring 999" in page(client, "start")
    draft = start(client)
    assert words(page(client, "tasks", draft.key)).count("Incomplete") == 9
    for section, answers in SECTIONS:
        response = post(client, "section", draft.key, section, **answers, completed="yes")
        assert response.status_code == 302, words(response.content.decode())
    post(client, "person-add", draft.key, "children", **CHILD)
    post(client, "person-add", draft.key, "children", **CHILD | {"key": "bbbb2222", "given_names": "Ava"})
    adult = {
        "key": "cccc3333",
        "given_names": "Kelly",
        "relationship_aaaa1111": "mother",
        "relationship_bbbb2222": "aunt",
    }
    post(client, "person-add", draft.key, "adults", **adult)
    for section in ("children", "adults", "agencies"):
        assert post(client, "section", draft.key, section, completed="yes").status_code == 302
    assert post(client, "section", draft.key, "consent", informed="yes").url.endswith("/consent/agreement/")
    post(client, "page", draft.key, "consent", "agreement", agreement="yes", agreement_by="Kelly", completed="yes")
    assert post(client, "section", draft.key, "worry", worry="Two bruises").url.endswith("/worry/child/")
    post(client, "page", draft.key, "worry", "child", impact="Sore", completed="yes")
    ticks = post(client, "section", draft.key, "threshold", indicators=["L3-LRN-01", "L4-HEA-10"])
    assert ticks.url.endswith("/threshold/evidence/")
    evidence = {"evidence_L3-LRN-01": "Late 31 times", "evidence_L4-HEA-10": "Seen by me"}
    assert post(client, "page", draft.key, "threshold", "evidence", **evidence).url.endswith("/threshold/level/")
    assert "points to level 4" in page(client, "page", draft.key, "threshold", "level")
    post(client, "page", draft.key, "threshold", "level", level="4", reason="Bruises", completed="yes")
    assert words(page(client, "tasks", draft.key)).count("Completed") == 9
    check = page(client, "check", draft.key)
    assert "cannot be sent yet" not in check
    response = post(client, "check", draft.key, declared="on")
    contact = Contact.objects.get(submission_key=draft.key)
    assert response.url == reverse("intake:sent", args=[contact.reference])
    receipt = words(page(client, "sent", contact.reference))
    assert contact.reference in receipt
    assert receipt.count("by") >= 2
    kept = words(page(client, "referral", contact.reference))
    assert "Received" in kept
    assert "Leo Marsh: mother Ava Marsh: aunt" in kept
    assert "WS2 8QT" in kept


def test_a_referrer_who_goes_back_cannot_send_twice(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    first = post(client, "check", draft.key, declared="on")
    again = post(client, "check", draft.key, declared="on")
    contact = Contact.objects.get()
    assert first.url == reverse("intake:sent", args=[contact.reference])
    assert again.url == reverse("intake:referral", args=[contact.reference])
    assert client.get(reverse("intake:check", args=[draft.key])).status_code == 302


def test_a_referrer_cannot_send_without_declaring(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    response = post(client, "check", draft.key)
    assert "Tick the declaration" in response.content.decode()
    assert not Contact.objects.exists()
    assert post(client, "check", draft.key, declared="on").status_code == 302
    assert Contact.objects.count() == 1


def test_a_referrer_cannot_send_what_is_not_ready_and_sees_each_gap_with_its_link(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa, "too-little")
    links: list[str] = []
    for html in (page(client, "check", draft.key), post(client, "check", draft.key, declared="on").content.decode()):
        assert "cannot be sent yet" in html
        assert "Enter the family name of Ben" in html
        links = re.findall(r'<li><a class="govuk-link" href="(/referrals/drafts/[^"]+)"', html)
        assert len(links) == 7
    for link in links:
        target, _, anchor = link.partition("#")
        response = client.get(target)
        assert response.status_code == 200, link
        assert f'id="{anchor}"' in response.content.decode(), link
    assert not Contact.objects.exists()


def test_level_two_without_agreement_says_what_to_do_instead_and_level_four_goes(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa, "no-agreement-level-two")
    response = post(client, "page", draft.key, "threshold", "level", level="2", completed="yes")
    assert "Talk to the family" in response.content.decode()
    assert "Talk to the family" in page(client, "check", draft.key)
    assert post(client, "page", draft.key, "threshold", "level", level="4", completed="yes").status_code == 302
    assert post(client, "check", draft.key, declared="on").status_code == 302
    assert Contact.objects.get().level_believed == 4


def test_what_was_typed_is_kept_and_the_errors_are_said(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    data = CHILD | {"family_name": "", "date_of_birth_day": "31", "date_of_birth_month": "2", "nhs_number": "12"}
    response = post(client, "person-add", draft.key, "children", **data)
    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: " in html
    for sentence in ("Enter the family name of Leo", "must be a real date", "NHS number must be 10 digits"):
        assert html.count(sentence) == 2, sentence
    assert 'href="#id_family_name"' in html
    assert 'value="14 Cobden Row"' in html
    draft.refresh_from_db()
    [child] = draft.answers["children"]
    assert child["date_of_birth"] == {"day": "31", "month": "2", "year": "2019"}
    # sent again from the same page: still one child
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version
    post(client, "person-add", draft.key, "children", **CHILD, version=version[1])
    draft.refresh_from_db()
    assert [one["family_name"] for one in draft.answers["children"]] == ["Marsh"]


def test_a_referrer_can_leave_a_page_that_is_wrong(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    response = post(client, "section", draft.key, "about", email="no address", later="1")
    assert response.url == reverse("intake:tasks", args=[draft.key])
    draft.refresh_from_db()
    assert draft.answers["about"]["email"] == "no address"
    assert "In progress" in page(client, "tasks", draft.key)


def test_a_section_is_completed_only_when_it_is_right_and_its_person_says_so(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    html = post(client, "section", draft.key, "about", name="Rosa").content.decode()
    assert "Say whether you have completed this section" in html
    assert "Say whether you have consulted" in html
    post(client, "section", draft.key, "about", name="Rosa", completed="yes")
    draft.refresh_from_db()
    assert draft.completed == []
    version = actions.version_of(draft, "about", "about")
    fine = {"name": "Rosa", "dsl_consulted": "no", "dsl_why_not": "On a course", "version": version}
    assert post(client, "section", draft.key, "about", **fine, completed="yes").status_code == 302
    draft.refresh_from_db()
    assert draft.completed == ["about"]


def test_a_colleagues_words_are_shown_and_mine_are_not_lost(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    colleague = User.objects.create_user("c@alder.example", full_name="Cy Lee", agency=rosa.agency, role="referrer")
    actions.save_section(draft.key, "worry", {"worry": "Theirs"}, by=colleague, version=0, page="facts")
    response = post(client, "section", draft.key, "worry", worry="Mine", version="0")
    assert response.status_code == 409
    html = response.content.decode()
    assert "Cy Lee saved this page" in html
    assert "Theirs" in html
    assert "Mine" in html
    draft.refresh_from_db()
    assert draft.answers["worry"]["worry"] == "Theirs"
    assert post(client, "section", draft.key, "worry", worry="Mine", version="1").status_code == 302
    draft.refresh_from_db()
    assert draft.answers["worry"]["worry"] == "Mine"


def test_the_about_page_knows_the_referrer_already(rosa: User) -> None:
    client = signed_in(rosa)
    html = page(client, "section", start(client).key, "about")
    assert 'value="Rosa Bell"' in html
    assert 'value="Alder Primary"' in html


def test_a_sibling_starts_with_the_family_name_and_address(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    post(client, "person-add", draft.key, "children", **CHILD)
    html = page(client, "person-add", draft.key, "children")
    assert 'value="Marsh"' in html
    assert 'value="14 Cobden Row"' in html
    assert 'value="Leo"' not in html


def test_a_referrer_can_remove_a_child_after_being_asked(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    assert "Remove Maisie Doyle" in page(client, "person-remove", draft.key, "children", "c1")
    draft.refresh_from_db()
    assert len(draft.answers["children"]) == 2
    post(client, "person-remove", draft.key, "children", "c1")
    draft.refresh_from_db()
    assert [child["given_names"] for child in draft.answers["children"]] == ["Callum"]


def test_all_indicators_are_there_and_can_be_searched_without_javascript(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    assert page(client, "section", draft.key, "threshold").count("data-matrix-indicator") == 200
    html = page(client, "section", draft.key, "threshold", q="Non-accidental INJURY")
    found = re.findall(r'value="(L\d-[A-Z]+-\d+)"', html)
    assert found == ["L4-HEA-10", "L3-LRN-01", "L3-HEA-04", "L3-CAR-01"]
    assert html.count(" checked") == 3
    ticks = {"indicators": found, "find": "1", "q": "bruise & co", "version": "0"}
    response = post(client, "section", draft.key, "threshold", **ticks)
    assert response.url.endswith("?q=bruise+%26+co")
    draft.refresh_from_db()
    assert set(draft.answers["threshold"]["indicators"]) == set(found)


def test_evidence_of_an_indicator_that_is_unticked_comes_back_with_it(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    post(client, "section", draft.key, "threshold", indicators=["L3-LRN-01", "L9-XXX-01"])
    draft.refresh_from_db()
    assert set(draft.answers["threshold"]["indicators"]) == {"L3-LRN-01"}
    post(client, "section", draft.key, "threshold", indicators=["L3-CAR-01"])
    draft.refresh_from_db()
    assert draft.answers["threshold"]["indicators"] == {"L3-CAR-01": "Hungry and unsuitably dressed most mornings"}
    assert post(client, "section", draft.key, "threshold").status_code == 200


def test_evidence_is_asked_for_each_ticked_indicator(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    html = post(client, "page", draft.key, "threshold", "evidence", **{"evidence_L3-LRN-01": "31"}).content.decode()
    assert html.count("Write the evidence for this indicator") == 4
    draft.refresh_from_db()
    assert draft.answers["threshold"]["indicators"]["L3-LRN-01"] == "31"


def test_no_level_and_no_answer_is_preselected(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    for section, slug in (("about", ""), ("consent", ""), ("consent", "agreement"), ("threshold", "level")):
        name, args = ("page", [section, slug]) if slug else ("section", [section])
        assert " checked" not in page(client, name, draft.key, *args)


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_a_childs_name_is_text_wherever_it_is_shown(rosa: User) -> None:
    client = signed_in(rosa)
    answers = answers_of("hungry-and-late")
    answers["children"][0] |= {"given_names": HOSTILE, "family_name": HOSTILE}
    answers["worry"]["worry"] = HOSTILE
    draft = actions.start_draft(by=rosa, answers=answers)
    shown = [
        page(client, "list"),
        page(client, "tasks", draft.key),
        page(client, "section", draft.key, "children"),
        page(client, "section", draft.key, "worry"),
        page(client, "person", draft.key, "children", "c1"),
        page(client, "person", draft.key, "adults", "a1"),
        page(client, "person-remove", draft.key, "children", "c1"),
        page(client, "check", draft.key),
        page(client, "delete", draft.key),
    ]
    post(client, "check", draft.key, declared="on")
    shown.append(page(client, "referral", Contact.objects.get().reference))
    for html in shown:
        assert "alert(1)" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_a_stranger_sees_nothing_and_the_same_nothing_as_for_what_is_not_there(rosa: User, tom: User) -> None:
    draft = draft_by(rosa)
    contact = actions.submit(draft_by(rosa, "disclosure-at-school").key, by=rosa)
    stranger, owner = signed_in(tom), signed_in(rosa)
    absent = "00000000-0000-4000-8000-000000000000"
    pages = [
        ("tasks", []), ("section", ["about"]), ("section", ["children"]), ("section", ["threshold"]),
        ("page", ["threshold", "level"]), ("person-add", ["children"]), ("person", ["children", "c1"]),
        ("person-remove", ["children", "c1"]), ("check", []), ("delete", []),
    ]  # fmt: skip
    for name, args in pages:
        assert owner.get(reverse(f"intake:{name}", args=[draft.key, *args])).status_code == 200, name
        for method in (stranger.get, stranger.post):
            theirs = method(reverse(f"intake:{name}", args=[draft.key, *args]))
            nothing = method(reverse(f"intake:{name}", args=[absent, *args]))
            assert theirs.status_code == nothing.status_code == 404, name
            assert _bytes(theirs) == _bytes(nothing), name
    for name in ("referral", "sent"):
        theirs = stranger.get(reverse(f"intake:{name}", args=[contact.reference]))
        nothing = stranger.get(reverse(f"intake:{name}", args=["ZZZZ-ZZZZ"]))
        assert theirs.status_code == nothing.status_code == 404
        assert _bytes(theirs) == _bytes(nothing)
    assert "Maisie" not in page(stranger, "list")
    assert Draft.objects.filter(key=draft.key, version=draft.version).exists()


def _bytes(response: Any) -> bytes:
    """The page without what every answer has afresh: the token of the sign-out button."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)


@pytest.mark.parametrize("name", ["Grace", "Dev", "Priya", "Ana", "Kit"])
def test_people_who_do_not_refer_have_no_list(name: str) -> None:
    client = signed_in(build.player(name))
    assert client.get(reverse("intake:list")).status_code == 404
    assert client.get(reverse("intake:start")).status_code == 404


def test_reading_a_referral_is_written_down(rosa: User) -> None:
    contact = actions.submit(draft_by(rosa).key, by=rosa)
    page(signed_in(rosa), "referral", contact.reference)
    assert Event.objects.filter(reference=contact.reference, verb="viewed:follow", by=rosa).count() == 1


def test_the_list_says_where_each_referral_stands_and_filters_by_it(rosa: User, grace: User, maya: User) -> None:
    client = signed_in(rosa)
    assert "has sent no referral yet" in page(client, "list")
    waiting = build.received(rosa)
    held = build.claimed(rosa, worker=grace)
    told = build.told(rosa, worker=grace, manager=maya)
    states = {"received": waiting, "in_hand": held, "feedback": told}
    for state, contact in states.items():
        html = page(client, "list", state=state)
        assert re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}(?=</a>)", html) == [contact.reference]
    assert "(3)" in page(client, "list", state="nonsense")
    assert "No referral is in this state" in page(client, "list", state="decided")
    shown = words(page(client, "referral", told.reference))
    assert "Decided: you have feedback" in shown
    for internal in ("Grace", "Maya", "triage", "sign-off"):
        assert internal not in shown


def test_the_list_pages_by_keyset_and_misses_nobody(rosa: User) -> None:
    client = signed_in(rosa)
    sent = {build.received(rosa).reference for _ in range(30)}
    html = page(client, "list")
    first = set(re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}(?=</a>)", html))
    older = re.search(r'before=([^"]+)" rel="next"', html)
    assert older
    second = set(
        re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}(?=</a>)", client.get(f"/referrals/?before={older[1]}").content.decode())
    )
    assert (len(first), len(second)) == (25, 5)
    assert first | second == sent
    assert len(re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}(?=</a>)", page(client, "list", before="../../etc"))) == 25


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_no_page_asks_more_with_more_rows(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    build.received(rosa)
    urls = [
        reverse("intake:list"),
        reverse("intake:tasks", args=[draft.key]),
        reverse("intake:section", args=[draft.key, "children"]),
        reverse("intake:section", args=[draft.key, "threshold"]),
        reverse("intake:check", args=[draft.key]),
    ]
    before = [queries_of(client, url) for url in urls]
    assert max(before) <= 12
    for _ in range(5):
        draft_by(rosa)
        build.received(rosa, children=[{"given_names": "A"}, {"given_names": "B"}])
    for number in range(5):
        actions.save_person(draft.key, "children", f"x{number}", {"given_names": "X"}, by=rosa, add=True)
    assert [queries_of(client, url) for url in urls] == before


def test_a_page_that_is_not_there_is_not_found(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    for path in (
        "nonsense/",
        "about/nonsense/",
        "about/add/",
        "about/entry/x/",
        "children/entry/zz/",
        "children/child/",
        "agencies/entry/c1/",
    ):
        assert client.get(f"/referrals/drafts/{draft.key}/{path}").status_code == 404, path
    assert client.get("/referrals/drafts/not-a-key/").status_code == 404


@pytest.mark.parametrize("rubbish", ["\x00", "x" * 30_000, "٣", "😀", "-1", "<b>", "9" * 400])
def test_nonsense_in_any_field_is_answered_and_kept_or_refused_in_a_sentence(rosa: User, rubbish: str) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    for section, page_slug in (
        ("about", ""),
        ("consent", ""),
        ("consent", "agreement"),
        ("worry", ""),
        ("threshold", "level"),
        ("tried", ""),
        ("safety", ""),
    ):
        asked = {q.name: rubbish for q in BY_SLUG[section].questions} | {
            "on_day": rubbish,
            "version": rubbish,
            "completed": "yes",
        }
        name, args = ("page", [section, page_slug]) if page_slug else ("section", [section])
        assert post(client, name, draft.key, *args, **asked).status_code in (200, 302)
    child = {q.name: rubbish for q in BY_SLUG["children"].questions} | {"key": rubbish, "date_of_birth_year": rubbish}
    assert post(client, "person-add", draft.key, "children", **child).status_code in (200, 302)
    assert page(client, "check", draft.key)
    assert page(client, "list")
    post(client, "check", draft.key, declared="on")
    assert not Contact.objects.exists() or len(rubbish) < 20
