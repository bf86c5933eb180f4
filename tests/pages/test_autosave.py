"""Saving while somebody types: what the page is answered, and what a time-out costs. The script itself: journeys."""

import html
import json
import os
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mash_portal.accounts.cast import PASSWORD
from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals.intake import actions
from referrals.models import Draft, Notice
from tests.actions.test_intake import draft_by
from tests.pages.browsing import page, post, signed_in, start, words

pytestmark = pytest.mark.django_db

#: G15 asks for 1,000; CI runs a tenth of each.
TIME_OUTS = int(os.environ.get("TIME_OUTS", "100"))


@pytest.fixture
def cy(rosa: User) -> User:
    return User.objects.create_user(
        "cy@alder-primary.example", full_name="Cy Lee", agency=rosa.agency, role=Role.REFERRER
    )


def at(name: str, draft: Draft, *args: str) -> str:
    return reverse(f"intake:{name}", args=[draft.key, *args])


def field(shown: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', shown)
    assert found, name
    return html.unescape(found[1])


def autosave(client: Client, draft: Draft, path: str, **typed: Any) -> Any:
    return client.post(at("autosave", draft), {"path": path, **typed})


def typing(client: Client, draft: Draft, path: str, **typed: Any) -> dict[str, Any]:
    """Open the page and type, as autosave.js sends it."""
    shown = client.get(path).content.decode()
    carried = {name: field(shown, name) for name in ("seen", "version")}
    answer = autosave(client, draft, path, **carried, writer="aa", turn="1", **typed)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def said(draft: Draft) -> dict[str, Any]:
    return dict(Draft.objects.get(key=draft.key).answers)


def test_what_is_typed_is_saved_right_or_wrong_and_the_answer_says_when(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    with time_machine.travel("2026-11-20 16:02 +0000"):
        answer = typing(client, draft, at("section", draft, "about"), name="Rosa", email="no address", completed="yes")
    assert (answer["state"], answer["at"], answer["version"]) == ("saved", "4:02pm", 1)
    assert said(draft)["about"]["email"] == "no address"
    assert Draft.objects.get(key=draft.key).completed == [], "typing completes nothing"
    with time_machine.travel("2026-11-20 17:02 +0000"):
        assert "Saved at 4:02pm by Rosa Bell." in page(client, "section", draft.key, "about")
    with time_machine.travel("2026-11-21 09:02 +0000"):
        assert "Saved at 4:02pm on 20 November by Rosa Bell." in page(client, "section", draft.key, "about")


def test_a_page_says_that_nothing_is_saved_on_it_yet(rosa: User) -> None:
    client = signed_in(rosa)
    assert "Nothing is saved on this page yet." in page(client, "section", start(client).key, "tried")


def test_a_page_goes_on_from_what_it_is_answered(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    path = at("section", draft, "worry")
    first = typing(client, draft, path, worry="Hungry")
    next_time = {"seen": json.dumps(first["seen"]), "version": first["version"], "writer": "aa", "turn": "2"}
    second = autosave(client, draft, path, worry="Hungry and cold", **next_time).json()
    assert (second["state"], second["version"]) == ("saved", 2)
    done = {"seen": json.dumps(second["seen"]), "version": "2"}
    assert post(client, "section", draft.key, "worry", worry="Hungry and cold", **done).status_code == 302
    assert said(draft)["worry"]["worry"] == "Hungry and cold"


def test_a_new_child_is_added_once_and_the_page_becomes_the_childs(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    path = at("person-add", draft, "children")
    answer = typing(client, draft, path, key="aaaa1111", given_names="Leo")
    assert answer["url"] == at("person", draft, "children", "aaaa1111")
    typing(client, draft, answer["url"], given_names="Leo", family_name="Marsh")
    again = client.post(path, {"key": "aaaa1111", "given_names": "Leo", "family_name": "Marsh", "later": "1"})
    assert again.status_code == 302
    assert [(one["key"], one["family_name"]) for one in said(draft)["children"]] == [("aaaa1111", "Marsh")]


def test_evidence_and_ticks_are_saved_while_somebody_works(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    evidence = at("page", draft, "threshold", "evidence")
    typing(client, draft, evidence, **{"evidence_L3-LRN-01": "Late 32 times"})
    assert said(draft)["threshold"]["indicators"]["L3-LRN-01"] == "Late 32 times"
    ticks = {
        "indicators": ["L3-LRN-01", "L4-HEA-10"],
        "ticked": json.dumps(list(said(draft)["threshold"]["indicators"])),
    }
    answer = autosave(client, draft, at("section", draft, "threshold"), **ticks).json()
    assert answer["state"] == "saved"
    assert set(said(draft)["threshold"]["indicators"]) == {"L3-LRN-01", "L4-HEA-10"}


def test_two_colleagues_see_each_others_saves_and_lose_neither(rosa: User, cy: User) -> None:
    hers, his = signed_in(rosa), signed_in(cy)
    draft = start(hers)
    path = at("section", draft, "worry")
    shown = hers.get(path).content.decode()
    typing(his, draft, path, worry="", injuries="A bruise")
    seen = {"seen": field(shown, "seen"), "version": "0"}
    news = hers.get(at("autosave", draft), {"path": path, "version": "0", "writer": "bb"}).json()
    assert re.fullmatch(r"Cy Lee saved other words here at \d+:\d\d[ap]m\.", news["words"])
    answer = autosave(hers, draft, path, worry="Hungry", injuries="", writer="bb", turn="1", **seen).json()
    assert answer["state"] == "others"
    assert "Cy Lee saved other words here at" in answer["words"]
    assert "version" not in answer, "her page has not seen what he wrote"
    again = {"seen": json.dumps(answer["seen"]), "version": "0"}
    assert post(hers, "section", draft.key, "worry", worry="Hungry", injuries="", **again).status_code == 302
    assert (said(draft)["worry"]["worry"], said(draft)["worry"]["injuries"]) == ("Hungry", "A bruise")


def test_two_colleagues_in_one_field_are_shown_both_texts_and_choose(rosa: User, cy: User) -> None:
    hers, his = signed_in(rosa), signed_in(cy)
    draft = start(hers)
    path = at("section", draft, "worry")
    shown = hers.get(path).content.decode()
    typing(his, draft, path, worry="His words")
    seen = {"seen": field(shown, "seen"), "version": "0"}
    answer = autosave(hers, draft, path, worry="Her words", writer="bb", turn="1", **seen).json()
    assert answer["state"] == "clash"
    assert answer["words"].startswith("Cy Lee saved other words for “What happened”")
    continued = post(hers, "section", draft.key, "worry", worry="Her words", **seen)
    assert continued.status_code == 409
    for one in (continued.content.decode(), page(hers, "section", draft.key, "worry"), page(his, "tasks", draft.key)):
        assert "Two people wrote at once" in one
        assert "His words" in one
        assert "Her words" in one
    assert "Choose between two versions" in page(his, "check", draft.key)
    choice = {"section": "worry", "page": "facts", "leaf": "worry", "person": str(rosa.pk), "keep": "aside"}
    assert post(his, "choose", draft.key, **choice).url == at("tasks", draft)
    assert said(draft)["worry"]["worry"] == "Her words"
    assert "Two people wrote at once" not in page(his, "tasks", draft.key)


def test_without_scripts_saving_again_is_the_choice(rosa: User, cy: User) -> None:
    hers, his = signed_in(rosa), signed_in(cy)
    draft = start(hers)
    shown = page(hers, "section", draft.key, "worry")
    typing(his, draft, at("section", draft, "worry"), worry="His words")
    first = post(hers, "section", draft.key, "worry", worry="Her words", seen=field(shown, "seen"), version="0")
    assert first.status_code == 409
    carried = {name: field(first.content.decode(), name) for name in ("seen", "version")}
    assert post(hers, "section", draft.key, "worry", worry="Both words", **carried).status_code == 302
    assert said(draft)["worry"]["worry"] == "Both words"
    assert "Two people wrote at once" not in page(hers, "tasks", draft.key)


def test_what_is_typed_about_somebody_whom_a_colleague_removed_stays_on_the_page(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    actions.remove_person(draft.key, "children", "c1", by=rosa)
    answer = autosave(client, draft, at("person", draft, "children", "c1"), given_names="Maisie")
    assert (answer.status_code, answer.json()["state"]) == (409, "refused")
    posted = post(client, "person", draft.key, "children", "c1", given_names="Maisie", where_now="At her aunt’s")
    assert posted.status_code == 409
    assert "A colleague has removed this entry" in posted.content.decode()
    assert "At her aunt’s" in posted.content.decode()
    assert [one["key"] for one in said(draft)["children"]] == ["c2"]


def test_a_page_of_a_referral_that_has_been_sent_is_told_so(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    contact = actions.submit(draft.key, by=rosa)
    answer = autosave(client, draft, at("section", draft, "worry"), worry="Too late")
    assert (answer.status_code, answer.json()["state"]) == (409, "sent")
    assert answer.json()["url"] == reverse("intake:referral", args=[contact.reference])
    assert contact.marf.answers["worry"]["worry"] != "Too late"


@pytest.mark.parametrize("path", ["", "/", "/referrals/", "/queue/", "children/", "other draft", "no such page"])
def test_an_address_that_is_no_page_of_this_form_saves_nothing(rosa: User, path: str) -> None:
    client = signed_in(rosa)
    draft, other = start(client), start(client)
    known = {
        "children/": at("section", draft, "children"),
        "other draft": at("section", other, "worry"),
        "no such page": at("page", draft, "worry", "nowhere"),
    }
    answer = autosave(client, draft, known.get(path, path), worry="Hungry")
    assert answer.status_code == 422
    assert said(draft) == said(other) == {}
    assert autosave(client, draft, at("section", draft, "worry"), worry="Hungry").status_code == 200
    assert said(draft)["worry"]["worry"] == "Hungry"


@pytest.mark.parametrize("seen", ["", "{", "[]", "null", '{"worry": 7}', '{"worry": "x"}'])
def test_a_page_may_carry_anything_and_nothing_breaks(rosa: User, seen: str) -> None:
    client = signed_in(rosa)
    draft = start(client)
    typed = {"worry": "Hungry\x00", "seen": seen, "version": "x", "writer": "<b>", "turn": "-1", "ticked": seen}
    assert autosave(client, draft, at("section", draft, "worry"), **typed).status_code == 200
    assert said(draft)["worry"]["worry"] == "Hungry"
    assert autosave(client, draft, at("section", draft, "threshold"), **typed).status_code == 200


def test_a_stranger_cannot_save_or_ask(rosa: User, tom: User) -> None:
    draft, client = draft_by(rosa), signed_in(tom)
    before = said(draft)
    path = at("section", draft, "worry")
    assert autosave(client, draft, path, worry="Mine").status_code == 404
    assert client.get(at("autosave", draft), {"path": path}).status_code == 404
    assert said(draft) == before
    assert autosave(signed_in(rosa), draft, path, worry="Mine").status_code == 200


# Sessions


def test_typing_keeps_somebody_signed_in_and_an_open_page_does_not(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    path = at("section", draft, "worry")
    with time_machine.travel(timezone.now()) as clock:
        for minute in range(20):
            clock.shift(timedelta(minutes=1))
            assert autosave(client, draft, path, worry=f"Minute {minute}").status_code == 200
        asked = []
        for _ in range(17):
            clock.shift(timedelta(minutes=1))
            asked.append(client.get(at("autosave", draft), {"path": path}, headers={"X-Background": "1"}).status_code)
    assert (asked[0], asked[-1]) == (200, 302)


def test_no_draft_is_lost_over_time_outs(rosa: User) -> None:
    """G15. Each time: something is typed and saved, the session ends, a post meets its end, and all is there again."""
    client = signed_in(rosa)
    draft = start(client)
    path = at("section", draft, "worry")
    lost = []
    for number in range(TIME_OUTS):
        typing(client, draft, path, worry=f"Seen {number} times")
        end_every_session()
        ended = client.post(path, {"worry": "the field in hand"})
        assert ended.status_code == 302
        assert ended.headers["Location"].startswith("/accounts/login/?next=")
        back = client.post(ended.headers["Location"], {"login": rosa.email, "password": PASSWORD})
        assert back.headers["Location"] == path
        if f"Seen {number} times</textarea>" not in client.get(path).content.decode():
            lost.append(number)
    assert lost == []


def end_every_session() -> None:
    """Nobody has done anything for 16 minutes."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session["seen"] = session.get("seen", int(timezone.now().timestamp())) - 16 * 60
        session.save()


# The list, taking over, deleting


def test_the_list_says_whose_it_is_how_old_what_is_missing_and_when_it_goes(rosa: User, cy: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=85), tick=False):
        draft = draft_by(cy, "too-little")
        actions.save_section(draft.key, "worry", {"impact": "Sad"}, by=rosa)
    shown = words(page(signed_in(rosa), "list"))
    assert "Not sent yet (1)" in shown
    assert re.search(r"85 days ago Cy Lee has it", shown)
    assert "by Rosa Bell" in shown
    assert re.search(r"\d: family name, [^<]*and \d more", shown)
    assert re.search(r"in [45] days", shown)


def test_the_list_can_show_mine_or_all_and_says_when_there_is_none(rosa: User, cy: User) -> None:
    draft_by(cy)
    hers, his = signed_in(rosa), signed_in(cy)
    assert "All of Alder Primary (1) Mine (0)" in words(page(hers, "list"))
    assert "Maisie Doyle" not in page(hers, "list", drafts="mine")
    assert "You have no draft that waits to be sent" in page(hers, "list", drafts="mine")
    assert "Maisie Doyle" in page(his, "list", drafts="mine")


def test_a_safeguarding_lead_can_take_over_and_the_colleague_sees_who_has_it(rosa: User, cy: User) -> None:
    draft = draft_by(cy)
    hers, his = signed_in(rosa), signed_in(cy)
    assert "Take over from Cy Lee" in page(hers, "tasks", draft.key)
    assert post(hers, "take-over", draft.key).url == at("tasks", draft)
    assert "You have taken this referral over from Cy Lee." in page(hers, "tasks", draft.key)
    shown = words(page(his, "tasks", draft.key))
    assert "Rosa Bell has this draft, taken over from Cy Lee." in shown
    assert "Take over from" not in shown
    assert "Rosa Bell has it" in words(page(his, "list"))
    refused = post(his, "take-over", draft.key)
    assert refused.status_code == 403
    assert "Your safeguarding lead can take this over" in refused.content.decode()
    assert Draft.objects.get(key=draft.key).author == rosa
    assert his.get(at("take-over", draft)).headers["Location"] == at("tasks", draft)


def test_a_draft_is_deleted_only_as_it_was_when_the_person_was_asked(rosa: User, cy: User) -> None:
    draft, client = draft_by(rosa), signed_in(rosa)
    asked = field(page(client, "delete", draft.key), "version")
    actions.save_section(draft.key, "worry", {"impact": "Sad"}, by=cy)
    refused = post(client, "delete", draft.key, version=asked)
    assert refused.status_code == 409
    assert "Cy Lee has saved something in this draft" in refused.content.decode()
    assert Draft.objects.filter(key=draft.key).exists()
    again = field(refused.content.decode(), "version")
    assert post(client, "delete", draft.key, version=again).url == reverse("intake:list")
    assert not Draft.objects.exists()
    assert not Notice.objects.exists()


def test_choosing_what_has_been_chosen_changes_nothing(rosa: User) -> None:
    draft, client = draft_by(rosa), signed_in(rosa)
    before = said(draft)
    for asked in (
        {},
        {"section": "_saves", "page": "x", "leaf": "y", "person": "1"},
        {"section": "worry", "keep": "aside"},
    ):
        assert post(client, "choose", draft.key, **asked).status_code == 302
    assert said(draft) == before
    assert isinstance(draft.key, UUID)
