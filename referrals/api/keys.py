"""Whose key a request carries, what it may do, and whether it comes faster than was agreed."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from ninja.security import HttpBearer

from mash_portal.audit import trail
from referrals.models import ApiRequest, ApiToken
from referrals.tokens.actions import hashed
from referrals.vocabulary import Scope

from .problems import Problem

_KEY = re.compile(r"^mash_([0-9a-f]{10})_[A-Za-z0-9_-]{32}$", re.ASCII)
MINUTE = timedelta(minutes=1)


class Key(HttpBearer):
    """`Authorization: Bearer mash_…`. No session, no cookie."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return owner_of(token)


def owner_of(key: str) -> ApiToken | None:
    """The key’s row while it works: not revoked, not run out, its agency active."""
    shape = _KEY.match(key)
    if shape is None:
        return None
    now = timezone.now()
    found = ApiToken.objects.alive(now).select_related("agency", "acts_as__agency").filter(prefix=shape[1]).first()
    if found is None or not constant_time_compare(found.hashed, hashed(key)) or not found.agency.is_active:
        return None
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - MINUTE)
    ApiToken.objects.filter(stale, pk=found.pk).update(last_used_at=now)
    return found


def token_of(request: HttpRequest, scope: Scope) -> ApiToken:
    """The key of this request, if it may do this."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by ninja from Key
    if scope not in token.scopes:
        raise Problem(403, f"This key may not do this. It needs “{scope.label}”.")
    return token


def comes_too_fast(token: ApiToken) -> bool:
    """More than agreed within a minute. It is taken all the same, and somebody can see that it happened."""
    recent = ApiRequest.objects.filter(token=token, at__gt=timezone.now() - MINUTE)
    if recent.count() < settings.API_RATE_PER_MINUTE:
        return False
    if not recent.filter(flagged=True).exists():
        trail.record("key:too_fast", by=token.acts_as, details={"key": token.pk})
    return True
