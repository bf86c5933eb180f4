"""`manage.py insight`: the known case, and every figure against a second count that shares nothing with the first."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Child
from tests import build
from tests.history_file import another, imported, written

pytestmark = pytest.mark.django_db
SIX_MONTHS = ("--from", "2017-09-01", "--to", "2018-03-01")


def insight(*words: str) -> Any:
    out = io.StringIO()
    call_command("insight", *words, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def test_one_agency_can_be_asked_for_by_its_name(tmp_path: Path) -> None:
    imported(written(tmp_path / "few.csv", [another(agency="Oak High"), another(agency="Elm High")]))
    [row] = insight(*SIX_MONTHS, "--by", "agency", "--agency", "oak high")
    assert (row["agency"], row["contacts"], row["pushback_rate"]) == ("Oak High", 1, 1.0)


def test_the_last_day_is_not_counted_and_the_days_are_londons(tmp_path: Path) -> None:
    late = {"decided_at": "2018-01-01T10:00:00", "feedback_at": ""}
    moments = ("2017-09-01T00:00:00", "2017-09-30T23:59:59", "2017-10-01T00:00:00")
    imported(written(tmp_path / "few.csv", [another(received_at=at, **late) for at in moments]))
    september = insight("--from", "2017-09-01", "--to", "2017-10-01", "--by", "month")
    assert [(row["month"], row["contacts"]) for row in september] == [("2017-09", 2)]


def test_a_month_without_contacts_between_others_is_a_row_without_rates(tmp_path: Path) -> None:
    late = {"decided_at": "2018-01-01T10:00:00", "feedback_at": ""}
    moments = ("2017-10-02T09:00:00", "2017-12-02T09:00:00")
    imported(written(tmp_path / "few.csv", [another(received_at=at, **late) for at in moments]))
    rows = insight("--from", "2017-09-01", "--to", "2018-01-01", "--by", "month")
    assert [(row["month"], row["contacts"]) for row in rows] == [("2017-10", 1), ("2017-11", 0), ("2017-12", 1)]
    assert (rows[1]["nfa_rate"], rows[1]["decided_in_24h_rate"], rows[1]["median_hours"]) == (None, None, None)


def test_what_is_not_decided_counts_as_late_only_after_its_24_hours(rosa: User) -> None:
    now = timezone.now()
    build.received(rosa, at=now - timedelta(hours=30))
    build.received(rosa, at=now - timedelta(hours=2))
    days = (
        "--from",
        str(timezone.localdate() - timedelta(days=3)),
        "--to",
        str(timezone.localdate() + timedelta(days=1)),
    )
    [row] = insight(*days, "--by", "source")
    assert (row["contacts"], row["decided_in_24h_rate"], row["median_hours"]) == (2, 0.0, None)
    Child.objects.filter(received_at__lt=now - timedelta(hours=24)).delete()
    assert insight(*days, "--by", "source")[0]["decided_in_24h_rate"] is None


def test_brothers_and_sisters_who_are_only_named_are_not_counted(rosa: User) -> None:
    children: list[dict[str, Any]] = [{"given_names": "Noor"}, {"given_names": "Sami", "in_scope": False}]
    build.received(rosa, children=children)
    days = ("--from", str(timezone.localdate()), "--to", str(timezone.localdate() + timedelta(days=1)))
    assert [row["contacts"] for row in insight(*days, "--by", "source")] == [1]


def test_figures_can_be_read_as_a_table(tmp_path: Path) -> None:
    imported(written(tmp_path / "few.csv", [another()]))
    out = io.StringIO()
    call_command("insight", *SIX_MONTHS, "--by", "source", stdout=out)
    head, line = out.getvalue().splitlines()
    assert head.split()[:3] == ["source", "contacts", "nfa"]
    assert line.split()[:4] == ["2A", "1", "1", "1.000"]
    assert len(head) == len(line)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("--from", "2017-13-01", "--to", "2018-03-01"),
            "--from has to be a date such as 2017-09-01, not '2017-13-01'.",
        ),
        (("--from", "2017-09-01", "--to", "soon"), "--to has to be a date such as 2017-09-01, not 'soon'."),
        (("--from", "2017-09-01", "--to", "2017-09-01"), "--to has to be after --from: it is the day after the last"),
        (("--from", "0001-09-01", "--to", "2017-09-01"), "The period has to be between 1973 and 2099."),
        ((*SIX_MONTHS, "--source", "99"), "There is no contact source '99'. The sources are: 1A, 1B,"),
        ((*SIX_MONTHS, "--agency", "Nobody"), "There is no agency called 'Nobody'."),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    assert insight(*SIX_MONTHS, "--by", "source") == []
    with pytest.raises(CommandError) as refused:
        insight(*words, "--by", "source")
    assert str(refused.value).startswith(sentence)


def test_the_command_says_of_now_what_the_wall_says(rosa: User, maya: User) -> None:
    build.received(rosa, at=timezone.now() - timedelta(hours=30))
    build.received(rosa, at=timezone.now() - timedelta(hours=2))
    rows = {row["now"]: row for row in insight("--now")}
    assert (rows["all"]["open"], rows["all"]["late"], rows["unassigned"]["open"]) == (2, 1, 2)
    assert rows["Not yet rated"]["open"] == 2
    assert rows[maya.full_name]["open"] == 0
    assert rows["all"]["expected_today"] is None
    table = io.StringIO()
    call_command("insight", "--now", stdout=table)
    assert "unassigned" in table.getvalue()


def test_figures_without_their_period_are_answered_with_a_sentence() -> None:
    with pytest.raises(CommandError, match="Say --from and --to"):
        insight("--by", "source")
