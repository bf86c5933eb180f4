"""What the pages of versions show, in words."""

from datetime import date
from typing import Any

from django.db.models import Count
from django.http import Http404

from mash_portal.govuk import words
from thresholds import differences, writing
from thresholds.differences import Change, Row
from thresholds.models import Indicator, Matrix

COLOURS = {Matrix.Status.DRAFT: "yellow", Matrix.Status.PUBLISHED: "green", Matrix.Status.SUPERSEDED: "grey"}
STATUS = {Matrix.Status.DRAFT: "Draft", Matrix.Status.PUBLISHED: "In force", Matrix.Status.SUPERSEDED: "Superseded"}


def versions() -> list[dict[str, Any]]:
    """Every version, the newest first. Two queries."""
    numbers = dict(Matrix.objects.order_by().values_list("pk").annotate(Count("indicators")))
    found = Matrix.objects.select_related("published_by")
    return [
        {
            "version": one.version,
            "title": one.title,
            "status": STATUS[Matrix.Status(one.status)],
            "colour": COLOURS[Matrix.Status(one.status)],
            "effective": words.long_date(one.effective_from),
            "published": published_words(one),
            "indicators": words.count(numbers[one.pk], "indicator"),
            "is_draft": one.status == Matrix.Status.DRAFT,
        }
        for one in found
    ]


def to_start_from() -> dict[str, Any]:
    """The number of the version in force, and whether there is a draft that another file would replace. One query."""
    statuses = dict(Matrix.objects.exclude(status=Matrix.Status.SUPERSEDED).values_list("status", "version"))
    return {"current": statuses[Matrix.Status.PUBLISHED], "has_draft": Matrix.Status.DRAFT in statuses}


def published_words(matrix: Matrix) -> str:
    if matrix.published_at is None:
        return "Not published"
    by = f"by {matrix.published_by}" if matrix.published_by else "with the portal"
    return f"{words.long_moment(matrix.published_at)}, {by}"


def get(version: int) -> Matrix:
    found = Matrix.objects.select_related("published_by").filter(version=version).first()
    if found is None:
        raise Http404
    return found


def described(matrix: Matrix, today: date) -> dict[str, Any]:
    """One version beside the one before it. The same number of queries however long they are."""
    before = _before(matrix)
    found = differences.between(writing.document_of(before), writing.document_of(matrix)) if before else None
    return {
        "matrix": matrix,
        "status": STATUS[Matrix.Status(matrix.status)],
        "colour": COLOURS[Matrix.Status(matrix.status)],
        "is_draft": matrix.status == Matrix.Status.DRAFT,
        "published": published_words(matrix),
        "before": before,
        "sections": _sections(found) if found else [],
        "lists": _lists(found) if found else [],
        "is_none": found.is_none if found else False,
        "without_words": [_indicator(one) for one in writing.without_words(matrix)],
        "starts_later": matrix.effective_from > today,
    }


def _before(matrix: Matrix) -> Matrix | None:
    """The version that a draft would replace, or that this one replaced."""
    if matrix.status == Matrix.Status.DRAFT:
        return Matrix.objects.current()
    return Matrix.objects.filter(version__lt=matrix.version).order_by("-version").first()


def _lists(found: differences.Differences) -> list[dict[str, Any]]:
    both = (
        (found.added, "indicator added", "indicators added"),
        (found.removed, "indicator removed", "indicators removed"),
    )
    return [{"title": _title(rows, one, many), "rows": [_row(row) for row in rows]} for rows, one, many in both]


def _sections(found: differences.Differences) -> list[dict[str, Any]]:
    parts: tuple[tuple[list[Change], str, str], ...] = (
        (found.moved, "indicator moved", "indicators moved"),
        (found.changed, "change of an indicator", "changes of indicators"),
        (found.levels, "change of a level", "changes of levels"),
        (found.places, "change of names and dates", "changes of names and dates"),
    )
    return [{"title": _title(rows, one, many), "rows": rows} for rows, one, many in parts if rows]


def _title(rows: list[Any], one: str, many: str) -> str:
    return words.count(len(rows), one, many)


def _row(row: Row) -> str:
    alerts = differences.words(row.get("alerts"))
    return f"{row['code']}: {row['text']}{f' (alerts: {alerts})' if alerts else ''}"


def _indicator(indicator: Indicator) -> str:
    return f"{indicator.code}: {indicator.text}"
