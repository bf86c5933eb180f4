"""Several lines of words; and a date in three boxes, as people write dates: 27 3 2019, 27 march 2019 or 27 mar 2019."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

PARTS = ("day", "month", "year")
MONTHS = [dt.date(2000, number, 1).strftime("%B").lower() for number in range(1, 13)]
Typed = dict[str, str]
#: Before anybody who is alive was born, and after anything that is planned.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2099, 12, 31)


def month_number(text: str) -> int:
    """1 to 12 for a number, a month's name or its first three letters or more; ValueError otherwise."""
    word = text.strip().lower().rstrip(".")
    if len(word) >= 3 and not word.isdigit():
        for number, name in enumerate(MONTHS, 1):
            if name.startswith(word):
                return number
    number = whole_number(word)
    if 1 <= number <= 12:
        return number
    raise ValueError(text)


def whole_number(text: str) -> int:
    """The number in plain digits, so that "٣", "1_0" or "-4" is not taken for one."""
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    raise ValueError(text)


def typed_parts(value: object) -> Typed:
    """Any value the field may hold (nothing, a date, "2019-03-27", what was typed) as the three boxes' text."""
    if isinstance(value, Mapping):
        return {part: str(value.get(part) or "") for part in PARTS}
    if isinstance(value, str) and value:
        try:
            return typed_parts(dt.date.fromisoformat(value))
        except ValueError:
            return {"day": value, "month": "", "year": ""}
    if isinstance(value, dt.date):
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
    return dict.fromkeys(PARTS, "")


class WordsField(forms.CharField):
    """Several lines in somebody's own words.

    `missing` is said where there are none; without it they may be left out, and so they may with `is_required` false,
    where it depends on other answers. `called` begins the sentence about too many, where the label is a question.
    """

    def __init__(
        self,
        label: str,
        missing: str = "",
        *,
        longest: int,
        hint: str = "",
        called: str = "",
        is_required: bool = True,
    ) -> None:
        said = {"required": missing}
        if called:
            said["max_length"] = f"{called} must be {longest:,} characters or fewer"
        super().__init__(
            label=label,
            help_text=hint,
            widget=forms.Textarea,
            max_length=longest,
            required=is_required and bool(missing),
            error_messages=said,
        )


class ChosenFileField(forms.FileField):
    """One file of the person's own. `missing` is said where none was chosen; `accept`: what the browser offers."""

    def __init__(self, label: str, missing: str, *, accept: str, hint: str = "", **options: Any) -> None:
        super().__init__(
            label=label,
            help_text=hint,
            widget=forms.FileInput(attrs={"class": "govuk-file-upload", "accept": accept}),
            error_messages={
                **dict.fromkeys(("required", "missing", "invalid"), missing),
                "empty": "The file is empty",
                "max_length": "The name of the file is too long: give it a shorter one",
            },
            **options,
        )


class DatePartsWidget(forms.Widget):
    """Three text inputs, name_day, name_month and name_year. What was typed is given back as it was typed."""

    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Typed:
        return {part: str(data.get(f"{name}_{part}") or "").strip() for part in PARTS}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in PARTS)


class DateOfAddress(DatePartsWidget):
    """Three boxes, or one date such as start=2017-09-01 in a link."""

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Typed:
        return typed_parts(str(data[name])) if data.get(name) else super().value_from_datadict(data, files, name)


class DatePartsField(forms.Field):
    """Gives a `datetime.date` or None. `subject` opens each message: "Date of birth must include a year".

    A day before `earliest` or after `latest` is a slip of the keyboard.
    """

    widget = DatePartsWidget

    def __init__(
        self,
        *,
        subject: str = "",
        blank_message: str = "",
        earliest: dt.date = EARLIEST,
        latest: dt.date = LATEST,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest
        self.subject = subject or str(self.label or "Date")
        self.blank_message = blank_message or f"Enter the {self.subject[:1].lower()}{self.subject[1:]}"

    def clean(self, value: object) -> dt.date | None:
        typed = typed_parts(value)
        missing = [part for part in PARTS if not typed[part]]
        if len(missing) == len(PARTS):
            if self.required:
                raise self.refused(self.blank_message, PARTS)
            return None
        if missing:
            needed = " and ".join(f"a {part}" for part in missing)
            raise self.refused(f"{self.subject} must include {needed}", missing)
        date = self.real_date(typed)
        if not self.earliest <= date <= self.latest:
            between = f"{self.earliest.year} and {self.latest.year}"
            raise self.refused(f"{self.subject} must be between {between}", ["year"])
        self.run_validators(date)
        return date

    def real_date(self, typed: Typed) -> dt.date:
        wrong = []
        numbers = {}
        for part, read, low, high in (("day", whole_number, 1, 31), ("month", month_number, 1, 12)):
            try:
                numbers[part] = read(typed[part])
            except ValueError:
                wrong.append(part)
            else:
                if not low <= numbers[part] <= high:
                    wrong.append(part)
        if not (typed["year"].isascii() and typed["year"].isdigit() and len(typed["year"]) == 4):
            raise self.refused(f"Year of the {self.lower_subject} must include 4 numbers", ["year"])
        if wrong:
            raise self.refused(f"{self.subject} must be a real date", wrong)
        try:
            return dt.date(int(typed["year"]), numbers["month"], numbers["day"])
        except ValueError:
            raise self.refused(f"{self.subject} must be a real date", ["day"]) from None

    @property
    def lower_subject(self) -> str:
        return self.subject[:1].lower() + self.subject[1:]

    def refused(self, message: str, parts: Any) -> ValidationError:
        """`parts` says which boxes are wrong: they are marked, and the summary links to the first."""
        return ValidationError(message, code="date", params={"parts": tuple(parts)})

    def has_changed(self, initial: object, data: object) -> bool:
        return typed_parts(initial) != typed_parts(data)
