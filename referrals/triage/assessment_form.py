"""The hub's own view, indicator by indicator, against the whole matrix in one form. It works without JavaScript.

An indicator that is ticked in the matrix and has no row yet gets one when the form is sent, with all that was typed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from mash_portal.govuk.look import Look
from referrals.models import Finding
from referrals.vocabulary import DISCREPANCY, RESILIENCE, GridCell
from thresholds.models import Indicator, Level

from . import actions
from .findings import FINDINGS, lines_by_cell
from .forms import VersionedForm
from .sides import Sides

LEAVE_OUT = "leave_out"
NONE = [("", "Not used")]
LONGEST_CELL = 5000
#: What belongs in each cell of the two grids that managers think with (front-door.md 3.10).
CELLS = {
    GridCell.STRONG: "Seen, measured or documented, and agreed",
    GridCell.AMBIGUOUS: "Could mean more than one thing",
    GridCell.ASSUMPTION: "Believed, and not yet checked",
    GridCell.MISSING: "What is not known, and who could tell",
    GridCell.PROTECTIVE: "People and places that keep the child safe",
    GridCell.RESILIENCE: "What helps the child to cope",
    GridCell.VULNERABILITY: "What makes the child easier to harm",
    GridCell.ADVERSITY: "What the child lives with",
}


@dataclass(frozen=True)
class FormRow:
    """One indicator: what the referrer wrote, and the two fields for the hub's view."""

    indicator: Indicator
    ticked: bool
    evidence_of_referrer: str
    finding: BoundField
    evidence: BoundField


class AssessForm(VersionedForm):
    mark_optional = False
    buttons = ()

    care_profile_grade = forms.ChoiceField(label="Graded Care Profile grade", required=False)
    dvrim_scale = forms.ChoiceField(label="Domestic violence risk identification matrix", required=False)
    level = forms.ChoiceField(
        label="Which level is met?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the level that is met", "invalid_choice": "Choose a level from 1 to 4"},
    )
    rationale = forms.CharField(
        label="Why that level?",
        help_text="Needed where you judge it differently from what the evidence suggests. It stays with the record.",
        widget=forms.Textarea,
        required=False,
        strip=True,
    )

    def __init__(self, sides: Sides, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> None:
        self.sides = sides
        sent = with_rows(data, sides) if data is not None else None
        self.codes = codes_of(sides, sent if sent is not None else initial or {})
        super().__init__(sent, initial=self._first_words() if initial is None else initial)
        tools, grids = ["care_profile_grade", "dvrim_scale"], self._add_grids()
        self.order_fields(["version", *self._add_rows(), *tools, *grids, "level", "rationale"])
        self._tool("care_profile_grade", "Grade", {one: sides.level_of_grade(one) for one in sides.grades})
        self._tool("dvrim_scale", "Scale", {one: sides.level_of_scale(one) for one in sides.scales})
        self._choices("level", [(str(level.number), str(level)) for level in sides.levels])
        self.looks = {
            "care_profile_grade": Look(optional=True),
            "dvrim_scale": Look(optional=True),
            "level": Look(item_hints={str(level.number): level.need for level in sides.levels}),
            **{name: Look(rows=3) for name in grids},
            "rationale": Look(rows=6),
            **{f"finding_{code}": Look(inline=True, small=True) for code in self.codes},
            **{f"evidence_{code}": Look(rows=3) for code in self.codes},
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in self.codes:
            if cleaned.get(f"finding_{code}") == Finding.EVIDENCED and not cleaned.get(f"evidence_{code}"):
                self.add_error(f"evidence_{code}", f"Write the evidence for {code}: {self.sides.indicators[code].text}")
        return cleaned

    def rows(self) -> Iterator[FormRow]:
        for code in self.codes:
            yield FormRow(
                indicator=self.sides.indicators[code],
                ticked=code in self.sides.ticked,
                evidence_of_referrer=self.sides.ticked.get(code, ""),
                finding=self[f"finding_{code}"],
                evidence=self[f"evidence_{code}"],
            )

    def view(self) -> actions.View:
        """What has been typed, as far as it makes sense: of a valid form, all of it."""
        typed = {name: str(value or "").strip() for name, value in self.typed().items()}
        level, grade, scale = (
            int(typed[name]) if typed[name] in dict(self.fields[name].choices) and typed[name] else None  # type: ignore[attr-defined]  # ChoiceFields
            for name in ("level", "care_profile_grade", "dvrim_scale")
        )
        return actions.View(
            level=level or 0,
            rationale=typed["rationale"],
            findings={
                code: (typed[f"finding_{code}"], typed[f"evidence_{code}"])
                for code in self.codes
                if typed[f"finding_{code}"] in FINDINGS
            },
            care_profile_grade=grade,
            dvrim_scale=scale,
            grid={cell: typed[f"grid_{cell}"].splitlines() for cell in GridCell},
        )

    def grids(self) -> list[tuple[str, list[BoundField]]]:
        return [
            ("How sure is what we know? (discrepancy grid)", [self[f"grid_{cell}"] for cell in DISCREPANCY]),
            (
                "What makes this child safer, or easier to harm? (resilience grid)",
                [self[f"grid_{c}"] for c in RESILIENCE],
            ),
        ]

    def _first_words(self) -> dict[str, Any]:
        """The hub's last findings, tools and grids; level and rationale are said anew each time.

        Before the hub has assessed, the tools are what the referrer said of them.
        """
        words: dict[str, Any] = {}
        for code, (finding, evidence) in self.sides.found.items():
            words |= {f"finding_{code}": finding, f"evidence_{code}": evidence}
        for cell, lines in lines_by_cell(self.sides.hub).items():
            words[f"grid_{cell}"] = "\n".join(lines)
        if said := self.sides.hub or self.sides.referrer:
            words |= {"care_profile_grade": said.care_profile_grade, "dvrim_scale": said.dvrim_scale}
        return words

    def _tool(self, name: str, word: str, levels: Mapping[int, Level | None]) -> None:
        """Each grade or scale with the level it belongs to, and what the referrer said of it."""
        places = [(str(one), f"{word} {one}" + (f": {level}" if level else "")) for one, level in levels.items()]
        self._choices(name, NONE + places)
        said = getattr(self.sides.referrer, name, None)
        if said is not None:
            filled = (
                "" if self.sides.hub else " It is filled in here as they said it: change it if you judge otherwise."
            )
            self.fields[name].help_text = f"The referrer said {word.lower()} {said}.{filled}"

    def _add_grids(self) -> list[str]:
        for cell, hint in CELLS.items():
            self.fields[f"grid_{cell}"] = forms.CharField(
                label=cell.label,
                help_text=f"{hint}. One line for each",
                widget=forms.Textarea,
                required=False,
                max_length=LONGEST_CELL,
                error_messages={"max_length": f"“{cell.label}” must be {LONGEST_CELL:,} characters or fewer"},
            )
        return [f"grid_{cell}" for cell in CELLS]

    def _add_rows(self) -> list[str]:
        for code in self.codes:
            leave_out = [] if code in self.sides.ticked else [(LEAVE_OUT, "Leave it out")]
            self.fields[f"finding_{code}"] = forms.ChoiceField(
                label=f"{code}: is it evidenced?",
                choices=[*FINDINGS.items(), *leave_out],
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Say whether {code} is evidenced: {self.sides.indicators[code].text}",
                    "invalid_choice": f"Choose what the MASH found on {code}",
                },
            )
            self.fields[f"evidence_{code}"] = forms.CharField(
                label=f"{code}: the MASH’s own evidence", widget=forms.Textarea, required=False
            )
        return [f"{part}_{code}" for code in self.codes for part in ("finding", "evidence")]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # only given ChoiceFields


def with_rows(data: QueryDict, sides: Sides) -> QueryDict:
    """What was sent, with a row for each newly ticked indicator: ticked means evidenced, and its evidence is wanted."""
    sent = data.copy()
    for code in data.getlist("more"):
        if code in sides.indicators and f"finding_{code}" not in sent:
            sent[f"finding_{code}"] = Finding.EVIDENCED
    return sent


def codes_of(sides: Sides, said: Any) -> list[str]:
    """The indicators that have a row: the referrer's, the hub's, and those that were ticked; each once."""
    known = dict.fromkeys([*sides.ticked, *sides.found])
    added = [code for code in sides.indicators if f"finding_{code}" in said or f"evidence_{code}" in said]
    return list(known | dict.fromkeys(added))
