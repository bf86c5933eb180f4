"""Which police notifications are low-level domestic abuse: the ones that a worker screens from a list.

Plain Python. Nothing is screened out here: the rule says what is on the list, and people decide.
"""

from collections.abc import Collection
from dataclasses import dataclass

#: National factors of domestic abuse, and the matrix's alert for it.
FACTORS = frozenset({"3A", "3B", "3C"})
ALERT = "dv"
WORD = "domestic"
LOW_SCALES, LOW_GRADE, LOW_RAG = frozenset({"1", "2"}), "standard", "green"


@dataclass(frozen=True)
class Notification:
    """What the police and the matrix say of it; empty where they say nothing."""

    incident_type: str = ""
    factors: Collection[str] = ()
    alerts: Collection[str] = ()
    rag: str = ""
    dash: str = ""
    dvrim: str = ""


def is_domestic_abuse(said: Notification) -> bool:
    return bool(FACTORS & set(said.factors)) or ALERT in said.alerts or WORD in said.incident_type.casefold()


def is_low_level(said: Notification) -> bool:
    """Domestic abuse with at least one low grade and none that is higher: one high grade outweighs all low ones."""
    grades = [
        (said.dvrim, said.dvrim in LOW_SCALES),
        (said.dash, said.dash.casefold() == LOW_GRADE),
        (said.rag, said.rag == LOW_RAG),
    ]
    given = [is_low for grade, is_low in grades if grade]
    return is_domestic_abuse(said) and bool(given) and all(given) and not set(said.alerts) - {ALERT}


def grade_of(said: Notification) -> str:
    """ "DVRIM 1, DASH standard", as the police gave it."""
    words = [f"DVRIM {said.dvrim}" if said.dvrim else "", f"DASH {said.dash}" if said.dash else ""]
    return ", ".join(word for word in words if word) or (f"RAG {said.rag}" if said.rag else "")
