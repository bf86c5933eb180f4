"""The council's colours as a stylesheet: inline styles are forbidden by the content security policy."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from mash_portal.door import anyone, declares

DEFAULT_COLOUR = "#00566b"


def council_colour() -> str:
    """The setting if it is a plain colour in hexadecimal, else the default: nothing else may enter a stylesheet."""
    colour = str(getattr(settings, "COUNCIL_COLOUR", DEFAULT_COLOUR))
    return colour if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else DEFAULT_COLOUR


@declares(anyone)
@cache_control(public=True, max_age=3600)
def theme_css(request: HttpRequest) -> HttpResponse:
    colour = council_colour()
    return HttpResponse(f":root{{--council:{colour};--govuk-brand-colour:{colour}}}\n", content_type="text/css")
