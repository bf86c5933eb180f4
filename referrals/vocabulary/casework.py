"""What the hub works with: checks, discussions, meetings, the grids that managers think with."""

from .words import Word


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
