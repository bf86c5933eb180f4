"""What an administrator types about clocks, ladders, working hours and closures."""

import secrets
from datetime import time
from typing import Any

from django import forms

from mash_portal.accounts.roles import Role
from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from referrals.rules.clocks import DEFAULTS
from referrals.rules.ladder import (
    AGENCY,
    DUE,
    LEADS,
    LONGEST_WAIT,
    OWNER,
    SHORTEST_WAIT,
    STANDING_FOR,
    HoursLate,
    Part,
    Step,
)
from referrals.vocabulary import Clock, Unit

from .reading import share_of, time_of

GO_ON = (Button("See what would change"),)
PART, AT_DUE, LATE = "part", "due", "late"
#: In hours: what comes more often is a storm, and what comes later than this nobody means.
SHORTEST, LONGEST = 0.25, 1000


class SeenForm(GovukForm):
    """`seen`: the rule that the page showed, so that nobody overwrites what somebody else has saved since."""

    buttons = GO_ON
    seen = forms.CharField(widget=forms.HiddenInput)


class LengthForm(SeenForm):
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
        choices=[(unit.value, unit.label.capitalize()) for unit in Unit],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is counted",
            "invalid_choice": "Choose hours, working hours or working days",
        },
    )


class StepForm(SeenForm):
    """One step of a ladder: what it says, when, to whom, and whether it comes again."""

    mark_optional = False
    looks = {
        "part": Look(width="5"),
        "hours_late": Look(width="5", inputmode="decimal"),
        "goes_up_after": Look(width="5"),
        "repeats_every": Look(width="5", inputmode="decimal"),
    }

    label = forms.CharField(
        label="What are people told?",
        help_text="A sentence for the escalation board. Nobody’s name.",
        max_length=120,
        error_messages={
            "required": "Write what people are told",
            "max_length": "What people are told must be 120 characters or fewer",
        },
    )
    when = forms.ChoiceField(
        label="When are they told?",
        choices=[
            (PART, "When a part of the time has gone"),
            (AT_DUE, "When it is due"),
            (LATE, "Some hours after it was due"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose when people are told",
            "invalid_choice": "Choose a part of the time, when it is due, or hours after it",
        },
    )
    part = forms.CharField(
        label="If before it is due: which part of the time?",
        help_text="A fraction such as 1/2 or 5/6, or 50%.",
        required=False,
    )
    hours_late = forms.FloatField(
        label="If after it was due: how many hours?",
        widget=forms.TextInput,
        required=False,
        error_messages={"invalid": "Enter the hours after it was due as a number, such as 4"},
    )
    roles = forms.MultipleChoiceField(
        label="Who is told?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who is told", "invalid_choice": "Choose people from the list"},
    )
    only_if_unclaimed = forms.BooleanField(label="Only if nobody has taken the contact by then", required=False)
    goes_up_after = forms.IntegerField(
        label="How many minutes until it goes up to the next person, where nobody acknowledges it?",
        help_text="Leave it empty for as long as the page of the duty rota says.",
        required=False,
        error_messages={"invalid": "Enter the minutes as a whole number, such as 30"},
    )
    repeats_every = forms.FloatField(
        label="Every how many hours again, until it is met?",
        help_text="Leave it empty where people are told once.",
        widget=forms.TextInput,
        required=False,
        error_messages={"invalid": "Enter the hours between two messages as a number, such as 4"},
    )

    def __init__(self, clock: Clock, rung: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rung = rung
        self.fields["roles"].choices = choices_for(clock)  # type: ignore[attr-defined]  # a MultipleChoiceField

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        when = given.get("when")
        if when == PART and "part" in given and share_of(given["part"]) is None:
            self.add_error("part", "Enter the part of the time as a fraction between 0 and 1, such as 1/2 or 5/6")
        if when == LATE and "hours_late" in given and not _between(given["hours_late"]):
            self.add_error("hours_late", f"Enter how many hours after it was due: from {SHORTEST} to {LONGEST}")
        wait = given.get("goes_up_after")
        if wait is not None and not SHORTEST_WAIT <= wait <= LONGEST_WAIT:
            self.add_error("goes_up_after", f"Enter the minutes: from {SHORTEST_WAIT} to {LONGEST_WAIT}")
        repeats = given.get("repeats_every")
        if repeats is not None and not _between(repeats):
            self.add_error("repeats_every", f"Enter the hours between two messages: from {SHORTEST} to {LONGEST}")
        return given

    def step(self) -> Step:
        """What was typed, as a rule has it. A new step has a key that no other has had."""
        given = self.cleaned_data
        at: Part | HoursLate = DUE
        if given["when"] == PART:
            at = Part(share_of(given["part"]) or 1)
        elif given["when"] == LATE:
            at = HoursLate(given["hours_late"])
        return Step(
            key=self.rung or f"own_{secrets.token_hex(3)}",
            label=given["label"].strip(),
            at=at,
            roles=tuple(given["roles"]),
            only_if_unclaimed=given["only_if_unclaimed"],
            repeats_every=given["repeats_every"] or 0,
            goes_up_after=given["goes_up_after"],
        )


class HoursForm(SeenForm):
    looks = {"starts": Look(width="5"), "ends": Look(width="5")}

    starts = forms.CharField(
        label="When does the working day start?",
        help_text="Such as 8:30am or 08:30.",
        error_messages={"required": "Enter when the working day starts"},
    )
    ends = forms.CharField(
        label="When does it end?",
        help_text="Such as 5:00pm or 17:00.",
        error_messages={"required": "Enter when the working day ends"},
    )

    def clean_starts(self) -> time:
        return time_of(self.cleaned_data["starts"], "starts, such as 8:30am or 08:30")

    def clean_ends(self) -> time:
        return time_of(self.cleaned_data["ends"], "ends, such as 5:00pm or 17:00")


class ClosureForm(SeenForm):
    day = DatePartsField(
        label="On which day is the office shut?",
        help_text="Besides weekends and bank holidays, which are left out already.",
        subject="The day",
        blank_message="Enter the day on which the office is shut",
    )


class NoClosureForm(SeenForm):
    day = forms.DateField(widget=forms.HiddenInput)


def choices_for(clock: Clock) -> list[tuple[str, str]]:
    """The hub's managers for every clock; another agency, its leads or the auditor where the clock is theirs."""
    theirs = {role for step in DEFAULTS[clock].ladder for role in step.roles}
    offered = [OWNER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER]
    offered += [role for role in (AGENCY, LEADS, Role.AUDITOR) if role in theirs]
    return [(str(role), _said(role)) for role in offered]


def as_typed(step: Step) -> dict[str, Any]:
    """A step as the form shows it."""
    late, part = isinstance(step.at, HoursLate), isinstance(step.at, Part) and step.at != DUE
    return {
        "label": step.label,
        "when": LATE if late else PART if part else AT_DUE,
        "part": str(step.at.share) if isinstance(step.at, Part) and part else "",
        "hours_late": f"{step.at.hours:g}" if isinstance(step.at, HoursLate) else "",
        "roles": [str(role) for role in step.roles],
        "only_if_unclaimed": step.only_if_unclaimed,
        "repeats_every": f"{step.repeats_every:g}" if step.repeats_every else "",
        "goes_up_after": step.goes_up_after or "",
    }


def _between(hours: float | None) -> bool:
    return hours is not None and SHORTEST <= hours <= LONGEST


def _said(role: str) -> str:
    said = STANDING_FOR.get(role) or Role(role).label
    return said[:1].upper() + said[1:]
