"""An unsent referral is a child nobody knows about: its writer is reminded, its agency is warned, then it goes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals import notices, relay
from referrals.intake import actions as intake
from referrals.models import Notice
from referrals.retention import actions
from referrals.retention.actions import Kept, look_after_drafts
from referrals.rules import retention
from tests.actions.leaving import NOW, here, left, person, told
from tests.actions.test_intake import draft_by


@pytest.fixture
def cy(rosa: User) -> User:
    return person("Cy Lee", rosa)


# Reminders


def test_a_writer_is_reminded_after_a_day_and_after_a_week_once_each(rosa: User) -> None:
    left(intake.start_draft(by=here(rosa)), days=0)
    counts = []
    for hours in (23, 25, 26, 100, 7 * 24 + 1, 7 * 24 + 2, 20 * 24):
        here(rosa)
        now = NOW + timedelta(hours=hours)
        User.objects.filter(pk=rosa.pk).update(last_login=now)
        look_after_drafts(now)
        look_after_drafts(now)
        counts.append(len(told(actions.REMINDER)))
    assert counts == [0, 1, 1, 1, 2, 2, 2]
    assert told(actions.WARNING) == []


def test_a_draft_that_is_saved_is_left_in_peace_for_another_day(rosa: User) -> None:
    draft = left(intake.start_draft(by=here(rosa)), days=2, now=timezone.now())
    intake.save_section(draft.key, "worry", {"worry": "Hungry"}, by=rosa)
    look_after_drafts(timezone.now() + timedelta(hours=23))
    assert told(actions.REMINDER) == []
    look_after_drafts(timezone.now() + timedelta(hours=25))
    assert "Rosa Bell" in told(actions.REMINDER)


def test_after_downtime_one_reminder_follows_and_not_all_that_were_missed(rosa: User) -> None:
    left(intake.start_draft(by=here(rosa)), days=30)
    assert look_after_drafts(NOW) == Kept(reminded=1)
    assert told(actions.REMINDER) == ["Rosa Bell"]


def test_where_the_writer_has_left_the_safeguarding_lead_is_told(rosa: User, cy: User) -> None:
    left(intake.start_draft(by=cy), days=1.1)
    User.objects.filter(pk=cy.pk).update(is_active=False)
    look_after_drafts(NOW)
    assert told(actions.REMINDER) == ["Rosa Bell"]


def test_where_the_writer_is_away_the_safeguarding_lead_is_told_too(rosa: User, cy: User) -> None:
    left(intake.start_draft(by=here(cy, days_ago=8)), days=7.5)
    look_after_drafts(NOW)
    assert told(actions.REMINDER) == ["Cy Lee", "Rosa Bell"]


def test_where_the_writer_works_elsewhere_now_their_old_agency_is_told_and_they_are_not(
    rosa: User, cy: User, tom: User
) -> None:
    left(intake.start_draft(by=cy), days=1.1)
    User.objects.filter(pk=cy.pk).update(agency=tom.agency_id)
    look_after_drafts(NOW)
    assert told(actions.REMINDER) == ["Rosa Bell"]


def test_an_agency_without_a_safeguarding_lead_has_its_other_referrers_told(nell: User) -> None:
    colleague = person("Uma Rao", nell, Role.PARTNER)
    left(intake.start_draft(by=nell), days=1.1)
    User.objects.filter(pk=nell.pk).update(is_active=False)
    look_after_drafts(NOW)
    assert told(actions.REMINDER) == [colleague.full_name]


def test_a_reminder_names_no_child_and_leads_to_the_list(rosa: User) -> None:
    left(draft_by(here(rosa)), days=1.1)
    look_after_drafts(NOW)
    relay.send_waiting()
    [message] = mail.outbox
    assert message.subject == "A referral has not been sent"
    assert "/referrals/\n" in message.body
    for secret in ("Maisie", "Doyle", "Alder Primary", "Hatherton"):
        assert secret not in message.subject + str(message.body)


# The timers


def test_the_timers_look_after_drafts_and_say_so(rosa: User, capsys: pytest.CaptureFixture[str]) -> None:
    left(intake.start_draft(by=here(rosa)), days=1.1, now=timezone.now())
    User.objects.filter(pk=rosa.pk).update(last_login=timezone.now())
    call_command("run_timers", once=True)
    assert "1 unsent draft reminded of" in capsys.readouterr().out
    assert [message.subject for message in mail.outbox] == ["A referral has not been sent"]


def test_looking_is_one_query_where_nothing_is_due(rosa: User) -> None:
    for _ in range(3):
        intake.start_draft(by=rosa)
    with CaptureQueriesContext(connection) as asked:
        look_after_drafts(timezone.now())
    assert len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked.captured_queries[0]['sql']}")
        assert "draft_wakes" in str(cursor.fetchall())


def test_one_draft_that_cannot_be_looked_after_holds_up_no_other(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    here(rosa)
    bad, good = (left(intake.start_draft(by=rosa), days=days) for days in (2, 1.1))
    usual = notices.queue

    def queue(template: str, reference: str, people: Any, *, occasion: str, now: datetime) -> None:
        if bad.key.hex in occasion:
            raise ValueError
        usual(template, reference, people, occasion=occasion, now=now)

    monkeypatch.setattr(notices, "queue", queue)
    assert look_after_drafts(NOW) == Kept(reminded=1)
    assert good.key.hex in Notice.objects.get().key
    monkeypatch.undo()
    assert look_after_drafts(NOW + timedelta(minutes=61)) == Kept(reminded=1)


@pytest.mark.parametrize(
    ("days", "step", "next_days"),
    [
        (0, None, 1),
        (0.9, None, 1),
        (1, "remind", 7),
        (7, "remind", 83),
        (82.9, "remind", 83),
        (83, "warn", 90),
        (90, "delete", 91),
    ],
)
def test_the_steps_of_a_draft_that_nobody_sends(days: float, step: str | None, next_days: float) -> None:
    saved = NOW - timedelta(days=days)
    found = retention.due_step(saved, NOW)
    assert (found[1] if found else None) == step
    assert retention.next_step(saved, NOW) == saved + timedelta(days=next_days)


def test_the_days_that_are_left_are_counted_whole_and_never_less_than_none() -> None:
    assert [retention.days_left(NOW - timedelta(days=days), NOW) for days in (0, 0.5, 83, 90, 200)] == [90, 90, 7, 0, 0]
