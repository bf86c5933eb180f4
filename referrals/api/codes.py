"""Every code that a document may use, with its label."""

from collections.abc import Iterable
from typing import Any

from referrals import codes
from referrals.vocabulary import HowKnown, Refusal
from thresholds.models import Matrix


def listed() -> dict[str, Any]:
    matrix = Matrix.objects.current()
    return {
        "sources": _pairs(codes.SOURCES),
        "sexes": _pairs(codes.SEXES),
        "ethnicities": _pairs(codes.ETHNICITIES),
        "disabilities": _pairs(codes.DISABILITIES),
        "factors": _pairs(codes.FACTORS),
        "how_known": _pairs(HowKnown.choices()),
        "reasons_without_agreement": _pairs(Refusal.choices()),
        "matrix": str(matrix),
        "indicators": [
            {"code": row.code, "label": row.text, "level": row.level.number, "alerts": list(row.alerts)}
            for row in matrix.indicators.with_places()
        ],
    }


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"code": code, "label": label} for code, label in pairs]
