from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mash_portal.accounts"
    label = "accounts"
    verbose_name = "Who"

    def ready(self) -> None:
        """Register the portal's own checks before anything is checked."""
        from mash_portal import checks  # noqa: F401, PLC0415 - registers by being imported, which needs the models
