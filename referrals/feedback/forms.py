"""What a person writes to the referrer."""

from typing import Any

from django import forms

from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look


class FeedbackForm(GovukForm):
    """The outcome and level of each child go with it by themselves; these are the words around them."""

    mark_optional = False
    buttons = (Button("Send to the referrer"),)
    looks = {"reason": Look(rows=8)}

    reason = forms.CharField(
        label="Why this was decided",
        help_text="One paragraph, in words that the referrer can act on.",
        widget=forms.Textarea,
        required=False,
        max_length=10_000,
    )
    next_steps = forms.CharField(
        label="What the referrer should do next",
        help_text="Sending a referral does not end their responsibility for the child.",
        widget=forms.Textarea,
        required=False,
        max_length=10_000,
    )
    who_to_call = forms.CharField(
        label="Who to call", help_text="Name and telephone number.", required=False, max_length=200
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_readers: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_readers:
            self.buttons = (Button("Save and close the contact"),)
