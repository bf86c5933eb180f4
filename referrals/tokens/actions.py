"""Everything that is written about a key. The key itself is shown once and kept nowhere: its hash is enough."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.accounts.systems import account_of
from mash_portal.audit import trail
from referrals.models import ApiToken
from referrals.models.machines import ApiTokenQuerySet
from referrals.refusals import Objection, Refused
from referrals.vocabulary import AgencyKind, Scope

#: How long the old key goes on working beside the one that replaces it.
OVERLAP = timedelta(days=7)
NOT_A_FORCE = "Only a police force’s system can send police notifications."


def hashed(key: str) -> str:
    """A key is 192 random bits: a plain hash cannot be guessed back, and takes no time on each request."""
    return hashlib.sha256(key.encode()).hexdigest()


def tokens_of(user: User) -> ApiTokenQuerySet:
    """The keys that this person keeps: an administrator every agency's, a safeguarding lead their own agency's."""
    if user.as_role is Role.ADMINISTRATOR:
        return ApiToken.objects.all()
    if user.as_role is Role.SAFEGUARDING_LEAD and user.agency_id:
        return ApiToken.objects.filter(agency=user.agency_id)
    return ApiToken.objects.none()


def token_of(user: User, pk: int, *, lock: bool = False) -> ApiToken:
    tokens = tokens_of(user).select_related("agency", "made_by", "acts_as")
    found = (tokens.select_for_update(of=("self",)) if lock else tokens).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def make(agency: Agency, *, name: str, scopes: Sequence[Scope], by: User) -> tuple[ApiToken, str]:
    """A new key and, once, its text."""
    if by.as_role is not Role.ADMINISTRATOR and by.agency_id != agency.pk:
        raise Http404
    if Scope.POLICE in scopes and agency.kind != AgencyKind.POLICE:
        raise Refused(Objection("scopes", NOT_A_FORCE))
    token, key = _made(agency, name=name, scopes=scopes, by=by)
    trail.record("key:make", by=by, details={"key": token.pk, "agency": agency.pk, "scopes": list(token.scopes)})
    return token, key


@transaction.atomic
def rotate(pk: int, *, by: User) -> tuple[ApiToken, str]:
    """A key in place of another, which works for seven days more, so that nothing is lost while it is changed over."""
    now = timezone.now()
    old = token_of(by, pk, lock=True)
    _is_alive(old)
    if old.expires_at is not None:
        raise Refused("This key has been replaced already. Replace the new one, or revoke this one.")
    old.expires_at = now + OVERLAP
    old.save(update_fields=["expires_at"])
    token, key = _made(old.agency, name=old.name, scopes=[Scope(scope) for scope in old.scopes], by=by)
    trail.record("key:rotate", by=by, details={"key": old.pk, "new": token.pk})
    return token, key


@transaction.atomic
def revoke(pk: int, *, by: User) -> ApiToken:
    """From this moment the key opens nothing. Revoking twice changes nothing."""
    token = token_of(by, pk, lock=True)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        trail.record("key:revoke", by=by, details={"key": token.pk})
    return token


def _is_alive(token: ApiToken) -> None:
    if token.revoked_at is not None:
        raise Refused("This key has been revoked. Make a new one.")
    if token.expires_at is not None and token.expires_at <= timezone.now():
        raise Refused("This key has run out. Make a new one.")


def _made(agency: Agency, *, name: str, scopes: Sequence[Scope], by: User) -> tuple[ApiToken, str]:
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(24)
    key = f"mash_{prefix}_{secret}"
    token = ApiToken.objects.create(
        agency=agency,
        acts_as=account_of(agency),
        name=name,
        prefix=prefix,
        hashed=hashed(key),
        scopes=[scope.value for scope in scopes],
        made_by=by,
        made_at=timezone.now(),
    )
    return token, key
