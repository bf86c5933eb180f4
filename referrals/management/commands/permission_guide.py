"""Print docs/permissions.md from the permission table."""

from django.core.management.base import BaseCommand

from referrals.rules.permission_guide import guide


class Command(BaseCommand):
    help = "Print who may do what, as Markdown, from the permission table."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(guide(), ending="")
