"""The screening lists ready to print."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.words import count
from referrals import casefile
from referrals.models import Child
from referrals.rules import permissions
from referrals.rules.screening import grade_of

from . import queries
from .actions import Line
from .queries import Listed

VIEWS = (
    ("To screen", "screening:to_screen"),
    ("To sign off", "screening:to_sign_off"),
    ("Screened out", "screening:out"),
)


def tabs(current: str) -> list[tuple[str, str, bool]]:
    return [(label, reverse(name), name == current) for label, name in VIEWS]


def to_screen(user: User, now: datetime) -> dict[str, Any]:
    listed = queries.to_screen(user)
    heading = f"{count(len(listed), 'notification')} to screen"
    return {"heading": heading, "rows": [_row(one, now) for one in listed], "tabs": tabs("screening:to_screen")}


def to_sign_off(user: User, now: datetime, posted: QueryDict | None = None) -> dict[str, Any]:
    """`posted`: what a manager has just sent; where a line could not be signed off, nothing typed is lost."""
    listed = queries.to_sign_off(user)
    against = queries.reasons_against([one.contact for one in listed], user, now)
    rows = [_row(one, now) | _proposed(one, user, against.get(one.contact.pk, ())) for one in listed]
    typed = posted or QueryDict()
    ticked = {value.partition(".")[0] for value in typed.getlist("contact")}
    for row in rows:
        row |= {"why": typed.get(f"why_{row['reference']}", ""), "is_ticked": row["reference"] in ticked}
    return {
        "heading": f"{count(len(listed), 'notification')} to sign off",
        "rows": rows,
        "boxes": [row["reference"] for row in rows if not row["is_own"]],
        "tabs": tabs("screening:to_sign_off"),
        "may_sign_off": user.as_role in permissions.SCREENING_MANAGERS,
    }


def _row(one: Listed, now: datetime) -> dict[str, Any]:
    contact = one.contact
    return {
        "reference": contact.reference,
        "version": contact.version,
        "url": reverse("screening:screen", args=[contact.reference]),
        "contact_url": reverse("triage:contact", args=[contact.reference]),
        "children": ", ".join(casefile.child_words(child, now) for child in one.children),
        "grade": grade_of(one.said),
        "agency": contact.agency.name,
        "police_reference": one.police_reference,
        "narrative": one.narrative,
        "clock": words.clock_words("Decision", contact.due_at, now),
    }


def _proposed(one: Listed, user: User, against: Sequence[str]) -> dict[str, Any]:
    """What is proposed, by whom, and what argues against it. Nobody signs off their own."""
    screenings = [child.screening for child in one.referred]
    return {
        "children_rows": [
            {"key": f"{screening.child.name}: level {screening.level}", "value": screening.reason}
            for screening in screenings
        ],
        "who": ", ".join(dict.fromkeys(screening.by.full_name for screening in screenings)),
        "is_own": any(screening.by_id == user.pk for screening in screenings),
        "against": list(against),
    }


def lines_of(posted: QueryDict) -> list[Line]:
    """What a manager ticked, with the version that the page showed and their words."""
    found = []
    for ticked in posted.getlist("contact"):
        reference, _, version = ticked.partition(".")
        if version.isascii() and version.isdigit() and len(version) < 10:
            found.append(Line(reference, int(version), posted.get(f"why_{reference}", "")))
    return found


def screened_out(user: User, before: str) -> dict[str, Any]:
    known = before.isascii() and before.isdigit() and len(before) < 19
    rows, following = queries.screened_out(user, int(before) if known else None)
    return {
        "rows": [
            {
                "child": screening.child.name,
                "reference": screening.child.contact.reference,
                "url": reverse("triage:contact", args=[screening.child.contact.reference]),
                "agency": screening.child.contact.agency.name,
                "grade": screening.grade,
                "level": screening.level,
                "reason": screening.reason,
                "who": f"Proposed by {screening.by}, signed off by {screening.signed_off_by}",
                "when": words.short_moment(screening.signed_off_at) if screening.signed_off_at else "",
            }
            for screening in rows
        ],
        "older_url": f"?before={following}" if following else "",
        "newer_url": reverse("screening:out") if known else "",
        "tabs": tabs("screening:out"),
    }


def of_notification(one: Listed, earlier: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Beside the form: what the police wrote, and what is known of each child from before."""
    return {
        "said": [
            {"key": "Police reference", "value": one.police_reference},
            {"key": "Grade", "value": grade_of(one.said)},
            {"key": "What happened", "value": one.narrative},
        ],
        "earlier": earlier,
    }


def before_now(children: Sequence[Child]) -> dict[str, str]:
    """A proposal that is there already, as the form's first words."""
    said = {}
    for child in children:
        if hasattr(child, "screening"):
            said[f"decision_{child.pk}"] = "out" if child.screening.screened_out else "triage"
            said[f"level_{child.pk}"] = str(child.screening.level or "")
            said[f"reason_{child.pk}"] = child.screening.reason
    return said
