"""How a concern comes in: consent and its refusal, files, calls, agencies and their systems."""

from .words import Word


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
