"""What an agency sees of its referrals, what others do not, and what every page of intake withstands."""

import re
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
from tests.pages.browsing import page, post, signed_in, words

pytestmark = pytest.mark.django_db

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
