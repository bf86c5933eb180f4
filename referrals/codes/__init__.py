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


def _listed(name: str, field: str = "label") -> Codes:
    return [(str(row["code"]), str(row[field])) for row in _ALL[name]]


def _mapped(name: str) -> Codes:
    return [(str(code), str(label)) for code, label in _ALL[name].items()]


SOURCES = _listed("source")
SEXES = _listed("sex")
ETHNICITIES = _listed("ethnicity")
PRIMARY_NEEDS = _listed("primary_need")
DISABILITIES = _mapped("disability")
ABUSE_CATEGORIES = _mapped("abuse_category")
FACTORS = _mapped("factor")

#: The labels of the inspection lists, by code.
SOURCE_ANNEX = dict(_listed("source", "annex"))
SEX_ANNEX = dict(_listed("sex", "annex"))
ETHNICITY_ANNEX = dict(_listed("ethnicity", "annex"))

SOURCE_LABELS = dict(SOURCES)
SEX_LABELS = dict(SEXES)
ETHNICITY_LABELS = dict(ETHNICITIES)
FACTOR_LABELS = dict(FACTORS)

SCHOOLS = "2A"
POLICE = "6"
