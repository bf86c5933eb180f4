"""Screening one notification, child by child; signing off the list."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mash_portal.govuk.fields import WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import Button, Look
from referrals.models import Child

from .actions import LOW_LEVELS, Proposal

OUT, TRIAGE = "out", "triage"
LONGEST = 2_000


class ScreenForm(GovukForm):
    """For each child what to do, at which level, and why. Nothing is preselected."""

    mark_optional = False
    buttons = (Button("Record this"),)

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, children: Sequence[Child], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.children = children
        self.looks = {}
        for child in children:
            self._add(child)

    def _add(self, child: Child) -> None:
        name = child.name
        self.fields[f"decision_{child.pk}"] = forms.ChoiceField(
            label=f"What should happen about {name}?",
            choices=[(OUT, "Screen out: no further action, kept for information"), (TRIAGE, "To triage")],
            widget=forms.RadioSelect,
            error_messages=dict.fromkeys(("required", "invalid_choice"), f"Choose what to do about {name}"),
        )
        self.fields[f"level_{child.pk}"] = forms.ChoiceField(
            label="If you screen out, at which level?",
            choices=[(str(level), f"Level {level}") for level in LOW_LEVELS],
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": f"Choose level 1 or level 2 for {name}"},
        )
        self.fields[f"reason_{child.pk}"] = WordsField(
            "Why?",
            f"Write the reason for {name}",
            hint="Facts and history: a manager reads it, and it stays on record.",
            longest=LONGEST,
        )
        self.looks = {**self.looks, f"level_{child.pk}": Look(inline=True), f"reason_{child.pk}": Look(rows=3)}

    def layout(self) -> list[Any]:
        names = ("decision", "level", "reason")
        groups = [Group(child.name, *(f"{name}_{child.pk}" for name in names)) for child in self.children]
        return ["version", *groups]

    def proposals(self) -> dict[int, Proposal]:
        said = self.cleaned_data
        return {
            child.pk: Proposal(
                screened_out=said[f"decision_{child.pk}"] == OUT,
                reason=said[f"reason_{child.pk}"],
                level=int(said[f"level_{child.pk}"]) if said[f"level_{child.pk}"] else None,
            )
            for child in self.children
        }
