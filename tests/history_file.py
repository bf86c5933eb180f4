"""Rows and files as an earlier system exports them."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from referrals.history import reading

HISTORY = Path("referrals/demo/history.csv")
USUAL = {
    "contact_ref": "H1",
    "received_at": "2017-09-01T06:00:26",
    "channel": "marf",
    "source": "2A",
    "agency": "Oak High",
    "child_ref": "C1",
    "given_names": "Ava",
    "family_name": "Azzi",
    "date_of_birth": "2009-03-23",
    "sex": "F",
    "ethnicity": "BAFR",
    "postcode": "WS5 1NJ",
    "rag": "amber",
    "level_believed": "4",
    "level_decided": "2",
    "outcome": "nfa_pushback",
    "decided_at": "2017-09-01T13:40:26",
    "feedback_at": "2017-09-02T05:35:26",
}
_numbers = count(1)


def row(**changes: str) -> dict[str, str]:
    """A row that can go in, but for `changes`."""
    return {**USUAL, **changes}


def another(**changes: str) -> dict[str, str]:
    """A row about a contact and a child of its own."""
    number = next(_numbers)
    return row(contact_ref=f"N{number}", child_ref=f"K{number}", **changes)


def written(path: Path, rows: Iterable[Mapping[str, str]], columns: Iterable[str] = tuple(USUAL)) -> Path:
    """The file of these rows; the first row is line 2."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(columns), extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


def imported(path: Path, *options: str) -> tuple[dict[str, int], str, str]:
    """Run the command: its counts, what it said on the error output, and the sentence it failed with, if it did."""
    out, err = io.StringIO(), io.StringIO()
    failure = ""
    try:
        call_command("import_history", str(path), *options, stdout=out, stderr=err)
    except CommandError as error:
        failure = str(error)
    counts: dict[str, int] = json.loads(out.getvalue() or "{}")
    return counts, err.getvalue(), failure


def read_rows(rows: Iterable[Mapping[str, str]], path: Path, now: Any) -> list[reading.Row]:
    """The rows as the action takes them; every one of them has to be good."""
    found = list(reading.read(written(path, rows), now=now))
    return [one for one in found if isinstance(one, reading.Row)]
