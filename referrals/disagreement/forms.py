"""The forms of a disagreement. Nothing is preselected but the first stage; what must be true is said by the actions."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms

from mash_portal.govuk.fields import DatePartsField, WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from mash_portal.govuk.words import LONDON
from referrals.rules.disagreement import FIRST, LATEST_START, STAGES
from referrals.vocabulary import DisagreementResult, Ground

LONGEST = 4000
_LOST = dict.fromkeys(("required", "invalid", "min_value", "max_value"), "The page has lost its place. Open it again.")
_BOX = Look(rows=5, max_characters=LONGEST)
_TIME = "Enter the time as hours and minutes, such as 14:30"


def _words(label: str, hint: str, missing: str, *, required: bool = True) -> WordsField:
    return WordsField(label, missing, hint=hint, longest=LONGEST, called="The words", is_required=required)


def _speaker() -> forms.CharField:
    return forms.CharField(
        label="Who speaks for your agency at this stage?",
        help_text="Name and job, so that the MASH knows whom to ring.",
        max_length=120,
        error_messages={
            "required": "Write who speaks for your agency, with their job",
            "max_length": "Who speaks for your agency must be 120 characters or fewer",
        },
    )


class _AtStage(GovukForm):
    """Sent from a page that showed one stage: refused where it has gone on since."""

    stage = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=4, error_messages=_LOST)


class DisagreeForm(GovukForm):
    buttons = (Button("Send the disagreement"),)
    looks = dict.fromkeys(("why", "wanted", "safety_plan"), _BOX)

    ground = forms.ChoiceField(
        label="What is it about?",
        choices=Ground.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the disagreement is about"},
    )
    why = _words(
        "Why do you disagree?",
        "What the decision leaves out of account, and what the risk to the child is.",
        "Say why you disagree",
    )
    wanted = _words("What do you want to happen instead?", "", "Say what you want to happen instead")
    safety_plan = _words(
        "What keeps the child safe until this is settled?",
        "Who sees the child, how often, and what they do if it gets worse.",
        "Write what keeps the child safe until this is settled",
    )
    speaks = _speaker()
    in_danger = forms.BooleanField(
        label="A child is in danger now",
        help_text="Ring 999 first if the danger is immediate. Only then can this start at a later stage.",
        required=False,
    )
    stage = forms.TypedChoiceField(
        label="At which stage does it start?",
        help_text="Stage 1, unless a child is in danger now.",
        coerce=int,
        choices=[(n, f"Stage {n}: {STAGES[n].hub}") for n in range(FIRST, LATEST_START + 1)],
        initial=FIRST,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the stage", "invalid_choice": "Choose stage 1, 2 or 3"},
    )


class TakeUpForm(_AtStage):
    buttons = (Button("Take it to the next stage"),)
    looks = {"because": _BOX}

    because = _words(
        "Why does the answer not settle it?",
        "What is still at stake for the child. The next stage reads this first.",
        "Say why you take it to the next stage",
    )
    speaks = _speaker()
    in_danger = forms.BooleanField(
        label="A child is in danger now",
        help_text="Then you do not have to wait for the answer of this stage. Ring 999 if the danger is immediate.",
        required=False,
    )


class AcceptForm(_AtStage):
    """How the agency ends it."""

    buttons = (Button("End the disagreement"),)
    looks = {"because": _BOX}

    result = forms.TypedChoiceField(
        label="How does it end?",
        coerce=DisagreementResult,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ends"},
    )
    because = _words(
        "What was agreed, or why do you accept it?",
        "Both sides read this, and it stays with the record.",
        "Say what was agreed, or why you accept the decision",
    )

    def __init__(self, endings: Collection[DisagreementResult], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = [(one.value, one.label) for one in DisagreementResult if one in endings]
        self.fields["result"].choices = chosen  # type: ignore[attr-defined]  # a ChoiceField


class SettleForm(AcceptForm):
    buttons = (Button("Settle the disagreement"),)
    because = _words(
        "Why?",
        "The agency reads this. Write nothing that another agency told in confidence.",
        "Give the reasons: the agency reads them",
    )

    def __init__(self, endings: Collection[DisagreementResult], *args: Any, **options: Any) -> None:
        super().__init__(endings, *args, **options)
        hint = {
            DisagreementResult.CHANGED.value: "The contact is opened again now. It ends when somebody else than "
            "before has signed off a new decision."
        }
        self.looks = {"because": _BOX, "result": Look(item_hints=hint)}


class AnswerForm(_AtStage):
    buttons = (Button("Send the answer"),)
    looks = {"answer": _BOX, "who_met": Look(rows=3, max_characters=LONGEST), "met_time": Look(width="10")}

    met_on = DatePartsField(
        label="When did both sides meet or speak?",
        help_text="Leave it empty if you have not spoken.",
        subject="Day you spoke",
        required=False,
    )
    met_time = forms.TimeField(
        label="At what time?",
        widget=forms.TextInput,
        input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p"],
        required=False,
        error_messages={"invalid": _TIME},
    )
    who_met = _words(
        "Who took part?",
        "For both sides, with their jobs.",
        "Write who took part",
        required=False,
    )
    answer = _words(
        "Your answer",
        "The agency reads this. Write nothing that another agency told in confidence.",
        "Write the answer: the agency reads it",
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("met_on") and not said.get("met_time") and "met_time" not in self.errors:
            self.add_error("met_time", _TIME)
        if said.get("met_time") and not said.get("met_on") and "met_on" not in self.errors:
            self.add_error("met_on", "Enter the day on which you spoke")
        return said

    def moment(self) -> datetime | None:
        """Only for a valid form."""
        day, time = self.cleaned_data["met_on"], self.cleaned_data["met_time"]
        return datetime.combine(day, time, tzinfo=LONDON) if day else None


class StateForm(GovukForm):
    """The panel beside the list. It is only drawn: the view reads the address."""

    mark_optional = False
    buttons = ()
    looks = {"state": Look(size="s", small=True), "stage": Look(size="s", small=True)}

    state = forms.ChoiceField(
        label="Show", choices=[("open", "Open"), ("ended", "Ended"), ("all", "All")], widget=forms.RadioSelect
    )
    stage = forms.ChoiceField(
        label="Stage", choices=[("", "Any"), *((str(n), f"Stage {n}") for n in STAGES)], required=False
    )
