"""Columns that are worked out from others whenever their row is written, so that a child can be found by them."""

from typing import TYPE_CHECKING, Any

from django.db import models

from referrals.rules import matching

if TYPE_CHECKING:
    Text = models.CharField[str, str]
    Number = models.SmallIntegerField[int | None, int | None]
else:
    Text, Number = models.CharField, models.SmallIntegerField

_RULES = {"given_names": matching.given_sound, "family_name": matching.family_sound}


class SoundField(Text):
    """How a name of the row sounds. Filled like a time stamp, in every insert, so that no writer can forget it."""

    def __init__(self, *args: Any, of: str, **options: Any) -> None:
        options.update(max_length=matching.SOUND_LENGTH, editable=False, blank=True, db_default="")
        super().__init__(*args, **options)
        self.of = of

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        return name, path, list(args), options | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        heard = _RULES[self.of](getattr(model_instance, self.of))
        setattr(model_instance, self.attname, heard)
        return heard


class BirthYearField(Number):
    """The year of birth as far as it is known: of the birth date, of the date expected, or of an estimated age."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.update(null=True, blank=True, editable=False)
        super().__init__(*args, **options)

    def pre_save(self, model_instance: models.Model, add: bool) -> int | None:
        year = year_of_birth(model_instance)
        setattr(model_instance, self.attname, year)
        return year


def year_of_birth(row: Any) -> int | None:
    """Of a child's row, as far as it says."""
    read = models.DateField().to_python
    if day := read(row.date_of_birth) or read(row.expected_date):
        return int(day.year)
    if row.estimated_age is None:
        return None
    return int(row.received_at.year) - int(row.estimated_age)
