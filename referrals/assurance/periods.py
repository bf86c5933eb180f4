"""What the figures of quality may be asked for: a period, and what narrows it. Everything is in the address, by GET."""

from typing import Any

from django import forms

from mash_portal.govuk.fields import DateOfAddress, DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look
from referrals.rules.period import EARLIEST, LATEST

from .lookback import AS_WHAT, GROUPS, STATES, WINDOWS, Asked


class PeriodForm(GovukForm):
    """From which day to which, both counted, by GET."""

    mark_optional = False
    buttons = ()
    looks = {"start": Look(size="s"), "end": Look(size="s")}

    start = DatePartsField(label="First day", widget=DateOfAddress, earliest=EARLIEST, latest=LATEST)
    end = DatePartsField(label="Last day", widget=DateOfAddress, earliest=EARLIEST, latest=LATEST)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("start") and said.get("end") and said["end"] < said["start"]:
            self.add_error("end", "Last day must be the same as or after the first day")
        return said


class LookBackForm(PeriodForm):
    group = forms.ChoiceField(
        label="Agencies", choices=[("", "All"), *((name, name) for name in GROUPS)], required=False
    )


class LookBackListForm(LookBackForm):
    state = forms.ChoiceField(label="Which children", choices=[("", "All"), *STATES.items()], required=False)
    days = forms.ChoiceField(label="Within", choices=[(str(days), f"{days} days") for days in WINDOWS], required=False)
    became = forms.ChoiceField(label="As what", choices=[("", "Anything"), *AS_WHAT.items()], required=False)

    def asked(self) -> Asked:
        """Only for a valid form. A time matters only to who came back, or may yet."""
        said = self.cleaned_data
        days = int(said["days"] or WINDOWS[0])
        return Asked(said["start"], said["end"], said["group"], days, said["state"], said["became"])
