"""The page of one agency as a tagged PDF: for the meeting, so as the agency may have it, whoever prints it."""

from django.conf import settings
from django.template.loader import render_to_string

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.govuk import words
from referrals import printing
from referrals.printing import Paper

from . import links, one


def of(page: one.Page, *, by: User) -> Paper:
    """Every copy is in the trail, with the days it is about."""
    said = one.context(page) | {
        "council": settings.COUNCIL_NAME,
        "printed": f"{words.long_moment(page.now)} by {by}",
    }
    css = render_to_string("papers/agency.css")
    content = printing.pressed(css, render_to_string("papers/agency.html", said))
    details = {"agency": page.agency.pk, "filters": links.days(page.period), "bytes": len(content)}
    trail.record("printed:agency", by=by, details=details)
    return Paper(f"agency-{page.agency.pk}-{page.period.first}-{page.period.last}.pdf", content)
