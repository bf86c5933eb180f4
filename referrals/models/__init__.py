"""The measurements: one file per subject. QuerySets carry the reads, constraints carry the law."""

from .contact import Contact, StageChange
from .deadline import Deadline, Escalation
from .decision import Action, ChildOutcome, Decision
from .feedback import Feedback
from .marf import Draft, Marf
from .outbox import Heartbeat, Notice
from .partnership import ClockSetting, Duty, Partnership
from .people import Adult, Child, Consent, Person, Relationship
from .triage import Assessment, Finding, Rating

__all__ = [
    "Action",
    "Adult",
    "Assessment",
    "Child",
    "ChildOutcome",
    "ClockSetting",
    "Consent",
    "Contact",
    "Deadline",
    "Decision",
    "Draft",
    "Duty",
    "Escalation",
    "Feedback",
    "Finding",
    "Heartbeat",
    "Marf",
    "Notice",
    "Partnership",
    "Person",
    "Rating",
    "Relationship",
    "StageChange",
]
