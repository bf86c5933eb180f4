"""Why a clock is computed again."""

from django import forms

from mash_portal.govuk.fields import WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look


class RebaseForm(GovukForm):
    """`seen`: what the page showed, so that nobody agrees to another due time than they have read."""

    buttons = (Button("Compute it again"),)
    looks = {"because": Look(rows=3)}

    because = WordsField(
        "Why is it computed again?",
        "Write why it is computed again",
        hint="It stands in the record of the contact.",
        longest=500,
        called="The reason",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)


class RebaseAllForm(GovukForm):
    buttons = (Button("Compute all of them again"),)
    looks = {"because": Look(rows=3)}

    because = WordsField(
        "Why are they computed again?",
        "Write why they are computed again",
        hint="It stands in the record of each contact. Do not write anybody’s name.",
        longest=500,
        called="The reason",
    )
    seen = forms.CharField(widget=forms.HiddenInput)
