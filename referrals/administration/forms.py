"""Forms of the administrator's pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from referrals.codes import SOURCES
from referrals.vocabulary import HANDED_OVER, AgencyKind, Outcome


class DutyForm(GovukForm):
    """One list per role; nobody chosen means the longest-serving holder."""

    mark_optional = False
    buttons = (Button("Save"),)

    def __init__(self, holders: Mapping[Role, Sequence[User]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(person.pk): person for people in holders.values() for person in people}
        for role, people in holders.items():
            first = f"Longest-serving: {people[0]}" if people else "Nobody has this role"
            self.fields[role.value] = forms.ChoiceField(
                label=role.label,
                required=False,
                choices=[("", first), *((str(person.pk), person.full_name) for person in people)],
                error_messages={"invalid_choice": f"Choose an active {role.label.lower()} from the list"},
            )

    def chosen(self) -> dict[Role, User | None]:
        return {Role(name): self.people.get(value) for name, value in self.cleaned_data.items()}


class AgencyForm(GovukForm):
    buttons = (Button("Add this agency"),)

    name = forms.CharField(
        label="Name of the agency",
        max_length=120,
        error_messages={
            "required": "Enter the name of the agency",
            "max_length": "The name must be 120 characters or fewer",
        },
    )
    kind = forms.ChoiceField(
        label="What kind of agency is it?",
        choices=AgencyKind.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of agency", "invalid_choice": "Choose a kind from the list"},
    )
    source = forms.ChoiceField(
        label="National contact source",
        help_text="What its contacts are counted under in the returns.",
        choices=[("", "Choose a source"), *((code, f"{code}: {label}") for code, label in SOURCES)],
        error_messages={"required": "Choose the contact source", "invalid_choice": "Choose a source from the list"},
    )


class ReceivesForm(GovukForm):
    """How large an agency is, and what a team takes over. Nothing ticked: it is offered nothing."""

    mark_optional = False
    buttons = (Button("Save"),)
    looks = {"size": Look(width="5", optional=True)}

    size = forms.IntegerField(
        label="How many children does it work with?",
        help_text="On roll of a school, registered with a practice: what its number of contacts is compared with.",
        min_value=1,
        max_value=10_000_000,
        required=False,
        error_messages={
            "invalid": "Enter how many children it works with as a whole number, such as 420",
            "min_value": "Enter how many children it works with as a whole number, such as 420",
            "max_value": "Enter how many children it works with: 10 million at most",
        },
    )
    receives = forms.MultipleChoiceField(
        label="After which outcomes is a child handed over to this team?",
        help_text="Where more than one active team is ticked for an outcome, the hub chooses between them each time.",
        choices=[(one.value, one.label) for one in Outcome if one in HANDED_OVER],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose outcomes from the list"},
    )

    def chosen(self) -> list[Outcome]:
        return [Outcome(one) for one in self.cleaned_data["receives"]]
