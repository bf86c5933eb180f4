"""Fill an empty portal with the demonstration."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from referrals.demo import seed
from referrals.management.base import PortalCommand


class Command(PortalCommand):
    help = "Fill an empty portal with invented people, agencies, referrals and history. Refuses anywhere but in a demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="say nothing where the demonstration is already here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("This portal is not a demonstration (PORTAL_DEMO), so invented people are not added.")
        if not seed.is_empty():
            if not options["if_empty"]:
                self.stdout.write("The demonstration is already here; nothing was added.")
            return
        seed.seed(now=timezone.now(), say=lambda text: print(text, file=sys.stderr))
        self.stdout.write("The demonstration is ready.")
