"""Which indicators of the published matrix somebody may mean, best first, as JSON."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from referrals.management.base import PortalCommand
from thresholds.finding import find
from thresholds.models import Matrix

MOST = 10


class Command(PortalCommand):
    help = "Print the ten indicators that fit everyday words best, such as: find_indicator “won't go to school”."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="*", metavar="WORDS", help="what somebody would say or type")

    def handle(self, *args: Any, **options: Any) -> None:
        words = " ".join(options["words"]).strip()
        if not words:
            raise CommandError("Say what you are looking for, such as: hungry.")
        try:
            found = find(words, matrix=Matrix.objects.current(), limit=MOST)
        except Matrix.DoesNotExist as error:
            raise CommandError("No matrix has been published.") from error
        answer = [{"code": one.code, "level": one.level, "text": one.text, "score": one.score} for one in found]
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
