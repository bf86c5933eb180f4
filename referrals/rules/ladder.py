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

#: What a ladder calls those that are no role.
STANDING_FOR = {
    OWNER: "whoever holds the contact",
    AGENCY: "the agency that owes it",
    LEADS: "the safeguarding leads of the referrer’s agency",
}

#: No partnership means a larger number than this, in any setting.
LARGEST = 1_000_000

#: The bounds of how long a message may wait to be acknowledged, in minutes.
SHORTEST_WAIT, LONGEST_WAIT = 5, 1440

KNOWN_ROLES = frozenset({*Role, OWNER, AGENCY, LEADS})


def told_again(key: str) -> str:
    """The key of a step that is told once more: late → late-2 → late-3"""
    base, _, number = key.rpartition("-")
    return f"{base}-{int(number) + 1}" if base and number.isdecimal() else f"{key}-2"


def first_of(key: str) -> str:
    """The step that is told again under this key: late-3 → late"""
    base, _, number = key.rpartition("-")
    return base if base and number.isdecimal() else key


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
    """One rung: who is told, when, and every how many hours again until the deadline is met (0 = once).

    `goes_up_after`: minutes until it goes up to the next person where nobody acknowledges it; None: as long as the
    partnership says.
    """

    key: str
    label: str
    at: Part | HoursLate
    roles: tuple[str, ...]
    only_if_unclaimed: bool = False
    repeats_every: float = 0
    goes_up_after: int | None = None

    def __post_init__(self) -> None:
        if not self.key or not self.label:
            raise NotARule("A ladder step needs a key and a label.")
        if not self.roles:
            raise NotARule(f"The ladder step '{self.key}' tells nobody: it needs at least one role.")
        if unknown := [role for role in self.roles if role not in KNOWN_ROLES]:
            raise NotARule(f"The ladder step '{self.key}' names no role of the portal: {', '.join(unknown)}.")
        if self.repeats_every < 0:
            raise NotARule(f"The ladder step '{self.key}' cannot repeat every {self.repeats_every:g} hours.")
        if self.goes_up_after is not None and not SHORTEST_WAIT <= self.goes_up_after <= LONGEST_WAIT:
            raise NotARule(
                f"The ladder step '{self.key}' must wait between {SHORTEST_WAIT} and {LONGEST_WAIT} minutes to be "
                "acknowledged."
            )

    @property
    def when(self) -> str:
        """ "When half of the time has gone", "4 hours late, then every 4 hours until it is met" """
        if isinstance(self.at, HoursLate):
            said = f"{hours_in_words(self.at.hours)} late"
        elif self.at.share == 1:
            said = "When it is due"
        else:
            said = f"When {'half' if self.at.share == Fraction(1, 2) else self.at.share} of the time has gone"
        if self.only_if_unclaimed:
            said += ", if nobody has taken the contact"
        return (
            f"{said}, then every {hours_in_words(self.repeats_every)} until it is met" if self.repeats_every else said
        )

    @property
    def who(self) -> str:
        """ "Whoever holds the contact and the team manager; after 30 minutes without an answer, the next person up" """
        names = [STANDING_FOR.get(role) or f"the {Role(role).label.lower()}" for role in self.roles]
        said = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
        up = f"; after {self.goes_up_after} minutes without an answer, the next person up" if self.goes_up_after else ""
        return f"{said[:1].upper()}{said[1:]}{up}"

    def to_dict(self) -> dict[str, Any]:
        at = {"part": str(self.at.share)} if isinstance(self.at, Part) else {"hours_late": self.at.hours}
        return {
            "key": self.key,
            "label": self.label,
            "at": at,
            "roles": [str(role) for role in self.roles],
            "only_if_unclaimed": self.only_if_unclaimed,
            "repeats_every": self.repeats_every,
            **({} if self.goes_up_after is None else {"goes_up_after": self.goes_up_after}),
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
            goes_up_after=_minutes(key, data.get("goes_up_after")),
        )


def next_repeat(step: Step, fired_due_at: datetime) -> datetime | None:
    """When a step that was due at `fired_due_at` is due again, in UTC, or None when it fires once."""
    return as_utc(fired_due_at) + timedelta(hours=step.repeats_every) if step.repeats_every else None


def hours_in_words(hours: float) -> str:
    """ "1 hour", "1.5 hours" """
    return f"{hours:g} hour{'' if hours == 1 else 's'}"


def _minutes(key: str, value: object) -> int | None:
    return None if value is None else round(number(value, f"The wait of the ladder step '{key}'"))


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
