"""The real thing: everything from the environment, nothing with a default that would be unsafe."""

from django.core.exceptions import ImproperlyConfigured

from mash_portal.settings import environment
from mash_portal.settings.base import *
from mash_portal.settings.base import (
    BASE_URL,
    CASE_SYSTEM_SECRET,
    CASE_SYSTEM_URL,
    METRICS_TOKEN,
    NOTIFY_API_KEY,
    NOTIFY_URL,
    PING_URL,
)

SHORTEST_SECRET = 50
SHORTEST_TOKEN = 32
#: A key of Notify ends with two numbers of 36 characters and a hyphen between them.
SHORTEST_NOTIFY_KEY = 73

SECRET_KEY = environment.text("SECRET_KEY")
if len(SECRET_KEY) < SHORTEST_SECRET:
    raise ImproperlyConfigured(f"Set SECRET_KEY to at least {SHORTEST_SECRET} random characters.")
for _needed in ("DATABASE_URL", "REDIS_URL", "BASE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "ATTACHMENT_DIR", "CLAMAV"):
    environment.text(_needed)
if CASE_SYSTEM_URL and not CASE_SYSTEM_URL.startswith("https://"):
    raise ImproperlyConfigured("CASE_SYSTEM_URL has to start with https://: what is sent there is about children.")
if CASE_SYSTEM_URL and len(CASE_SYSTEM_SECRET) < SHORTEST_SECRET:
    raise ImproperlyConfigured(f"Set CASE_SYSTEM_SECRET to at least {SHORTEST_SECRET} random characters.")
if NOTIFY_API_KEY and len(NOTIFY_API_KEY) < SHORTEST_NOTIFY_KEY:
    raise ImproperlyConfigured("NOTIFY_API_KEY is too short: copy the whole key from GOV.UK Notify.")
for _name, _address in (("NOTIFY_URL", NOTIFY_URL), ("PING_URL", PING_URL)):
    if _address and not _address.startswith("https://"):
        raise ImproperlyConfigured(f"{_name} has to start with https://")
if METRICS_TOKEN and len(METRICS_TOKEN) < SHORTEST_TOKEN:
    raise ImproperlyConfigured(f"Set METRICS_TOKEN to at least {SHORTEST_TOKEN} random characters, or not at all.")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names this portal answers to, separated by commas.")
ALLOWED_HOSTS += ["127.0.0.1"]  # its own health check asks there
CSRF_TRUSTED_ORIGINS = [BASE_URL]

PORTAL_DEMO = False
MFA_REQUIRED = True
# A worker or beat that was never started is as silent as one that stopped.
CELERY_EXPECTED = environment.flag("CELERY_EXPECTED", default=True)

# TLS ends at the proxy in front, which must set X-Forwarded-Proto and drop a client's own.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = environment.number("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
