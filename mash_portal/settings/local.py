"""`make run` and commands typed beside it: production's shape on this machine, without TLS, with invented people."""

from mash_portal.settings import environment
from mash_portal.settings.base import *
from mash_portal.settings.base import DATA_DIR, PORT

PORTAL_DEMO = environment.flag("PORTAL_DEMO", default=True)
MFA_REQUIRED = environment.flag("MFA_REQUIRED", default=False)
SECRET_KEY = environment.text("SECRET_KEY", "local-only-and-known-to-everybody: production refuses to start with it")
CSRF_TRUSTED_ORIGINS = [f"http://127.0.0.1:{PORT}", f"http://localhost:{PORT}"]

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
