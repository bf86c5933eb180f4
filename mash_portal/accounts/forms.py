"""Forms about people. What does not fit together is said at the field, in words."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look

from .actions import Facts
from .models import Agency, User
from .people import ROLES
from .roles import AGENCY_ROLES, HUB_ROLES, Role


class PersonForm(GovukForm):
    buttons = (Button("Save"),)
    looks = {
        "email": Look(spellcheck=False),
        "phone": Look(width="20"),
        "registration_number": Look(width="10", spellcheck=False),
    }

    full_name = forms.CharField(
        label="Full name", max_length=120, error_messages={"required": "Enter the person’s full name"}
    )
    email = forms.EmailField(
        label="Work e-mail address",
        help_text="They sign in with it, and messages go to it.",
        max_length=254,
        error_messages={
            "required": "Enter the person’s work e-mail address",
            "invalid": "Enter an e-mail address in the right format, such as name@school.sch.uk",
        },
    )
    job = forms.CharField(label="Job", max_length=120, error_messages={"required": "Enter the person’s job"})
    phone = forms.CharField(label="Telephone number", max_length=40, required=False)
    agency = forms.ChoiceField(
        label="Agency",
        error_messages={"required": "Choose the person’s agency", "invalid_choice": "Choose an agency from the list"},
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[("", "Choose a role"), *ROLES],
        error_messages={"required": "Choose the person’s role", "invalid_choice": "Choose a role from the list"},
    )
    registration_number = forms.CharField(
        label="Social Work England registration number",
        help_text="For social workers, and managers who are. It allows section 47 and strategy decisions.",
        max_length=20,
        required=False,
    )
    registered_until = DatePartsField(
        label="When does the registration run out?",
        help_text="The last day on which it holds, as the public register says. For example, 30 11 2027.",
        subject="Last day of the registration",
        required=False,
    )

    def __init__(self, agencies: Sequence[Agency], *args: Any, person: User | None = None, **options: Any) -> None:
        if person is not None:
            options["initial"] = {name: getattr(person, name) for name in self.base_fields}
            options["initial"]["agency"] = str(person.agency_id or "")
        super().__init__(*args, **options)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        choices = [("", "Choose an agency"), *((pk, agency.name) for pk, agency in self.agencies.items())]
        self.fields["agency"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        agency, role = self.agencies.get(given.get("agency", "")), given.get("role", "")
        if agency and role in HUB_ROLES and not agency.is_hub:
            self.add_error("agency", f"A {Role(role).label.lower()} works in the hub: choose the hub as the agency")
        if agency and role in AGENCY_ROLES and agency.is_hub:
            self.add_error("agency", f"A {Role(role).label.lower()} works in an agency that refers to the hub")
        if role == Role.SOCIAL_WORKER and not given.get("registration_number"):
            self.add_error("registration_number", "Enter the social worker’s registration number")
        self._number_and_day_go_together(given)
        return given

    def _number_and_day_go_together(self, given: dict[str, Any]) -> None:
        number, day = given.get("registration_number"), given.get("registered_until")
        if number and not day and "registered_until" not in self.errors:
            self.add_error("registered_until", "Enter the day on which the registration runs out")
        if day and not number and "registration_number" not in self.errors:
            self.add_error("registration_number", "Enter the registration number that runs out on that day")

    def facts(self) -> Facts:
        given = {**self.cleaned_data, "agency": self.agencies[self.cleaned_data["agency"]]}
        return Facts(**{**given, "role": Role(given["role"])})


class SetPasswordForm(GovukForm):
    buttons = (Button("Set the password"),)
    looks = {"password": Look(width="20", autocomplete="new-password")}

    password = forms.CharField(
        label="New password",
        help_text="12 characters or more. Three words that do not belong together are easy to remember.",
        widget=forms.PasswordInput,
        strip=False,
        max_length=200,
        error_messages={"required": "Enter a new password"},
    )

    def __init__(self, person: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password
