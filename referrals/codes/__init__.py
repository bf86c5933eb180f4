"""The national code sets: the code is stored, every label comes from here (free local lists are what ruins returns).

Each set is a list of (code, label) in the order of the national guidance, ready to be a form field's choices.
Source: DfE children in need census and Ofsted child-level lists, as written down in codes.yaml. Free of Django.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

Codes = list[tuple[str, str]]

_ALL: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "codes.yaml").read_text(encoding="utf-8"))


def _listed(name: str) -> Codes:
    return [(str(row["code"]), str(row["label"])) for row in _ALL[name]]


def _mapped(name: str) -> Codes:
    return [(str(code), str(label)) for code, label in _ALL[name].items()]


def _annex(name: str) -> dict[str, str]:
    return {str(row["code"]): str(row["annex"]) for row in _ALL[name]}


SOURCES = _listed("source")
SEXES = _listed("sex")
ETHNICITIES = _listed("ethnicity")
DISABILITIES = _mapped("disability")
PRIMARY_NEEDS = _listed("primary_need")
FACTORS = _mapped("factor")

SOURCE_LABELS = dict(SOURCES)
SEX_LABELS = dict(SEXES)
ETHNICITY_LABELS = dict(ETHNICITIES)
FACTOR_LABELS = dict(FACTORS)
PRIMARY_NEED_LABELS = dict(PRIMARY_NEEDS)

#: How the inspection lists write a code, and the headings of their columns in order.
SOURCE_ANNEX, SEX_ANNEX, ETHNICITY_ANNEX = (_annex(name) for name in ("source", "sex", "ethnicity"))
YES_ANNEX, NO_ANNEX = (str(_ALL["yes_no_annex"][answer]) for answer in (True, False))
LIST_COLUMNS: Mapping[str, list[str]] = _ALL["annex_a"]
#: What a census validator checks, in words.
CENSUS_RULES: list[str] = _ALL["census_rules"]
