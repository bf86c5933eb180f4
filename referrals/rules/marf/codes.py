"""National code sets as the form shows them: the code is stored, the label is derived from here (DfE, 2026)."""

from collections.abc import Mapping
from types import MappingProxyType

from referrals.vocabulary import AgencyKind

#: An unborn child is always U.
SEX: Mapping[str, str] = MappingProxyType(
    {
        "M": "Male",
        "F": "Female",
        "U": "Not stated or not recorded",
    }
)

ETHNICITY: Mapping[str, str] = MappingProxyType(
    {
        "WBRI": "White British",
        "WIRI": "White Irish",
        "WIRT": "Traveller of Irish heritage",
        "WOTH": "Any other White background",
        "WROM": "Gypsy/Roma",
        "MWBC": "White and Black Caribbean",
        "MWBA": "White and Black African",
        "MWAS": "White and Asian",
        "MOTH": "Any other Mixed background",
        "AIND": "Indian",
        "APKN": "Pakistani",
        "ABAN": "Bangladeshi",
        "AOTH": "Any other Asian background",
        "BCRB": "Black Caribbean",
        "BAFR": "Black African",
        "BOTH": "Any other Black background",
        "CHNE": "Chinese",
        "OOTH": "Any other ethnic group",
        "REFU": "Refused",
        "NOBT": "Not yet obtained",
    }
)

DISABILITY: Mapping[str, str] = MappingProxyType(
    {
        "NONE": "No disability",
        "MOB": "Mobility",
        "HAND": "Hand function",
        "PC": "Personal care",
        "INC": "Incontinence",
        "COMM": "Communication",
        "LD": "Learning",
        "HEAR": "Hearing",
        "VIS": "Vision",
        "BEH": "Behaviour",
        "CON": "Consciousness",
        "AUT": "Autism or Asperger syndrome",
        "DDA": "Other under the Equality Act",
    }
)

#: What the concern is about: also the national assessment factors.
FACTORS: Mapping[str, str] = MappingProxyType(
    {
        "1A": "Alcohol misuse: child",
        "1B": "Alcohol misuse: parent or carer",
        "1C": "Alcohol misuse: another person in the household",
        "2A": "Drug misuse: child",
        "2B": "Drug misuse: parent or carer",
        "2C": "Drug misuse: another person in the household",
        "3A": "Domestic abuse: child subject",
        "3B": "Domestic abuse: parent or carer subject",
        "3C": "Domestic abuse: another person subject",
        "4A": "Mental health: child",
        "4B": "Mental health: parent or carer",
        "4C": "Mental health: another person",
        "5A": "Learning disability: child",
        "5B": "Learning disability: parent or carer",
        "5C": "Learning disability: another person",
        "6A": "Physical disability or illness: child",
        "6B": "Physical disability or illness: parent or carer",
        "6C": "Physical disability or illness: another person",
        "7A": "Young carer",
        "8B": "Privately fostered: overseas, intends to return",
        "8C": "Privately fostered: overseas, intends to stay",
        "8D": "Privately fostered: UK, in educational placement",
        "8E": "Privately fostered: UK, in alternative family",
        "8F": "Privately fostered: other",
        "9A": "Unaccompanied asylum-seeking child",
        "10A": "Going or being absent or missing",
        "11A": "Child sexual exploitation",
        "12A": "Trafficking",
        "13A": "Gangs",
        "14A": "Socially unacceptable behaviour",
        "15A": "Self-harm",
        "16A": "Neglect",
        "17A": "Emotional abuse",
        "18B": "Physical abuse: child on child",
        "18C": "Physical abuse: adult on child",
        "19B": "Sexual abuse: child on child",
        "19C": "Sexual abuse: adult on child",
        "20": "Other",
        "21": "No factors identified (stands alone)",
        "22A": "Female genital mutilation",
        "23A": "Abuse linked to faith or belief",
        "24A": "Child criminal exploitation",
    }
)
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
