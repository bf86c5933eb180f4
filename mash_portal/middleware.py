"""What happens around every request: a number for it, nothing kept by browsers, and sessions that end."""

import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .accounts.models import User
from .audit import trail
from .door import View, admits

Handler = Callable[[HttpRequest], HttpResponse]

#: How often the session row is written while somebody works; their 15 minutes are measured to within this.
SEEN_EVERY = 30
#: In a session: the only page that it still opens, by its URL name.
ONLY = "only"
#: What such a session opens besides: nothing of it shows a record.
HARMLESS = frozenset({"account_logout", "healthz", "theme"})


class RequestId:
    """Give every request a number: it stands in the audit line, in the log and on the error page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = str(uuid.uuid4())
        token = trail.request_id.set(number)
        try:
            response = self.get_response(request)
        finally:
            trail.request_id.reset(token)
        response["X-Request-ID"] = number
        return response


class NoStore:
    """No signed-in page is kept by a browser or a proxy: school computers are shared."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "public" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "no-store"
        return response


class SessionEnds:
    """Sign out after 15 minutes without a request by the person, and after 12 hours whatever happens (ASVS 3.3).

    A page that polls in the background says so with the header X-Background, and does not count as the person, except
    on a wall screen, where there is nobody: that lives while it refreshes itself.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = int(time.time())
        started = request.session.setdefault("started", now)
        seen = request.session.setdefault("seen", now)
        if now - seen > settings.SESSION_IDLE_AGE or now - started > settings.SESSION_ABSOLUTE_AGE:
            return _end(request)
        if now - seen >= SEEN_EVERY and ("X-Background" not in request.headers or ONLY in request.session):
            request.session["seen"] = now
        return self.get_response(request)


class OnlyOnePage:
    """A session that is on a wall screen shows that page to whom it is for; anything else that is asked of it ends it.

    What is not there at all ends nothing: browsers ask for icons of their own accord.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        only = request.session.get(ONLY)
        if only is None or not isinstance(request.user, User) or request.resolver_match is None:
            return None
        asked = request.resolver_match.view_name
        shows = asked == only and request.method == "GET" and admits(view, request.user)
        return None if shows or asked in HARMLESS else _end(request, why="wall")


def _end(request: HttpRequest, why: str = "1") -> HttpResponse:
    """Sign out and say so; after signing in again the person is where they were."""
    sign_in = reverse("account_login")
    back = request.GET.get("next", "/") if request.path == sign_in else request.get_full_path()
    logout(request)
    return redirect(f"{sign_in}?{urlencode({'next': back, 'ended': why})}")


class SecondFactor:
    """Where a second factor is required, a person without one can do nothing but set one up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.MFA_REQUIRED and isinstance(request.user, User) and not self._has_one(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    @staticmethod
    def _has_one(request: HttpRequest) -> bool:
        from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415 - allauth's models need the app registry

        free = (reverse("account_logout"), reverse("mfa_activate_totp"), reverse("account_reauthenticate"))
        return request.path.startswith(("/static/", *free)) or is_mfa_enabled(request.user)
