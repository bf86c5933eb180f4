"""What follows a decision: disagreement, quality, learning, and how messages are sent."""

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
