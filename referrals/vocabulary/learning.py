"""What follows a decision: disagreement, quality, learning, and how messages are sent."""

from collections.abc import Mapping

from .journey import Outcome
from .words import Word


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
    """How a message reaches a person. By telephone: somebody rang, because no message had."""

    EMAIL = "email", "E-mail"
    TEXT = "text", "Text message"
    PHONE = "phone", "By telephone"


class AuditQuestion(Word):
    """What an auditor grades, with the evidence in the record for each."""

    THRESHOLD = "threshold", "Threshold"
    CONSENT = "consent", "Consent and informing the family"
    VOICE = "voice", "The child’s voice"
    ANALYSIS = "analysis", "Analysis and rationale"
    TIMELINESS = "timeliness", "Timeliness"
    FEEDBACK = "feedback", "Feedback to the referrer"


#: The grades of an audit, as inspections use them.
AUDIT_GRADES: Mapping[int, str] = {1: "Outstanding", 2: "Good", 3: "Requires improvement", 4: "Inadequate"}


class Became(Word):
    """What became of a child's contact, in the groups that a sample and a look back tell apart."""

    PUSHBACK = "pushback", "returned with advice"
    NFA = "nfa", "no further action"
    HELP = "help", "help outside social care"
    CARE = "care", "social care"


_IN_GROUPS = {
    Became.PUSHBACK: (Outcome.NFA_PUSHBACK,),
    Became.NFA: (Outcome.NFA_INFORMATION,),
    Became.HELP: (Outcome.SIGNPOST, Outcome.EARLY_HELP),
}
BECAME: Mapping[Outcome, Became] = {
    outcome: next((group for group, outcomes in _IN_GROUPS.items() if outcome in outcomes), Became.CARE)
    for outcome in Outcome
}
