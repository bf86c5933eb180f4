"""The ruler: the published matrix of need, level by level. It knows of no contact."""

from django.apps import AppConfig


class ThresholdsConfig(AppConfig):
    name = "thresholds"
    default_auto_field = "django.db.models.BigAutoField"
