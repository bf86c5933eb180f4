"""The scrutiny report’s own figures from the whole history file, each against a second count that shares nothing.

In a database of its own: ten thousand rows in one transaction of a test would be ten thousand checks at its end.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from mash_portal.accounts.models import Agency
from referrals import access, learned
from referrals.models import LearningEvent
from referrals.vocabulary import LearningKind
from tests import build
from tests.history_file import HISTORY, imported

SIX_MONTHS = ("--from", "2017-09-01", "--to", "2018-03-01")


def insight(*words: str) -> Any:
    out = io.StringIO()
    call_command("insight", *words, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def counted_by_hand(by: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The figures of the history file, counted row by row from the file itself."""
    groups = defaultdict(list)
    with HISTORY.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            groups[row["received_at"][:7] if by == "month" else row[by]].append(row)
    for key, rows in groups.items():
        took = [_hours(row) for row in rows]
        nfa = sum(row["outcome"].startswith("nfa") for row in rows)
        pushback = sum(row["outcome"] == "nfa_pushback" for row in rows)
        yield (
            key,
            {
                by: key,
                "contacts": len(rows),
                "nfa": nfa,
                "nfa_rate": pytest.approx(nfa / len(rows), abs=1e-6),
                "pushback": pushback,
                "pushback_rate": pytest.approx(pushback / len(rows), abs=1e-6),
                "decided_in_24h_rate": pytest.approx(sum(hours <= 24 for hours in took) / len(rows), abs=1e-6),
                "median_hours": pytest.approx(median(took), abs=1e-5),
            },
        )


def _hours(row: dict[str, str]) -> float:
    """Elapsed hours. Europe/London was an hour ahead of UTC until 29 October 2017, 02:00."""
    moments = [datetime.fromisoformat(row[name]) for name in ("received_at", "decided_at")]
    received, decided = (at - timedelta(hours=at < datetime(2017, 10, 29, 2)) for at in moments)  # noqa: DTZ001 - local
    return (decided - received) / timedelta(hours=1)


def test_the_known_case_comes_out_and_every_figure_is_that_of_the_file(committed: str) -> None:
    counts, said, failure = imported(HISTORY)
    assert (counts["imported"], counts["contacts_added"], counts["agencies_added"]) == (10_000, 10_000, 59)
    assert (counts["bad"], said, failure) == (0, "", "")
    by_source = {row["source"]: row for row in insight(*SIX_MONTHS, "--by", "source")}
    total = sum(row["contacts"] for row in by_source.values())
    assert (by_source["6"]["contacts"] / total, by_source["6"]["nfa_rate"]) == (0.53, 0.73)
    schools = insight(*SIX_MONTHS, "--by", "month", "--source", "2A")
    assert [row["pushback"] for row in schools] == [40, 31, 24, 15, 8, 3]
    assert [row["month"] for row in schools][::5] == ["2017-09", "2018-02"]
    for by in ("source", "agency", "month"):
        found = {row[by]: row for row in insight(*SIX_MONTHS, "--by", by)}
        assert found == dict(counted_by_hand(by))
    assert _after_a_training() == (
        "After the threshold training on 1 December 2017 pushbacks fell from 32 a month to 9 "
        "(95% interval: 7 to 32 a month fewer). They were falling before it already: on that line 8 a month were to be "
        "expected, so it alone does not explain the change."
    )
    again, _, _ = imported(HISTORY)
    assert (again["imported"], again["already_there"]) == (0, 10_000)


def _after_a_training() -> str:
    """What the portal says of the schools, had they been trained half way through."""
    schools = Agency.objects.filter(source="2A")
    by, day = build.player("Maya"), date(2017, 12, 1)
    event = LearningEvent.objects.create(
        kind=LearningKind.TRAINING,
        held_on=day,
        topic="Thresholds",
        follow_up_on=date(2018, 1, 12),
        by=by,
        at=timezone.now(),
    )
    event.agencies.set(schools)
    learned_of_all = learned.about(event, [one.pk for one in schools], access.countable(), date(2018, 3, 1))
    return learned_of_all.sentences[0]
