"""Refuse to start insecure, or with a URL that does not say who may come in."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from .door import Rule, anyone, signed_in

#: Views of allauth that the portal offers, and who may come: it is they that sign people in.
OF_ALLAUTH: dict[str, Rule] = {
    "account_login": anyone,
    "account_logout": signed_in,
    "account_reauthenticate": signed_in,
    "mfa_authenticate": anyone,
    "mfa_reauthenticate": signed_in,
    "mfa_index": signed_in,
    "mfa_activate_totp": signed_in,
    "mfa_deactivate_totp": signed_in,
    "mfa_generate_recovery_codes": signed_in,
    "mfa_view_recovery_codes": signed_in,
}


def all_urls(patterns: list[Any] | None = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every URL of the portal: its path pattern, its full name, its view."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from all_urls(entry.url_patterns, path, inner)
        elif isinstance(entry, URLPattern):
            yield path, space + (entry.name or ""), entry.callback


def rule_of(name: str, view: Any) -> Rule | None:
    """The access rule that a view declares, or that the table above gives for allauth's."""
    declared: Rule | None = getattr(view, "access_rule", None)
    return declared or OF_ALLAUTH.get(name)


@register(Tags.urls)
def every_url_declares_who_may_come_in(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    return [
        Error(
            f"{path} does not declare who may come in.", hint="Use @declares(…) of mash_portal.door.", id="portal.E001"
        )
        for path, name, view in all_urls()
        if rule_of(name, view) is None
    ]


@register(Tags.security, deploy=True)
def production_is_safe(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Only with --deploy, which the production commands run before they start."""
    wrong: list[CheckMessage] = []
    if not settings.MFA_REQUIRED:
        wrong.append(Error("Everybody needs a second factor in production.", hint="MFA_REQUIRED", id="portal.E002"))
    if settings.PORTAL_DEMO:
        wrong.append(Error("A demonstration shows its password to strangers.", hint="PORTAL_DEMO", id="portal.E003"))
    if not settings.CLAMAV:
        wrong.append(Error("No file may be opened before it is scanned for viruses.", hint="CLAMAV", id="portal.E004"))
    return wrong
