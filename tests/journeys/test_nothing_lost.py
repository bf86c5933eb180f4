"""What somebody types is never lost: as they type, when the portal is dead, when they are signed out, with others."""

import re

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from mash_portal.accounts.cast import PASSWORD
from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.settings import base
from referrals.intake import actions
from referrals.models import Draft
from tests.portals import wait_until

from .checks import NO_ANSWER
from .referrer import CONTINUE, LATER, Referrer
from .stage import Stage, idle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WORDS, MORE = "She came in with a bruise on her arm", " and would not say how"
WHAT = "What has happened?"
CY = "cy@alder-primary.example"


def line(page: Page) -> str:
    return page.locator(".portal-saved").inner_text()


def said(draft: Draft) -> str:
    return str(Draft.objects.get(key=draft.key).answers.get("worry", {}).get("worry", ""))


def unsent(page: Page) -> int:
    return int(page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('unsent:')).length"))


def writing(stage: Stage, name: str = "Rosa", draft: Draft | None = None) -> tuple[Referrer, Draft]:
    """Somebody at the page about what worries them."""
    draft = draft or actions.start_draft(by=stage.account(name))
    person = stage.enters(Referrer, name)
    return person.is_signed_in().opens(f"/referrals/drafts/{draft.key}/worry/"), draft


def test_what_rosa_types_is_saved_while_she_types_and_the_page_says_when(stage: Stage) -> None:
    # given
    stage.starts("web")
    rosa, draft = writing(stage)
    rosa.sees("Nothing is saved on this page yet.")

    # when she types and stops
    rosa.page.get_by_label(WHAT).press_sequentially(WORDS)
    expect(rosa.page.locator(".portal-saved")).to_have_text(re.compile(r"^Saved at \d+:\d\d[ap]m\.$"))

    # then it is there without her having pressed anything, and nothing is left in the tab
    assert said(draft) == WORDS
    assert unsent(rosa.page) == 0
    rosa.stays().looks_at("saved")

    # and going back by the link saves what she has just typed
    rosa.page.get_by_label(WHAT).press_sequentially(MORE)
    rosa.follows("Back")
    wait_until(lambda: said(draft) == WORDS + MORE, "the last words have arrived")
    rosa.sees("by Rosa Bell").looks_at("task-list")


def test_a_child_that_rosa_has_begun_to_add_is_there_once(stage: Stage) -> None:
    stage.starts("web")
    draft = actions.start_draft(by=stage.account("Rosa"))
    rosa = stage.enters(Referrer, "Rosa").is_signed_in()
    rosa.opens(f"/referrals/drafts/{draft.key}/children/").presses("Add a child")
    rosa.fills({"First name": "Leo"})
    expect(rosa.page).to_have_url(re.compile(r"/children/entry/[0-9a-f]{8}/$"))
    rosa.fills({"Family name": "Marsh"}).stays().presses(CONTINUE, status=200)
    rosa.fills({"Address": "Not known"}).presses(LATER)
    children = Draft.objects.get(key=draft.key).answers["children"]
    assert [(one["given_names"], one["family_name"], one["address"]) for one in children] == [
        ("Leo", "Marsh", "Not known")
    ]


def test_a_dead_portal_costs_nothing_and_the_page_keeps_trying(stage: Stage) -> None:
    # given a portal that dies
    stage.starts("web")
    rosa, draft = writing(stage)
    stage.portal.kill("web")

    # when Rosa types on, she can, and is told
    rosa.page.get_by_label(WHAT).press_sequentially(WORDS)
    expect(rosa.page.locator(".portal-saved")).to_have_text(re.compile("Not saved: .*; we keep trying"))
    assert unsent(rosa.page) == 1
    rosa.looks_at("not-saved")

    # then it is saved as soon as the portal is back, by itself
    stage.portal.start("web")
    expect(rosa.page.locator(".portal-saved")).to_contain_text("Saved at", timeout=30_000)
    assert said(draft) == WORDS
    assert unsent(rosa.page) == 0
    rosa.stays(announced=[NO_ANSWER])


def test_a_portal_that_dies_as_rosa_continues_costs_nothing(stage: Stage) -> None:
    # given words that only this tab has
    stage.starts("web")
    rosa, draft = writing(stage)
    stage.portal.kill("web")
    rosa.page.get_by_label(WHAT).press_sequentially(WORDS)

    # when she presses Continue and meets the browser's own page of errors
    rosa.page.get_by_role("button", name=CONTINUE).click()
    rosa.page.wait_for_url("chrome-error://**")
    stage.portal.start("web")

    # then they are back when she comes back, and are saved
    rosa.opens(f"/referrals/drafts/{draft.key}/worry/")
    expect(rosa.page.get_by_label(WHAT)).to_have_value(WORDS)
    expect(rosa.page.locator(".portal-saved")).to_contain_text("Saved at")
    assert said(draft) == WORDS
    rosa.stays(announced=[NO_ANSWER]).looks_at("back-again")


def test_words_that_meet_an_ended_session_come_back_after_signing_in(stage: Stage) -> None:
    # given a session that has ended without Rosa's noticing
    stage.starts("web")
    rosa, draft = writing(stage)
    idle(16)
    rosa.page.get_by_label(WHAT).press_sequentially(WORDS)
    expect(rosa.page.locator(".portal-saved")).to_contain_text("you have been signed out")
    assert said(draft) == ""
    rosa.stays().looks_at("signed-out")

    # when she presses Continue all the same, and signs in again
    rosa.presses(CONTINUE).sees("Sign in").signs_in()

    # then she is at the same page with her words, and they are saved
    assert rosa.path == f"/referrals/drafts/{draft.key}/worry/"
    expect(rosa.page.get_by_label(WHAT)).to_have_value(WORDS)
    expect(rosa.page.locator(".portal-saved")).to_contain_text("Saved at")
    assert said(draft) == WORDS
    rosa.stays().looks_at("words-are-back")


def test_signing_out_leaves_nothing_in_the_tab_and_saves_the_field_in_hand(stage: Stage) -> None:
    stage.starts("web")
    rosa, draft = writing(stage)
    rosa.page.get_by_label(WHAT).press_sequentially(WORDS)
    rosa.signs_out().sees("Sign in")
    assert said(draft) == WORDS
    assert unsent(rosa.page) == 0

    # and where nothing is left to save, once is enough as well
    rosa.is_signed_in().opens(f"/referrals/drafts/{draft.key}/worry/").signs_out().sees("Sign in")


def test_a_colleague_who_signs_in_at_the_same_tab_finds_none_of_rosas_unsaved_words(stage: Stage) -> None:
    stage.starts("web")
    rosa, draft = writing(stage)
    colleague(stage)
    idle(16)
    rosa.page.get_by_label(WHAT).press_sequentially(WORDS)
    expect(rosa.page.locator(".portal-saved")).to_contain_text("you have been signed out")
    rosa.follows("Sign in to save it")
    rosa.email = CY
    rosa.signs_in()
    assert rosa.path == f"/referrals/drafts/{draft.key}/worry/"
    expect(rosa.page.get_by_label(WHAT)).to_have_value("")
    assert unsent(rosa.page) == 0
    assert said(draft) == ""


def test_two_colleagues_see_each_other_and_choose_where_they_wrote_at_once(stage: Stage) -> None:
    # given Rosa and Cy on the same page
    stage.starts("web")
    rosa, draft = writing(stage)
    rosa.page.clock.install()
    rosa.opens(rosa.path)
    by = colleague(stage)

    # when Cy saves, Rosa's page says so by itself
    actions.save_section(draft.key, "worry", {"worry": "His words"}, by=by, page="facts")
    rosa.passes(minutes=0.4)
    expect(rosa.page.locator(".portal-saved")).to_contain_text("Cy Lee saved other words here at")
    rosa.stays().looks_at("others")

    # when she has written in the same field, both are kept and shown
    rosa.page.get_by_label(WHAT).fill(WORDS)
    rosa.passes(minutes=0.1)
    expect(rosa.page.locator(".portal-saved")).to_contain_text("Both are kept: choose which stay.")
    assert said(draft) == "His words"
    rosa.stays().follows("Load this page again to choose").sees("Two people wrote at once", "His words", WORDS)
    rosa.looks_at("two-versions")

    # then one choice settles it
    rosa.presses(re.compile("^Use Rosa Bell’s words")).sees("Your choice is saved.").does_not_see("Two people wrote")
    assert said(draft) == WORDS


def test_typing_keeps_rosa_signed_in_and_quiet_does_not(stage: Stage) -> None:
    stage.starts("web")
    rosa, draft = writing(stage)
    rosa.page.clock.install()
    rosa.opens(rosa.path)
    rosa.page.evaluate("addEventListener('portal:active', () => document.body.append(' kept-awake'), true)")
    for part in range(3):
        rosa.passes(minutes=8)
        rosa.page.get_by_label(WHAT).fill(f"Part {part}")
        rosa.passes(minutes=0.1).sees(re.compile(r"kept-awake\s*" * (part + 1)))
        rosa.does_not_see("You will soon be signed out")
    rosa.passes(minutes=12.6).sees("You will soon be signed out").stays()
    assert said(draft) == "Part 2"


def colleague(stage: Stage) -> User:
    """Cy, who teaches at Rosa's school."""
    rosa = stage.account("Rosa")
    with override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS):
        return User.objects.create_user(CY, PASSWORD, full_name="Cy Lee", agency=rosa.agency, role=Role.REFERRER)
