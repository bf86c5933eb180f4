from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "mash_portal.audit"
    label = "audit"
    verbose_name = "What happened"
