"""`manage.py suggest_level`, and what every command says where the database is not ready."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection
from psycopg2 import errors

from referrals.management.base import NO_TABLES, OUT_OF_DATE, UNREACHABLE


def suggest(*words: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("suggest_level", *words, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.mark.django_db
def test_a_level_is_suggested_with_its_alerts_and_reasons() -> None:
    assert suggest("L4-HEA-10", "L2-LRN-05") == {
        "level": 4,
        "alerts": ["harm"],
        "because": [
            "Level 4: Non-accidental injury (L4-HEA-10)",
            "Level 2: Frequent changes of school (L2-LRN-05)",
            "A harm alert always means level 4 until a manager overrides it",
        ],
    }


@pytest.mark.django_db
def test_codes_may_be_typed_small_and_twice() -> None:
    assert suggest("l4-hea-10", "L4-HEA-10") == suggest("L4-HEA-10")


@pytest.mark.django_db
def test_a_grade_and_a_scale_can_be_given_beside_or_instead_of_codes() -> None:
    assert suggest("L1-LRN-01", "--care-profile-grade", "4")["level"] == 3
    assert suggest("--dvrim-scale", "3")["alerts"] == ["dv"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["L4-HEA-10", "L4-HEA-99"], "L4-HEA-99 is no indicator of the published matrix."),
        (["X", "L4-HEA-10", "Y"], "X, Y are no indicators of the published matrix."),
        ([], "Give at least one indicator code, such as L4-HEA-10."),
        (["L4-HEA-10", "--care-profile-grade", "9"], "The Graded Care Profile has no grade 9."),
    ],
)
def test_an_unknown_code_or_grade_is_refused_with_its_name(words: list[str], sentence: str) -> None:
    assert suggest("L4-HEA-10")["level"] == 4

    with pytest.raises(CommandError) as refusal:
        suggest(*words)

    assert str(refusal.value).startswith(sentence)
    assert refusal.value.returncode == 1


@contextmanager
def failing_with(kind: type[Exception], cause: Exception) -> Iterator[None]:
    def fail(*_: object) -> None:
        raise kind(*cause.args) from cause

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.django_db
def test_a_database_without_tables_is_told_to_migrate() -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError) as missing:
        cursor.execute("SELECT 1 FROM nowhere")
    assert isinstance(missing.value.__cause__, errors.UndefinedTable)

    with failing_with(ProgrammingError, missing.value.__cause__), pytest.raises(CommandError) as refusal:
        suggest("L4-HEA-10")

    assert str(refusal.value) == NO_TABLES


@pytest.mark.django_db
def test_an_older_database_is_told_to_migrate() -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError) as missing:
        cursor.execute("SELECT nothing FROM thresholds_matrix")
    assert isinstance(missing.value.__cause__, errors.UndefinedColumn)

    with failing_with(ProgrammingError, missing.value.__cause__), pytest.raises(CommandError) as refusal:
        suggest("L4-HEA-10")

    assert str(refusal.value) == OUT_OF_DATE


@pytest.mark.django_db
def test_a_database_that_cannot_be_reached_is_said_to_be_away() -> None:
    refused = psycopg2.OperationalError("connection refused")

    with failing_with(OperationalError, refused), pytest.raises(CommandError) as refusal:
        suggest("L4-HEA-10")

    assert str(refusal.value) == UNREACHABLE


@pytest.mark.django_db
def test_any_other_trouble_of_the_database_is_not_explained_away() -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError) as wrong:
        cursor.execute("SELEC 1")
    assert isinstance(wrong.value.__cause__, errors.SyntaxError)

    with failing_with(ProgrammingError, wrong.value.__cause__), pytest.raises(ProgrammingError):
        suggest("L4-HEA-10")
