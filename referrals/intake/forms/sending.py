"""Declaring before sending, and the filter of the list."""

from django import forms

from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from referrals.intake.states import State
from referrals.rules.marf import DECLARATION


class DeclareForm(GovukForm):
    buttons = (Button("Send referral"),)

    declared = forms.BooleanField(
        label=DECLARATION, error_messages={"required": "Tick the declaration before you send the referral"}
    )


class StateForm(GovukForm):
    """Filter of "our referrals"."""

    mark_optional = False
    looks = {"state": Look(size="s", small=True)}

    state = forms.ChoiceField(
        label="State",
        choices=[("", "All"), *State.choices()],
        widget=forms.RadioSelect,
        required=False,
    )
