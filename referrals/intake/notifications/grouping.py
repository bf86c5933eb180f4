"""Lines of a file as notifications: every line with the same police reference is one, with several children."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.refusals import Objection

from .columns import ADULT, ADULTS, CHILD, INCIDENT, NAMES
from .table import Line

#: What is said once for all lines of a notification, and where it stands in a notification.
SHARED = {column.name: column.name for column in INCIDENT} | {
    f"incident_{name}": f"incident.{name}" for name in ("at", "type")
}
SHARED["place"] = "incident.place"


@dataclass(frozen=True)
class Group:
    """The lines of one notification, the notification as a system would send it, and where the lines disagree."""

    police_reference: str
    lines: Sequence[Line]
    data: dict[str, Any]
    problems: Sequence[tuple[int, str]]

    def line_of(self, problem: Objection) -> int:
        """The line to look at: the child's own, else the first."""
        place = problem.field.split(".")
        child = int(place[1]) if len(place) > 2 and place[0] == "children" else 0
        return self.lines[min(child, len(self.lines) - 1)].number


def groups(lines: Iterable[Line]) -> list[Group]:
    """In the order of the file; a line without a reference stands alone."""
    together: dict[str, list[Line]] = {}
    for line in lines:
        together.setdefault(line["police_reference"] or f"\n{line.number}", []).append(line)
    return [_group(reference.strip() if "\n" not in reference else "", own) for reference, own in together.items()]


def _group(reference: str, lines: list[Line]) -> Group:
    data: dict[str, Any] = {"incident": {}}
    problems: list[tuple[int, str]] = []
    for column, path in SHARED.items():
        value, wrong = _agreed(column, lines)
        problems += wrong
        (data["incident"] if path.startswith("incident.") else data)[path.removeprefix("incident.")] = value
    data["children"] = [_child(line) for line in lines]
    data["adults"] = _adults(lines, data["children"])
    return Group(reference, lines, data | _others(lines), problems)


def _agreed(column: str, lines: Sequence[Line]) -> tuple[str, list[tuple[int, str]]]:
    said = [line for line in lines if line[column]]
    if not said:
        return "", []
    first = said[0]
    words = f"{column} is not the same as on line {first.number}, which has the same police reference."
    return first[column], [(line.number, words) for line in said[1:] if line[column] != first[column]]


def _child(line: Line) -> dict[str, str]:
    return {column.name: line[column.name] for column in CHILD}


def _name(person: dict[str, Any]) -> str:
    return f"{person['given_names']} {person['family_name'] or 'not known'}".strip()


def _adults(lines: Sequence[Line], children: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """Each adult once, with what they are to each child on whose line they stand."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for line, child in zip(lines, children, strict=True):
        for number in ADULTS:
            said = {column.name: line[f"adult{number}_{column.name}"] for column in ADULT}
            relationship = said.pop("relationship")
            if not any(said.values()):
                continue
            key = tuple(said[name].casefold() for name in ("given_names", "family_name", "date_of_birth"))
            adult = found.setdefault(key, {**said, "relationship": {}})
            adult["source_of_risk"] = adult["source_of_risk"] or said["source_of_risk"]
            if relationship:
                adult["relationship"][_name(child)] = relationship
    return list(found.values())


def _others(lines: Sequence[Line]) -> dict[str, str]:
    """Columns that nobody asked for: kept in words, never lost."""
    return {
        f"line {line.number}: {column}": value
        for line in lines
        for column, value in line.cells.items()
        if column not in NAMES and value
    }
