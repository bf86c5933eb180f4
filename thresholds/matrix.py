"""From evidenced indicators to a suggested level, its alerts, and why. Plain Python: no Django, no database.

The rules suggest and a person decides (front-door.md 3.4). Indicators are examples of need: nothing is added up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

#: What else must happen when an indicator that carries the alert is evidenced, in the order in which alerts are shown.
ALERTS: Mapping[str, str] = MappingProxyType(
    {
        "harm": "Evidence of abuse or significant harm: goes straight to children’s social care",
        "cse": "Child sexual exploitation risk assessment tool expected with the referral",
        "fgm": "Regulated professionals must report female genital mutilation to the police",
        "prevent": "Radicalisation: consider a Prevent or Channel referral",
        "nrm": "Trafficking or modern slavery: consider the National Referral Mechanism",
        "missing": "Missing from home: check the return home interviews",
        "dv": "A scale of the domestic violence risk identification matrix belongs with it",
        "disability": "Goes to the disabilities team when the child is disabled",
        "neglect": "A Graded Care Profile grade belongs with it",
    }
)
HARM = "harm"
HARM_LEVEL = 4
HARM_RULE = "A harm alert always means level 4 until a manager overrides it"
NO_EVIDENCE = "No indicator has been evidenced, so no level is suggested"


@dataclass(frozen=True)
class Level:
    """What the rules need to know of a level."""

    number: int
    care_profile_grades: tuple[int, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """What the rules need to know of an indicator."""

    code: str
    text: str
    level: int
    alerts: tuple[str, ...] = ()
    dv_scales: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ruler:
    """One version of the matrix."""

    levels: tuple[Level, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    def pick(self, codes: Iterable[str]) -> list[Indicator]:
        """The indicators of these codes in the order of the matrix, each once; UnknownCodes names every stranger."""
        wanted = dict.fromkeys(codes)
        known = [indicator for indicator in self.indicators if indicator.code in wanted]
        if strangers := [code for code in wanted if code not in {indicator.code for indicator in known}]:
            raise UnknownCodes(strangers)
        return known

    def level_of_grade(self, grade: int) -> int:
        """The level to which a Graded Care Profile grade belongs."""
        grades = {known: level.number for level in self.levels for known in level.care_profile_grades}
        if grade not in grades:
            raise ValueError(f"The Graded Care Profile has no grade {grade}. {_choices('Its grades are', grades)}")
        return grades[grade]

    def of_dv_scale(self, scale: int) -> Indicator:
        """The highest indicator that a scale of the domestic violence risk identification matrix is evidence for."""
        upwards = sorted(self.indicators, key=lambda indicator: indicator.level)
        scales = {known: indicator for indicator in upwards for known in indicator.dv_scales}
        if scale not in scales:
            raise ValueError(
                f"The domestic violence risk identification matrix has no scale {scale}. "
                f"{_choices('Its scales are', scales)}"
            )
        return scales[scale]


@dataclass(frozen=True)
class Suggestion:
    """The highest level with evidence (None where nothing is), the alerts raised, a sentence for each reason."""

    level: int | None
    alerts: tuple[str, ...]
    because: tuple[str, ...]


class UnknownCodes(ValueError):
    """Codes that are not in this version of the matrix."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        are = "is no indicator" if len(codes) == 1 else "are no indicators"
        super().__init__(f"{', '.join(codes)} {are} of the published matrix.")


def suggest(
    evidenced: Iterable[Indicator],
    *,
    care_profile_grade: int | None = None,
    dvrim_scale: int | None = None,
    ruler: Ruler | None = None,
) -> Suggestion:
    """The level the evidence points to. Grades of the tools raise it through the data of `ruler`; nothing lowers it."""
    ruler = ruler or Ruler()
    shown = sorted(evidenced, key=lambda indicator: -indicator.level)
    reasons = [(one.level, f"Level {one.level}: {one.text} ({one.code})") for one in shown]
    alerts = {alert for indicator in shown for alert in indicator.alerts}
    if care_profile_grade is not None:
        level = ruler.level_of_grade(care_profile_grade)
        reasons.append((level, f"A Graded Care Profile of {care_profile_grade} belongs to level {level}"))
    if dvrim_scale is not None:
        match = ruler.of_dv_scale(dvrim_scale)
        alerts.update(match.alerts)
        reasons.append((match.level, f"{_dv_words(dvrim_scale)} belongs to level {match.level} ({match.code})"))
    if HARM in alerts:
        reasons.append((HARM_LEVEL, HARM_RULE))
    return Suggestion(
        level=max((level for level, _ in reasons), default=None),
        alerts=tuple(alert for alert in ALERTS if alert in alerts),
        because=tuple(sentence for _, sentence in reasons) or (NO_EVIDENCE,),
    )


def _dv_words(scale: int) -> str:
    return f"A domestic violence risk identification matrix at scale {scale}"


def _choices(words: str, numbers: Iterable[int]) -> str:
    known = sorted(numbers)
    return f"{words} {', '.join(map(str, known))}." if known else "This matrix does not use it."
