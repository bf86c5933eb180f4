"""One side's view against the matrix, in words: the level, why, and each indicator with its evidence."""

from typing import Any

from mash_portal.govuk import words
from referrals.models import Assessment, Finding
from thresholds.matrix import ALERTS

FINDINGS = {
    Finding.EVIDENCED: "Evidenced",
    Finding.NOT_EVIDENCED: "Not evidenced",
    Finding.REFUTED: "Refuted",
}


def side(assessment: Assessment | None) -> dict[str, Any] | None:
    """Ready to print; None where this side has made no assessment."""
    if assessment is None:
        return None
    return {
        "by": assessment.by.full_name,
        "when": words.long_moment(assessment.at),
        "level": assessment.level,
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
