"""Every message is sent at least once, or visibly failed; it holds a reference and a link, and nothing else."""

import smtplib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import carriers, notices, relay
from referrals.models import Notice
from referrals.notices import TEMPLATES
from tests import build

REFERENCE = "MF7K-3QPX"
OF_CALLS = ("advice", "form_expected", "call_taken", "joined", "reminder")
EVERY_TEMPLATE = sorted(path.stem for path in Path("templates/notices").glob("*.txt"))
#: Messages about several contacts, or about a form that has no reference yet.
WITHOUT_REFERENCE = {"escalations", "draft_unsent", "draft_deletion"}


def queued(person: User, template: str = "update", reference: str = REFERENCE, occasion: str = "v1") -> Notice:
    notices.queue(template, reference, [person], occasion=occasion, now=timezone.now())
    return Notice.objects.latest("id")


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, *, only_to: str = "") -> None:
    usual = EmailBackend.send_messages

    def send(self: EmailBackend, messages: Any) -> int:
        if any(only_to in message.to[0] for message in messages):
            raise error
        return usual(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)


def due_again(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_a_referrer_is_told_that_there_is_an_update(rosa: User) -> None:
    notice = queued(rosa)
    assert relay.send_waiting().sent == 1
    [message] = mail.outbox
    assert message.to == [rosa.email]
    assert message.subject == "You have an update on referral MF7K-3QPX"
    assert f"{settings.BASE_URL}/referrals/MF7K-3QPX/feedback/" in message.body
    assert settings.MASH_PHONE in message.body
    assert "Do not reply" in message.body
    notice.refresh_from_db()
    assert notice.sent_at is not None
    assert notice.leased_until is None


def test_the_portal_sends_a_message_once(rosa: User) -> None:
    queued(rosa)
    queued(rosa)
    assert [relay.send_waiting().sent for _ in range(2)] == [1, 0]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("template", EVERY_TEMPLATE)
def test_every_message_has_a_subject_a_link_and_the_telephone_number(rosa: User, template: str) -> None:
    queued(rosa, template, "" if template in WITHOUT_REFERENCE else REFERENCE)
    assert relay.send_waiting().sent == 1
    [message] = mail.outbox
    assert message.subject
    assert settings.BASE_URL in message.body
    assert settings.MASH_PHONE in message.body
    assert "{" not in message.body
    assert "Subject" not in message.body


def test_every_step_that_tells_somebody_has_its_message() -> None:
    assert set(TEMPLATES.values()) <= set(EVERY_TEMPLATE)


def test_no_message_says_anything_about_a_child(rosa: User, grace: User, maya: User) -> None:
    told = build.told(
        rosa, worker=grace, manager=maya, children=[{"given_names": "Xanthe", "family_name": "Quillfeather"}]
    )
    for template in ("escalation", "reopened", "assigned", "sent_back"):
        queued(grace, template, told.reference)
    relay.send_waiting()
    assert len(mail.outbox) >= 7
    for message in mail.outbox:
        text = f"{message.subject} {message.body}"
        assert told.reference in text
        assert not any(word in text for word in ("Xanthe", "Quillfeather", "assessment team", "Alder Primary"))


def test_the_portal_tries_again_later_when_the_mail_server_refuses(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = queued(rosa)
    failing(monkeypatch, smtplib.SMTPServerDisconnected("secret words of a server"))
    assert (relay.send_waiting().failed, mail.outbox) == (1, [])
    notice.refresh_from_db()
    assert (notice.attempts, notice.sent_at, notice.failed_at) == (1, None, None)
    assert notice.last_error == "SMTPServerDisconnected"
    wait = notice.next_attempt_at - datetime.now(UTC)
    assert timedelta(seconds=20) < wait <= timedelta(seconds=30)
    assert relay.send_waiting().failed == 0
    monkeypatch.undo()
    due_again(notice)
    assert relay.send_waiting().sent == 1


def test_the_portal_gives_a_message_up_visibly_after_six_attempts(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = queued(rosa)
    failing(monkeypatch, TimeoutError())
    for _ in range(6):
        assert not Notice.objects.failed().exists()
        due_again(notice)
        relay.send_waiting()
    assert list(Notice.objects.failed()) == [notice]
    due_again(notice)
    assert relay.send_waiting().failed == 0


def test_one_person_whose_message_fails_silences_nobody_else(
    rosa: User, tom: User, grace: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (rosa, tom, grace):
        queued(person)
    failing(monkeypatch, smtplib.SMTPRecipientsRefused({}), only_to="tom@")
    result = relay.send_waiting()
    assert (result.sent, result.failed) == (2, 1)
    assert {message.to[0] for message in mail.outbox} == {rosa.email, grace.email}


def test_a_message_without_a_template_fails_and_the_next_one_goes(rosa: User) -> None:
    bad = queued(rosa, "nonsense")
    queued(rosa)
    result = relay.send_waiting()
    assert (result.sent, result.failed) == (1, 1)
    bad.refresh_from_db()
    assert bad.last_error == "TemplateDoesNotExist"


def test_a_person_who_has_left_gets_no_message_and_it_shows(rosa: User) -> None:
    notice = queued(rosa)
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    relay.send_waiting()
    assert mail.outbox == []
    notice.refresh_from_db()
    assert notice.failed_at is not None
    assert notice.last_error == "PersonInactive"


def test_a_message_in_another_senders_hands_is_left_until_its_lease_has_run_out(rosa: User) -> None:
    notice = queued(rosa)
    assert [one.pk for one in relay._claim(10)] == [notice.pk]
    assert relay.send_waiting().sent == 0
    Notice.objects.filter(pk=notice.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert relay.send_waiting().sent == 1


def test_the_lease_is_shorter_than_anybody_waits_and_longer_than_a_batch_takes() -> None:
    assert relay.BUDGET_SECONDS + 2 * carriers.SEND_SECONDS < relay.LEASE_SECONDS <= 60


def test_the_portal_gives_back_what_it_had_no_time_for(
    rosa: User, grace: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (rosa, grace):
        queued(person)
    monkeypatch.setattr(relay, "BUDGET_SECONDS", -1.0)
    claimed = relay._claim(10)
    assert list(relay._send(claimed, started=0.0)) == []
    assert Notice.objects.filter(leased_until=None, attempts=0).count() == 2


def test_a_message_is_marked_only_after_it_has_gone(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = queued(rosa)
    seen: list[bool] = []
    usual = EmailMessage.send

    def send(self: EmailMessage, fail_silently: bool = False) -> int:
        seen.append(Notice.objects.filter(pk=notice.pk, sent_at=None).exists())
        return usual(self, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", send)
    relay.send_waiting()
    assert seen == [True]
