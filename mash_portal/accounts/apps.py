from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mash_portal.accounts"
    label = "accounts"
    verbose_name = "Who"
