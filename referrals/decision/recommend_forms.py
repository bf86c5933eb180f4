"""The two pages of a recommendation. They only ask: what must be true is in rules/guards.py, which the action calls.

Nothing is preselected. A question that only some outcomes need is asked on the second page, once they are chosen.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms

from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Buttons, Group
from mash_portal.govuk.look import Button, Look
from referrals.codes import PRIMARY_NEEDS
from referrals.models import Child
from referrals.vocabulary import Outcome, SideRoute

from .actions import Task
from .answers import EACH, EXTRA, MOST_ACTIONS, SAME, scrubbed
from .forms import VersionedForm, text_area

LEVELS = [("1", "Level 1"), ("2", "Level 2"), ("3", "Level 3"), ("4", "Level 4")]
LATER = Button("Save and come back later", name="later", value="1", style="secondary")
MORE_ACTIONS = Button("Add another action", name="more", value="1", style="secondary")
OTHER_OUTCOMES = Button("Change the outcomes", name="outcomes", value="1", style="secondary")

RECORD = (
    ("facts", "Facts and reflection", "What is known and how, what is not known, and what you make of it."),
    ("risk_analysis", "Risk analysis", "What is the risk, to whom, how likely, how bad, and what makes it less."),
    ("childs_voice", "The child’s voice", "What each child says, shows or would want, in their words where you can."),
    ("rationale", "Rationale for the decision", "Why these outcomes and not others, against the threshold matrix."),
)


class OutcomesForm(VersionedForm):
    """Outcomes and level for some children: the first, with a question about the others; or `like` the first."""

    buttons = (Button("Continue"), LATER)

    def __init__(
        self,
        *args: Any,
        children: Sequence[Child],
        others: Sequence[Child] = (),
        like: Child | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.children, self.others, self.like = children, others, like
        for child in children:
            self._ask_about(child)
        if others:
            self._ask_about_the_others()
        self.looks = {name: Look(size="s", inline=name.startswith("level_")) for name in self.fields}

    def layout(self) -> Sequence[Any]:
        groups = [Group(child.name, *self._fields_of(child), size="m") for child in self.children]
        return [*groups, *([SAME] if self.others else []), "version"]

    def _fields_of(self, child: Child) -> list[str]:
        same = [f"same_{child.pk}"] if self.like else []
        return [*same, f"outcomes_{child.pk}", f"level_{child.pk}", f"need_{child.pk}"]

    def _ask_about(self, child: Child) -> None:
        if self.like:
            label = f"The same as for {self.like.name}"
            self.fields[f"same_{child.pk}"] = forms.BooleanField(label=label, required=False)
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
        self.fields[f"need_{child.pk}"] = forms.ChoiceField(
            label=f"Primary need of {child.name}, for the census",
            help_text="Of a child who goes on to social care: why, in the national words.",
            choices=[("", "Choose one"), *PRIMARY_NEEDS],
            required=False,
        )

    def _ask_about_the_others(self) -> None:
        names = " and ".join(child.name for child in self.others)
        self.fields[SAME] = forms.ChoiceField(
            label=f"Do the same outcomes and the same level apply to {names}?",
            choices=[(SAME, "Yes, the same for every child"), (EACH, "No, I choose for each child on the next page")],
            widget=forms.RadioSelect,
            error_messages={"required": f"Say whether the same applies to {names}"},
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for child in self.children:
            own = found.get(f"outcomes_{child.pk}") or found.get(f"level_{child.pk}")
            if found.get(f"same_{child.pk}") and own and self.like:
                sentence = f"Choose either the same as for {self.like.name}, or outcomes and a level for {child.name}"
                self.add_error(f"same_{child.pk}", sentence)
        return found


class RecordForm(VersionedForm):
    """What the decision rests on, what the outcomes need beside it (`asked`), and who does what by when."""

    buttons = (Button("Send for sign-off"), OTHER_OUTCOMES, LATER)

    def __init__(
        self,
        *args: Any,
        asked: Collection[str],
        offered: Collection[str] = (),
        rows: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.extra = [name for name in EXTRA if name in asked or name in offered]
        self.asked, self.offered, self.rows = asked, offered, rows
        for name, label, help_text in RECORD:
            self.fields[name] = text_area(label, help_text)
        for name in self.extra:
            self.fields[name] = _extra(name)
        for row in range(rows):
            self._ask_action(row)
        self.fields["side_routes"] = _side_routes()
        self.looks = {name: self._look(name) for name in self.fields}

    def _look(self, name: str) -> Look:
        optional = name in self.offered and name not in self.asked
        small = name == "side_routes"
        return Look(size="s", inline=name == "advice_level", optional=optional, small=small)

    def layout(self) -> Sequence[Any]:
        return [
            Group("The record", *(name for name, _, _ in RECORD), size="m"),
            *([Group("What these outcomes need", *self.extra, size="m")] if self.extra else []),
            Group(
                "Actions",
                *self._action_names(),
                Buttons(MORE_ACTIONS),
                size="m",
                hint="What somebody will do, who, and by when. Leave empty what you do not need.",
            ),
            "side_routes",
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

    def with_another_action(self) -> "RecordForm":
        """The same page with what was typed and room for one more, before anybody has said that it is finished."""
        rows = min(self.rows + 1, MOST_ACTIONS)
        return RecordForm(asked=self.asked, offered=self.offered, rows=rows, initial=self.typed())

    def tasks(self) -> list[Task]:
        """The actions that were written. Only for a valid form."""
        said = self.cleaned_data
        return [
            Task(said[f"action_{row}_what"], said[f"action_{row}_owner"], said[f"action_{row}_due"])
            for row in range(self.rows)
            if said[f"action_{row}_what"]
        ]

    def _ask_action(self, row: int) -> None:
        number = f" {row + 1}" if self.rows > 1 else ""
        self.fields[f"action_{row}_what"] = forms.CharField(label=f"Action{number}", required=False, max_length=2000)
        self.fields[f"action_{row}_owner"] = forms.CharField(
            label=f"Who will do action{number or ' 1'}", required=False, max_length=120
        )
        self.fields[f"action_{row}_due"] = DatePartsField(
            label=f"When is action{number or ' 1'} due?", subject=f"Due date of action {row + 1}", required=False
        )

    def _action_names(self) -> list[str]:
        return [f"action_{row}_{part}" for row in range(self.rows) for part in ("what", "owner", "due")]


def typed_in(form: GovukForm) -> dict[str, Any]:
    """Everything as it was typed, but for the page's own version."""
    return {name: scrubbed(value) for name, value in form.typed().items() if name != "version"}


_ACTION_WANTS: Mapping[str, str] = {
    "what": "Write what will be done in action",
    "owner": "Write who will do action",
    "due": "Enter the date of action",
}
_EXTRA: Mapping[str, tuple[str, str]] = {
    "why_no_strategy": (
        "Why no strategy discussion",
        "There is level 4 evidence or a harm alert, or a discussion is on record: it stays on record why not.",
    ),
    "agreement_obtained": (
        "The family’s agreement",
        "Early help needs it, and the referral has none: who agreed, to what, and when.",
    ),
    "advice": ("Advice to the referrer", "What they should do. They read this in the feedback."),
}


def _extra(name: str) -> forms.Field:
    if name == "advice_level":
        return forms.ChoiceField(
            label="Level at which the referrer should act on the advice",
            choices=LEVELS,
            widget=forms.RadioSelect,
            required=False,
        )
    if name == "advice_service":
        return forms.CharField(
            label="Service that the referrer should try",
            help_text="For example, the school nurse, the family hub or parenting support.",
            required=False,
            max_length=200,
        )
    return text_area(*_EXTRA[name])


def _side_routes() -> forms.Field:
    return forms.MultipleChoiceField(
        label="Routes that run beside the decision",
        help_text="Leave empty if there is none.",
        choices=SideRoute.choices(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
