"""For which six months the lists are, and which rule's faults are shown. Everything is in the address, by GET."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django import forms
from django.http import QueryDict

from mash_portal.govuk.fields import DateOfAddress, DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from referrals.codes import PRIMARY_NEEDS
from referrals.models import Referral
from referrals.rules.period import EARLIEST, LATEST, Period, months_back
from referrals.rules.returns import day_of

from .lists import MONTHS
from .words import RULE_NAMES


class LastDayForm(GovukForm):
    """The six months up to and including a day: today where the address names none."""

    mark_optional = False
    buttons = ()
    looks = {"last": Look(size="s"), "rule": Look(size="s", small=True)}

    last = DatePartsField(
        label="Last day",
        subject="Last day",
        blank_message="Enter the last day",
        help_text="The lists cover the six months up to this day.",
        widget=DateOfAddress,
        earliest=EARLIEST.replace(year=EARLIEST.year + 1),
        latest=LATEST,
    )

    @classmethod
    def asked(cls, query: QueryDict, now: datetime) -> Self:
        asked = query.copy()
        if not any(key.startswith("last") for key in query):
            asked["last"] = day_of(now).isoformat()
        return cls(asked)

    @property
    def period(self) -> Period:
        return months_back(self.cleaned_data["last"], MONTHS)


class CheckForm(LastDayForm):
    rule = forms.ChoiceField(
        label="Check",
        choices=[("", "Every check"), *RULE_NAMES.items()],
        required=False,
        error_messages={"invalid_choice": "Choose a check from the list"},
    )


class NeedsForm(GovukForm):
    """The primary need of each child of a contact who was referred, where nobody has said it, or to put it right."""

    buttons = (Button("Save"),)

    def __init__(self, referrals: Sequence[Referral], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for referral in referrals:
            name = referral.child.name
            self.fields[f"need_{referral.child_id}"] = forms.ChoiceField(
                label=f"Primary need of {name}",
                choices=[("", "Choose one"), *PRIMARY_NEEDS],
                initial=referral.need,
                error_messages={
                    "required": f"Choose the primary need of {name}",
                    "invalid_choice": f"Choose the primary need of {name} from the list",
                },
            )

    def needs(self) -> dict[int, str]:
        """The code by child."""
        return {int(name.removeprefix("need_")): need for name, need in self.cleaned_data.items()}
