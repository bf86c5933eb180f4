"""Where each role may go, in the order of their day. The first is their home page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.urls import reverse

from referrals.rules import permissions
from referrals.vocabulary import AgencyKind

from .accounts.models import User
from .accounts.roles import Role

PLACES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("Our referrals", "intake:list", permissions.DRAFTING),
    ("Queue", "triage:queue", permissions.QUEUE),
    ("Front door now", "insight:now", permissions.RUNS_THE_QUEUE),
    ("Calls", "calls:list", permissions.CALLS),
    ("Police notifications", "notifications:uploads", permissions.CALLS | permissions.NOTIFIERS),
    ("Agency checks", "enquiries:to_answer", permissions.ANSWERERS),
    ("Agency checks", "enquiries:list", permissions.QUEUE),
    ("Screening", "screening:to_screen", permissions.QUEUE),
    ("Domestic abuse meetings", "meetings:list", permissions.QUEUE),
    ("Strategy discussions", "strategy:invitations", permissions.ANSWERERS),
    ("Escalations", "escalation:board", permissions.QUEUE),
    ("Late now", "escalation:late", permissions.RUNS_THE_QUEUE),
    ("Duty rota", "rota:rota", permissions.KEEPS_ROTA),
    # an administrator goes there from the lengths of clocks
    ("Clocks that run", "promises:running", permissions.REBASES_ALL - permissions.ADMINISTRATION),
    ("Handed over to us", "handover:list", permissions.EARLY_HELP),
    ("Hand-overs", "handover:list", permissions.QUEUE),
    ("Feedback", "feedback:board", permissions.QUEUE),
    ("Disagreements", "disagreement:list", permissions.DISAGREEMENTS),
    ("Restricted", "restricted:records", permissions.BREAKS_GLASS),
    ("Dashboard", "insight:dashboard", permissions.INSIGHT),
    ("Timeliness", "insight:timeliness", permissions.INSIGHT),
    ("Equity", "insight:equity", permissions.INSIGHT),
    ("Returns", "returns:lists", permissions.RETURNS),
    ("Agencies", "agencies:list", permissions.INSIGHT),
    ("Our figures", "agencies:ours", permissions.OWN_FIGURES),
    ("Audit trail", "audit:trail", permissions.AUDIT),
    ("Quality", "assurance:quality", permissions.QUALITY),
    ("Broken glass", "restricted:broken", permissions.REVIEWS_GLASS),
    ("People", "accounts:people", permissions.ADMINISTRATION),
    ("API keys", "tokens:tokens", permissions.KEYS),
    ("Services", "feedback:services", permissions.KEEPS_SERVICES),
    ("Clocks", "settings:clocks", permissions.ADMINISTRATION),
    ("Messages", "settings:messages", permissions.ADMINISTRATION),
)
#: Places that share one link of the header, as the line below it calls them. Whoever may go to one only sees that one.
SHARED: Mapping[str, Mapping[str, str]] = {
    "Queue": {"triage:queue": "Contacts", "insight:now": "Now", "restricted:records": "Restricted records"},
    "Police notifications": {
        "notifications:uploads": "Files",
        "screening:to_screen": "Screening",
        "meetings:list": "Domestic abuse meetings",
    },
    "Escalations": {
        "escalation:board": "To acknowledge",
        "escalation:late": "Late now",
        "rota:rota": "Duty rota",
        "promises:running": "Clocks that run",
    },
    "After a decision": {
        "handover:list": "Hand-overs",
        "feedback:board": "Feedback",
        "disagreement:list": "Disagreements",
        "feedback:services": "Services",
    },
    "Dashboard": {
        "insight:dashboard": "Contacts",
        "insight:timeliness": "Timeliness",
        "insight:equity": "Equity",
        "agencies:list": "Agencies",
        "returns:lists": "Returns",
        "assurance:quality": "Quality",
    },
}
#: Whose day starts somewhere else than at the first place they may go.
HOMES = {Role.SERVICE_MANAGER: "insight:dashboard"}


@dataclass
class Link:
    """A link of the header; `current` where this page is behind it, `within` the places that share it."""

    label: str
    url: str
    current: bool = False
    within: list["Link"] = field(default_factory=list)


def home_of(user: User) -> str:
    """The URL that a person lands on after signing in."""
    own = HOMES.get(user.as_role) or next((name for _, name, roles in PLACES if user.as_role in roles), "nothing")
    return reverse(own)


def places_of(user: User) -> list[tuple[str, str]]:
    """Every place that a person may go to: what it is called, and its URL name."""
    return [(label, name) for label, name, roles in PLACES if user.as_role in roles and _is_for(user, name)]


def navigation_for(user: User, path: str) -> list[Link]:
    """The links of the header, of which some lead to several places: no more of them than fit on one line."""
    places, links = places_of(user), dict[str, Link]()
    mine = {name for _, name in places}
    here = max((url for name in mine if path.startswith(url := reverse(name))), key=len, default="")
    for label, name in places:
        shared = next((one for one, within in SHARED.items() if name in within and len(mine & within.keys()) > 1), "")
        place = Link(label, reverse(name), reverse(name) == here)
        link = links.setdefault(shared or name, Link(shared, place.url) if shared else place)
        if shared:
            link.within.append(replace(place, label=SHARED[shared][name]))
            link.current = link.current or place.current
    return list(links.values())


def _is_for(user: User, name: str) -> bool:
    """A partner brings in notifications only for a police force."""
    if user.as_role not in permissions.NOTIFIERS or name != "notifications:uploads":
        return True
    return user.agency is not None and user.agency.kind == AgencyKind.POLICE
