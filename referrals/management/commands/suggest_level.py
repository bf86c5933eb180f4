"""What level the published matrix suggests for some indicators, and why, as JSON."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from referrals.management.base import PortalCommand
from thresholds.models import Matrix


class Command(PortalCommand):
    help = "Print the level, alerts and reasons that evidence for these indicator codes leads to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE", help="an indicator of the matrix, such as L4-HEA-10")
        parser.add_argument("--care-profile-grade", type=int, help="the grade of a Graded Care Profile")
        parser.add_argument("--dvrim-scale", type=int, help="the scale of the domestic violence risk matrix")

    def handle(self, *args: Any, **options: Any) -> None:
        grade, scale = options["care_profile_grade"], options["dvrim_scale"]
        codes = [code.strip().upper() for code in options["codes"]]
        if not codes and grade is None and scale is None:
            raise CommandError("Give at least one indicator code, such as L4-HEA-10.")
        try:
            found = Matrix.objects.current().suggest(codes, care_profile_grade=grade, dvrim_scale=scale)
        except Matrix.DoesNotExist as error:
            raise CommandError("No matrix has been published.") from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        answer = {"level": found.level, "alerts": list(found.alerts), "because": list(found.because)}
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
