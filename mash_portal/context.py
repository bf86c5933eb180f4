"""What every page knows: whose service this is, where this person may go, and whether the timers are awake."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from referrals.rules import permissions

from .accounts.cast import CAST, PASSWORD
from .accounts.models import User
from .middleware import ONLY
from .navigation import navigation_for
from .watch import staff_banner


def portal(request: HttpRequest) -> dict[str, Any]:
    known = {
        "council_name": settings.COUNCIL_NAME,
        "mash_phone": settings.MASH_PHONE,
        "edt_phone": settings.EDT_PHONE,
        "demo": settings.PORTAL_DEMO,
        "idle_seconds": settings.SESSION_IDLE_AGE,
    }
    user = getattr(request, "user", None)
    if isinstance(user, User):
        staff = user.as_role in permissions.QUEUE | permissions.ADMINISTRATION
        only = request.session.get(ONLY)
        return {
            "portal": known,
            "only": only,
            "home": reverse(only or "home"),
            "navigation": [] if only else navigation_for(user, request.path),
            "staff_banner": staff_banner() if staff else "",
        }
    if settings.PORTAL_DEMO:
        known |= {"cast": CAST, "cast_password": PASSWORD}
    return {"portal": known, "navigation": [], "staff_banner": ""}
