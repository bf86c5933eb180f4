"""Sends referrals from a file through the same action as the page, one answer per line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from referrals.intake import batch
from referrals.intake.reading import BadDocument, moment_of
from referrals.management.base import PortalCommand


class Command(PortalCommand):
    help = (
        "Send the referrals in a YAML file (the shape of referrals/demo/referrals.yaml). Prints one JSON line for each."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--received-at", default="", help="When they were received, where a document says nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            default = moment_of(options["received_at"], "--received-at") if options["received_at"] else None
            documents = batch.documents_in(options["file"])
        except BadDocument as refusal:
            raise CommandError(str(refusal)) from None
        for number, data in enumerate(documents, 1):
            answer = {"id": batch.name_of(data, number), **batch.send(data, default)}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
