"""Keys ready to print: whose, what for, what they may do, when they were last used, and whether they came too fast."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.govuk import words
from referrals.models import ApiToken
from referrals.vocabulary import Scope

from . import actions

#: Days of requests that a key's page speaks of.
RECENT = timedelta(days=7)


def agencies_for(user: User) -> list[Agency]:
    if user.as_role is Role.ADMINISTRATOR:
        return [agency for agency in Agency.objects.all() if agency.is_active and not agency.is_hub]
    return [user.agency] if user.agency else []


def rows(user: User, now: datetime) -> list[dict[str, str]]:
    """Every key that the person keeps, those that work first: one query."""
    since = Q(requests__at__gte=now - RECENT, requests__flagged=True)
    tokens = actions.tokens_of(user).select_related("agency").annotate(flagged=Count("requests", filter=since))
    listed = sorted(tokens, key=lambda token: state_of(token, now)[1] == "grey")
    return [
        {
            "name": token.name,
            "url": reverse("tokens:token", args=[token.pk]),
            "prefix": token.prefix,
            "agency": token.agency.name,
            "state": state_of(token, now)[0],
            "colour": state_of(token, now)[1],
            "used": last_used(token, now),
            "flagged": _flagged_words(getattr(token, "flagged", 0)),
        }
        for token in listed
    ]


def _flagged_words(number: int) -> str:
    return f"{words.count(number, 'request')} came too fast" if number else ""


def state_of(token: ApiToken, now: datetime) -> tuple[str, str]:
    if token.revoked_at is not None:
        return "Revoked", "grey"
    if token.expires_at is not None and token.expires_at <= now:
        return "Run out", "grey"
    if token.expires_at is not None:
        return "Replaced", "yellow"
    return "In use" if token.last_used_at else "Not used yet", "green" if token.last_used_at else "blue"


def last_used(token: ApiToken, now: datetime) -> str:
    return words.ago(token.last_used_at, now) if token.last_used_at else "Never"


def token_page(token: ApiToken, now: datetime, *, key: str = "") -> dict[str, Any]:
    """One key. `key`: its text, on the one page that ever shows it."""
    recent = token.requests.filter(at__gte=now - RECENT)
    counts = recent.aggregate(all=Count("pk"), flagged=Count("pk", filter=Q(flagged=True)))
    facts = [
        ("Agency", token.agency.name),
        ("Begins with", f"mash_{token.prefix}_"),
        ("May", "\n".join(Scope(scope).label for scope in token.scopes)),
        ("Made", f"{words.long_moment(token.made_at)}, by {token.made_by}"),
        ("Last used", last_used(token, now)),
        ("Sent in the last seven days", words.count(counts["all"], "request")),
    ]
    if counts["flagged"]:
        facts.append(("Came faster than agreed", f"{words.count(counts['flagged'], 'request')}, taken all the same"))
    if token.expires_at:
        facts.append(("Works until", words.long_moment(token.expires_at)))
    if token.revoked_at:
        facts.append(("Revoked", words.long_moment(token.revoked_at)))
    state, colour = state_of(token, now)
    return {
        "token": token,
        "key": key,
        "facts": [{"key": name, "value": value} for name, value in facts],
        "state": state,
        "colour": colour,
        "is_alive": colour != "grey",
        "may_rotate": colour != "grey" and token.expires_at is None,
    }
