"""The form of a first look. Nothing is preselected: each answer is somebody's, and so is the priority."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from mash_portal.govuk.look import Look as Drawn
from referrals.rules.first_look import Look, objections
from referrals.rules.priority import Proposal
from referrals.vocabulary import Rag

from .forms import VersionedForm, when_words

YES, NO = "yes", "no"
YES_NO = [(YES, "Yes"), (NO, "No")]
LONGEST = 2000
CHOICES = ("history_read", "in_danger_now", "open_elsewhere", "is_ours")
TEXTS = ("done_about_danger", "open_with", "whose", "reason")


def _choice(label: str, choices: list[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    """Not required here: what is missing is said by the rules, in one place."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=hint, required=False,
        error_messages={"invalid_choice": f"Choose one of the answers to “{label}”"},
    )  # fmt: skip


def _text(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=forms.Textarea,
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": f"“{label}” must be {LONGEST:,} characters or fewer"},
    )


class FirstLookForm(VersionedForm):
    mark_optional = False
    buttons = ()

    history_read = _choice(
        "Have you read the history above before agreement is discussed with the parents?",
        [(YES, "Yes, all of it"), (NO, "No: not all of it, or agreement was discussed first")],
    )
    in_danger_now = _choice(
        "Is anybody in immediate danger?",
        YES_NO,
        "If so, ring 999 first. This form waits for you.",
    )
    done_about_danger = _text("If yes, what was done about it?", "What, when and by whom; the police reference")
    open_elsewhere = _choice(
        "Is a case open elsewhere?",
        YES_NO,
        "An allocated social worker, early help, youth justice or another team",
    )
    open_with = _text("If yes, with whom?", "The team, the worker’s name, and since when")
    is_ours = _choice(
        "Is this ours, or another authority’s?",
        [(YES, "Ours"), (NO, "Another authority’s")],
    )
    whose = _text("If another authority’s, whose?", "Which authority, and who there was told")
    rag = _choice("Which priority do you set?", Rag.choices())
    reason = _text(
        "Why this priority?", "Needed where you choose another than the rules propose. It stays with the record."
    )

    def __init__(
        self,
        proposal: Proposal,
        due: Mapping[Rag, datetime],
        now: datetime,
        due_now: datetime,
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.proposal = proposal
        self.shows = (proposal, due, now, due_now)
        hints = {rag.value: due_words(due_now, after, now) for rag, after in due.items()}
        self.looks = {
            **{name: Drawn(size="s") for name in CHOICES},
            **{name: Drawn(rows=3) for name in TEXTS},
            "rag": Drawn(size="s", item_hints=hints),
        }

    def clean(self) -> dict[str, Any]:
        """The same sentences as the action's, so that everything that is missing is said at once."""
        cleaned = super().clean() or {}
        for objection in objections(self.look(cleaned), self.proposal):
            if objection.field not in self.errors:
                self.add_error(objection.field, objection)
        return cleaned

    def as_typed(self) -> "FirstLookForm":
        """The same form with what was typed, before anybody has said that it is finished."""
        return FirstLookForm(*self.shows, initial=self.typed())

    def look(self, said: Mapping[str, Any] | None = None) -> Look:
        """What has been typed, as far as it makes sense."""
        said = self.typed() if said is None else said
        words = {name: str(said.get(name) or "").strip() for name in TEXTS}
        return Look(
            history_read=_yes_or_no(said.get("history_read")),
            in_danger_now=_yes_or_no(said.get("in_danger_now")),
            done_about_danger=words["done_about_danger"],
            open_elsewhere=_yes_or_no(said.get("open_elsewhere")),
            open_with=words["open_with"],
            is_ours=_yes_or_no(said.get("is_ours")),
            whose=words["whose"],
            rag=Rag(said["rag"]) if said.get("rag") in list(Rag) else None,
            reason=words["reason"],
        )


def _yes_or_no(answer: object) -> bool | None:
    return {YES: True, NO: False}.get(str(answer))


def due_words(before: datetime, after: datetime, now: datetime) -> str:
    """What a priority does to the due time: "Due today, 8:00pm instead of tomorrow, 4:00pm"."""
    if before == after:
        return f"Decision due {when_words(after, now)}, as it is now"
    return f"Decision due {when_words(after, now)}, instead of {when_words(before, now)}"
