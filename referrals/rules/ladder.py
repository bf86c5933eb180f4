"""The overdue ladder: whom the portal tells, and when, as a deadline comes near and passes. Data, per partnership."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from mash_portal.accounts.roles import Role

from .working_time import as_utc

#: Stands among a step's roles for the person who holds the contact.
OWNER = "owner"
#: Stands for whoever owes what is due: the agency that the deadline names; else whoever referred, or their agency's
#: safeguarding leads where they have no account.
AGENCY = "agency"
#: Stands for the safeguarding leads of the referrer's agency, whoever referred.
LEADS = "leads"

#: No partnership means a larger number than this, in any setting.
LARGEST = 1_000_000

KNOWN_ROLES = frozenset({*Role, OWNER, AGENCY, LEADS})


class NotARule(ValueError):
    """A setting that is no rule or no step of a ladder; the sentence says what is wrong with it."""


@dataclass(frozen=True)
class Part:
    """When this share of the time between opening and due has gone. `Part(1)` is the due time itself."""

    share: Fraction

    def __init__(self, share: Fraction | int | str) -> None:
        object.__setattr__(self, "share", Fraction(share))
        if not 0 < self.share <= 1:
            raise NotARule("A ladder step's part of the time must be more than 0 and not more than 1.")

    def moment(self, opened_at: datetime, due_at: datetime) -> datetime:
        span = max(due_at - opened_at, timedelta(0))
        return due_at - span * (self.share.denominator - self.share.numerator) / self.share.denominator


@dataclass(frozen=True)
class HoursLate:
    """This many elapsed hours after the due time."""

    hours: float

    def __post_init__(self) -> None:
        if not self.hours > 0:
            raise NotARule("A ladder step's hours after the due time must be more than 0.")

    def moment(self, opened_at: datetime, due_at: datetime) -> datetime:
        return due_at + timedelta(hours=self.hours)


DUE = Part(1)


@dataclass(frozen=True)
class Step:
    """One rung: who is told, when, and every how many hours again until the deadline is met (0 = once)."""

    key: str
    label: str
    at: Part | HoursLate
    roles: tuple[str, ...]
    only_if_unclaimed: bool = False
    repeats_every: float = 0

    def __post_init__(self) -> None:
        if not self.key or not self.label:
            raise NotARule("A ladder step needs a key and a label.")
        if not self.roles:
            raise NotARule(f"The ladder step '{self.key}' tells nobody: it needs at least one role.")
        if unknown := [role for role in self.roles if role not in KNOWN_ROLES]:
            raise NotARule(f"The ladder step '{self.key}' names no role of the portal: {', '.join(unknown)}.")
        if self.repeats_every < 0:
            raise NotARule(f"The ladder step '{self.key}' cannot repeat every {self.repeats_every:g} hours.")

    def to_dict(self) -> dict[str, Any]:
        at = {"part": str(self.at.share)} if isinstance(self.at, Part) else {"hours_late": self.at.hours}
        return {
            "key": self.key,
            "label": self.label,
            "at": at,
            "roles": [str(role) for role in self.roles],
            "only_if_unclaimed": self.only_if_unclaimed,
            "repeats_every": self.repeats_every,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Step":
        """The step that `to_dict` wrote down; NotARule says in a sentence what is wrong with it."""
        if not isinstance(data, Mapping):
            raise NotARule("A ladder step must be a mapping of its key, label, time and roles.")
        key = str(data.get("key", ""))
        if not isinstance(data.get("roles"), list | tuple):
            raise NotARule(f"The ladder step '{key}' needs a list of roles.")
        return cls(
            key=key,
            label=str(data.get("label", "")),
            at=_moment_from(key, data.get("at")),
            roles=tuple(str(role) for role in data["roles"]),
            only_if_unclaimed=bool(data.get("only_if_unclaimed", False)),
            repeats_every=number(data.get("repeats_every", 0), f"The repeat of the ladder step '{key}'"),
        )


def next_repeat(step: Step, fired_due_at: datetime) -> datetime | None:
    """When a step that was due at `fired_due_at` is due again, in UTC, or None when it fires once."""
    return as_utc(fired_due_at) + timedelta(hours=step.repeats_every) if step.repeats_every else None


def number(value: object, what: str) -> float:
    """A finite number as it came from JSON; NotARule names `what` it should have been."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        raise NotARule(f"{what} must be a number, not {value!r}.")
    return value


def _moment_from(key: str, at: object) -> Part | HoursLate:
    if isinstance(at, Mapping) and set(at) == {"hours_late"}:
        return HoursLate(number(at["hours_late"], f"The time of the ladder step '{key}'"))
    if isinstance(at, Mapping) and set(at) == {"part"}:
        try:
            return Part(str(at["part"]))
        except (ValueError, ZeroDivisionError) as error:
            raise NotARule(
                f"The time of the ladder step '{key}' must be a part such as 1/2, more than 0 and not more than 1."
            ) from error
    raise NotARule(f"The ladder step '{key}' must say when: a part of the time, or hours late.")
