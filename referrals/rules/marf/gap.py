"""One thing that stops a form."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """One thing to put right. `name` is the short word for it in a list; `key` is the child or other person."""

    section: str
    field: str
    name: str
    sentence: str
    key: str = ""
