"""Parts of a time and times of the day, as people type them."""

import re
from datetime import time
from fractions import Fraction

from django.forms import ValidationError

_SHARE = re.compile(r"^\d{1,3}(?:\.\d{1,4}|/\d{1,3})?%?$", re.ASCII)
_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$", re.ASCII | re.IGNORECASE)


def share_of(typed: str) -> Fraction | None:
    """ "1/2", "0.5" and "50%" are a half; None for what is no part of a whole."""
    text = typed.replace(" ", "")
    if not _SHARE.match(text):
        return None
    try:
        share = Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ZeroDivisionError:
        return None
    share = share.limit_denominator(1000)
    return share if 0 < share < 1 else None


def time_of(typed: str, said: str) -> time:
    found = _TIME.match(typed.strip())
    if found:
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour < 24 and minute < 60 and not (half and int(found[1]) > 12):
            return time(hour, minute)
    raise ValidationError(f"Enter the time at which the working day {said}")
