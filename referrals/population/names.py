"""Made-up names, agencies and workers. Nobody is meant, and nobody can sign in as any of them."""

from django.contrib.auth.hashers import make_password

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from referrals.rules import matching
from referrals.vocabulary import AgencyKind

FAMILY = (
    "Abbott Barlow Castell Dunmore Elwood Farrow Garside Hallam Ingham Jessop Kendal Lomax Mercer Norbury Oldham "
    "Pickford Quince Ramsden Sefton Thirlby Underhill Vaughan Whitmore Yarrow"
)
ENDING = "|s|son|ley|ton|field|worth|by|wick|ham"
GIVEN = (
    "Amelia Bilal Chloe Daniel Ewa Farah George Hannah Idris Jasmine Kofi Leila Mohammed Niamh Oscar Priti Ruby "
    "Stefan Tia Umar Violet William Yusuf Zofia"
)
#: What is added so that there is somebody of every kind who sends: how they are called, and how many.
_AGENCIES = (
    ("{} Police", AgencyKind.POLICE, "6", 2),
    ("{} Primary", AgencyKind.SCHOOL, "2A", 72),
    ("{} High", AgencyKind.SCHOOL, "2A", 24),
    ("{} Surgery", AgencyKind.HEALTH, "3A", 18),
    ("{} Hospital", AgencyKind.HEALTH, "3E", 3),
    ("{} Adult Services", AgencyKind.COUNCIL, "5A", 2),
    ("{} Housing", AgencyKind.HOUSING, "4", 6),
    ("{} Family Support", AgencyKind.VOLUNTARY, "8", 8),
)
WORKERS = 12
_ADDRESS = "@population.example"
#: A password that no password makes.
_NONE = make_password(None)


def sounds() -> dict[str, str]:
    """How each name sounds, as the portal would have stored it."""
    family = [name + ending for name in FAMILY.split() for ending in ENDING.split("|")]
    given = {name: matching.given_sound(name) for name in GIVEN.split()}
    return given | {name: matching.family_sound(name) for name in family}


def agencies() -> list[tuple[int, str]]:
    """(number, source) of everybody who sends; the made-up ones are added where they are missing."""
    places = [name + ending for ending in ENDING.split("|") for name in FAMILY.split()]
    made = [
        Agency(name=pattern.format(place), kind=kind, source=source)
        for pattern, kind, source, number in _AGENCIES
        for place in places[:number]
    ]
    Agency.objects.bulk_create(made, ignore_conflicts=True)
    senders = Agency.objects.filter(is_hub=False).exclude(kind__in=(AgencyKind.TEAM, AgencyKind.EARLY_HELP))
    return list(senders.order_by("pk").values_list("pk", "source"))


def workers() -> list[int]:
    """Who decided: made-up social workers of the hub, inactive, beside whoever is there."""
    hub, _ = Agency.objects.get_or_create(
        is_hub=True, defaults={"name": "Made-up hub", "kind": AgencyKind.HUB, "source": "5A"}
    )
    User.objects.bulk_create(
        [
            User(
                email=f"worker{number}{_ADDRESS}", full_name=f"{GIVEN.split()[number]} {FAMILY.split()[number]}",
                role=Role.SOCIAL_WORKER, agency=hub, is_active=False, password=_NONE,
            )
            for number in range(WORKERS)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return list(User.objects.filter(email__endswith=_ADDRESS).order_by("pk").values_list("pk", flat=True))
