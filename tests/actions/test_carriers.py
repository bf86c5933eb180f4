"""A message goes by SMTP or by GOV.UK Notify; what did not arrive goes a second way, or somebody is asked to ring."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from mash_portal.accounts.models import User
from referrals import carriers, chasing, notices, relay
from referrals.models import Notice
from referrals.models.outbox import LATE
from tests import mailserver, notifying
from tests.mailserver import MailServer
from tests.notifying import Notify

REFERENCE, MOBILE = "MF7K-3QPX", "07700 900123"


@pytest.fixture
def notify(settings: Settings) -> Iterator[Notify]:
    with notifying.running() as running:
        for name, value in running.settings.items():
            setattr(settings, name, value)
        yield running


@pytest.fixture
def smtp(settings: Settings) -> Iterator[MailServer]:
    with mailserver.running() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def queued(person: User, phone: str = "") -> Notice:
    User.objects.filter(pk=person.pk).update(phone=phone)
    notices.queue("update", REFERENCE, [person], occasion="v1", now=timezone.now())
    return Notice.objects.get(to=person, instead_of=None)


def sent(person: User, phone: str = "", *, ago: timedelta = timedelta(minutes=1)) -> Notice:
    """Taken by Notify that long ago."""
    notice = queued(person, phone)
    assert relay.send_waiting().sent == 1
    Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now() - ago)
    return Notice.objects.get(pk=notice.pk)


def test_a_referrer_is_sent_an_email_through_notify(rosa: User, notify: Notify) -> None:
    notice = queued(rosa)
    assert relay.send_waiting().sent == 1
    [came] = notify.came
    notice.refresh_from_db()
    assert (came["email_address"], came["template_id"], mail.outbox) == (rosa.email, notifying.EMAIL_TEMPLATE, [])
    assert came["personalisation"]["subject"] == "You have an update on referral MF7K-3QPX"
    assert set(came["personalisation"]) == {"subject", "body"}
    assert (notice.provider_id, notice.delivered_at) == (came["id"], None)


def test_without_a_template_for_emails_they_go_by_smtp(rosa: User, notify: Notify, settings: Settings) -> None:
    settings.NOTIFY_EMAIL_TEMPLATE = ""
    queued(rosa)
    relay.send_waiting()
    assert (len(mail.outbox), notify.came) == (1, [])


@pytest.mark.parametrize("answer", [429, 500, 503, 403, "drop"])
def test_the_portal_tries_again_what_notify_may_take_later(rosa: User, notify: Notify, answer: int | str) -> None:
    notice = queued(rosa)
    notify.behave = [answer, 201]
    assert relay.send_waiting().failed == 1
    notice.refresh_from_db()
    assert (notice.failed_at, notice.attempts) == (None, 1)
    assert notice.last_error == (f"HTTP {answer}" if isinstance(answer, int) else "ConnectionError")
    Notice.objects.update(next_attempt_at=timezone.now())
    assert relay.send_waiting().sent == 1


@pytest.mark.parametrize("answer", [400, 404, 410])
def test_the_portal_gives_up_at_once_what_notify_will_never_take(rosa: User, notify: Notify, answer: int) -> None:
    notice = queued(rosa)
    notify.behave = [answer]
    assert relay.send_waiting().failed == 1
    notice.refresh_from_db()
    assert notice.failed_at is not None
    assert notice.last_error == f"HTTP {answer}"
    assert list(Notice.objects.untold(timezone.now())) == [notice]


def test_the_portal_learns_that_a_message_arrived(rosa: User, notify: Notify) -> None:
    notice = sent(rosa)
    assert (chasing.chase().arrived, notify.asked) == (0, 1)
    notify.fates = {rosa.email: "delivered"}
    assert (chasing.chase().arrived, notify.asked) == (0, 1)
    Notice.objects.update(checked_at=timezone.now() - timedelta(seconds=31))
    assert chasing.chase().arrived == 1
    notice.refresh_from_db()
    assert notice.delivered_at is not None
    assert not Notice.objects.untold(timezone.now() + LATE * 2).exists()


@pytest.mark.parametrize("said", ["permanent-failure", "temporary-failure", "technical-failure"])
def test_a_person_whose_email_bounces_is_sent_a_text(rosa: User, notify: Notify, said: str) -> None:
    first = sent(rosa, MOBILE)
    notify.fates = {rosa.email: said}
    done = chasing.chase()
    assert (done.came_back, done.second) == (1, 1)
    first.refresh_from_db()
    assert first.bounced_at is not None
    assert relay.send_waiting().sent == 1
    [text] = notify.texts
    assert (text["phone_number"], text["template_id"]) == ("+447700900123", notifying.TEXT_TEMPLATE)
    assert REFERENCE in text["personalisation"]["body"]
    assert not Notice.objects.untold(timezone.now()).exists()


def test_a_person_whose_text_bounces_too_could_not_be_told(rosa: User, notify: Notify) -> None:
    first = sent(rosa, MOBILE)
    notify.fates = {rosa.email: "permanent-failure", "+447700900123": "permanent-failure"}
    chasing.chase()
    relay.send_waiting()
    Notice.objects.exclude(pk=first.pk).update(sent_at=timezone.now() - timedelta(minutes=1))
    chasing.chase()
    assert list(Notice.objects.untold(timezone.now())) == [first]
    assert Notice.objects.count() == 2


def test_a_message_that_is_refused_for_good_goes_out_as_a_text(rosa: User, notify: Notify) -> None:
    first = queued(rosa, MOBILE)
    notify.behave = [400, 201]
    result = relay.send_waiting()
    assert (result.failed, result.sent) == (1, 1)
    assert [one["phone_number"] for one in notify.came] == ["+447700900123"]
    assert Notice.objects.get(instead_of=first).sent_at is not None


def test_a_message_that_has_not_arrived_after_fifteen_minutes_goes_out_as_a_text_once(
    rosa: User, notify: Notify
) -> None:
    first = sent(rosa, MOBILE, ago=LATE - timedelta(minutes=1))
    assert chasing.chase().second == 0
    Notice.objects.update(sent_at=timezone.now() - LATE - timedelta(seconds=1))
    assert [chasing.chase().second for _ in range(3)] == [1, 0, 0]
    assert Notice.objects.get(instead_of=first).channel == "text"


@pytest.mark.parametrize("phone", ["", "01632 960001", "not a number", "+1 202 555 0100"])
def test_a_person_whom_no_text_reaches_could_not_be_told(rosa: User, notify: Notify, phone: str) -> None:
    first = sent(rosa, phone, ago=LATE + timedelta(seconds=1))
    assert chasing.chase().second == 0
    assert list(Notice.objects.untold(timezone.now())) == [first]


def test_nothing_is_sent_as_a_text_where_notify_has_no_template_for_it(
    rosa: User, notify: Notify, settings: Settings
) -> None:
    settings.NOTIFY_TEXT_TEMPLATE = ""
    first = queued(rosa, MOBILE)
    notify.behave = [400]
    relay.send_waiting()
    assert list(Notice.objects.all()) == list(Notice.objects.untold(timezone.now())) == [first]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 7700 900-123", "+447700900123"),
        ("0044(7700)900123", "+447700900123"),
        ("01632 960123", ""),
        ("0770090012", ""),
    ],
)
def test_only_a_british_mobile_is_sent_a_text(typed: str, number: str) -> None:
    assert carriers.mobile(typed) == number


def test_a_mail_server_takes_a_message(rosa: User, smtp: MailServer) -> None:
    notice = queued(rosa)
    assert relay.send_waiting().sent == 1
    assert "Subject: You have an update on referral MF7K-3QPX" in smtp.taken[0]
    notice.refresh_from_db()
    assert (notice.provider_id, notice.last_error) == ("", "")


@pytest.mark.parametrize("command", ["RCPT", "DATA", "END"])
def test_the_portal_gives_up_at_once_what_a_mail_server_will_never_take(
    rosa: User, smtp: MailServer, command: str
) -> None:
    notice = queued(rosa)
    smtp.says = {command: "550 no such user: the words of a server"}
    assert relay.send_waiting().failed == 1
    notice.refresh_from_db()
    assert notice.failed_at is not None
    assert notice.last_error in {"SMTPRecipientsRefused", "SMTPDataError"}


@pytest.mark.parametrize(("command", "answer"), [("RCPT", "451 later"), ("MAIL", "550 not you"), ("DATA", "drop")])
def test_the_portal_tries_again_what_a_mail_server_may_take_later(
    rosa: User, smtp: MailServer, command: str, answer: str
) -> None:
    notice = queued(rosa)
    smtp.says = {command: answer}
    assert relay.send_waiting().failed == 1
    notice.refresh_from_db()
    assert (notice.failed_at, notice.attempts) == (None, 1)
    smtp.says.clear()
    Notice.objects.update(next_attempt_at=timezone.now())
    assert relay.send_waiting().sent == 1
