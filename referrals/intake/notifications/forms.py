"""Choosing the file, and in whose name it comes in."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mash_portal.accounts.models import Agency
from mash_portal.govuk.fields import ChosenFileField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button

from .table import TOO_LARGE


class UploadForm(GovukForm):
    """The force is asked for only where there are several."""

    form_tag = False
    buttons = (Button("Upload and look at it"),)

    file = ChosenFileField(
        "CSV file",
        "Choose the CSV file with the notifications",
        hint="Nothing comes in yet: the next page shows what is in the file. 5 MB and 2,000 lines at most.",
        accept=".csv,text/csv",
    )

    def __init__(self, forces: Sequence[Agency], *args: Any, too_large: bool = False, **options: Any) -> None:
        """`too_large`: a file was chosen, and so large that it was not received."""
        super().__init__(*args, **options)
        if too_large:
            self.fields["file"].error_messages["required"] = TOO_LARGE
        self.forces = {str(force.pk): force for force in forces}
        if len(forces) > 1:
            self.fields["agency"] = forms.ChoiceField(
                label="Which force is it from?",
                choices=[(str(force.pk), force.name) for force in forces],
                widget=forms.RadioSelect,
                error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose the force that the file is from"),
            )

    def force(self) -> Agency | None:
        """The chosen force, or the only one; None where there is none."""
        if "agency" in self.fields:
            return self.forces[self.cleaned_data["agency"]]
        return next(iter(self.forces.values()), None)
