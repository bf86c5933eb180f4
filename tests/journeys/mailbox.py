"""What the timers have sent: the files that Django's file backend writes, one or more messages in each."""

from dataclasses import dataclass
from email import message_from_string, policy
from pathlib import Path

from tests.portals import Portal, wait_until

BETWEEN = "-" * 79


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str


def letters(portal: Portal) -> list[Letter]:
    """Everything sent so far."""
    files = sorted((Path(portal.values["DATA_DIR"]) / "mail").glob("*"))
    parts = [part.strip() for file in files for part in file.read_text(encoding="utf-8").split(BETWEEN)]
    return [_letter(part) for part in parts if part]


def wait_for(portal: Portal, to: str, subject: str) -> Letter:
    """The letter to this address with these words in its subject; it fails when none comes."""

    def found() -> list[Letter]:
        return [one for one in letters(portal) if one.to == to and subject in one.subject]

    wait_until(found, f"{to} has a letter “{subject}”")
    return found()[0]


def _letter(raw: str) -> Letter:
    message = message_from_string(raw, policy=policy.default)
    body = message.get_body()
    return Letter(str(message["To"]), str(message["Subject"]), body.get_content() if body else "")
