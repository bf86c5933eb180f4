"""How a matrix comes into use: imported as a draft, then published, which freezes it and supersedes the last.

Or discarded: a draft that nobody publishes leaves nothing but a line in the trail.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.db.models import Max

from mash_portal.accounts.models import User
from mash_portal.audit import trail

from . import document as documents
from . import everyday, loading
from .models import Domain, EverydayPhrase, Factor, Indicator, Level, Matrix
from .problems import MatrixProblems
from .yaml_file import read

__all__ = [
    "MatrixProblems",
    "NotADraft",
    "default_document",
    "discard",
    "import_matrix",
    "publish",
    "read",
    "shipped_texts",
]

DEFAULT = Path(__file__).parent / "seed" / "four-level-2018.yaml"


class NotADraft(ValueError):
    """Only a draft can be published, or discarded."""


def default_document() -> Any:
    """The matrix that the portal ships with."""
    return yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))


@cache
def shipped_texts() -> Mapping[str, str]:
    """The text of each indicator of the matrix that the portal ships with, by code."""
    return {row["code"]: row["text"] for row in default_document()["matrix"]["indicators"]}


@transaction.atomic
def import_matrix(document: object, *, by: User, source: str = "") -> Matrix:
    """A new draft with all of `document`, numbered after the last version; MatrixProblems when it is not whole."""
    if problems := documents.problems(document):
        raise MatrixProblems(problems)
    assert isinstance(document, Mapping)  # noqa: S101 - problems() has just said so
    content: dict[str, Any] = document["matrix"]
    effective_from = documents.as_date(content["effective_from"])
    assert effective_from is not None  # noqa: S101 - problems() refuses what is no date
    matrix = Matrix.objects.create(
        code=content["code"],
        title=content["title"],
        effective_from=effective_from,
        version=_next_version(),
        source=source,
    )
    levels = _write_levels(matrix, content["levels"])
    domains = _write_domains(matrix, content["factors"])
    indicators = _write_indicators(matrix, content["indicators"], levels, domains)
    _write_words(matrix, content["indicators"], indicators)
    trail.record("matrix.import", by=by, details={"matrix": matrix.code, "version": matrix.version})
    return matrix


@transaction.atomic
def publish(matrix: Matrix, *, by: User, now: datetime) -> Matrix:
    """Freeze a draft and put it in force; the one in force until now is superseded in the same transaction."""
    open_rows = Matrix.objects.select_for_update().exclude(status=Matrix.Status.SUPERSEDED).order_by("pk")
    draft = next((one for one in open_rows if one.pk == matrix.pk), None)
    if draft is None or draft.status != Matrix.Status.DRAFT:
        raise NotADraft(f"{matrix} is not a draft: only a draft can be published.")
    for current in open_rows:
        if current.status == Matrix.Status.PUBLISHED:
            current.status = Matrix.Status.SUPERSEDED
            current.save(update_fields=["status"])
    draft.status, draft.published_at, draft.published_by = Matrix.Status.PUBLISHED, now, by
    draft.save(update_fields=["status", "published_at", "published_by"])
    trail.record("matrix.publish", by=by, details={"matrix": draft.code, "version": draft.version})
    return draft


@transaction.atomic
def discard(matrix: Matrix, *, by: User) -> None:
    """Throw a draft away. The next one has its number."""
    draft = Matrix.objects.select_for_update().filter(pk=matrix.pk, status=Matrix.Status.DRAFT).first()
    if draft is None:
        raise NotADraft(f"{matrix} is not a draft: only a draft can be discarded.")
    trail.record("matrix.discard", by=by, details={"matrix": draft.code, "version": draft.version})
    draft.delete()


def _next_version() -> int:
    """The number after the last, once any other import under way has ended."""
    locked = len(Matrix.objects.select_for_update().order_by("pk"))
    return (Matrix.objects.aggregate(last=Max("version"))["last"] or 0) + 1 if locked else 1


def _write_levels(matrix: Matrix, rows: list[dict[str, Any]]) -> dict[int, Level]:
    given = [{field: value for field, value in row.items() if value is not None} for row in rows]
    levels = Level.objects.bulk_create(Level(matrix=matrix, **row) for row in given)
    return {level.number: level for level in levels}


def _write_domains(matrix: Matrix, rows: list[dict[str, Any]]) -> dict[str, Domain]:
    factors = Factor.objects.bulk_create(
        Factor(matrix=matrix, code=row["code"], name=row["name"], position=position)
        for position, row in enumerate(rows)
    )
    domains = Domain.objects.bulk_create(
        Domain(factor=factor, code=domain["code"], name=domain["name"], position=position)
        for factor, row in zip(factors, rows, strict=True)
        for position, domain in enumerate(row["domains"])
    )
    return {domain.code: domain for domain in domains}


def _write_indicators(
    matrix: Matrix, rows: list[dict[str, Any]], levels: Mapping[int, Level], domains: Mapping[str, Domain]
) -> list[Indicator]:
    indicators = []
    for position, row in enumerate(rows):
        where = documents.place(row["code"])
        assert where is not None  # noqa: S101 - problems() refuses a code without a place
        indicators.append(
            Indicator(
                matrix=matrix,
                level=levels[where[0]],
                domain=domains[where[1]],
                code=row["code"],
                text=row["text"],
                alerts=row.get("alerts") or [],
                dv_scales=row.get("dv_scales") or [],
                position=position,
            )
        )
    return Indicator.objects.bulk_create(indicators)


def _write_words(matrix: Matrix, rows: list[dict[str, Any]], indicators: list[Indicator]) -> None:
    """What each indicator is found by: its text, the words of the document, and the reviewed ones where it is ours.

    An indicator for which the document has no words keeps those that the version in force has for its code, as long as
    it still says much the same; or for its text, where it has moved to another code.
    """
    shipped, before = shipped_texts(), _words_in_force()
    by_text = dict(before.values())
    phrases = []
    for row, indicator in zip(rows, indicators, strict=True):
        text, words = before.get(row["code"], ("", []))
        kept = words if everyday.is_the_same(row["text"], text) else by_text.get(row["text"], [])
        own = row.get("words") or kept
        phrases += [(indicator.pk, said) for said in everyday.words_of(row["code"], row["text"], shipped, own=own)]
    loading.load_words(matrix.pk, phrases)


def _words_in_force() -> Mapping[str, tuple[str, list[str]]]:
    """The text and the everyday words of each indicator of the version in force, by code. Its old text is no word."""
    found: dict[str, tuple[str, list[str]]] = {}
    rows = EverydayPhrase.objects.filter(matrix__status=Matrix.Status.PUBLISHED).order_by("pk")
    for code, text, phrase in rows.values_list("indicator__code", "indicator__text", "phrase"):
        words = found.setdefault(code, (text, []))[1]
        if phrase != text:
            words.append(phrase)
    return found
