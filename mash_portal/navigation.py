"""Where each role may go, in the order of their day. The first is their home page."""

from django.urls import reverse

from referrals.rules import permissions
from referrals.vocabulary import AgencyKind

from .accounts.models import User
from .accounts.roles import Role

PLACES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("Our referrals", "intake:list", permissions.DRAFTING),
    ("Queue", "triage:queue", permissions.QUEUE),
    ("Calls", "calls:list", permissions.CALLS),
    ("Police notifications", "notifications:uploads", permissions.CALLS | permissions.NOTIFIERS),
    ("Agency checks", "enquiries:to_answer", permissions.ANSWERERS),
    ("Agency checks", "enquiries:list", permissions.QUEUE),
    ("Screening", "screening:to_screen", permissions.QUEUE),
    ("Domestic abuse meetings", "meetings:list", permissions.QUEUE),
    ("Strategy discussions", "strategy:invitations", permissions.ANSWERERS),
    ("Escalations", "escalation:board", permissions.QUEUE),
    ("Handed over to us", "handover:list", permissions.EARLY_HELP),
    ("Hand-overs", "handover:list", permissions.QUEUE),
    ("Restricted", "restricted:records", permissions.BREAKS_GLASS),
    ("Dashboard", "insight:dashboard", permissions.INSIGHT),
    ("Audit trail", "audit:trail", permissions.AUDIT),
    ("Broken glass", "restricted:broken", permissions.REVIEWS_GLASS),
    ("People", "accounts:people", permissions.ADMINISTRATION),
    ("API keys", "tokens:tokens", permissions.KEYS),
    ("Clocks", "settings:clocks", permissions.ADMINISTRATION),
    ("Messages", "settings:messages", permissions.ADMINISTRATION),
)
#: Whose day starts somewhere else than at the first place they may go.
HOMES = {Role.SERVICE_MANAGER: "insight:dashboard"}


def home_of(user: User) -> str:
    """The URL that a person lands on after signing in."""
    own = HOMES.get(user.as_role) or next((name for _, name, roles in PLACES if user.as_role in roles), "nothing")
    return reverse(own)


def navigation_for(user: User, path: str) -> list[dict[str, object]]:
    """The links of the header: label, address, and whether this page is within it."""
    places = [(label, reverse(name)) for label, name, roles in PLACES if user.as_role in roles and _is_for(user, name)]
    return [{"label": label, "url": url, "current": path.startswith(url)} for label, url in places]


def _is_for(user: User, name: str) -> bool:
    """A partner brings in notifications only for a police force."""
    if user.as_role not in permissions.NOTIFIERS or name != "notifications:uploads":
        return True
    return user.agency is not None and user.agency.kind == AgencyKind.POLICE
