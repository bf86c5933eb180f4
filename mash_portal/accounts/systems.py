"""Accounts that no message reaches: an agency's own systems, and people of whom only the name is known."""

from .models import Agency, User
from .roles import Role

#: Under this host nobody has a mailbox (RFC 2606): an administrator gives the person an address.
NO_ADDRESS = "no-address.invalid"


def account_of(agency: Agency) -> User:
    """The agency's systems as a user. Inactive: it has no password and no mailbox, so its people are told instead."""
    found, _ = User.objects.get_or_create(
        email=f"systems-{agency.pk}@{NO_ADDRESS}",
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
