"""Forms of the administrator's pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from referrals.vocabulary import Unit


class ClockForm(GovukForm):
    buttons = (Button("Save"),)
    looks = {"amount": Look(width="5", inputmode="decimal")}

    amount = forms.FloatField(
        label="How long does it run?",
        widget=forms.TextInput,
        error_messages={
            "required": "Enter how long the clock runs",
            "invalid": "Enter how long the clock runs as a number, such as 24 or 1.5",
        },
    )
    unit = forms.ChoiceField(
        label="What is counted?",
        choices=Unit.choices(),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is counted",
            "invalid_choice": "Choose hours, working hours or working days",
        },
    )


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
