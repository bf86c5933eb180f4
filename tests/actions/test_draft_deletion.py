"""A draft is deleted after 90 days, never before its agency has been warned for a week, never under anybody’s hands."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.intake import actions as intake
from referrals.models import Contact, Draft
from referrals.retention import actions
from referrals.retention.actions import Kept, look_after_drafts
from referrals.rules import retention
from tests import build
from tests.actions.leaving import NOW, here, left, person, told
from tests.actions.test_intake import draft_by


@pytest.fixture
def cy(rosa: User) -> User:
    return person("Cy Lee", rosa)


# Deletion


def warned(draft: Draft) -> Draft:
    """Left for 84 days, and its agency warned."""
    left(draft, days=retention.DRAFT_DAYS - 6)
    look_after_drafts(NOW)
    assert "Rosa Bell" in told(actions.WARNING)
    draft.refresh_from_db()
    return draft


def test_an_agency_is_warned_a_week_before_and_then_the_draft_is_deleted_with_a_line(rosa: User, cy: User) -> None:
    draft = warned(draft_by(here(cy)))
    assert told(actions.WARNING) == ["Cy Lee", "Rosa Bell"]
    for days in (1, 6.9):
        look_after_drafts(NOW + timedelta(days=days))
        assert Draft.objects.filter(key=draft.key).exists(), days
    assert look_after_drafts(NOW + timedelta(days=7.01)).deleted == 1
    assert not Draft.objects.exists()
    line = Event.objects.get(verb="draft:expire")
    assert line.by == User.objects.system()
    assert line.details == {"draft": str(draft.key), "after_days": 90, "agency": rosa.agency_id}
    assert len(told(actions.WARNING)) == 2


def test_a_draft_that_nobody_was_warned_of_is_announced_first(rosa: User) -> None:
    draft = left(draft_by(here(rosa)), days=200)
    assert look_after_drafts(NOW) == Kept(warned=1)
    assert look_after_drafts(NOW + timedelta(days=6)) == Kept()
    assert Draft.objects.filter(key=draft.key).exists()
    assert look_after_drafts(NOW + timedelta(days=7, minutes=1)).deleted == 1


def test_a_draft_of_an_agency_where_nobody_is_left_is_deleted(rosa: User) -> None:
    left(draft_by(rosa), days=91)
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert look_after_drafts(NOW).deleted == 1


def test_a_draft_that_is_saved_after_the_warning_starts_again(rosa: User) -> None:
    draft = warned(draft_by(here(rosa)))
    intake.save_section(draft.key, "worry", {"worry": "Still hungry"}, by=rosa)
    look_after_drafts(NOW + timedelta(days=8))
    assert Draft.objects.filter(key=draft.key).exists()
    saved = Draft.objects.get(key=draft.key).updated_at
    look_after_drafts(saved + timedelta(days=retention.DRAFT_DAYS + 1))
    assert Draft.objects.filter(key=draft.key).exists(), "the old warning does not count for it"


def in_between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Somebody acts after the purge has seen what is old, and before it deletes."""
    usual = actions.delete_old_drafts

    def later(keys: Any, *, now: datetime) -> tuple[int, int]:
        act()
        return usual(keys, now=now)

    monkeypatch.setattr(actions, "delete_old_drafts", later)


def test_a_draft_that_is_saved_while_the_purge_runs_is_not_deleted(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = warned(draft_by(here(rosa)))
    in_between(monkeypatch, lambda: intake.save_section(draft.key, "worry", {"worry": "Still hungry"}, by=rosa))
    assert look_after_drafts(NOW + timedelta(days=8)).deleted == 0
    assert Draft.objects.get(key=draft.key).answers["worry"]["worry"] == "Still hungry"
    assert not Event.objects.filter(verb="draft:expire").exists()


def test_a_draft_that_is_sent_while_the_purge_runs_stays_sent(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = warned(draft_by(here(rosa)))
    in_between(monkeypatch, lambda: intake.submit(draft.key, by=rosa))
    assert look_after_drafts(NOW + timedelta(days=8)).deleted == 0
    assert Contact.objects.get().submission_key == draft.key
    assert not Event.objects.filter(verb="draft:expire").exists()


def test_one_that_is_being_saved_at_that_moment_is_left_alone(committed: str) -> None:
    rosa = here(build.player("Rosa"))
    draft = warned(draft_by(rosa))
    deleted: list[int] = []

    def purge() -> None:
        try:
            deleted.append(look_after_drafts(NOW + timedelta(days=8)).deleted)
        finally:
            connection.close()

    with transaction.atomic():
        intake.save_section(draft.key, "worry", {"worry": "Still hungry"}, by=rosa)
        thread = threading.Thread(target=purge)
        thread.start()
        thread.join(10)
    assert deleted == [0]
    assert Draft.objects.get(key=draft.key).answers["worry"]["worry"] == "Still hungry"


def test_twenty_purges_and_twenty_saves_at_once_lose_nothing(committed: str) -> None:
    rosa = here(build.player("Rosa"))
    drafts = [warned(draft_by(rosa)) for _ in range(20)]
    start = threading.Barrier(2)

    def purge() -> None:
        try:
            start.wait(10)
            look_after_drafts(NOW + timedelta(days=8))
        finally:
            connection.close()

    thread = threading.Thread(target=purge)
    thread.start()
    start.wait(10)
    saved = []
    for draft in reversed(drafts):
        with suppress(Http404):
            saved.append(intake.save_section(draft.key, "worry", {"worry": "Still hungry"}, by=rosa).key)
    thread.join(10)
    assert {draft.key for draft in Draft.objects.filter(key__in=saved)} == set(saved)
    expired = {line.details["draft"] for line in Event.objects.filter(verb="draft:expire")}
    assert expired == {str(draft.key) for draft in drafts} - {str(key) for key in saved}
