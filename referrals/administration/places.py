"""The administrator's settings as the line of links above each of their pages."""

from django.http import HttpRequest
from django.urls import reverse

PAGES = (
    ("Clocks", "settings:clocks"),
    ("Working hours", "settings:hours"),
    ("On duty", "settings:duty"),
    ("Messages", "settings:messages"),
    ("Deliveries", "settings:deliveries"),
    ("Agencies", "settings:agencies"),
    ("Threshold matrix", "versions:versions"),
)


def of(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Each with its address, and whether this page is within it."""
    return [(label, reverse(name), request.path.startswith(reverse(name))) for label, name in PAGES]
