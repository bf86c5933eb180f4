"""The measurements: one file per subject. QuerySets carry the reads, constraints carry the law."""

from .after import Addition, Question, Withdrawal
from .attachment import Attachment
from .call import Call
from .contact import Contact, StageChange
from .deadline import Deadline, Escalation
from .decision import Action, ChildOutcome, Decision, EmergencyAct
from .enquiries import Check, Synthesis
from .feedback import Feedback
from .handover import Delivery, Handover, Referral
from .machines import ApiRequest, ApiToken
from .marf import Draft, Marf
from .matching import MatchProposal, MatchVerdict, PersonChange
from .outbox import Heartbeat, Notice
from .partnership import ClockSetting, Duty, Partnership
from .people import Adult, Child, Consent, Person, Relationship
from .restricted import BrokenGlass, Restriction
from .screen import FirstLook
from .screening import Screening
from .shift import Absence, Discussion, SavedFilter, ShiftLine, ShiftNote
from .strategy import (
    AbuseMeeting,
    Invitation,
    MeetingAttendance,
    MeetingItem,
    StrategyAction,
    StrategyDiscussion,
)
from .triage import Assessment, Finding, GridEntry, Rating
from .upload import ItemState, Upload, UploadItem

__all__ = [
    "Absence",
    "AbuseMeeting",
    "Action",
    "Addition",
    "Adult",
    "ApiRequest",
    "ApiToken",
    "Assessment",
    "Attachment",
    "BrokenGlass",
    "Call",
    "Check",
    "Child",
    "ChildOutcome",
    "ClockSetting",
    "Consent",
    "Contact",
    "Deadline",
    "Decision",
    "Delivery",
    "Discussion",
    "Draft",
    "Duty",
    "EmergencyAct",
    "Escalation",
    "Feedback",
    "Finding",
    "FirstLook",
    "GridEntry",
    "Handover",
    "Heartbeat",
    "Invitation",
    "ItemState",
    "Marf",
    "MatchProposal",
    "MatchVerdict",
    "MeetingAttendance",
    "MeetingItem",
    "Notice",
    "Partnership",
    "Person",
    "PersonChange",
    "Question",
    "Rating",
    "Referral",
    "Relationship",
    "Restriction",
    "SavedFilter",
    "Screening",
    "ShiftLine",
    "ShiftNote",
    "StageChange",
    "StrategyAction",
    "StrategyDiscussion",
    "Synthesis",
    "Upload",
    "UploadItem",
    "Withdrawal",
]
