"""The real thing: everything from the environment, nothing with a default that would be unsafe."""

from django.core.exceptions import ImproperlyConfigured

from mash_portal.settings import environment
from mash_portal.settings.base import *
from mash_portal.settings.base import BASE_URL

SHORTEST_SECRET = 50

SECRET_KEY = environment.text("SECRET_KEY")
if len(SECRET_KEY) < SHORTEST_SECRET:
    raise ImproperlyConfigured(f"Set SECRET_KEY to at least {SHORTEST_SECRET} random characters.")
for _needed in ("DATABASE_URL", "REDIS_URL", "BASE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "ATTACHMENT_DIR", "CLAMAV"):
    environment.text(_needed)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names this portal answers to, separated by commas.")
ALLOWED_HOSTS += ["127.0.0.1"]  # its own health check asks there
CSRF_TRUSTED_ORIGINS = [BASE_URL]

PORTAL_DEMO = False
MFA_REQUIRED = True

# TLS ends at the proxy in front, which must set X-Forwarded-Proto and drop a client's own.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = environment.number("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
