"""Which kind of agency a national contact source is."""

from collections.abc import Mapping
from types import MappingProxyType

from referrals.vocabulary import AgencyKind

#: Contact source (national code) → the kind of agency that has it. Individuals (1A–1D, 9, 10) send no form.
KIND_OF_SOURCE: Mapping[str, AgencyKind] = MappingProxyType(
    {
        "2A": AgencyKind.SCHOOL,
        "2B": AgencyKind.EDUCATION,
        **dict.fromkeys(("3A", "3B", "3C", "3D", "3E", "3F"), AgencyKind.HEALTH),
        "4": AgencyKind.HOUSING,
        **dict.fromkeys(("5A", "5B", "5C"), AgencyKind.COUNCIL),
        "5D": AgencyKind.EARLY_HELP,
        "6": AgencyKind.POLICE,
        "7": AgencyKind.LEGAL,
        "8": AgencyKind.VOLUNTARY,
    }
)
