"""The journey of a contact: its stages, what people do with it, what is decided, and the promises with a time."""

from .words import Word


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
    CALL_OFF_STRATEGY = "call_off_strategy", "called a strategy discussion off"
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


#: Steps that nobody reads of who is not named on the record.
QUIET = frozenset({Verb.RESTRICT, Verb.LIFT, Verb.BREAK_GLASS})


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
