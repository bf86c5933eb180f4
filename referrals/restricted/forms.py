"""Forms of restricted records. Nobody is preselected but who is named already, and every reason is compulsory."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from mash_portal.accounts.models import User
from mash_portal.govuk.fields import WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look

LONGEST = 2000
LOST = dict.fromkeys(("required", "invalid", "min_value", "max_value"), "The page has lost its place. Open it again.")


def _reason(label: str, missing: str, hint: str) -> WordsField:
    return WordsField(label, missing, hint=hint, longest=LONGEST, called="The words")


class _Versioned(GovukForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, error_messages=LOST)

    def catch_up(self, version: int) -> None:
        """The person has been told of the change: what they send next is meant for this version."""
        if isinstance(self.data, QueryDict):
            sent = self.data.copy()
            sent["version"] = str(version)
            self.data = sent


class RestrictionForm(_Versioned):
    """Why, and who else is named. The manager who sends it always is."""

    reason = _reason(
        "Why is this record restricted?",
        "Say why this record is restricted",
        "Such as: a member of staff is family, or the police ask for it. Only people named on it read this.",
    )
    people = forms.MultipleChoiceField(
        label="Who else is named?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose people from the list"},
    )

    def __init__(self, people: Sequence[User], hub: str, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.buttons = (Button("Restrict this record" if is_new else "Save who is named"),)
        self.by_pk = {str(person.pk): person for person in people}
        groups: dict[str, list[tuple[str, str]]] = {}
        for person in sorted(people, key=lambda one: (one.agency is None or not one.agency.is_hub, str(one.agency))):
            groups.setdefault(person.agency.name if person.agency else hub, []).append((str(person.pk), str(person)))
        self.fields["people"].choices = list(groups.items())  # type: ignore[attr-defined]  # a ChoiceField
        jobs = {pk: person.job or person.as_role.label for pk, person in self.by_pk.items()}
        self.looks = {"people": Look(item_hints=jobs), "reason": Look(max_characters=LONGEST, rows=4)}

    def chosen(self) -> list[User]:
        return [self.by_pk[pk] for pk in self.cleaned_data["people"]]


class LiftForm(_Versioned):
    buttons = (Button("Lift the restriction", style="warning"),)
    looks = {"reason": Look(max_characters=LONGEST, rows=4)}

    reason = _reason(
        "Why can everybody who works with such records see it again?",
        "Say why the restriction is lifted",
        "The people who were named read this. It stays with the record.",
    )


class BreakForm(GovukForm):
    buttons = (Button("Break the glass", style="warning"),)
    looks = {"reference": Look(width="10", spellcheck=False, autocomplete="off"), "reason": Look(rows=4)}

    reference = forms.CharField(
        label="Reference",
        help_text="Eight letters and numbers, such as MF7K-3QPX",
        max_length=20,
        error_messages={"required": "Enter the reference", "max_length": "A reference has eight letters and numbers"},
    )
    reason = _reason(
        "Why do you have to see this record?",
        "Say why you have to see this record",
        "The auditor and the managers named on the record read this within minutes.",
    )

    def clean_reference(self) -> str:
        """As it may be read out or typed: in small letters, without its hyphen."""
        typed = "".join(sign for sign in self.cleaned_data["reference"].upper() if sign.isalnum())
        return f"{typed[:4]}-{typed[4:]}"


class ReviewForm(GovukForm):
    buttons = (Button("Save the review"),)
    looks = {"review": Look(max_characters=LONGEST, rows=5)}

    was_right = forms.ChoiceField(
        label="Was it right to break the glass?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it was right", "invalid_choice": "Choose yes or no"},
    )
    review = _reason(
        "What did you find?",
        "Write what you found",
        "What you asked and were told, and what follows. It stays with the record.",
    )


class StateForm(GovukForm):
    """The panel beside the broken glass. It is only drawn: the view reads the address."""

    mark_optional = False
    buttons = ()
    looks = {"state": Look(size="s", small=True)}

    state = forms.ChoiceField(label="Show", widget=forms.RadioSelect)

    def __init__(self, states: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.fields["state"].choices = states  # type: ignore[attr-defined]  # a ChoiceField
