"""A version of the matrix as the document that it could be imported from, with the everyday words of each indicator."""

from typing import Any

from .models import EverydayPhrase, Indicator, Matrix

_LEVEL = ("number", "name", "need", "care_profile_grades", "care_profile", "neglect", "assessment", "intervention")
_CONSENT = ("consent_rule", "consent")


def document_of(matrix: Matrix) -> dict[str, Any]:
    """Five queries, however long the matrix is."""
    words = _words(matrix)
    return {
        "matrix": {
            "code": matrix.code,
            "title": matrix.title,
            "effective_from": matrix.effective_from.isoformat(),
            "levels": [
                {name: value for name in (*_LEVEL, *_CONSENT) if (value := getattr(level, name)) not in ("", [])}
                for level in matrix.levels.all()
            ],
            "factors": [
                {
                    "code": factor.code,
                    "name": factor.name,
                    "domains": [{"code": one.code, "name": one.name} for one in factor.domains.all()],
                }
                for factor in matrix.factors.prefetch_related("domains")
            ],
            "indicators": [_indicator(one, words.get(one.pk, [])) for one in matrix.indicators.all()],
        }
    }


def _indicator(row: Indicator, words: list[str]) -> dict[str, Any]:
    known = {"alerts": list(row.alerts), "dv_scales": list(row.dv_scales), "words": words}
    return {"code": row.code, "text": row.text, **{name: value for name, value in known.items() if value}}


def _words(matrix: Matrix) -> dict[int, list[str]]:
    """By the indicator's id, without its own text, which is always a word for it. One query."""
    found: dict[int, list[str]] = {}
    rows = EverydayPhrase.objects.filter(matrix=matrix).order_by("pk")
    for indicator, text, phrase in rows.values_list("indicator", "indicator__text", "phrase"):
        if phrase != text:
            found.setdefault(indicator, []).append(phrase)
    return found


def without_words(matrix: Matrix) -> list[Indicator]:
    """Indicators that are found by their own text alone: nobody who says it another way finds them. Two queries."""
    known = _words(matrix)
    return [indicator for indicator in matrix.indicators.all() if indicator.pk not in known]
