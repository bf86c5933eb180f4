"""Reads a document with the trust that a stranger's file deserves: what is wrong is said with its place, in a sentence.

Keys that nobody asked for are not lost: `leftovers` gives them back as lines of text.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mash_portal.govuk.words import LONDON
from referrals.refusals import Refused
from referrals.rules.marf.values import clean_text


class BadDocument(Refused):
    """A document that cannot even become a draft."""

    status = 422


class Reader:
    """One mapping of a document, and where it stands in it ("child 2")."""

    def __init__(self, data: object, where: str = "", log: "list[Reader] | None" = None) -> None:
        if data is None:
            data = {}
        if not isinstance(data, Mapping):
            raise BadDocument(f"{where or 'The document'} must have keys and values.")
        self.data: Mapping[Any, Any] = data
        self.where = where
        self.asked: set[str] = set()
        self.log: list[Reader] = [] if log is None else log
        self.log.append(self)

    def place(self, key: str) -> str:
        return f"{self.where}: {key}" if self.where else key

    def get(self, key: str) -> Any:
        self.asked.add(key)
        return self.data.get(key)

    def text(self, key: str, limit: int = 20_000) -> str:
        return self.plain(self.get(key), key, limit)

    def needed(self, key: str, why: str, limit: int = 120) -> str:
        found = self.text(key, limit)
        if not found:
            raise BadDocument(f"{self.place(key)} is missing: say {why}.")
        return found

    def code(self, key: str, codes: Sequence[str]) -> str:
        """One of a set of codes, or nothing."""
        return self._known(self.text(key), key, codes)

    def codes(self, key: str, codes: Sequence[str]) -> list[str]:
        return [self._known(self.plain(one, key), key, codes) for one in self.items(key)]

    def yes_no(self, key: str) -> str:
        said = self.text(key).casefold()
        if said in ("", "yes", "no"):
            return said
        if said in ("true", "false"):
            return "yes" if said == "true" else "no"
        raise BadDocument(f"{self.place(key)} must be true or false, and is “{self.text(key)}”.")

    def day(self, key: str) -> str:
        """A date as the draft keeps it; refused where it is none."""
        typed = self.text(key)
        try:
            return date.fromisoformat(typed).isoformat() if typed else ""
        except ValueError:
            raise BadDocument(f"{self.place(key)} “{typed}” is not a date. Write it like 2019-03-27.") from None

    def moment(self, key: str) -> str:
        """A date and time in words; anything else as it was typed."""
        typed = self.text(key)
        try:
            at = datetime.fromisoformat(typed)
        except ValueError:
            return typed
        return f"{at.day} {at:%B} {at.year} at {at:%H:%M}"

    def items(self, key: str) -> list[Any]:
        found = self.get(key)
        if found is None:
            return []
        if not isinstance(found, list):
            raise BadDocument(f"{self.place(key)} must be a list.")
        return found

    def within(self, key: str) -> "Reader":
        """A mapping inside this one; an empty one where there is none."""
        return Reader(self.get(key), self.place(key), self.log)

    def each(self, key: str, one: str) -> "list[Reader]":
        """The mappings of a list: "child 1", "child 2"."""
        return [Reader(item, f"{one} {number}", self.log) for number, item in enumerate(self.items(key), 1)]

    def pairs(self, key: str) -> dict[str, str]:
        """A mapping of words to words."""
        inner = self.within(key)
        return {clean_text(str(name)): inner.text(name) for name in inner.data}

    def leftovers(self) -> list[str]:
        """Everything in the document that nobody has asked for, a line each."""
        return [
            clean_text(f"{reader.place(str(key))}: {_plain_words(value)}")
            for reader in self.log
            for key, value in reader.data.items()
            if key not in reader.asked and value not in (None, "", [], {})
        ]

    def plain(self, value: object, key: str, limit: int = 20_000) -> str:
        if isinstance(value, Mapping | list):
            raise BadDocument(f"{self.place(key)} must be text.")
        typed = clean_text("" if value is None else str(value))
        if len(typed) > limit:
            raise BadDocument(f"{self.place(key)} must be {limit:,} characters or fewer.")
        return typed

    def _known(self, typed: str, key: str, codes: Sequence[str]) -> str:
        if typed and typed not in codes:
            raise BadDocument(f"{self.place(key)} “{typed}” is not one of {', '.join(codes)}.")
        return typed


def moment_of(typed: str, where: str) -> datetime:
    """An instant; without an offset it is London's."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise BadDocument(f"{where} “{typed}” is not a date and time. Write it like 2026-11-20T16:00.") from None
    return at if at.tzinfo else at.replace(tzinfo=LONDON)


def _plain_words(value: object) -> str:
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return "something that contains itself"
