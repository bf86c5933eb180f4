"""As many tickets as there are contacts, up to MOST; one in twenty is open. Run with the peer's settings."""

import sys
from datetime import timedelta
from importlib import import_module

import django
from django.utils import timezone

#: With so many tickets was it measured for the goals.
MOST = 100_000
OPEN_OF = 20
NAME, PASSWORD = "worker", "beside the portal"
OPEN, CLOSED = 1, 4


def fill(number: int) -> None:
    people, models = import_module("django.contrib.auth.models"), import_module("helpdesk.models")
    queue = models.Queue.objects.create(title="Front door", slug="front-door", allow_public_submission=True)
    worker = people.User.objects.create_superuser(NAME, "worker@example.org", PASSWORD)
    now = timezone.now()
    models.Ticket.objects.bulk_create(
        (
            models.Ticket(
                queue=queue,
                title=f"Ticket number {one}",
                submitter_email=f"person{one}@example.org",
                status=OPEN if one % OPEN_OF == 0 else CLOSED,
                assigned_to=worker if one % 2 else None,
                description="What somebody has to say about it. " * 5,
                priority=one % 5 + 1,
                created=now - timedelta(minutes=5 * one),
            )
            for one in range(number)
        ),
        batch_size=2000,
    )


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[1]))
