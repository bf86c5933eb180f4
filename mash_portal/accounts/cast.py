"""The people of the demonstration, the tests and the guides. Nobody here is real."""

from dataclasses import dataclass

from .roles import Role

#: Shown on the sign-in page of a demonstration and nowhere else; production has neither these people nor it.
PASSWORD = "front-door-demo-2026"  # noqa: S105

HUB = "Alderbrook MASH"


@dataclass(frozen=True)
class Player:
    """One person of the cast, with what they show."""

    full_name: str
    job: str
    agency: str
    role: Role
    shows: str
    registration_number: str = ""

    @property
    def first_name(self) -> str:
        return self.full_name.split(" ")[0]

    @property
    def email(self) -> str:
        return f"{self.first_name.lower()}@{_DOMAINS.get(self.agency, 'alderbrook.example')}"


_DOMAINS = {
    "Alder Primary": "alder-primary.example",
    "Birch High": "birch-high.example",
    "Regional Police": "police.example",
    "Trent Vale Community Health": "trentvale-health.example",
}

CAST: tuple[Player, ...] = (
    Player(
        "Rosa Bell",
        "Head teacher and DSL",
        "Alder Primary",
        Role.SAFEGUARDING_LEAD,
        "writes and follows her school's referrals",
    ),
    Player("Tom Reyes", "Form tutor", "Birch High", Role.REFERRER, "another school: sees nothing of Rosa's"),
    Player("Omar Khan", "Police sergeant", "Regional Police", Role.PARTNER, "refers for the police"),
    Player("Nell Adeyemi", "Named nurse", "Trent Vale Community Health", Role.PARTNER, "refers for health"),
    Player("Sam Price", "Contact officer", HUB, Role.CONTACT_OFFICER, "sees the queue, does not decide"),
    Player("Grace Lin", "Social worker", HUB, Role.SOCIAL_WORKER, "takes, rates, assesses, recommends", "SW104417"),
    Player("Maya Shah", "Team manager", HUB, Role.TEAM_MANAGER, "assigns, signs off or sends back", "SW098220"),
    Player("Ivan Petrov", "Assistant team manager", HUB, Role.TEAM_MANAGER, "signs off beside Maya", "SW101093"),
    Player("Dev Patel", "Early help worker", "Early Help Hub", Role.EARLY_HELP, "accepts children for early help"),
    Player(
        "Zofia Nowak",
        "Senior practitioner",
        "Assessment Team",
        Role.TEAM_WORKER,
        "accepts children for assessment, or sends them back",
        "SW112305",
    ),
    Player("Helen Okoro", "Head of safeguarding", HUB, Role.SERVICE_MANAGER, "dashboard, late work", "SW061502"),
    Player("Priya Nair", "Auditor", HUB, Role.AUDITOR, "reads the audit trail"),
    Player("Ana Costa", "Performance analyst", HUB, Role.ANALYST, "figures without names"),
    Player("Kit Wells", "Administrator", HUB, Role.ADMINISTRATOR, "people, clocks and messages; no case"),
)
