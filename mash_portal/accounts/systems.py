"""The account that an agency's own systems act as: named on what they send, and nobody can sign in to it."""

from .models import Agency, User
from .roles import Role


def account_of(agency: Agency) -> User:
    """The agency's systems as a user. Inactive: it has no password and no mailbox, so its people are told instead."""
    found, _ = User.objects.get_or_create(
        email=f"systems-{agency.pk}@no-address.invalid",
        defaults={
            "full_name": f"{agency.name[:100]} (systems)",
            "job": "Sends and follows by itself",
            "agency": agency,
            "role": Role.REFERRER,
            "is_active": False,
            "password": "!",
        },
    )
    found.agency = agency
    return found
