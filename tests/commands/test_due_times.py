"""`manage.py due_times`: the published cases through the partnership's own settings, and what it says to nonsense."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from referrals.models.partnership import ClockSetting, Partnership
from referrals.rules.clocks import Rule
from referrals.vocabulary import Clock, Unit

CASES = Path(__file__).parents[1] / "cases" / "clocks.csv"
pytestmark = pytest.mark.django_db


def run(file: Path) -> tuple[list[str], list[str], str]:
    """Lines of output, lines of errors, and the last word if it failed."""
    out, err, last = io.StringIO(newline=""), io.StringIO(), ""
    try:
        call_command("due_times", str(file), stdout=out, stderr=err)
    except CommandError as error:
        last = str(error)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), last


def written(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "instants.csv"
    file.write_text("\n".join(["received_at,clock", *lines]) + "\n", encoding="utf-8")
    return file


def test_the_published_cases_come_out_as_they_are_written(tmp_path: Path) -> None:
    text = CASES.read_text(encoding="utf-8")
    lines = [line.rpartition(",")[0] for line in text.splitlines()[1:]]

    out, err, last = run(written(tmp_path, *lines))

    assert out == text.splitlines()
    assert (err, last) == ([], "")


def test_the_output_is_the_same_bytes_as_the_cases(tmp_path: Path) -> None:
    out = io.StringIO(newline="")
    call_command("due_times", str(CASES), stdout=out)

    assert out.getvalue().encode() == CASES.read_bytes()


def test_lengths_hours_and_closures_are_those_of_the_partnership(tmp_path: Path) -> None:
    file = written(tmp_path, "2026-11-20T16:00:00Z,green", "2026-11-20T16:00:00Z,check_amber")
    assert run(file)[0][1:] == [
        "2026-11-20T16:00:00Z,green,2026-11-21T16:00:00+00:00",
        "2026-11-20T16:00:00Z,check_amber,2026-11-23T11:30:00+00:00",
    ]

    ClockSetting.objects.create(clock=Clock.GREEN, rule=Rule(Clock.GREEN, 72, Unit.HOURS).to_dict())
    Partnership.objects.update_or_create(id=1, defaults={"day_starts": "09:00", "closures": ["2026-11-23"]})

    assert run(file)[0][1:] == [
        "2026-11-20T16:00:00Z,green,2026-11-23T16:00:00+00:00",
        "2026-11-20T16:00:00Z,check_amber,2026-11-24T12:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("rubbish,decision", "'rubbish' is no date and time. Write it like 2026-11-20T16:00:00+00:00."),
        ("2026-11-20T16:00:00,decision", "The time 2026-11-20T16:00:00 does not say its offset from UTC."),
        ("2026-02-30T16:00:00Z,red", "'2026-02-30T16:00:00Z' is no date and time."),
        ("9999-12-31T23:00:00Z,red", "The time 9999-12-31T23:00:00+00:00 is not between 1973 and 2099."),
        ("2026-11-20T16:00:00Z,purple", "there is no clock called 'purple'. The clocks are: decision, statutory,"),
        ("2026-11-20T16:00:00Z", "there is no clock called ''."),
        (",decision", "'' is no date and time."),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_others_are_printed(row: str, sentence: str, tmp_path: Path) -> None:
    good = "2026-07-20T16:00:00Z,red"

    out, err, last = run(written(tmp_path, good, row, good))

    assert out[1:] == [f"{good},2026-07-20T21:00:00+01:00"] * 2
    assert len(err) == 1
    assert err[0].startswith(f"Line 3: {sentence}")
    assert last == "1 row has no due time. The others are printed."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "has no column received_at and no column clock."),
        (b"received_at,when\n", "has no column clock."),
        (b"\xff\xfe\x00\x01", "is not a text file in UTF-8."),
        (b"received_at,clock\n" + b"x" * 200_000 + b",red\n", "cannot be read as CSV after line 1"),
    ],
)
def test_a_file_that_is_no_table_of_instants_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "instants.csv"
    file.write_bytes(content)

    out, _, last = run(file)

    assert sentence in last
    assert out == []


def test_a_file_written_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file = tmp_path / "instants.csv"
    file.write_bytes(b'\xef\xbb\xbfreceived_at,clock\r\n"2026-07-20T16:00:00Z",red\r\n\r\n')

    out, err, _ = run(file)

    assert (out[1:], err) == (["2026-07-20T16:00:00Z,red,2026-07-20T21:00:00+01:00"], [])


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    out, _, last = run(tmp_path / "nowhere.csv")

    assert last.endswith("nowhere.csv cannot be read: No such file or directory.")
    assert out == []
