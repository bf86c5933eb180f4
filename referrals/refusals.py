"""The few ways in which the portal says no. str(refusal) is the sentence that the person reads, page or JSON."""

from collections.abc import Sequence
from typing import Self


class Objection(str):
    """A sentence that says no, and the name of the field that would answer it."""

    field: str

    def __new__(cls, field: str, sentence: str) -> Self:
        objection = super().__new__(cls, sentence)
        objection.field = field
        return objection


class Refused(Exception):
    """What was asked may not be done; nothing has been written. `reasons` has one sentence or several."""

    status = 409

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons: Sequence[str] = reasons


class NotYours(Refused):
    """The person can see the contact but may not do this with it."""

    status = 403


class Stale(Refused):
    """Somebody has changed the record since this person read it."""


class NotReady(Refused):
    """A form has something missing or contradictory; `gaps` name section and field for the links."""

    status = 422

    def __init__(self, *reasons: str, gaps: Sequence[object] = ()) -> None:
        super().__init__(*reasons)
        self.gaps = gaps
