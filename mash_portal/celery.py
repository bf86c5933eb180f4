"""Celery, an accelerator only: every deadline and message is a row, and `manage.py run_timers` alone is enough."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mash_portal.settings.production")

app = Celery("mash_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
