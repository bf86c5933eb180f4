"""Saving while somebody types: what the page is answered, and what a time-out costs. The script itself: journeys."""

import json
import os
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from mash_portal.accounts.cast import PASSWORD
from mash_portal.accounts.models import User
from referrals.intake import actions
from referrals.models import Draft
from tests.actions.test_intake import draft_by
from tests.pages.browsing import page, post, signed_in, start
from tests.pages.drafting import at, autosave, field, said, typing

pytestmark = pytest.mark.django_db

#: G15 asks for 1,000; CI runs a tenth of each.
TIME_OUTS = int(os.environ.get("TIME_OUTS", "100"))


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
