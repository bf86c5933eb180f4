"""Both sides' views against the matrix, in words: the levels, why, and each indicator with what either side says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mash_portal.govuk import words
from referrals.models import Assessment, Finding
from referrals.vocabulary import DISCREPANCY, RESILIENCE, GridCell
from thresholds.matrix import ALERTS
from thresholds.models import Level

FINDINGS = {
    Finding.EVIDENCED: "Evidenced",
    Finding.NOT_EVIDENCED: "Not evidenced",
    Finding.REFUTED: "Refuted",
}
COLOURS = {Finding.EVIDENCED: "green", Finding.NOT_EVIDENCED: "grey", Finding.REFUTED: "orange"}
GRIDS = (("Discrepancy grid: how sure is what we know?", DISCREPANCY), ("Resilience grid", RESILIENCE))

Names = Mapping[tuple[int, int], str]


def level_names(assessments: Iterable[Assessment | None]) -> Names:
    """The name of each level in the version of the matrix that each assessment was made against: one query."""
    matrices = {one.matrix_id for one in assessments if one is not None}
    levels = Level.objects.filter(matrix__in=matrices).values_list("matrix", "number", "name")
    return {(matrix, number): name for matrix, number, name in levels} if matrices else {}


def side(assessment: Assessment | None, names: Names | None = None) -> dict[str, Any] | None:
    """Ready to print; None where this side has made no assessment."""
    if assessment is None:
        return None
    return {
        "by": assessment.by.full_name,
        "when": words.long_moment(assessment.at),
        "level": assessment.level,
        "name": (names or {}).get((assessment.matrix_id, assessment.level), ""),
        "suggested": assessment.suggested_level,
        "because": assessment.because,
        "alerts": alert_words(assessment.alerts),
        "rationale": assessment.rationale,
        "tools": tool_words(assessment),
        "findings": [
            {
                "code": finding.indicator.code,
                "text": finding.indicator.text,
                "level": finding.indicator.level.number,
                "finding": FINDINGS[finding.finding],
                "evidence": finding.evidence,
            }
            for finding in assessment.findings.all()
        ],
    }


@dataclass(frozen=True)
class Row:
    """One indicator, side by side. `found` is empty where the hub has not looked at it."""

    code: str
    text: str
    level: int
    ticked: bool
    evidence_of_referrer: str
    found: str = ""
    colour: str = ""
    evidence: str = ""

    @property
    def is_new(self) -> bool:
        """Found by the hub, not ticked by the referrer."""
        return bool(self.found) and not self.ticked


def compared(referrer: Assessment | None, hub: Assessment | None) -> list[Row]:
    """Indicator by indicator: the referrer's in their order, then those that only the hub has found."""
    theirs = _by_code(referrer)
    ours = _by_code(hub)
    return [_row(theirs.get(code), ours.get(code)) for code in dict.fromkeys([*theirs, *ours])]


def summed_up(rows: Iterable[Row]) -> str:
    """ "2 evidenced, 1 refuted, 1 new": how far the two views meet; nothing before the hub has looked."""
    rows = list(rows)
    counts = [(label.lower(), sum(row.found == label for row in rows)) for label in FINDINGS.values()]
    counts.append(("new, found by the MASH and not ticked by the referrer", sum(row.is_new for row in rows)))
    if any(row.found for row in rows):
        counts.append(("not looked at by the MASH", sum(not row.found for row in rows)))
    return ", ".join(f"{number} {label}" for label, number in counts if number)


def _by_code(assessment: Assessment | None) -> dict[str, Finding]:
    return {one.indicator.code: one for one in assessment.findings.all()} if assessment else {}


def _row(theirs: Finding | None, ours: Finding | None) -> Row:
    indicator = (theirs or ours).indicator  # type: ignore[union-attr]  # every row comes from one side or the other
    return Row(
        code=indicator.code,
        text=indicator.text,
        level=indicator.level.number,
        ticked=theirs is not None,
        evidence_of_referrer=theirs.evidence if theirs else "",
        found=FINDINGS[ours.finding] if ours else "",
        colour=COLOURS[ours.finding] if ours else "",
        evidence=ours.evidence if ours else "",
    )


def grids(assessment: Assessment | None) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Both grids with the lines of each cell; nothing where none was filled in."""
    lines = lines_by_cell(assessment)
    if not lines:
        return []
    return [(title, [(cell.label, lines.get(cell, [])) for cell in cells]) for title, cells in GRIDS]


def lines_by_cell(assessment: Assessment | None) -> dict[GridCell, list[str]]:
    found: dict[GridCell, list[str]] = {}
    for entry in assessment.grid.all() if assessment else ():
        found.setdefault(GridCell(entry.cell), []).append(entry.text)
    return found


def alert_words(alerts: object) -> list[str]:
    return [words_ for alert, words_ in ALERTS.items() if isinstance(alerts, list | tuple) and alert in alerts]


def tool_words(assessment: Assessment) -> str:
    """ "Graded Care Profile grade 4, domestic violence scale 2", or nothing."""
    tools = [
        f"Graded Care Profile grade {assessment.care_profile_grade}" if assessment.care_profile_grade else "",
        f"domestic violence risk identification matrix scale {assessment.dvrim_scale}"
        if assessment.dvrim_scale
        else "",
    ]
    said = ", ".join(tool for tool in tools if tool)
    return said[:1].upper() + said[1:]
