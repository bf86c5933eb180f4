"""Making a key."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mash_portal.accounts.models import Agency
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from referrals.vocabulary import AgencyKind, Scope

from .actions import NOT_A_FORCE


class TokenForm(GovukForm):
    """The agency is asked for only of somebody who keeps the keys of several."""

    buttons = (Button("Make this key"),)
    looks = {"name": Look(width="20")}

    name = forms.CharField(
        label="What is it for?",
        help_text="The system that will use it, such as “Pupil records”.",
        max_length=80,
        error_messages={"required": "Enter what the key is for"},
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=Scope.choices(),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what the key may do"),
    )

    def __init__(self, agencies: Sequence[Agency], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        if not any(agency.kind == AgencyKind.POLICE for agency in agencies):
            self._leave_out_the_police()
        if len(agencies) != 1:
            self.fields["agency"] = forms.ChoiceField(
                label="Whose system is it?",
                choices=[("", "Choose an agency"), *((str(agency.pk), agency.name) for agency in agencies)],
                error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose the agency"),
            )
            self.order_fields(["agency", "name", "scopes"])

    def _leave_out_the_police(self) -> None:
        """Nobody is offered what would be refused."""
        scopes = self.fields["scopes"]
        scopes.choices = [(scope.value, scope.label) for scope in Scope if scope is not Scope.POLICE]  # type: ignore[attr-defined]  # a ChoiceField
        scopes.error_messages["invalid_choice"] = NOT_A_FORCE

    def agency(self) -> Agency:
        chosen = self.cleaned_data.get("agency") or next(iter(self.agencies))
        return self.agencies[chosen]

    def chosen_scopes(self) -> list[Scope]:
        return [Scope(scope) for scope in self.cleaned_data["scopes"]]
