"""A day in three boxes and a time of day in one, as people write times: 2:30pm, 14:30, 2.30 pm, 9am."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mash_portal.govuk.words import LONDON

_FORMATS = ("%H:%M", "%I:%M%p", "%I%p", "%H%M")


class TimeField(forms.CharField):
    """Gives a `time` or None. `wrong` is the message for what is no time."""

    def __init__(self, *, wrong: str, **options: Any) -> None:
        super().__init__(max_length=20, required=False, **options)
        self.wrong = wrong

    def clean(self, value: object) -> time | None:
        typed = str(super().clean(value)).lower().replace(" ", "").replace(".", ":")
        if not typed:
            return None
        found = time_from(typed)
        if found is None:
            raise ValidationError(self.wrong)
        return found


def time_from(typed: str) -> time | None:
    """The time that was typed, without spaces; None where it is none."""
    for shape in _FORMATS:
        try:
            return datetime.strptime(typed, shape).time()  # noqa: DTZ007 - a time of day has no zone
        except ValueError:
            continue
    return None


def moment(day: date | None, at: time | None) -> datetime | None:
    """Both, in London; None where one is missing."""
    return None if day is None or at is None else datetime.combine(day, at, LONDON)


def time_words(at: datetime | None) -> str:
    """ "14:30", as the box gives it back."""
    return f"{at.astimezone(LONDON):%H:%M}" if at else ""
