"""The suite: like `local`, with hashing that is quick and mail that stays in memory. Importable without servers."""

from mash_portal.settings.base import *

PORTAL_DEMO = True
MFA_REQUIRED = False
SECRET_KEY = "for-tests-only"  # noqa: S105 - guards nothing
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Pages in the suite need no collected files; the processes of the journeys serve them as production does.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
