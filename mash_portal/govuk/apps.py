from django.apps import AppConfig


class GovukConfig(AppConfig):
    name = "mash_portal.govuk"
    label = "govuk"
    verbose_name = "How it looks"
