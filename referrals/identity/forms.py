"""What a person can say of a child and somebody the hub knows. Nothing is preselected."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mash_portal.govuk.fields import WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look

SAME, DIFFERENT = "same", "different"
LOST = dict.fromkeys(("required", "invalid", "min_value", "max_value"), "The page has lost its place. Open it again.")
LONGEST = 1000
#: What a row's number can be.
HIGHEST = 2**63 - 1


def _reason(label: str, *, required: bool) -> WordsField:
    missing = "Say how you know that they are two children: it stays with the record"
    return WordsField(label, missing, longest=LONGEST, called="The reason", is_required=required)


class VerdictForm(GovukForm):
    """One child and one person; the button that is pressed is the answer."""

    buttons = (
        Button("Same child", name="answer", value=SAME),
        Button("Not the same child", name="answer", value=DIFFERENT, style="secondary"),
    )
    looks = {"reason": Look(rows=2)}

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages=LOST)
    child = forms.IntegerField(widget=forms.HiddenInput, error_messages=LOST, min_value=1, max_value=HIGHEST)
    person = forms.IntegerField(widget=forms.HiddenInput, error_messages=LOST, min_value=1, max_value=HIGHEST)
    reason = _reason("How do you know?", required=False)
    answer = forms.ChoiceField(
        choices=[(SAME, "Same child"), (DIFFERENT, "Not the same child")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose “Same child” or “Not the same child”"),
    )

    def layout(self) -> Sequence[str]:
        return ["version", "child", "person", "reason"]


class ApartForm(GovukForm):
    """Which of the contacts about one person are about another child."""

    buttons = (Button("They are two children"),)

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages=LOST)
    moved = forms.TypedMultipleChoiceField(
        label="Which of these are about the other child?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose the contacts that are about the other child, and leave at least one",
            "invalid_choice": "Choose contacts from the list",
        },
    )
    reason = _reason("How do you know that they are two children?", required=True)

    def __init__(self, rows: Sequence[tuple[int, str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["moved"].choices = [(pk, label) for pk, label, _ in rows]  # type: ignore[attr-defined]  # a ChoiceField
        self.looks = {
            "moved": Look(item_hints={str(pk): hint for pk, _, hint in rows}),
            "reason": Look(max_characters=LONGEST, rows=4),
        }
