"""What the partnership reads of the audits, on the page and in its files: no name, and no small number either.

Whoever reads knows that grades, groups, and those of whom the level was right or wrong each add up to the audits.
How many actions there are is shown whatever it is: actions are not children.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mash_portal.govuk import words
from referrals import sheets
from referrals.rules import agreement, crosstable, suppression
from referrals.rules.suppression import HIDDEN, LEAST, Sum
from referrals.vocabulary.learning import AUDIT_GRADES, AuditQuestion

from .measures import OVERALL, THRESHOLD_RIGHT, Grades, Report
from .tables import percent

ASKED = {
    OVERALL: "Grade overall",
    THRESHOLD_RIGHT: "Was the level right?",
    **{one.value: one.label for one in AuditQuestion},
}
GRADE_HEADINGS = ["Question", *(f"{grade} – {label}" for grade, label in AUDIT_GRADES.items())]
GROUP_HEADINGS = ["Agencies", "Audits", "Level right", "Outstanding or good"]
AGREEMENT_HEADINGS = ["Asked", "Two auditors of the same case"]

#: What is counted: of everything, or of a question, and there a grade or how many were graded.
Key = tuple[str, str | int]
AUDITS, RIGHT, WRONG = ("all", "audits"), ("all", "right"), ("all", "wrong")
GRADED, NOT_GRADED = "graded", "not graded"


@dataclass(frozen=True)
class Told:
    """The report as everybody may read it."""

    found: Report

    @cached_property
    def counts(self) -> Mapping[Key, int]:
        total = self.found.total
        counts: dict[Key, int] = {AUDITS: total.audits, RIGHT: total.right, WRONG: total.audits - total.right}
        for name, counter in _questions(total).items():
            counts |= {(name, grade): counter[grade] for grade in AUDIT_GRADES}
            counts |= {(name, GRADED): counter.total(), (name, NOT_GRADED): total.audits - counter.total()}
        return counts

    @cached_property
    def hidden(self) -> frozenset[Key]:
        sums: list[Sum[Key]] = [Sum(AUDITS, [RIGHT, WRONG])]
        for name in _questions(self.found.total):
            sums.append(Sum((name, GRADED), [(name, grade) for grade in AUDIT_GRADES]))
            sums.append(Sum(AUDITS, [(name, GRADED), (name, NOT_GRADED)]))
        return suppression.hidden(self.counts, sums)

    def say(self, key: Key) -> str:
        return HIDDEN if key in self.hidden else f"{self.counts[key]:,}"

    @property
    def heading(self) -> str:
        audits = self.counts[AUDITS]
        if AUDITS in self.hidden:
            return "Too few audits in this period to say"
        if RIGHT in self.hidden or not audits:
            return f"{words.count(audits, 'audit')} in this period"
        return f"The level decided was right in {percent(self.counts[RIGHT] / audits)} of audits"

    @property
    def summary(self) -> str:
        cases = HIDDEN if 0 < self.found.cases < LEAST else f"{self.found.cases:,}"
        right = f"The level decided was right in {self.say(RIGHT)} of them."
        return f"{self.say(AUDITS)} audits of {cases} sampled cases. {right}"

    @property
    def sheets(self) -> list[sheets.Table]:
        agreed = [[label, agreement.sentence(self.found.agreed[name])] for name, label in ASKED.items()]
        return [
            sheets.Table("Grades", GRADE_HEADINGS, self._grades()),
            sheets.Table("By agencies", GROUP_HEADINGS, group_rows(self.found.groups)),
            sheets.Table("Agreement", AGREEMENT_HEADINGS, agreed),
        ]

    def _grades(self) -> list[list[str]]:
        """Question → how often each grade was given."""
        asked = _questions(self.found.total)
        return [[ASKED[name], *(self._grade(name, grade) for grade in AUDIT_GRADES)] for name in asked]

    def _grade(self, name: str, grade: int) -> str:
        number, graded = self.counts[name, grade], self.counts[name, GRADED]
        if not number or not self.hidden.isdisjoint({(name, grade), (name, GRADED)}):
            return self.say((name, grade))
        return f"{number:,}\N{NO-BREAK SPACE}({percent(number / graded)})"


def group_rows(groups: Mapping[str, Grades]) -> list[list[str]]:
    """By who sent it. Each share says two counts, and over the groups they add up to what the report says of all."""
    rights = {name: (one.right, one.audits - one.right) for name, one in groups.items()}
    goods = {name: (_good(one), one.audits - _good(one)) for name, one in groups.items()}
    hidden = [crosstable.hidden(counts) for counts in (rights, goods)]
    rows = []
    for name, one in groups.items():
        if any((name, crosstable.TOTAL) in places for places in hidden):
            rows.append([name, HIDDEN, HIDDEN, HIDDEN])
            continue
        parts = zip((one.right, _good(one)), hidden, strict=True)
        rates = [HIDDEN if any(row == name for row, _ in places) else percent(n / one.audits) for n, places in parts]
        rows.append([name, f"{one.audits:,}", *rates])
    return rows


def _good(grades: Grades) -> int:
    return grades.overall[1] + grades.overall[2]


def _questions(total: Grades) -> Mapping[str, Counter[int]]:
    return {OVERALL: total.overall, **{one.value: total.questions[one] for one in AuditQuestion}}
