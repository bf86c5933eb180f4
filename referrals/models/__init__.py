"""The measurements: one file per subject. QuerySets carry the reads, constraints carry the law."""

from .after import Addition, Question, Withdrawal
from .attachment import Attachment
from .call import Call
from .contact import Contact, StageChange
from .deadline import Deadline, Escalation
from .decision import Action, ChildOutcome, Decision
from .feedback import Feedback
from .machines import ApiRequest, ApiToken
from .marf import Draft, Marf
from .matching import MatchProposal, MatchVerdict, PersonChange
from .outbox import Heartbeat, Notice
from .partnership import ClockSetting, Duty, Partnership
from .people import Adult, Child, Consent, Person, Relationship
from .screening import Screening
from .triage import Assessment, Finding, Rating
from .upload import ItemState, Upload, UploadItem

__all__ = [
    "Action",
    "Addition",
    "Adult",
    "ApiRequest",
    "ApiToken",
    "Assessment",
    "Attachment",
    "Call",
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
    "ItemState",
    "Marf",
    "MatchProposal",
    "MatchVerdict",
    "Notice",
    "Partnership",
    "Person",
    "PersonChange",
    "Question",
    "Rating",
    "Relationship",
    "Screening",
    "StageChange",
    "Upload",
    "UploadItem",
    "Withdrawal",
]
