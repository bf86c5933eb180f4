"""The forms of the rota: a turn, and how long a message waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from mash_portal.accounts.models import User
from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from mash_portal.govuk.words import LONDON, time_of_day
from referrals.models import Turn

_TIME = "Enter the time as hours and minutes, such as 17:00 or 5:00pm"
_MINUTES = "Enter a whole number of minutes"


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text="For example, 17:00 or 5:00pm",
        widget=forms.TextInput,
        input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p"],
        error_messages={"required": _TIME, "invalid": _TIME},
    )


class TurnForm(GovukForm):
    """Who, from when to when. One that has begun keeps its beginning."""

    buttons = (Button("Save this turn"),)
    looks = {"starts_at": Look(width="10"), "ends_at": Look(width="10")}

    person = forms.ChoiceField(
        label="Who is on duty?",
        error_messages={"required": "Choose who is on duty", "invalid_choice": "Choose somebody from the list"},
    )
    starts_on = DatePartsField(
        label="On which day does it start?", subject="First day", blank_message="Enter the day on which it starts"
    )
    starts_at = _time("At what time does it start?")
    ends_on = DatePartsField(
        label="On which day does it end?", subject="Last day", blank_message="Enter the day on which it ends"
    )
    ends_at = _time("At what time does it end?")

    def __init__(self, people: Sequence[User], *args: Any, has_begun: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(one.pk): one for one in people}
        choices = [(key, f"{one.full_name}, {one.as_role.label.lower()}") for key, one in self.people.items()]
        self.fields["person"].choices = [("", "Choose a person"), *choices]  # type: ignore[attr-defined]  # a ChoiceField
        if has_begun:
            del self.fields["starts_on"], self.fields["starts_at"]

    @property
    def chosen(self) -> User:
        return self.people[self.cleaned_data["person"]]

    def moments(self) -> tuple[datetime | None, datetime]:
        """From when to when, in London. None: as it was. Only for a valid form."""
        said = self.cleaned_data
        ends = datetime.combine(said["ends_on"], said["ends_at"], tzinfo=LONDON)
        if "starts_on" not in said:
            return None, ends
        return datetime.combine(said["starts_on"], said["starts_at"], tzinfo=LONDON), ends


def as_typed(turn: Turn) -> dict[str, Any]:
    """A turn as its form shows it."""
    starts, ends = turn.starts_at.astimezone(LONDON), turn.ends_at.astimezone(LONDON)
    return {
        "person": str(turn.person_id),
        "starts_on": starts.date(),
        "starts_at": time_of_day(starts),
        "ends_on": ends.date(),
        "ends_at": time_of_day(ends),
    }


class WaitsForm(GovukForm):
    """How long a message waits to be acknowledged."""

    buttons = (Button("Save"),)
    looks = {name: Look(width="4", inputmode="numeric", suffix="minutes") for name in ("red", "other")}

    red = forms.IntegerField(
        label="About a red contact",
        widget=forms.TextInput,
        error_messages={"required": _MINUTES, "invalid": _MINUTES},
    )
    other = forms.IntegerField(
        label="About any other contact",
        widget=forms.TextInput,
        error_messages={"required": _MINUTES, "invalid": _MINUTES},
    )
