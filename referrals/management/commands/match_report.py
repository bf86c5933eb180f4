"""How well the portal would join children on its own, against a file that says who is who. Changes nothing."""

import csv
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from referrals import access, known
from referrals.management.base import PortalCommand
from referrals.models import PersonChange
from referrals.rules import matching

Pair = tuple[str, str]
COLUMNS = ("child_ref_a", "child_ref_b")
#: The demonstration's copy of a history has this after each number.
MOVED = "+moved"
BATCH = 500


class Command(PortalCommand):
    help = "Compare the pairs that the rules would join without asking with a truth file; print the figures as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("truth", help="a CSV file with the columns child_ref_a and child_ref_b")
        parser.add_argument("--misses", action="store_true", help="list the pairs that are wrong or missing on stderr")

    def handle(self, *args: Any, **options: Any) -> None:
        truth = read_truth(Path(options["truth"]))
        started = time.monotonic()
        history = History.read()
        joined = closed(history.sure())
        report = figures(joined, truth, set(history.children))
        report |= {"children": len(history.children), "seconds": round(time.monotonic() - started, 2)}
        if options["misses"]:
            for kind, pairs in (("wrong", joined - truth), ("missed", truth - joined)):
                for one, other in sorted(pairs):
                    self.stderr.write(f"{kind}: {one} {other} {history.why(one, other)}")
        self.stdout.write(json.dumps(report, ensure_ascii=False))


def read_truth(path: Path) -> set[Pair]:
    """The pairs of a truth file, each once, the lesser number first."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            if not set(COLUMNS) <= set(table.fieldnames or ()):
                raise CommandError(f"{path.name} must have the columns {' and '.join(COLUMNS)} in its first line.")
            rows = list(table)
    except FileNotFoundError as error:
        raise CommandError(f"There is no file {path.name}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path.name} cannot be read: it must be a CSV file in UTF-8.") from error
    return {_pair_on(line, row, path) for line, row in enumerate(rows, 2)}


def _pair_on(line: int, row: dict[str, str | None], path: Path) -> Pair:
    one, other = ((row[column] or "").strip() for column in COLUMNS)
    if not one or not other:
        raise CommandError(f"Line {line} of {path.name} does not name two children.")
    if one == other:
        raise CommandError(f"Line {line} of {path.name} names {one} twice.")
    return min(one, other), max(one, other)


@dataclass(frozen=True)
class History:
    """What the earlier system said of each child, by the child's number there, and which rows are which child's."""

    children: dict[str, matching.Known]
    numbers: dict[int, str]

    @classmethod
    def read(cls) -> "History":
        """The demonstration's moved copy only where there is nothing else."""
        before = _numbers_before_merges()
        rows = [
            (child.pk, before.get(child.pk) or (child.person.external_reference if child.person else None), child)
            for child in access.countable().exclude(person=None).select_related("person").order_by("pk")
        ]
        named = [(pk, number, known.known_of(child)) for pk, number, child in rows if number]
        plain = [one for one in named if not one[1].endswith(MOVED)]
        kept = plain or [(pk, number.removesuffix(MOVED), facts) for pk, number, facts in named]
        return cls({number: facts for _, number, facts in reversed(kept)}, {pk: number for pk, number, _ in kept})

    def sure(self) -> Iterator[Pair]:
        """Pairs in the likely band, found as on receipt: by the portal's own indexes, then compared."""
        names = list(self.children)
        for start in range(0, len(names), BATCH):
            some = names[start : start + BATCH]
            for name, found in zip(some, known.records([self.children[name] for name in some]), strict=True):
                for one in found:
                    other = self.numbers.get(one.child, name)
                    if other != name and matching.likeness(self.children[name], one.known).is_strong:
                        yield min(name, other), max(name, other)

    def why(self, one: str, other: str) -> str:
        if one not in self.children or other not in self.children:
            return "(not in the history)"
        found = matching.likeness(self.children[one], self.children[other])
        return f"{found.band}, {found.score}: {', '.join(found.reasons)}"


def _numbers_before_merges() -> dict[int, str | None]:
    """Child rows that a person has joined to another child since, by the number that they came with."""
    changes = PersonChange.objects.select_related("from_person").order_by("-at", "-id")
    return {child: change.from_person.external_reference for change in changes for child in change.children}


def closed(pairs: Iterator[Pair]) -> set[Pair]:
    """Everybody who ends up as one: who is joined to the same child is joined to each other."""
    group: dict[str, set[str]] = {}
    for one, other in pairs:
        mine, theirs = group.setdefault(one, {one}), group.setdefault(other, {other})
        if mine is not theirs:
            mine |= theirs
            group.update(dict.fromkeys(theirs, mine))
    groups = {id(members): members for members in group.values()}
    return {pair for members in groups.values() for pair in combinations(sorted(members), 2)}


def figures(joined: set[Pair], truth: set[Pair], children: set[str]) -> dict[str, Any]:
    right = len(joined & truth)
    strangers = {number for pair in truth for number in pair} - children
    return {
        "precision": round(right / len(joined), 4) if joined else None,
        "recall": round(right / len(truth), 4) if truth else None,
        "true_positives": right,
        "false_positives": len(joined) - right,
        "false_negatives": len(truth) - right,
        "pairs": len(joined),
        "truth_pairs": len(truth),
        "numbers_not_here": len(strangers),
    }
