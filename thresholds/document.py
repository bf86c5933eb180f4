"""What is wrong with a matrix that somebody wrote as a document, all at once and in sentences. Plain Python.

The shape is that of seed/four-level-2018.yaml: `matrix` with its levels, factors with domains, and indicators. An
indicator's level and domain are in its code: L4-HEA-10 is at level 4, domain HEA.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from .matrix import ALERTS

LEVELS = (1, 2, 3, 4)
CONSENT_RULES = ("agency", "required", "required_unless_significant_harm")
CODE = re.compile(r"L(?P<level>[0-9])-(?P<domain>[A-Z]{2,6})-[0-9]{2,3}")

SMALL = range(1, 100)

# field -> longest text; 0 = as long as it takes
MATRIX_TEXTS = {"code": 60, "title": 200}
LEVEL_TEXTS = {"name": 120, "need": 0, "assessment": 0, "intervention": 0, "consent": 0}
LEVEL_OPTIONS = {"care_profile": 0, "neglect": 60}
FACTOR_TEXTS = {"code": 30, "name": 120}
DOMAIN_TEXTS = {"code": 6, "name": 120}
INDICATOR_TEXTS = {"code": 12, "text": 0}


class Placed(dict[str, Any]):
    """Named fields that know where they stand in their file: "Line 12", or "Indicators, row 7"."""

    place: str = ""


def problems(document: object) -> list[str]:
    """Every reason why this document is no matrix; an empty list when it is one."""
    matrix = document.get("matrix") if isinstance(document, Mapping) else None
    if not isinstance(matrix, Mapping):
        return [
            "The document needs 'matrix' at its top, with code, title, effective_from, levels, factors, indicators."
        ]
    found = _texts("The matrix", matrix, MATRIX_TEXTS)
    found += _strangers("The matrix", matrix, {*MATRIX_TEXTS, "effective_from", "levels", "factors", "indicators"})
    if as_date(matrix.get("effective_from")) is None:
        found.append("The matrix needs effective_from, a date such as 2018-02-01.")
    if isinstance(matrix.get("code"), str) and not re.fullmatch(r"[-a-zA-Z0-9_]+", matrix["code"]):
        found.append("The matrix's code can have letters, digits, - and _ only.")
    found += _levels(_rows(matrix, "levels", found))
    domains = _factors(_rows(matrix, "factors", found), found)
    return found + _indicators(_rows(matrix, "indicators", found), domains)


def place(code: str) -> tuple[int, str] | None:
    """The level number and domain code that an indicator's code names."""
    match = CODE.fullmatch(code)
    return (int(match["level"]), match["domain"]) if match else None


def as_date(value: object) -> date | None:
    """A date as YAML reads it, or as text."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _rows(parent: Mapping[str, Any], key: str, found: list[str], of: str = "The matrix") -> list[Mapping[str, Any]]:
    rows = parent.get(key)
    if not isinstance(rows, list) or not rows:
        found.append(f"{of} needs {key}, a list of at least one.")
        return []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            found.append(f"{of}: entry {number} of {key} must have named fields, not {str(row)[:40]!r}.")
    return [row for row in rows if isinstance(row, Mapping)]


def _levels(levels: list[Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    for row in levels:
        who = _at(row, f"Level {row.get('number', 'without a number')}")
        found += _texts(who, row, LEVEL_TEXTS)
        found += _texts(
            who, {key: value for key, value in row.items() if value is not None}, LEVEL_OPTIONS, needed=False
        )
        found += _strangers(who, row, {"number", "consent_rule", "care_profile_grades", *LEVEL_TEXTS, *LEVEL_OPTIONS})
        found += _numbers(who, row, "care_profile_grades")
        if row.get("consent_rule") not in CONSENT_RULES:
            found.append(f"{who} needs a consent_rule: one of {', '.join(CONSENT_RULES)}.")
    numbers = [row.get("number") for row in levels]
    whole = all(type(number) is int for number in numbers)
    if levels and not (whole and Counter(numbers) == Counter(LEVELS)):
        found.append("The matrix needs levels 1, 2, 3 and 4, each once.")
    grades = Counter(grade for row in levels for grade in _list(row.get("care_profile_grades")))
    found += [f"Graded Care Profile grade {grade} belongs to more than one level." for grade in _twice(grades)]
    return found


def _factors(factors: list[Mapping[str, Any]], found: list[str]) -> set[str]:
    """Checks factors and their domains into `found`; gives the codes of all domains."""
    codes: list[str] = []
    for row in factors:
        who = _at(row, f"Factor '{row.get('code', 'without a code')}'")
        found += _texts(who, row, FACTOR_TEXTS)
        found += _strangers(who, row, {*FACTOR_TEXTS, "domains"})
        for domain in _rows(row, "domains", found, who):
            within = _at(domain, f"Domain '{domain.get('code', 'without a code')}'")
            found += _texts(within, domain, DOMAIN_TEXTS)
            found += _strangers(within, domain, set(DOMAIN_TEXTS))
            codes.append(str(domain.get("code")))
    found += [f"Factor '{code}' is there twice." for code in _twice(Counter(str(row.get("code")) for row in factors))]
    found += [f"Domain '{code}' is there twice." for code in _twice(Counter(codes))]
    return set(codes)


def _indicators(indicators: list[Mapping[str, Any]], domains: Collection[str]) -> list[str]:
    found: list[str] = []
    for row in indicators:
        who = _at(row, f"Indicator {row.get('code', 'without a code')}")
        found += _texts(who, row, INDICATOR_TEXTS)
        found += _strangers(who, row, {*INDICATOR_TEXTS, "alerts", "dv_scales", "words"})
        found += _numbers(who, row, "dv_scales") + _words(who, row.get("words"))
        found += _place_of(who, row.get("code"), domains)
        alerts = _list(row.get("alerts"))
        if row.get("alerts") is not None and not isinstance(row["alerts"], list):
            found.append(f"{who}: alerts must be a list.")
        found += [f"{who}: there is no alert '{alert}'." for alert in alerts if alert not in list(ALERTS)]
    codes = Counter(str(row.get("code")) for row in indicators)
    return found + [f"Indicator {code} is there twice{_places(indicators, code)}." for code in _twice(codes)]


def _at(row: Mapping[str, Any], who: str) -> str:
    """Who a sentence is about, after where that stands in the file, if that is known."""
    place = getattr(row, "place", "")
    return f"{place}: {who}" if place else who


def _places(rows: Iterable[Mapping[str, Any]], code: str) -> str:
    """Where the rows of a code stand: " (line 12, line 40)", or nothing where it is not known."""
    places = [getattr(row, "place", "") for row in rows if str(row.get("code")) == code]
    return f" ({'; '.join(places)})" if all(places) else ""


def _place_of(who: str, code: object, domains: Collection[str]) -> list[str]:
    if not isinstance(code, str):
        return []
    if (where := place(code)) is None:
        return [f"{who}: a code names level, domain and number, such as L4-HEA-10."]
    found = [] if where[0] in LEVELS else [f"{who}: there is no level {where[0]}."]
    return found if where[1] in domains else [*found, f"{who}: there is no domain '{where[1]}'."]


def _texts(who: str, row: Mapping[str, Any], fields: Mapping[str, int], *, needed: bool = True) -> list[str]:
    found = []
    for field, longest in fields.items():
        value = row.get(field)
        if value is None and not needed:
            continue
        if not isinstance(value, str) or not value.strip():
            found.append(f"{who} needs {field}, as text.")
        elif "\0" in value or (longest and len(value) > longest):
            found.append(f"{who}: {field} must be ordinary text{f' of at most {longest} characters' * bool(longest)}.")
    return found


def _strangers(who: str, row: Mapping[str, Any], known: Collection[str]) -> list[str]:
    unknown = [key for key in row if key not in known]
    return [
        f"{who} has '{key}', which is no field. If it belongs to a text, put the text in quotes." for key in unknown
    ]


def _numbers(who: str, row: Mapping[str, Any], field: str) -> list[str]:
    value = row.get(field)
    right = value is None or (isinstance(value, list) and all(type(one) is int and one in SMALL for one in value))
    return [] if right else [f"{who}: {field} must be a list of whole numbers."]


def _words(who: str, words: object) -> list[str]:
    right = words is None or (isinstance(words, list) and all(_is_word(one) for one in words))
    return [] if right else [f"{who}: words must be a list of everyday words for it, each at most 200 characters."]


def _is_word(one: object) -> bool:
    return isinstance(one, str) and bool(one.strip()) and "\0" not in one and len(one) <= 200


def _list(value: object) -> list[Any]:
    return [one if isinstance(one, str | int) else str(one) for one in value] if isinstance(value, list) else []


def _twice(counts: Counter[Any]) -> Iterable[Any]:
    return [one for one, times in counts.items() if times > 1]
