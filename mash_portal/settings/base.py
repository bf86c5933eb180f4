"""What every installation shares. Each value that may differ is read from the environment (docs/settings.md)."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from mash_portal.settings import environment

ROOT = Path(__file__).resolve().parents[2]
DATA_DIR = (ROOT / environment.text("DATA_DIR", ".data")).resolve()

# Who runs this portal, and what people read on every page.
COUNCIL_NAME = environment.text("COUNCIL_NAME", "Alderbrook Council")
COUNCIL_COLOUR = environment.text("COUNCIL_COLOUR", "#00544d")
MASH_PHONE = environment.text("MASH_PHONE", "01632 960100")
EDT_PHONE = environment.text("EDT_PHONE", "01632 960199")
PORT = environment.number("PORT", 8000)
BASE_URL = environment.text("BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
PORTAL_DEMO = False
MFA_REQUIRED = True

DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY", "")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost")
ROOT_URLCONF = "mash_portal.urls"
WSGI_APPLICATION = "mash_portal.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "crispy_forms",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "mash_portal.accounts",
    "mash_portal.audit",
    "mash_portal.govuk",
    "thresholds",
    "referrals",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mash_portal.middleware.RequestId",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "mash_portal.middleware.NoStore",
    "mash_portal.middleware.SessionEnds",
    "mash_portal.middleware.OnlyOnePage",
    "mash_portal.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "referrals.refusal_page.RefusalPage",
    "axes.middleware.AxesMiddleware",
]

LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mash_portal.context.portal",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["govuk"]
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

# Records. Their owner migrates the schema (MIGRATION_DATABASE_URL, see manage.py); the portal runs as a lesser role.
DATABASE_URL = environment.text("DATABASE_URL", "postgresql://portal_app@/portal")
DATABASES = {"default": environment.database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Nothing of a case is cached: what is held in memory is counts of attempts, and goes with the process.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(ROOT / "staticfiles")))
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mash_portal.storage.ManifestStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# How many requests a minute an agency's system may send before it is flagged; none is ever refused for coming fast.
API_RATE_PER_MINUTE = environment.number("API_RATE_PER_MINUTE", 60)

# Files that go with referrals: where they are kept, how large and how many they may be, and who scans them
# (`host:port` of clamd, or the path of its socket). Without a scanner only a demonstration opens them, and says so.
ATTACHMENT_DIR = Path(environment.text("ATTACHMENT_DIR", str(DATA_DIR / "attachments")))
ATTACHMENT_BYTES = environment.number("ATTACHMENT_MEGABYTES", 25) * 1024 * 1024
ATTACHMENTS_PER_REFERRAL = environment.number("ATTACHMENTS_PER_REFERRAL", 20)
CLAMAV = environment.text("CLAMAV", "")
FILE_UPLOAD_HANDLERS = [
    "mash_portal.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Where each decided contact is posted to for the case management system, and the secret that signs it (docs/export.md).
CASE_SYSTEM_URL = environment.text("CASE_SYSTEM_URL", "")
CASE_SYSTEM_SECRET = environment.text("CASE_SYSTEM_SECRET", "")

# Sign-in: by e-mail address, closed to strangers, locked per person and address and never for a whole school.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "mash_portal.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Counted by axes, per person and address, in the database. By address alone would lock a school out.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reset_password": "5/m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = COUNCIL_NAME
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# allauth's form posts the address as "login" and hands it to the backends as "email", which is where axes reads it.
AXES_USERNAME_FORM_FIELD = "email"
AXES_CLIENT_IP_CALLABLE = "mash_portal.proxy.client_address"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Sessions live in the database, so that signing in never waits for Redis. middleware.SessionEnds keeps both limits:
# a page that polls in the background must not keep anybody signed in, which Django's own cookie age cannot tell.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_AGE = 15 * 60
SESSION_ABSOLUTE_AGE = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_AGE
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mash_portal.views.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

for _name, _value in environment.email(environment.text("EMAIL_URL", "console://")).items():
    globals()[_name] = _value
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "MASH <no-reply@alderbrook.example>")

# GOV.UK Notify carries e-mails where the first two are set, and texts where the first and third are; else SMTP does.
NOTIFY_API_KEY = environment.text("NOTIFY_API_KEY", "")
NOTIFY_EMAIL_TEMPLATE = environment.text("NOTIFY_EMAIL_TEMPLATE", "")
NOTIFY_TEXT_TEMPLATE = environment.text("NOTIFY_TEXT_TEMPLATE", "")
NOTIFY_URL = environment.text("NOTIFY_URL", "https://api.notifications.service.gov.uk")

# Who watches the watchers: how long one may be silent, what is told to whom off this host, and who may read the gauges.
SILENCE_SECONDS = environment.number("SILENCE_SECONDS", 90)
CELERY_EXPECTED = environment.flag("CELERY_EXPECTED", default=False)
PING_URL = environment.text("PING_URL", "")
METRICS_TOKEN = environment.text("METRICS_TOKEN", "")

# Celery hurries the timers along and is never the only holder of anything.
REDIS_URL = environment.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "health_check_interval": 5,
}
CELERY_TIMEZONE = "UTC"
# Where beat notes when it last ticked: worth nothing after a restart, so any place that can be written will do.
CELERY_BEAT_SCHEDULE_FILENAME = environment.text(
    "BEAT_SCHEDULE_FILE", str(Path(tempfile.gettempdir()) / f"mash-portal-beat-{os.getuid()}-{PORT}")
)
# A tick that nobody took within its own interval is dropped: after downtime one sweep catches up, not a hundred.
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "referrals.tasks.sweep_deadlines", "schedule": 10.0, "options": {"expires": 10}},
    "send": {"task": "referrals.tasks.send_notices", "schedule": 10.0, "options": {"expires": 10}},
    "drafts": {"task": "referrals.tasks.keep_drafts", "schedule": 60.0, "options": {"expires": 60}},
    "figures": {"task": "referrals.tasks.refresh_insight", "schedule": 60.0, "options": {"expires": 60}},
    "canary": {"task": "referrals.tasks.sing", "schedule": 10.0, "options": {"expires": 30}},
}
CELERY_BEAT_SCHEDULER = "mash_portal.beat:Scheduler"

# Logs say what failed and where, by request id: no body, no query string, no value that anybody typed.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "mash_portal.logs.Formatter", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "filters": {"by_kind": {"()": "mash_portal.logs.ByKind"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["by_kind"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": False},
        "axes": {"level": "ERROR"},
        "csp": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "notifications_python_client": {"level": "ERROR"},
    },
}
