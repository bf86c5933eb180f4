"""The portal itself: settings, doors, sign-in, audit and looks. No rule about a case lives here."""

from mash_portal.celery import app as celery_app

__all__ = ["celery_app"]
