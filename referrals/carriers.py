"""How a message leaves the portal: by SMTP, or by GOV.UK Notify as an e-mail or a text. One small interface for all.

    carrier.send(message) → the provider's number of it, empty where nobody will say later whether it arrived
    carrier.status(numbers) → which of these arrived, and which came back

Notify is used where NOTIFY_API_KEY is set, for e-mails with NOTIFY_EMAIL_TEMPLATE and texts with NOTIFY_TEXT_TEMPLATE.
Its templates hold nothing but ((subject)) and ((body)): what a message says is written here, in templates/notices/.
"""

import re
import smtplib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from django.conf import settings
from django.core import mail
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from referrals.vocabulary import SendingBy

#: Long enough for a slow server, short enough that a dead one does not hold up the sweep beside us.
SEND_SECONDS = 5
#: 401 and 403 are about the key or the account, 408 and 429 about the moment: each may be well in an hour. Any other
#: 4xx is about this message, which will be refused every time.
MAY_YET_SUCCEED = frozenset({401, 403, 408, 429})
_MOBILE = re.compile(r"(?:\+44|0044|0)(7[1-9]\d{8})")


class Fate(Enum):
    """What a provider says became of a message that it took."""

    ARRIVED = "arrived"
    CAME_BACK = "came back"


FATES = {
    "delivered": Fate.ARRIVED,
    "permanent-failure": Fate.CAME_BACK,
    "temporary-failure": Fate.CAME_BACK,
    "technical-failure": Fate.CAME_BACK,
    "validation-failed": Fate.CAME_BACK,
}


class CarrierError(Exception):
    """Not taken. `str` is a status or a kind of error: never what a server said, which may quote anything.

    `will_never_succeed`: the same message would be refused again, so nobody tries.
    """

    def __init__(self, said: str, *, will_never_succeed: bool = False) -> None:
        super().__init__(said)
        self.will_never_succeed = will_never_succeed


@dataclass(frozen=True)
class Message:
    """What is handed to a carrier. `to` is an address or a mobile number; `key` is our own number of it."""

    to: str
    subject: str
    body: str
    key: str


class Carrier(Protocol):
    def send(self, message: Message) -> str:
        """The provider's number of it. Raises when it was not taken."""
        ...

    def status(self, numbers: Iterable[str]) -> Mapping[str, Fate]:
        """What has become of these; nothing of those that are still on their way."""
        ...

    def hang_up(self) -> None: ...


class Smtp:
    """Any mail server: what it has taken counts as sent, for nobody will say more."""

    def __init__(self) -> None:
        self._server = mail.get_connection(timeout=SEND_SECONDS)

    def send(self, message: Message) -> str:
        try:
            self._server.open()
            letter = mail.EmailMessage(message.subject, message.body, to=[message.to], connection=self._server)
            taken = letter.send()
        except smtplib.SMTPException as error:
            self.hang_up()
            raise CarrierError(type(error).__name__, will_never_succeed=_is_for_good(error)) from error
        except Exception:
            self.hang_up()
            raise
        if not taken:
            raise CarrierError("NotTaken")
        return ""

    def status(self, numbers: Iterable[str]) -> Mapping[str, Fate]:
        return {}

    def hang_up(self) -> None:
        with suppress(Exception):
            self._server.close()


class Notify:
    """GOV.UK Notify, for one way of sending. It says later whether a message arrived."""

    def __init__(self, by: SendingBy) -> None:
        self._by = by
        self._client: Any = NotificationsAPIClient(  # type: ignore[no-untyped-call]  # it has no types
            settings.NOTIFY_API_KEY, settings.NOTIFY_URL, timeout=SEND_SECONDS
        )
        # neither a proxy nor a password of this machine's, and nobody is followed to another address
        self._client.request_session.trust_env = False
        self._client.request_session.max_redirects = 0

    def send(self, message: Message) -> str:
        try:
            taken = self._post(message)
            return str(taken["id"])
        except APIError as error:
            raise self._refused(error) from error
        except (KeyError, TypeError) as error:
            raise CarrierError("NotUnderstood") from error

    def _post(self, message: Message) -> Mapping[str, object]:
        if self._by is SendingBy.TEXT:
            text = {"body": message.body}
            found = self._client.send_sms_notification(message.to, settings.NOTIFY_TEXT_TEMPLATE, text, message.key)
        else:
            both = {"subject": message.subject, "body": message.body}
            found = self._client.send_email_notification(message.to, settings.NOTIFY_EMAIL_TEMPLATE, both, message.key)
        return dict(found or {})

    def status(self, numbers: Iterable[str]) -> Mapping[str, Fate]:
        """One question for each: a number that Notify cannot speak of now is asked about again later."""
        found: dict[str, Fate] = {}
        for number in numbers:
            with suppress(APIError, KeyError, TypeError):
                said = self._client.get_notification_by_id(number)
                if fate := FATES.get(said["status"]):
                    found[number] = fate
        return found

    def hang_up(self) -> None:
        self._client.request_session.close()

    @staticmethod
    def _refused(error: APIError) -> CarrierError:
        answer = getattr(error, "response", None)
        if answer is None:
            return CarrierError(type(error.__cause__).__name__)
        code = answer.status_code
        return CarrierError(f"HTTP {code}", will_never_succeed=400 <= code < 500 and code not in MAY_YET_SUCCEED)


def ready() -> dict[SendingBy, Carrier]:
    """The carriers of this installation, by what they can send. Texts go only through Notify."""
    found: dict[SendingBy, Carrier] = {}
    by_notify = settings.NOTIFY_API_KEY and settings.NOTIFY_EMAIL_TEMPLATE
    found[SendingBy.EMAIL] = Notify(SendingBy.EMAIL) if by_notify else Smtp()
    if sends_texts():
        found[SendingBy.TEXT] = Notify(SendingBy.TEXT)
    return found


def sends_texts() -> bool:
    return bool(settings.NOTIFY_API_KEY and settings.NOTIFY_TEXT_TEMPLATE)


def mobile(number: str) -> str:
    """A British mobile number as Notify wants it; empty for a number that no text reaches."""
    found = _MOBILE.fullmatch(re.sub(r"[\s().-]", "", number))
    return f"+44{found[1]}" if found else ""


def _is_for_good(error: smtplib.SMTPException) -> bool:
    """5xx about whom it is to, or about the message. One about the sender or the password is for us to put right."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
        return bool(codes) and all(500 <= code < 600 for code in codes)
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600
