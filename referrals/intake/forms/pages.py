"""The form of one page: its questions, what has been said so far, and whether the section is completed."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.http import QueryDict

from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import SAVE, SAVE_LATER, Button, Look
from referrals.intake.merging import Seen, digests
from referrals.rules.marf import Gap, Kind, Page, Question
from referrals.rules.marf.numbers import postcode
from referrals.rules.marf.questions import YES, YES_NO
from referrals.rules.marf.values import clean_text, part

from .fields import CHECKS, field_of, kept, look_of, slip_in

EACH_CHILD = (Kind.EACH_CHILD_TEXT, Kind.EACH_CHILD_CHOICE)
COMPLETED = "completed"
WRITER = re.compile(r"[0-9a-z]{1,32}")


def number_in(typed: object) -> int | None:
    words = "" if typed is None else str(typed)
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None


class SavedForm(GovukForm):
    """What every page of a draft has: the version it showed, and perhaps whether the section is completed.

    `shown` is what the page shows, as it is kept: the page carries a digest of each answer, so that what comes back is
    merged with what colleagues have saved since. `writer` and `turn` come from autosave.js.
    """

    mark_optional = False
    buttons: tuple[Button, ...] = (SAVE, SAVE_LATER)

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        version: int = 0,
        completed: bool | None = None,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        seen = "" if shown is None else json.dumps(digests(shown))
        super().__init__(data, initial={"version": version, "seen": seen})
        self.asks_completed = completed is not None
        self.looks: dict[str, Look] = {COMPLETED: Look(size="m", inline=True)}
        if completed is not None:
            self.fields[COMPLETED] = forms.ChoiceField(
                label="Have you completed this section?",
                choices=YES_NO,
                widget=forms.RadioSelect,
                initial=YES if completed else None,
                required=False,
            )

    @property
    def is_for_later(self) -> bool:
        """The person leaves now, and wants no errors."""
        return "later" in self.data or self.data.get(COMPLETED) == "no"

    @property
    def seen_version(self) -> int | None:
        return number_in(self.data.get("version"))

    @property
    def seen_answers(self) -> Seen | None:
        """What the page showed; None for a page that does not say."""
        try:
            found = json.loads(str(self.data.get("seen", "")))
        except ValueError:
            return None
        if not isinstance(found, dict):
            return None
        writer = str(self.data.get("writer", ""))
        shown = {leaf: one for leaf, one in found.items() if isinstance(one, str)}
        return Seen(shown, writer if WRITER.fullmatch(writer) else "", number_in(self.data.get("turn")) or 0)

    @property
    def completed(self) -> bool | None:
        """What to keep: completed only where nothing is wrong; None where nothing was said."""
        if not self.asks_completed or not self.data.get(COMPLETED):
            return None
        return self.data.get(COMPLETED) == YES and self.is_valid()

    def ask_completed(self) -> None:
        if self.asks_completed and self.data.get(COMPLETED) not in dict(YES_NO):
            self.add_error(COMPLETED, "Say whether you have completed this section")

    def shows_version(self, version: int, seen: Mapping[str, str] | None = None) -> None:
        """From now on the page is the answer to this version, and to what stands there by these digests."""
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["version"] = str(version)
            if seen is not None and data.get("seen"):
                data["seen"] = json.dumps(seen)
            self.data = data


class PageForm(SavedForm):
    """The questions of one page. `answers()` is what the draft keeps."""

    form_tag = False

    warned = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        page: Page,
        said: Mapping[str, Any],
        *,
        data: QueryDict | None = None,
        children: Mapping[str, str] | None = None,
        version: int = 0,
        completed: bool | None = None,
        today: date,
    ) -> None:
        self.page, self.today, self.children = page, today, children or {}
        super().__init__(data, version=version, completed=completed, shown=self._shown(said))
        asked = self.fields.pop(COMPLETED, None)
        for question in page.questions:
            for name, label, initial in self._places(question, said):
                field = field_of(question)
                field.label, field.initial = label, initial
                self.fields[name], self.looks[name] = field, look_of(question)
        if asked:
            self.fields[COMPLETED] = asked

    def _shown(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """What the page shows of each question, in the shape in which it is kept."""
        return {
            question.name: {key: part(said, question.name).get(key) for key in self.children}
            if question.kind in EACH_CHILD
            else said.get(question.name)
            for question in self.page.questions
        }

    def _places(self, question: Question, said: Mapping[str, Any]) -> Iterable[tuple[str, str, Any]]:
        """The fields of a question: its own, or one for each child."""
        if question.kind not in EACH_CHILD:
            return [(question.name, question.label, said.get(question.name))]
        answers = part(said, question.name)
        return [
            (f"{question.name}_{key}", question.label.format(child=name), answers.get(key))
            for key, name in self.children.items()
        ]

    def layout(self) -> Sequence[Any]:
        """Questions under the headings of their groups, in order."""
        parts: list[Any] = []
        for group, questions in groupby(self.page.questions, key=attrgetter("group")):
            names = [name for question in questions for name, _, _ in self._places(question, {})]
            parts += [Group(group, *names)] if group and names else names
        return [*parts, *([COMPLETED] if self.asks_completed else [])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.page.questions:
            if question.name in self.fields and question.name not in self.errors:
                slip = slip_in(question, cleaned.get(question.name), self.today)
                if slip and not self._was_warned(question):
                    self.add_error(question.name, slip)
        self._remember_warnings()
        return cleaned

    def _was_warned(self, question: Question) -> bool:
        """A number that does not prove itself is said once; whoever sends it again means it."""
        return question.check in CHECKS and self._warning(question) in str(self.data.get("warned", "")).split("|")

    def _warning(self, question: Question) -> str:
        return f"{question.name}={clean_text(self.data.get(question.name))}"

    def _remember_warnings(self) -> None:
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            asked = [question for question in self.page.questions if question.check in CHECKS]
            data["warned"] = "|".join(self._warning(one) for one in asked if one.name in self.errors)
            self.data = data

    def answers(self) -> dict[str, Any]:
        """Everything as it is kept, right or wrong."""
        self.is_valid()
        typed = self.typed()
        found: dict[str, Any] = {}
        for question in self.page.questions:
            if question.kind in EACH_CHILD:
                names = {key: f"{question.name}_{key}" for key in self.children}
                found[question.name] = {key: kept(question, typed[name], None) for key, name in names.items()}
            elif question.name in self.fields:
                found[question.name] = kept(question, typed[question.name], self.cleaned_data.get(question.name))
        if "postcode" in found:
            found["postcode"] = postcode(found["postcode"])
        return found

    def show(self, gaps: Iterable[Gap]) -> None:
        """Put what stops the form at the fields that would answer it; once each, and no field is told off twice."""
        for gap in gaps:
            per_child = (
                name for name in self.fields if name.startswith(f"{gap.field}_") and gap.field not in self.fields
            )
            field = next(per_child, gap.field)
            if field in self.fields and field not in self.errors:
                self.add_error(field, gap.sentence)
