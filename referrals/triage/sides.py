"""What an assessment is made from: the published matrix, what the referrer ticked, and what the hub found before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from referrals.models import Assessment, Contact
from referrals.rules.marf.values import clean_text
from thresholds.finding import Found, find
from thresholds.groups import LevelGroup, grouped
from thresholds.models import Indicator, Level, Matrix

Said = TypeVar("Said")


@dataclass(frozen=True)
class Sides:
    """Both sides' latest assessments of one contact, with the matrix that the next one is made against."""

    matrix: Matrix
    groups: list[LevelGroup]
    referrer: Assessment | None
    hub: Assessment | None
    earlier: list[Assessment]

    @classmethod
    def of(cls, contact: Contact) -> "Sides":
        """In a fixed number of queries, whatever has been ticked."""
        matrix = Matrix.objects.current()
        by_the_hub = Assessment.objects.by_the_hub(contact).select_related("by")
        hub = list(by_the_hub.prefetch_related("findings__indicator__level", "grid"))
        return cls(
            matrix=matrix,
            groups=matrix.grouped(),
            referrer=Assessment.objects.latest_of(contact, Assessment.REFERRER),
            hub=hub[0] if hub else None,
            earlier=hub[1:],
        )

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator of the matrix by its code, in the order of the matrix."""
        return {
            one.code: one
            for group in self.groups
            for factor in group.factors
            for domain in factor.domains
            for one in domain.indicators
        }

    def without(self, codes: Collection[str]) -> list[LevelGroup]:
        """The matrix without these indicators; a place that is left empty is left out."""
        return grouped(self.levels, [one for code, one in self.indicators.items() if code not in codes])

    @property
    def levels(self) -> list[Level]:
        return [group.level for group in self.groups]

    @property
    def all(self) -> list[Assessment | None]:
        return [self.referrer, self.hub, *self.earlier]

    def level_of_grade(self, grade: int) -> Level | None:
        return next((level for level in self.levels if grade in level.care_profile_grades), None)

    def level_of_scale(self, scale: int) -> Level | None:
        """The highest level with an indicator that a scale is evidence for, as the rules read it."""
        return max(
            (one.level for one in self.indicators.values() if scale in one.dv_scales),
            key=lambda level: level.number,
            default=None,
        )

    @cached_property
    def grades(self) -> list[int]:
        """The grades of the Graded Care Profile that this matrix knows."""
        return sorted({grade for level in self.levels for grade in level.care_profile_grades})

    @cached_property
    def scales(self) -> list[int]:
        """The scales of the domestic violence risk identification matrix that this matrix knows."""
        return sorted({scale for one in self.indicators.values() for scale in one.dv_scales})

    @cached_property
    def ticked(self) -> Mapping[str, str]:
        """The referrer's indicators that this version of the matrix still has, with the evidence for each."""
        return self._in_matrix({code: evidence for code, (_, evidence) in found_by(self.referrer).items()})

    @cached_property
    def found(self) -> Mapping[str, tuple[str, str]]:
        """What the hub found last time: finding and evidence by code."""
        return self._in_matrix(found_by(self.hub))

    def _in_matrix(self, by_code: dict[str, Said]) -> dict[str, Said]:
        return {code: said for code, said in by_code.items() if code in self.indicators}


def found_by(assessment: Assessment | None) -> dict[str, tuple[str, str]]:
    if assessment is None:
        return {}
    return {one.indicator.code: (one.finding, one.evidence) for one in assessment.findings.all()}


def search(typed: str, matrix: Matrix | None = None) -> list[Found]:
    """The indicators of the published matrix that everyday words are most likely about, best first."""
    words = clean_text(typed)[:100]
    return find(words, matrix=matrix or Matrix.objects.current()) if words else []
