"""As `make run`, with mail that goes to a server, as production's does."""

from mash_portal.settings.local import *  # noqa: F403 - as settings are made here

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
