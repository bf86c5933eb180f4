"""The forms of a decision. They only ask: what must be true is in rules/guards.py, which the action calls."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import Button, Look
from referrals.models import Child
from referrals.vocabulary import Outcome, SideRoute

from .actions import Recommendation, Task

LEVELS = [("1", "Level 1"), ("2", "Level 2"), ("3", "Level 3"), ("4", "Level 4")]
MORE_ACTIONS = Button("Add another action", name="more", value="1", style="secondary")

RECORD = (
    ("facts", "Facts and reflection", "What is known and how, what is not known, and what you make of it."),
    ("risk_analysis", "Risk analysis", "What is the risk, to whom, how likely, how bad, and what makes it less."),
    ("childs_voice", "The child’s voice", "What each child says, shows or would want, in their words where you can."),
    ("rationale", "Rationale for the decision", "Why these outcomes and not others, against the threshold matrix."),
)


def text_area(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, widget=forms.Textarea, max_length=20_000)


class RecommendForm(GovukForm):
    """One page for the whole record: outcomes per child, reasons, advice, actions. Nothing is preselected."""

    mark_optional = False

    def __init__(self, *args: Any, children: Sequence[Child], rows: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children, self.rows = children, rows
        for child in children:
            self._ask_about(child)
        for name, label, help_text in RECORD:
            self.fields[name] = text_area(label, help_text)
        self._ask_where_it_applies()
        for row in range(rows):
            self._ask_action(row)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        self.looks = {name: Look(size="s", inline=name.startswith(("level_", "advice_level"))) for name in self.fields}

    buttons = (Button("Send for sign-off"), MORE_ACTIONS)

    def layout(self) -> Sequence[Any]:
        return [
            *(Group(child.name, f"outcomes_{child.pk}", f"level_{child.pk}", size="l") for child in self.children),
            Group("The record", *(name for name, _, _ in RECORD), size="l"),
            Group("Where it applies", *self._conditional(), size="l"),
            Group("Actions", *self._action_names(), size="l", hint="What somebody will do, who, and by when."),
            "version",
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for row in range(self.rows):
            parts = {part: found.get(f"action_{row}_{part}") for part in ("what", "owner", "due")}
            if any(parts.values()):
                for part, sentence in _ACTION_WANTS.items():
                    if not parts[part] and f"action_{row}_{part}" not in self.errors:
                        self.add_error(f"action_{row}_{part}", f"{sentence} {row + 1}")
        return found

    def recommendation(self) -> Recommendation:
        """What was typed, as the action takes it. Only for a valid form."""
        said = self.cleaned_data
        return Recommendation(
            outcomes={c.pk: [Outcome(one) for one in said[f"outcomes_{c.pk}"]] for c in self.children},
            levels={c.pk: int(said[f"level_{c.pk}"]) for c in self.children if said[f"level_{c.pk}"]},
            texts={name: said[name] for name in (*(name for name, _, _ in RECORD), *_TEXTS_THAT_MAY_APPLY)},
            advice_level=int(said["advice_level"]) if said["advice_level"] else None,
            side_routes=said["side_routes"],
            tasks=[
                Task(said[f"action_{row}_what"], said[f"action_{row}_owner"], said[f"action_{row}_due"])
                for row in range(self.rows)
                if said[f"action_{row}_what"]
            ],
        )

    def _ask_about(self, child: Child) -> None:
        self.fields[f"outcomes_{child.pk}"] = forms.MultipleChoiceField(
            label=f"Outcomes for {child.name}",
            help_text="Choose every one that applies. No further action stands alone.",
            choices=Outcome.choices(),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields[f"level_{child.pk}"] = forms.ChoiceField(
            label=f"Level decided for {child.name}", choices=LEVELS, widget=forms.RadioSelect, required=False
        )

    def _ask_where_it_applies(self) -> None:
        self.fields["why_no_strategy"] = text_area(
            "Why no strategy discussion",
            "Needed where there is level 4 evidence or a harm alert and a child has no strategy discussion.",
        )
        self.fields["strategy_invited"] = text_area(
            "Who is invited to the strategy discussion",
            "Needed with a strategy discussion: police and health; who is absent, and why.",
        )
        self.fields["agreement_obtained"] = text_area(
            "The family’s agreement, if you obtained it",
            "Needed for early help where the referral has no agreement: who agreed, to what, and when.",
        )
        self.fields["advice"] = text_area(
            "Advice to the referrer", "Needed with no further action: what to do, and which service to try."
        )
        self.fields["advice_level"] = forms.ChoiceField(
            label="Level at which the referrer should act on the advice",
            choices=LEVELS,
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["side_routes"] = forms.MultipleChoiceField(
            label="Routes that run beside the decision",
            help_text="Leave empty if there is none.",
            choices=SideRoute.choices(),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def _ask_action(self, row: int) -> None:
        number = f" {row + 1}" if self.rows > 1 else ""
        self.fields[f"action_{row}_what"] = forms.CharField(label=f"Action{number}", required=False, max_length=2000)
        self.fields[f"action_{row}_owner"] = forms.CharField(
            label=f"Who will do action{number or ' 1'}", required=False, max_length=120
        )
        self.fields[f"action_{row}_due"] = DatePartsField(
            label=f"When is action{number or ' 1'} due?", subject=f"Due date of action {row + 1}", required=False
        )

    def _conditional(self) -> list[str]:
        return [*_TEXTS_THAT_MAY_APPLY, "advice_level", "side_routes"]

    def _action_names(self) -> list[str]:
        return [f"action_{row}_{part}" for row in range(self.rows) for part in ("what", "owner", "due")]


_TEXTS_THAT_MAY_APPLY = ("why_no_strategy", "strategy_invited", "agreement_obtained", "advice")
_ACTION_WANTS = {
    "what": "Write what will be done in action",
    "owner": "Write who will do action",
    "due": "Enter the date of action",
}


class SignOffForm(GovukForm):
    """The manager's own words, where history argues against no further action."""

    mark_optional = False
    buttons = (Button("Sign off this decision"),)
    why_nfa_still_right = text_area("Why no further action is still right")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_why:
            del self.fields["why_nfa_still_right"]


class ReasonForm(GovukForm):
    """A step that needs its reason and nothing else."""

    reason = text_area("Reason")

    def __init__(self, *args: Any, label: str, help_text: str, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text
        self.buttons = (Button(button),)

    mark_optional = False
