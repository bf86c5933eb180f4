"""The council's colour as a stylesheet: inline styles are forbidden by the content security policy."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from mash_portal.door import anyone, declares

DEFAULT = "#00544d"
#: White text on the colour, and links of the colour on white, need this much contrast (WCAG 2.2, 1.4.3).
ENOUGH = 4.5


def contrast_with_white(colour: str) -> float:
    """The contrast of "#rrggbb" with white, from 1 to 21, as WCAG reckons it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def council_colour() -> str:
    """The setting if it is "#rrggbb" and dark enough to read, else the default. Nothing else enters the stylesheet."""
    colour = str(settings.COUNCIL_COLOUR)
    readable = re.fullmatch(r"#[0-9a-fA-F]{6}", colour) and contrast_with_white(colour) >= ENOUGH
    return colour if readable else DEFAULT


@declares(anyone)
@cache_control(public=True, max_age=3600)
def theme(request: HttpRequest) -> HttpResponse:
    colour = council_colour()
    return HttpResponse(f":root{{--council:{colour};--govuk-brand-colour:{colour}}}\n", content_type="text/css")
