"""The short forms of a duty day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms

from mash_portal.accounts.models import User
from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import Button, Look

LONGEST_PERIOD = timedelta(days=366)
REASONS = [(one, one) for one in ("Leave", "Illness", "Training", "Not at work")]


class AbsenceForm(GovukForm):
    """Whole days. The reason is one word: nobody's health is written here."""

    buttons = (Button("Note the absence"),)
    looks = {"reason": Look(inline=False)}

    person = forms.ChoiceField(label="Who is away?", error_messages={"required": "Choose who is away"})
    first_day = DatePartsField(
        label="First day away", subject="First day away", blank_message="Enter the first day away"
    )
    last_day = DatePartsField(label="Last day away", subject="Last day away", blank_message="Enter the last day away")
    reason = forms.ChoiceField(
        label="Why?",
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why"},
    )
    deputy = forms.ChoiceField(
        label="Who answers for them?",
        help_text="They are told in their place while it lasts. Leave it empty where nobody does.",
        required=False,
    )

    def __init__(self, people: Sequence[User], colleagues: Sequence[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(one.pk): one for one in people}
        self.colleagues = {str(one.pk): one for one in colleagues}
        self.fields["person"].choices = _named(self.people, "Choose a person")  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["deputy"].choices = _named(self.colleagues, "Nobody")  # type: ignore[attr-defined]  # a ChoiceField


class DiscussionForm(GovukForm):
    """One line and a name: less than this is lost until supervision, more than this is not written in passing."""

    buttons = (Button("Note it"),)
    looks = {"line": Look(width="full", max_characters=300)}

    with_person = forms.ChoiceField(
        label="Whom did you speak to?", error_messages={"required": "Choose whom you spoke to"}
    )
    line = forms.CharField(
        label="What did you discuss, in one line?",
        help_text="It stands in the timeline, the decision record and the supervision summary. Nobody types it again.",
        max_length=300,
        error_messages={
            "required": "Write in one line what you discussed",
            "max_length": "Keep it to one line of 300 characters or fewer",
        },
    )

    def __init__(self, people: Sequence[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(one.pk): one for one in people}
        self.fields["with_person"].choices = _named(self.people, "Choose a colleague")  # type: ignore[attr-defined]  # a ChoiceField


class NoteForm(GovukForm):
    """The whole shift in general, and one line for each contact in hand that needs one."""

    mark_optional = False
    buttons = (Button("Leave the note"),)

    text = forms.CharField(
        label="In general",
        help_text="What the next shift should know first: who is in, what is coming, who will ring back.",
        widget=forms.Textarea,
        required=False,
        max_length=5000,
    )

    def __init__(self, contacts: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.references = {f"line_{reference}": reference for reference, _ in contacts}
        for (name, reference), (_, words) in zip(self.references.items(), contacts, strict=True):
            self.fields[name] = forms.CharField(
                label=f"{reference}: {words}",
                required=False,
                max_length=300,
                error_messages={"max_length": "Keep it to one line of 300 characters or fewer"},
            )
        self.looks = {"text": Look(rows=5), **dict.fromkeys(self.references, Look(size="s"))}

    def layout(self) -> list[Any]:
        lines = [Group("About single contacts", *self.references, hint="A line each, where one is needed.")]
        return ["text", *(lines if self.references else [])]

    def lines(self) -> dict[str, str]:
        return {reference: self.cleaned_data[name] for name, reference in self.references.items()}


class PeriodForm(GovukForm):
    """From which day to which: asked for in the address, so that the page can be kept and printed."""

    form_method = "get"
    buttons = (Button("Show this time"),)

    first_day = DatePartsField(label="From", subject="First day", blank_message="Enter the first day")
    last_day = DatePartsField(label="To", subject="Last day", blank_message="Enter the last day")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        first, last = found.get("first_day"), found.get("last_day")
        if first and last and not timedelta(0) <= last - first <= LONGEST_PERIOD:
            self.add_error("last_day", "The last day must not be before the first, nor more than a year after it")
        return found


def _named(people: dict[str, User], nobody: str) -> list[tuple[str, str]]:
    return [("", nobody), *((key, one.full_name) for key, one in people.items())]
