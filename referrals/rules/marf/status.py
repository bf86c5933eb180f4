"""How far a section has come."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from .gap import Gap
from .questions import Section
from .values import Answers


class Status(StrEnum):
    NOT_STARTED = "not started"
    INCOMPLETE = "incomplete"
    COMPLETED = "completed"


def section_status(answers: Answers, section: Section, completed: Collection[str], gaps: Iterable[Gap]) -> Status:
    """Completed is what the person says, as long as nothing in the section stops the form."""
    if section.slug in completed and not any(gap.section == section.slug for gap in gaps):
        return Status.COMPLETED
    return Status.INCOMPLETE if answers.get(section.slug) else Status.NOT_STARTED
