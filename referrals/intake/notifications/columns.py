"""The columns of a file of police notifications: their names, what goes in them, and an example of each."""

import csv
import io
from dataclasses import dataclass

ADULTS = (1, 2)


@dataclass(frozen=True)
class Column:
    name: str
    what: str
    examples: tuple[str, str] = ("", "")
    is_needed: bool = False


INCIDENT = (
    Column(
        "police_reference",
        "Your own reference. Lines with the same reference are one notification with several children.",
        ("PN/26/118377", "PN/26/118377"),
        is_needed=True,
    ),
    Column("incident_at", "When it happened, such as 19/11/2026 20:15.", ("19/11/2026 20:15", "")),
    Column("incident_type", "What kind of incident, in a few words, such as domestic abuse.", ("Domestic abuse", "")),
    Column("place", "Where it happened.", ("Home", "")),
    Column("rag", "red, amber or green.", ("green", "")),
    Column("dash_grade", "standard, medium or high.", ("standard", "")),
    Column("dvrim_scale", "1, 2, 3 or 4.", ("1", "")),
    Column(
        "narrative",
        "What happened and what was seen and said. On the first line of the notification at least.",
        ("A neighbour heard shouting about money. No injuries. The children were upstairs.", ""),
        is_needed=True,
    ),
)
CHILD = (
    Column("given_names", "The child’s first names.", ("Zara", "Bilal")),
    Column("family_name", "The child’s family name.", ("Hussain", "Hussain"), is_needed=True),
    Column("date_of_birth", "Such as 10/10/2019.", ("10/10/2019", "02/05/2022")),
    Column("sex", "F, M or U.", ("F", "M")),
    Column("ethnicity", "The national code, such as APKN.", ("APKN", "APKN")),
    Column("address", "Where the child lives.", ("22 Butts Road", "22 Butts Road")),
    Column("postcode", "", ("WS4 2BJ", "WS4 2BJ")),
    Column("school", "School or nursery.", ("Alder Primary", "")),
)
#: Of each adult, on the line of the child; `relationship` is what they are to that child.
ADULT = (
    Column("given_names", "", ("Imran", "Imran")),
    Column("family_name", "", ("Hussain", "Hussain")),
    Column("date_of_birth", ""),
    Column("relationship", "What the adult is to this child, such as father.", ("father", "father")),
    Column("source_of_risk", "yes, if the adult is thought to have caused the harm.", ("yes", "yes")),
)
SECOND_ADULT = (("Saima", "Saima"), ("Hussain", "Hussain"), ("", ""), ("mother", "mother"), ("no", "no"))

ALL: tuple[Column, ...] = (
    *INCIDENT,
    *CHILD,
    *(Column(f"adult1_{column.name}", column.what, column.examples) for column in ADULT),
    *(Column(f"adult2_{column.name}", "", examples) for column, examples in zip(ADULT, SECOND_ADULT, strict=True)),
)
NAMES = tuple(column.name for column in ALL)
NEEDED = tuple(column.name for column in ALL if column.is_needed)


def template() -> str:
    """A file with the heading and one notification about two invented children, to write over."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(NAMES)
    for number in (0, 1):
        lines.writerow([column.examples[number] for column in ALL])
    return out.getvalue()
