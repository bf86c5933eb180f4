"""Recording a strategy discussion, or calling it off. Forms only ask: what must be true is in rules/strategy.py."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mash_portal.accounts.models import User
from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import Button, Look
from referrals import discussions
from referrals.models import Invitation
from referrals.rules.strategy import TEXTS, Task
from referrals.vocabulary import StrategyDecision

from .actions import Attendance, Record
from .asking import give_all_sentences, number_of_discussion, text_area
from .moments import TimeField, moment

MORE_ACTIONS = Button("Add another action", name="more", value="1", style="secondary")
_ACTION_WANTS = {
    "what": "Write what will be done in action",
    "owner": "Write who will do action",
    "due": "Enter the date of action",
}


class RecordForm(GovukForm):
    """What happened: when, who came, the risk, the child's voice, the decision and who does what."""

    mark_optional = False
    buttons = (Button("Record the discussion"), MORE_ACTIONS)

    def __init__(
        self, *args: Any, invitations: Sequence[Invitation], chairs: Sequence[User], rows: int = 1, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.invitations = [one for one in invitations if one.is_invited]
        self.chairs, self.rows = {str(person.pk): person for person in chairs}, rows
        self._ask_when()
        for invitation in self.invitations:
            self._ask_whether_they_came(invitation)
        self._ask_what_was_decided()
        for row in range(rows):
            self._ask_action(row)
        self.fields["discussion"] = number_of_discussion()
        self.looks = {name: Look(size="s", inline=name.startswith("attended_")) for name in self.fields}
        self.looks |= {f"absent_{one.pk}": Look(size="s", rows=2) for one in self.invitations}
        self.looks["held_at"] = Look(size="s", width="10")
        give_all_sentences(self)

    def layout(self) -> Sequence[Any]:
        came = [f"{part}_{one.pk}" for one in self.invitations for part in ("attended", "absent")]
        actions = [f"action_{row}_{part}" for row in range(self.rows) for part in ("what", "owner", "due")]
        return [
            Group("When it was held", "held_on", "held_at", "chair"),
            Group("Who took part", *came, hint="In the room, by telephone or by video."),
            Group("What was said and decided", "risk", "childs_voice", "decision", "rationale", "contingency"),
            Group("Actions", *actions, hint="What somebody will do, who, and by when."),
            "discussion",
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for row in range(self.rows):
            parts = {part: found.get(f"action_{row}_{part}") for part in _ACTION_WANTS}
            if any(parts.values()):
                for part, sentence in _ACTION_WANTS.items():
                    if not parts[part] and f"action_{row}_{part}" not in self.errors:
                        self.add_error(f"action_{row}_{part}", f"{sentence} {row + 1}")
        return found

    def record(self) -> Record:
        """What was typed, as the action takes it. Only for a valid form."""
        said = self.cleaned_data
        return Record(
            held_at=moment(said["held_on"], said["held_at"]),
            chair=self.chairs.get(said["chair"]),
            attendance={one.pk: self._attendance(one) for one in self.invitations},
            decision=StrategyDecision(said["decision"]) if said["decision"] else None,
            texts={name: said[name] for name in TEXTS},
            tasks=[
                Task(said[f"action_{row}_what"], said[f"action_{row}_owner"], said[f"action_{row}_due"])
                for row in range(self.rows)
                if said[f"action_{row}_what"]
            ],
        )

    def _attendance(self, invitation: Invitation) -> Attendance:
        said = self.cleaned_data
        came = {"yes": True, "no": False}.get(said[f"attended_{invitation.pk}"])
        return Attendance(came, said[f"absent_{invitation.pk}"])

    def _ask_when(self) -> None:
        self.fields["held_on"] = DatePartsField(label="Day", subject="Day", required=False)
        self.fields["held_at"] = TimeField(
            label="Time it began", help_text="For example, 2:30pm", wrong="Time must be a time of day, like 2:30pm"
        )
        self.fields["chair"] = forms.ChoiceField(
            label="Who chaired it?",
            help_text="A qualified social worker or manager of the hub.",
            choices=[("", "Choose a person"), *((key, person.full_name) for key, person in self.chairs.items())],
            required=False,
        )

    def _ask_whether_they_came(self, invitation: Invitation) -> None:
        name = discussions.name_of(invitation)
        self.fields[f"attended_{invitation.pk}"] = forms.ChoiceField(
            label=f"Did {name} take part?",
            choices=[("yes", "Yes"), ("no", "No")],
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields[f"absent_{invitation.pk}"] = text_area(f"If not, why did {name} not take part?")

    def _ask_what_was_decided(self) -> None:
        self.fields["risk"] = text_area("Risk", "To whom, how likely, how bad, and what makes it less.")
        self.fields["childs_voice"] = text_area(
            "The child’s voice", "What each child says, shows or would want, in their words where you can."
        )
        self.fields["decision"] = forms.ChoiceField(
            label="What was decided?", choices=StrategyDecision.choices(), widget=forms.RadioSelect, required=False
        )
        self.fields["rationale"] = text_area("Why was this decided?", "It stands in the decision record.")
        self.fields["contingency"] = text_area("Contingency", "What happens if the plan cannot be kept.")

    def _ask_action(self, row: int) -> None:
        number = f" {row + 1}"
        self.fields[f"action_{row}_what"] = forms.CharField(label=f"Action{number}", required=False, max_length=2000)
        self.fields[f"action_{row}_owner"] = forms.CharField(
            label=f"Who will do action{number}", required=False, max_length=120
        )
        self.fields[f"action_{row}_due"] = DatePartsField(
            label=f"When is action{number} due?", subject=f"Due date of action{number}", required=False
        )


class CallOffForm(GovukForm):
    mark_optional = False
    buttons = (Button("Call the discussion off", style="warning"),)
    looks = {"reason": Look(rows=4)}

    reason = text_area(
        "Why is it called off?", "It stays with the record. Those who are invited are told that it is off."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["discussion"] = number_of_discussion()
