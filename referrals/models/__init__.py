"""The measurements: one file per subject. QuerySets carry the reads, constraints carry the law."""

from .after import Addition, Question, Withdrawal
from .attachment import Attachment
from .call import Call
from .contact import Contact, StageChange
from .deadline import Deadline, Escalation, Telling
from .decision import Action, ChildOutcome, Decision, EmergencyAct, RecommendationDraft
from .disagreement import Disagreement, DisagreementStage
from .enquiries import Check, Synthesis
from .feedback import Feedback, FeedbackQuestion, QualityMark, Service
from .figures import AgencyFigure, OutcomeFigure, RolledMonth, StaleDay, TimeFigure
from .handover import Delivery, Handover, Referral
from .learning import Audit, AuditAction, DipSample, LearningEvent, Sampled
from .machines import ApiRequest, ApiToken
from .marf import Draft, Marf
from .matching import MatchProposal, MatchVerdict, PersonChange
from .outbox import Heartbeat, Notice
from .partnership import ClockSetting, Duty, Partnership, Turn
from .people import Adult, Child, Consent, Person, Relationship
from .restricted import BrokenGlass, Circle, Restriction, circles
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
    "AgencyFigure",
    "ApiRequest",
    "ApiToken",
    "Assessment",
    "Attachment",
    "Audit",
    "AuditAction",
    "BrokenGlass",
    "Call",
    "Check",
    "Child",
    "ChildOutcome",
    "Circle",
    "ClockSetting",
    "Consent",
    "Contact",
    "Deadline",
    "Decision",
    "Delivery",
    "DipSample",
    "Disagreement",
    "DisagreementStage",
    "Discussion",
    "Draft",
    "Duty",
    "EmergencyAct",
    "Escalation",
    "Feedback",
    "FeedbackQuestion",
    "Finding",
    "FirstLook",
    "GridEntry",
    "Handover",
    "Heartbeat",
    "Invitation",
    "ItemState",
    "LearningEvent",
    "Marf",
    "MatchProposal",
    "MatchVerdict",
    "MeetingAttendance",
    "MeetingItem",
    "Notice",
    "OutcomeFigure",
    "Partnership",
    "Person",
    "PersonChange",
    "QualityMark",
    "Question",
    "Rating",
    "RecommendationDraft",
    "Referral",
    "Relationship",
    "Restriction",
    "RolledMonth",
    "Sampled",
    "SavedFilter",
    "Screening",
    "Service",
    "ShiftLine",
    "ShiftNote",
    "StageChange",
    "StaleDay",
    "StrategyAction",
    "StrategyDiscussion",
    "Synthesis",
    "Telling",
    "TimeFigure",
    "Turn",
    "Upload",
    "UploadItem",
    "Withdrawal",
    "circles",
]
