"""The form of an act in immediate danger, and of the manager who looks at it. The actions say what is missing."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mash_portal.govuk import words
from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import Button, Look
from referrals.models import Child

from .emergency import Act
from .forms import text_area

_FORMATS = ["%H:%M", "%H.%M", "%H%M", "%I:%M%p", "%I.%M%p", "%I%p"]


class ClockTimeField(forms.TimeField):
    """ "14:05", "2.05pm" or "2:05 pm" as a time of day."""

    def to_python(self, value: Any) -> time | None:
        return super().to_python(str(value or "").replace(" ", "").upper())


class ActForm(GovukForm):
    """What the danger was, what was done, who was told, for whom. Short: it is written while things happen."""

    mark_optional = False
    buttons = (Button("Save what was done"),)

    danger = text_area("What is the danger?", "What was seen or told, and when.")
    done = text_area("What was done?", "By whom and when. For example, rang 999 at 2:05pm and stayed on the line.")
    told = text_area("Who was told, with their reference?", "Police, ambulance, hospital, EDT: name, time and number.")
    protected_on = DatePartsField(
        label="On which day did the police take a child into police protection?",
        help_text="Leave empty if they have not. It ends after 72 hours at the latest.",
        subject="Day of the police protection",
        required=False,
    )
    protected_time = ClockTimeField(
        label="At what time?",
        help_text="For example, 14:05 or 2:05pm.",
        required=False,
        input_formats=_FORMATS,
        error_messages={"invalid": "Enter a time such as 14:05 or 2:05pm"},
    )

    def __init__(self, *args: Any, children: Sequence[Child], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if children:
            self.fields["children"] = forms.MultipleChoiceField(
                label="Which children?",
                choices=[(str(child.pk), child.name) for child in children],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        self.looks = {
            **{name: Look(size="s", rows=3) for name in ("danger", "done", "told")},
            **dict.fromkeys(("children", "protected_on"), Look(size="s")),
            "protected_time": Look(size="s", width="10"),
        }

    def layout(self) -> Sequence[Any]:
        children = ["children"] if "children" in self.fields else []
        protection = Group("Police protection", "protected_on", "protected_time", size="m")
        return [*children, "danger", "done", "told", protection]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        day, clock = found.get("protected_on"), found.get("protected_time")
        if day and clock is None and "protected_time" not in self.errors:
            self.add_error("protected_time", "Enter the time at which police protection was taken")
        if clock is not None and not day and "protected_on" not in self.errors:
            self.add_error("protected_on", ValidationError("Enter the day on which police protection was taken"))
        return found

    def act(self) -> Act:
        """Only for a valid form."""
        said = self.cleaned_data
        day, clock = said["protected_on"], said["protected_time"]
        taken = datetime.combine(day, clock, tzinfo=words.LONDON) if day and clock is not None else None
        children = [int(pk) for pk in said.get("children", [])]
        return Act(said["danger"], said["done"], said["told"], children, police_protection_at=taken)


class ConfirmActForm(GovukForm):
    """The manager's word on it. Nothing is preselected."""

    mark_optional = False
    buttons = (Button("Save"),)
    looks = {"was_right": Look(size="s"), "words": Look(size="s", rows=3)}

    was_right = forms.ChoiceField(
        label="Was what was done right?",
        choices=[("yes", "Yes, it was right"), ("no", "No, something must be put right")],
        widget=forms.RadioSelect,
        required=False,
    )
    words = text_area(
        "What else must happen?", "If nothing else must, say so. Whoever acted and whoever holds it read it."
    )

    def verdict(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["was_right"])
