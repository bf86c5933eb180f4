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


SOURCES = _listed("source")
SEXES = _listed("sex")
ETHNICITIES = _listed("ethnicity")
DISABILITIES = _mapped("disability")
FACTORS = _mapped("factor")

SOURCE_LABELS = dict(SOURCES)
SEX_LABELS = dict(SEXES)
ETHNICITY_LABELS = dict(ETHNICITIES)
FACTOR_LABELS = dict(FACTORS)
