"""The words of the front door as plain enums, free of Django, so that rules and tests can use them anywhere."""

from enum import StrEnum


class Word(StrEnum):
    """A code that is stored and a label that is shown; the label is written beside the code, once."""

    label: str

    def __new__(cls, code: str, label: str = "") -> "Word":
        word = str.__new__(cls, code)
        word._value_ = code
        word.label = label
        return word

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(word.value, word.label) for word in cls]


class Stage(Word):
    """Where a contact is in its journey. Only gate.py moves it."""

    RECEIVED = "received", "Received"
    TRIAGE = "triage", "Being triaged"
    SIGN_OFF = "sign_off", "Waiting for sign-off"
    DECIDED = "decided", "Decided, feedback due"
    CLOSED = "closed", "Closed"


class Verb(Word):
    """What a person may do with a contact: one permission, one line of the timeline."""

    RECEIVE = "receive", "received the contact"
    IMPORT = "import", "brought the record over from the earlier system"
    FOLLOW = "follow", "looked at their agency's referral"
    READ = "read", "opened the contact"
    CLAIM = "claim", "took the contact"
    RELEASE = "release", "put the contact back in the queue"
    ASSIGN = "assign", "assigned the contact"
    RATE = "rate", "set the priority"
    ASSESS = "assess", "recorded a threshold assessment"
    RECOMMEND = "recommend", "recommended a decision"
    TAKE_BACK = "take_back", "took the recommendation back"
    SIGN_OFF = "sign_off", "signed the decision off"
    SEND_BACK = "send_back", "sent the recommendation back"
    GIVE_FEEDBACK = "give_feedback", "sent feedback to the referrer"
    READ_FEEDBACK = "read_feedback", "opened the feedback"
    REOPEN = "reopen", "reopened the contact for a new decision"
    ACKNOWLEDGE = "acknowledge", "acknowledged an escalation"
    IDENTIFY = "identify", "said whether a child is known"
    ADD = "add", "added information"
    ASK = "ask", "asked the referrer a question"
    ANSWER = "answer", "answered the question"
    WITHDRAW = "withdraw", "asked to withdraw the referral"
    CARRY_ON = "carry_on", "decided to carry on after a request to withdraw"
    JOIN = "join", "sent the written form for a phone call"
    DUPLICATE = "duplicate", "closed it as the form for a phone call that was here already"
    SCREEN = "screen", "proposed a screening decision"
    SCREEN_OUT = "screen_out", "signed off a screening decision"
    FIRST_LOOK = "first_look", "screened the contact"
    NOTE = "note", "noted a discussion"
    CHECK = "check", "asked an agency for a check"
    ANSWER_CHECK = "answer_check", "answered an agency check"
    CLOSE_CHECK = "close_check", "closed an agency check without its answer"
    SYNTHESISE = "synthesise", "wrote what the checks mean together"
    CALL_STRATEGY = "call_strategy", "called a strategy discussion"
    RECORD_STRATEGY = "record_strategy", "recorded a strategy discussion"
    MEET = "meet", "recorded what the domestic abuse meeting decided"
    ACT_NOW = "act_now", "acted at once because of immediate danger"
    CONFIRM_ACT = "confirm_act", "looked at what was done at once"
    HAND_OVER = "hand_over", "handed a child over to a team"
    ACCEPT = "accept", "accepted a hand-over"
    DECLINE = "decline", "sent a hand-over back"
    RESTRICT = "restrict", "restricted the record to named people"
    LIFT = "lift", "lifted the restriction"
    BREAK_GLASS = "break_glass", "opened a restricted record by breaking the glass"
    UNDERSTAND = "understand", "said that they understand the feedback"
    ASK_BACK = "ask_back", "asked about the feedback"
    ANSWER_BACK = "answer_back", "answered the question about the feedback"
    PHONE = "phone", "told the referrer by telephone"
    DISAGREE = "disagree", "disagreed with the decision"
    RESPOND = "respond", "answered the disagreement"
    TAKE_UP = "take_up", "took the disagreement to the next stage"
    SETTLE = "settle", "settled the disagreement"
    REBASE = "rebase", "computed a clock again under today’s rule"


class Channel(Word):
    """How a concern reached the hub."""

    MARF = "marf", "Referral form"
    PHONE = "phone", "Phone call"
    POLICE = "police_notification", "Police notification"
    EDT = "edt", "Out of hours"
    API = "api", "School or police system"


class Rag(Word):
    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"


class Outcome(Word):
    """Decision for one child (front-door.md 3.5). In order from the least to the most that is done."""

    NFA_INFORMATION = "nfa_information", "No further action: information only"
    NFA_PUSHBACK = "nfa_pushback", "No further action: returned with advice"
    SIGNPOST = "signpost", "Signpost to a universal or single-agency service"
    EARLY_HELP = "early_help", "Early help"
    OPEN_CASE = "open_case", "Linked to an open case"
    TRANSFER = "transfer", "Transfer to another authority"
    DISABILITIES = "disabilities", "Disabilities team"
    SECTION_17 = "section_17", "Assessment (section 17)"
    STRATEGY = "strategy_discussion", "Strategy discussion (section 47)"
    EMERGENCY = "emergency", "Emergency: police protection or emergency duty team"


#: Outcomes that make a referral of a contact: children's social care assesses, protects or provides (return list 3).
REFERRAL = frozenset({Outcome.DISABILITIES, Outcome.SECTION_17, Outcome.STRATEGY, Outcome.EMERGENCY})
#: Outcomes after which somebody else takes the child over, and has to say that they have.
HANDED_OVER = frozenset(
    {
        Outcome.EARLY_HELP,
        Outcome.OPEN_CASE,
        Outcome.TRANSFER,
        Outcome.DISABILITIES,
        Outcome.SECTION_17,
        Outcome.STRATEGY,
    }
)
NFA = frozenset({Outcome.NFA_INFORMATION, Outcome.NFA_PUSHBACK})
PROTECTIVE = frozenset({Outcome.STRATEGY, Outcome.EMERGENCY})


def main_outcome(outcomes: "set[Outcome] | list[Outcome]") -> "Outcome":
    """The one a child is counted under: the one by which most is done."""
    order = list(Outcome)
    return max(outcomes, key=order.index)


class SideRoute(Word):
    """Routes that run beside a decision and are recorded with it."""

    LADO = "lado", "Local authority designated officer (LADO)"
    PREVENT = "prevent", "Prevent or Channel"
    NRM = "nrm", "National Referral Mechanism"
    PRIVATE_FOSTERING = "private_fostering", "Private fostering"
    MARAC = "marac", "MARAC"
    FGM = "fgm", "Female genital mutilation report to the police"


class Clock(Word):
    """Every promise with a time in it (front-door.md 3.3). Lengths are settings: rules/clocks.py has the defaults."""

    DECISION = "decision", "Decision"
    STATUTORY = "statutory", "Statutory response"
    RED = "red", "Red priority"
    AMBER = "amber", "Amber priority"
    GREEN = "green", "Green priority"
    WRITTEN_CONFIRMATION = "written_confirmation", "Written confirmation of a phone referral"
    CHECK_RED = "check_red", "Agency check, red"
    CHECK_AMBER = "check_amber", "Agency check, amber"
    CHECK_GREEN = "check_green", "Agency check, green"
    STRATEGY = "strategy", "Strategy discussion"
    HANDOVER = "handover", "Early help or assessment team accepts"
    EMERGENCY = "emergency", "A manager looks at what was done at once"
    BREAK_REVIEW = "break_glass_review", "Review of a broken glass"
    FEEDBACK = "feedback", "Feedback to the referrer"
    FEEDBACK_READ = "feedback_read", "Feedback opened by the referrer"
    QUESTION_BACK = "question_back", "Answer to the referrer about the feedback"
    QUESTION = "question", "Question to the referrer"
    QUESTION_RED = "question_red", "Question to the referrer, red"
    DISAGREEMENT_1 = "disagreement_stage_1", "Disagreement, stage 1"
    DISAGREEMENT_2 = "disagreement_stage_2", "Disagreement, stage 2"
    DISAGREEMENT_3 = "disagreement_stage_3", "Disagreement, stage 3"
    DISAGREEMENT_4 = "disagreement_stage_4", "Disagreement, stage 4"
    ASSESSMENT = "assessment", "Assessment"
    POLICE_PROTECTION = "police_protection", "Police protection"


class Unit(Word):
    HOURS = "hours", "hours"
    WORKING_HOURS = "working_hours", "working hours"
    WORKING_DAYS = "working_days", "working days"


class Refusal(Word):
    """Why the family was not informed, or has not agreed (front-door.md 3.1, section 4)."""

    SIGNIFICANT_HARM = (
        "increased_risk_of_significant_harm",
        "It would increase the risk of significant harm to the child",
    )
    HARM_TO_OTHER = "harm_to_another_person", "It would put another person at risk of harm"
    POLICE_ENQUIRY = "would_obstruct_police_enquiry", "It would obstruct a police enquiry or lose evidence"
    DELAY = "unjustified_delay", "It would unjustifiably delay a section 47 enquiry"
    SEXUAL_OR_FII = (
        "suspected_sexual_abuse_or_fabricated_illness",
        "Sexual abuse, or fabricated or induced illness, is suspected",
    )
    REFUSED = "refused", "They refused"
    NOT_REACHED = "could_not_be_reached", "They could not be reached"


class AttachmentKind(Word):
    EHA = "eha", "Early help assessment"
    BODY_MAP = "body_map", "Body map"
    CARE_PROFILE = "care_profile", "Graded Care Profile"
    CHRONOLOGY = "chronology", "Chronology"
    DASH = "dash", "DASH checklist"
    OTHER = "other", "Something else"


class ScanState(Word):
    PENDING = "pending", "Being checked for viruses"
    CLEAN = "clean", "Checked, no virus found"
    SUSPECT = "suspect", "Kept back: it may hold a virus"
    ERROR = "error", "Not checked yet: the virus check is not answering"


class CallerKind(Word):
    PROFESSIONAL = "professional", "A professional"
    PUBLIC = "public", "A member of the public"
    ANONYMOUS = "anonymous", "Somebody who will not say who they are"


class CallResult(Word):
    ADVICE = "advice", "Advice only"
    FORM_EXPECTED = "form_expected", "The caller will send a referral form"
    CONTACT = "contact", "Taken as a contact now"


class HowKnown(Word):
    SEEN = "seen", "I saw it myself"
    TOLD = "told", "I was told"
    THIRD_PARTY = "third_party", "I heard it from somebody else"


class LegalBasis(Word):
    """On what ground an agency is asked about a family (front-door.md 3.3; Working Together, information sharing)."""

    AGREEMENT = "agreement", "The family has agreed that this agency is asked"
    PUBLIC_TASK = (
        "public_task",
        "Public task: needed to decide whether a child is in need (Children Act 1989, section 17)",
    )
    SAFEGUARDING = "safeguarding", "Safeguarding of children at risk (Data Protection Act 2018, schedule 1)"
    SECTION_47 = "section_47", "Section 47: reasonable cause to suspect significant harm"


class MayShare(Word):
    """What an agency allows to be done with what it has told."""

    YES = "yes", "It may be shared with the family and the agencies involved"
    SOME = "some", "It may be shared with some, as said below"
    NO = "no", "It may not be shared: sharing would be more detrimental to the child"


class StrategyDecision(Word):
    """What a strategy discussion decides."""

    NO_FURTHER = "no_further", "No further action under section 47"
    SECTION_17 = "section_17", "Assessment under section 17"
    SECTION_47_SINGLE = "section_47_single", "Section 47 enquiry, social care alone"
    SECTION_47_JOINT = "section_47_joint", "Section 47 enquiry, jointly with the police"


class MeetingDecision(Word):
    """What the daily domestic abuse meeting decides for one child."""

    NO_FURTHER = "no_further", "No further action: agencies already helping carry on"
    EARLY_HELP = "early_help", "Early help is offered"
    CONTACT = "contact", "Goes on as a contact to the threshold assessment"
    STRATEGY = "strategy", "Strategy discussion is called"
    MARAC = "marac", "Referred to MARAC"


class Ground(Word):
    """Why an agency disagrees with a decision (front-door.md 3.7)."""

    THRESHOLD = "threshold", "The threshold for what we asked was met"
    MORE_INFORMATION = "more_information", "More information was demanded than was needed"
    STRATEGY = "strategy", "A strategy discussion was not held"
    AGENCIES_DIFFER = "agencies_differ", "Agencies see the risk differently"
    SHARING = "information_sharing", "Information was not shared as it should be"
    ASSESSMENT = "assessment", "The outcome of the assessment"
    OTHER = "other", "Something else"


class DisagreementResult(Word):
    UPHELD = "upheld", "The decision stands"
    CHANGED = "changed", "The decision is changed"
    COMPROMISE = "compromise", "Both sides agreed on something between"


class Grade(Word):
    """What the MASH makes of a referral form's quality (front-door.md 3.6)."""

    GOOD = "good", "Good"
    ENOUGH = "enough", "Enough to work with"
    THIN = "thin", "Too little"


class LearningKind(Word):
    TRAINING = "training", "Threshold training"
    MEETING = "meeting", "Meeting with agencies"


class SendingBy(Word):
    """How a message leaves the portal."""

    EMAIL = "email", "E-mail"
    TEXT = "text", "Text message"


class GridCell(Word):
    """The two grids that managers think with (front-door.md 3.10): the discrepancy and the resilience matrix."""

    STRONG = "strong", "Strong evidence"
    AMBIGUOUS = "ambiguous", "Ambiguous"
    ASSUMPTION = "assumption", "Assumption"
    MISSING = "missing", "Missing"
    PROTECTIVE = "protective", "Protective factors"
    RESILIENCE = "resilience", "Resilience"
    VULNERABILITY = "vulnerability", "Vulnerability"
    ADVERSITY = "adversity", "Adversity"


DISCREPANCY = (GridCell.STRONG, GridCell.AMBIGUOUS, GridCell.ASSUMPTION, GridCell.MISSING)
RESILIENCE = (GridCell.PROTECTIVE, GridCell.RESILIENCE, GridCell.VULNERABILITY, GridCell.ADVERSITY)


class AgencyKind(Word):
    SCHOOL = "school", "School or nursery"
    EDUCATION = "education", "Education service"
    HEALTH = "health", "Health"
    POLICE = "police", "Police"
    HOUSING = "housing", "Housing"
    COUNCIL = "council", "Council service"
    EARLY_HELP = "early_help", "Early help"
    LEGAL = "legal", "Probation, courts and other legal agencies"
    VOLUNTARY = "voluntary", "Voluntary and other"
    TEAM = "team", "Children's team"
    AUTHORITY = "authority", "Another local authority"
    HUB = "hub", "Multi-Agency Safeguarding Hub"


class Scope(Word):
    """What a key of an agency's system may do."""

    SUBMIT = "submit", "Send referrals"
    FOLLOW = "follow", "Follow referrals: add information, see where they stand, read feedback"
    POLICE = "police", "Send police notifications"
