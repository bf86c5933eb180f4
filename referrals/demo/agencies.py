"""Twenty-five agencies of every kind, for the demonstration. The imported history adds more schools."""

from mash_portal.accounts.cast import HUB
from referrals.vocabulary import AgencyKind as Kind
from referrals.vocabulary import Outcome

#: name → kind, national contact source code
AGENCIES: dict[str, tuple[Kind, str]] = {
    HUB: (Kind.HUB, "5A"),
    "Alder Primary": (Kind.SCHOOL, "2A"),
    "Birch High": (Kind.SCHOOL, "2A"),
    "Cedar Primary": (Kind.SCHOOL, "2A"),
    "Hazel High": (Kind.SCHOOL, "2A"),
    "Castle Special School": (Kind.SCHOOL, "2A"),
    "Cobden Nursery": (Kind.SCHOOL, "2A"),
    "Education Welfare": (Kind.EDUCATION, "2B"),
    "Regional Police": (Kind.POLICE, "6"),
    "Trent Vale Community Health": (Kind.HEALTH, "3D"),
    "Manor Hospital A&E": (Kind.HEALTH, "3E"),
    "Cobden Surgery": (Kind.HEALTH, "3A"),
    "Pleck Health Centre": (Kind.HEALTH, "3A"),
    "Beacon Recovery": (Kind.HEALTH, "3F"),
    "Accord Housing": (Kind.HOUSING, "4"),
    "WHG Homes": (Kind.HOUSING, "4"),
    "Adult Social Care": (Kind.COUNCIL, "5A"),
    "Youth Justice Service": (Kind.COUNCIL, "5B"),
    "Neighbouring Council": (Kind.AUTHORITY, "5C"),
    "Early Help Hub": (Kind.EARLY_HELP, "5D"),
    "Assessment Team": (Kind.TEAM, "5A"),
    "Children with Disabilities Team": (Kind.TEAM, "5A"),
    "Probation Service": (Kind.LEGAL, "7"),
    "CAFCASS": (Kind.LEGAL, "7"),
    "Women's Aid": (Kind.VOLUNTARY, "8"),
    "Children's Centre West": (Kind.VOLUNTARY, "8"),
    "Riverside Youth Project": (Kind.VOLUNTARY, "8"),
}

#: How many children an agency works with, as the administrator has written down.
SIZES: dict[str, int] = {
    "Alder Primary": 240,
    "Birch High": 960,
    "Cedar Primary": 310,
    "Hazel High": 880,
    "Castle Special School": 85,
    "Cobden Nursery": 60,
    "Cobden Surgery": 1_900,
    "Pleck Health Centre": 2_400,
}

#: Who is offered a child after which outcome.
RECEIVES: dict[str, list[Outcome]] = {
    "Early Help Hub": [Outcome.EARLY_HELP],
    "Assessment Team": [Outcome.SECTION_17, Outcome.STRATEGY],
    "Children with Disabilities Team": [Outcome.DISABILITIES],
    "Neighbouring Council": [Outcome.TRANSFER],
}
