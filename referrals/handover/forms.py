"""The forms of a hand-over. Nothing is preselected; what must be true is said by the actions."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms

from mash_portal.accounts.models import Agency
from mash_portal.govuk.fields import DatePartsField, WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from mash_portal.govuk.words import LONDON
from referrals.vocabulary import Outcome

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})\s*(am|pm)?", re.IGNORECASE)
_TIME_WANTED = "Enter the time as hours and minutes, such as 14:30 or 2:30pm"


def read_time(text: str) -> time | None:
    """A time of day as people write it: 14:30, 9.05, 2:30pm; None where it is none."""
    found = _TIME.fullmatch(text.strip())
    if not found or not text.isascii():
        return None
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if minute > 59 or hour > (12 if half else 23) or (half and hour == 0):
        return None
    return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)


class AcceptanceForm(GovukForm):
    """Who accepted, and when, for a team that has nobody in the portal."""

    buttons = (Button("Record that they accepted"),)
    looks = {"at": Look(width="10")}

    who = forms.CharField(
        label="Who accepted?",
        help_text="Their name, job and team or authority.",
        max_length=120,
        error_messages={
            "required": "Write who accepted, with their job and team",
            "max_length": "Who accepted must be 120 characters or fewer",
        },
    )
    on = DatePartsField(
        label="On which day did they accept?",
        subject="Day they accepted",
        blank_message="Enter the day on which they accepted",
    )
    at = forms.CharField(
        label="At what time?",
        help_text="For example, 14:30 or 2:30pm",
        max_length=10,
        error_messages={"required": _TIME_WANTED, "max_length": _TIME_WANTED},
    )

    def clean_at(self) -> time:
        found = read_time(self.cleaned_data["at"])
        if found is None:
            raise forms.ValidationError(_TIME_WANTED)
        return found

    def moment(self) -> datetime:
        """Only for a valid form."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"], tzinfo=LONDON)


class DeclineForm(GovukForm):
    buttons = (Button("Send back"),)
    looks = {"reason": Look(max_characters=2000, rows=5)}

    reason = WordsField(
        "Why is this child sent back?",
        "Say why this child is sent back: the hub acts on it",
        hint="The hub reads this and finds another way. It stays with the record.",
        longest=2000,
        called="The reason",
    )


class OfferForm(GovukForm):
    buttons = (Button("Hand over"),)

    team = forms.ChoiceField(
        label="Which team?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a team", "invalid_choice": "Choose a team from the list"},
    )
    note = WordsField(
        "What should they know?",
        hint="For example, what the last team said, or what has been agreed on the telephone.",
        longest=2000,
        called="What they should know",
    )

    def __init__(self, teams: Sequence[Agency], outcome: Outcome, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {str(team.pk): team for team in teams}
        self.fields["team"].choices = [(key, team.name) for key, team in self.teams.items()]  # type: ignore[attr-defined]  # a ChoiceField
        hints = {key: f"Receives: {outcome.label}" for key, team in self.teams.items() if outcome in team.receives}
        self.looks = {"team": Look(item_hints=hints), "note": Look(max_characters=2000, rows=4)}

    def chosen(self) -> Agency:
        """Only for a valid form."""
        return self.teams[self.cleaned_data["team"]]
