"""What one version of a matrix changes in another, as lists for people to read before they publish. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .document import place

Row = Mapping[str, Any]

#: Everyday words that are shown of those that come or go with one indicator.
MOST_PHRASES = 6
FIELDS = {"title": "Title", "effective_from": "In effect from"}
LEVEL_FIELDS = {
    "name": "name",
    "need": "need",
    "care_profile_grades": "Graded Care Profile grades",
    "care_profile": "Graded Care Profile",
    "neglect": "neglect",
    "assessment": "assessment",
    "intervention": "intervention",
    "consent_rule": "rule of agreement",
    "consent": "agreement",
}
INDICATOR_FIELDS = {
    "text": "Text",
    "alerts": "Alerts",
    "dv_scales": "Domestic violence scales",
    "words": "Everyday words",
}


@dataclass(frozen=True)
class Change:
    """One thing that was said one way and is said another. `about` is whose it is: a code, or "Level 2: need"."""

    about: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Differences:
    """`moved`: the same text under another code, so at another level or in another domain."""

    added: list[Row]
    removed: list[Row]
    moved: list[Change]
    changed: list[Change]
    levels: list[Change]
    places: list[Change]

    @property
    def is_none(self) -> bool:
        return not any((self.added, self.removed, self.moved, self.changed, self.levels, self.places))


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Differences:
    """From one document to another; both are whole."""
    old, new = before["matrix"], after["matrix"]
    was = {row["code"]: row for row in old["indicators"]}
    now = {row["code"]: row for row in new["indicators"]}
    removed = [row for code, row in was.items() if code not in now]
    added = [row for code, row in now.items() if code not in was]
    moved = list(_moved(removed, added))
    gone, come = {one.before for one in moved}, {one.after for one in moved}
    return Differences(
        added=[row for row in added if row["code"] not in come],
        removed=[row for row in removed if row["code"] not in gone],
        moved=moved,
        changed=[one for code in now if code in was for one in _changes(code, was[code], now[code], INDICATOR_FIELDS)],
        levels=_levels(old["levels"], new["levels"]),
        places=[*_changes("The matrix", old, new, FIELDS), *_domains(old["factors"], new["factors"])],
    )


def _moved(removed: Iterable[Row], added: Iterable[Row]) -> Iterable[Change]:
    by_text = {_plain(row["text"]): row["code"] for row in removed}
    for row in added:
        code = by_text.pop(_plain(row["text"]), None)
        if code is not None:
            yield Change(row["text"], _move_words(code, row["code"]), code, row["code"])


def _move_words(before: str, after: str) -> str:
    was, now = place(before), place(after)
    if was is None or now is None or was == now:
        return "Another code"
    return f"From level {was[0]} to level {now[0]}" if was[0] != now[0] else f"From domain {was[1]} to {now[1]}"


def _changes(about: str, before: Row, after: Row, fields: Mapping[str, str]) -> list[Change]:
    said = ((label, *_said(field, before.get(field), after.get(field))) for field, label in fields.items())
    return [Change(about, label, was, now) for label, was, now in said if was != now]


def _said(field: str, before: Any, after: Any) -> tuple[str, str]:
    """Of everyday words, of which an indicator may have dozens, only those that go and those that come."""
    if field == "words":
        was, now = before or [], after or []
        return _some([one for one in was if one not in now]), _some([one for one in now if one not in was])
    return words(before), words(after)


def _some(phrases: list[str]) -> str:
    shown, more = phrases[:MOST_PHRASES], len(phrases) - MOST_PHRASES
    return f"{words(shown)} and {more} more" if more > 0 else words(shown)


def _levels(before: Iterable[Row], after: Iterable[Row]) -> list[Change]:
    was = {row["number"]: row for row in before}
    return [
        one
        for row in after
        for one in _changes(f"Level {row['number']}", was.get(row["number"], {}), row, LEVEL_FIELDS)
    ]


def _domains(before: Iterable[Row], after: Iterable[Row]) -> list[Change]:
    """Factors and domains that are called something else, are new, or are gone."""
    was, now = _names(before), _names(after)
    return [
        Change(about, "Name", was.get(about, ""), now.get(about, ""))
        for about in {**was, **now}
        if was.get(about) != now.get(about)
    ]


def _names(factors: Iterable[Row]) -> dict[str, str]:
    found = {}
    for factor in factors:
        found[f"Factor {factor['code']}"] = str(factor["name"])
        for domain in factor["domains"]:
            found[f"Domain {domain['code']}"] = f"{domain['name']} ({factor['name']})"
    return found


def words(value: object) -> str:
    """A value as a person reads it."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else " ".join(str(value).split())


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
