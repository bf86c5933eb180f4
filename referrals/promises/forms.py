"""Why a clock is computed again."""

from django import forms

from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look


class RebaseForm(GovukForm):
    """`seen`: what the page showed, so that nobody agrees to another due time than they have read."""

    buttons = (Button("Compute it again"),)
    looks = {"because": Look(rows=3)}

    because = forms.CharField(
        label="Why is it computed again?",
        help_text="It stands in the record of the contact.",
        widget=forms.Textarea,
        max_length=500,
        error_messages={
            "required": "Write why it is computed again",
            "max_length": "The reason must be 500 characters or fewer",
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)


class RebaseAllForm(GovukForm):
    buttons = (Button("Compute all of them again"),)
    looks = {"because": Look(rows=3)}

    because = forms.CharField(
        label="Why are they computed again?",
        help_text="It stands in the record of each contact. Do not write anybody’s name.",
        widget=forms.Textarea,
        max_length=500,
        error_messages={
            "required": "Write why they are computed again",
            "max_length": "The reason must be 500 characters or fewer",
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput)
