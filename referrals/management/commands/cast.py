"""Print whom to sign in as."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mash_portal.accounts.cast import CAST, PASSWORD


class Command(BaseCommand):
    help = "Print the people of the demonstration, with their addresses and their password."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("This portal is not a demonstration (PORTAL_DEMO), so it has no cast.")
        for player in CAST:
            self.stdout.write(f"  {player.email:34} {player.full_name}, {player.job.lower()}: {player.shows}")
        self.stdout.write(f"  Password for everyone: {PASSWORD}")
