"""Every address of the portal. Who may come in is said at each view (door.py) and checked at start (checks.py)."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, path, register_converter

from mash_portal.govuk.views import theme

from . import views
from .converters import Reference

register_converter(Reference, "reference")

sign_in: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.gauges, name="metrics"),
    path("theme.css", theme, name="theme"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("session/extend", views.extend_session, name="extend_session"),
    path("accounts/", include(sign_in)),
    path("people/", include("mash_portal.accounts.urls")),
    path("audit/", include("mash_portal.audit.urls")),
    path("", include("referrals.attachments.urls")),
    path("referrals/", include("referrals.intake.urls")),
    path("police-notifications/", include("referrals.intake.notifications.urls")),
    path("", include("referrals.screening.urls")),
    path("keys/", include("referrals.tokens.urls")),
    path("api/v1/", include("referrals.api.urls")),
    path("", include("referrals.following.urls")),
    path("", include("referrals.calls.urls")),
    path("", include("referrals.shift.urls")),
    path("", include("referrals.triage.urls")),
    path("", include("referrals.identity.urls")),
    path("", include("referrals.enquiries.urls")),
    path("", include("referrals.strategy.urls")),
    path("meetings/", include("referrals.meetings.urls")),
    path("", include("referrals.decision.urls")),
    path("", include("referrals.handover.urls")),
    path("", include("referrals.feedback.urls")),
    path("", include("referrals.disagreement.urls")),
    path("", include("referrals.promises.urls")),
    path("", include("referrals.restricted.urls")),
    path("", include("referrals.escalation.urls")),
    path("rota/", include("referrals.rota.urls")),
    path("dashboard/", include("referrals.insight.urls")),
    path("insight/agencies/", include("referrals.insight.agencies.urls")),
    path("returns/", include("referrals.returns.urls")),
    path("assurance/", include("referrals.assurance.urls")),
    path("settings/matrix/", include("referrals.administration.versions.urls")),
    path("settings/", include("referrals.administration.urls")),
]

handler404 = "mash_portal.views.not_found"
handler500 = "mash_portal.views.broken"
