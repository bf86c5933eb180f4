"""Sections 5 to 9 of the form (front-door.md 3.1): the worry, its level, what was tried, who else, what is safe."""

from referrals.codes import FACTORS
from referrals.vocabulary import HowKnown

from .questions import YES_NO_NOT_KNOWN, Kind, Page, Question, Section

NONE_HINT = "Or “none”, or “not known”"

WORRY = Section(
    "worry",
    "What you are worried about",
    (
        Page(
            "facts",
            "What you are worried about",
            (
                Question(
                    "worry",
                    "What has happened?",
                    Kind.LONG,
                    short="What happened",
                    hint="What was seen or said, by whom, on which dates. Keep facts apart from opinion",
                ),
                Question(
                    "happened_when",
                    "When did it happen?",
                    short="When",
                    hint="Dates and times, or since when and how often. “Not known” is an answer",
                    limit=300,
                    optional=True,
                ),
                Question(
                    "how_known",
                    "How do you know?",
                    Kind.CHOICE,
                    short="How known",
                    choices=tuple((how.value, how.label) for how in HowKnown),
                    optional=True,
                ),
                Question(
                    "disclosure",
                    "If the child told somebody, their own words",
                    Kind.LONG,
                    hint="As exactly as you can, with the question they were asked. Do not tidy them up",
                    short="Disclosure in the child’s words",
                    optional=True,
                ),
                Question(
                    "disclosed_to", "Who did the child tell, and when?", short="Told to", limit=300, optional=True
                ),
                Question(
                    "injuries",
                    "Injuries: where on the body, size, colour, and what was said about them",
                    Kind.LONG,
                    short="Injuries",
                    hint="Who has seen them and when, and whether a doctor has. You can add a body map",
                    optional=True,
                ),
                Question(
                    "factors",
                    "What is the concern about?",
                    Kind.MANY,
                    short="Type of concern",
                    hint="Tick all that apply",
                    choices=tuple(FACTORS),
                    optional=True,
                ),
            ),
        ),
        Page(
            "child",
            "What it means for the child",
            (
                Question(
                    "impact",
                    "What effect does this have on the child?",
                    Kind.LONG,
                    short="Impact on the child",
                    optional=True,
                ),
                Question(
                    "childs_voice",
                    "What does the child say or show?",
                    Kind.LONG,
                    short="The child’s voice",
                    hint="Their own words where you have them; what you see in a child who cannot say",
                    optional=True,
                ),
                Question("working_well", "What is working well?", Kind.LONG, short="Working well", optional=True),
                Question(
                    "what_needs_to_happen",
                    "What needs to happen?",
                    Kind.LONG,
                    short="What needs to happen",
                    optional=True,
                ),
                Question("other", "Anything else", Kind.LONG, optional=True),
            ),
        ),
    ),
)

THRESHOLD = Section(
    "threshold",
    "Threshold",
    (
        Page(
            "indicators",
            "Which indicators fit this child?",
            (Question("indicators", "Indicators", Kind.INDICATORS, short="Indicators and evidence"),),
        ),
        Page(
            "level",
            "Which level do you believe is met?",
            (
                Question(
                    "level",
                    "Level you believe is met",
                    Kind.CHOICE,
                    short="Level believed",
                    choices=tuple((str(n), f"Level {n}") for n in (1, 2, 3, 4)),
                ),
                Question("reason", "Why do you believe that level is met?", Kind.LONG, short="Why"),
                Question(
                    "care_profile_grade",
                    "Graded Care Profile grade",
                    Kind.SELECT,
                    choices=tuple((str(n), f"Grade {n}") for n in range(1, 6)),
                    group="Tools you have used",
                    optional=True,
                ),
                Question(
                    "dvrim_scale",
                    "Domestic violence risk identification matrix",
                    Kind.SELECT,
                    choices=tuple((str(n), f"Scale {n}") for n in range(1, 5)),
                    group="Tools you have used",
                    optional=True,
                ),
                Question(
                    "cse_tool",
                    "Child sexual exploitation tool: result",
                    short="Child sexual exploitation tool",
                    group="Tools you have used",
                    optional=True,
                ),
                Question("dash", "DASH: result", short="DASH", group="Tools you have used", optional=True),
            ),
        ),
    ),
    hint="Which level of the matrix of need you believe is met, and the evidence",
)

TRIED = Section(
    "tried",
    "What has been tried",
    (
        Page(
            "tried",
            "What has been tried",
            (
                Question(
                    "early_help",
                    "Is there, or has there been, an early help assessment?",
                    Kind.CHOICE,
                    short="Early help assessment",
                    choices=YES_NO_NOT_KNOWN,
                    group="Early help",
                    optional=True,
                ),
                Question("number", "If yes, its number", short="Number", group="Early help", width="20", optional=True),
                Question("on", "If yes, its date", Kind.DATE, short="Date", group="Early help", optional=True),
                Question(
                    "lead",
                    "If yes, the lead professional",
                    short="Lead professional",
                    group="Early help",
                    optional=True,
                ),
                Question(
                    "why_not",
                    "If no, why not?",
                    short="Why there is no early help assessment",
                    group="Early help",
                    limit=500,
                    optional=True,
                ),
                Question(
                    "single_agency",
                    "What has your own agency done?",
                    Kind.LONG,
                    short="Single-agency work",
                    group="Other help",
                    optional=True,
                ),
                Question(
                    "earlier_referrals",
                    "Earlier referrals you know of",
                    Kind.LONG,
                    short="Earlier referrals",
                    group="Other help",
                    optional=True,
                ),
            ),
        ),
    ),
)

AGENCIES = Section(
    "agencies",
    "Agencies involved",
    (
        Page(
            "agency",
            "Agency",
            (
                Question("agency", "Agency", hint="For example a school, a GP surgery or a housing association"),
                Question("contact", "Person to contact", optional=True),
                Question("details", "Their phone or email", short="Phone or email", optional=True),
                Question("since", "Involved since", hint="A date, a year, or “not known”", optional=True),
                Question(
                    "may_contact", "May the MASH speak to them?", Kind.CHOICE, choices=YES_NO_NOT_KNOWN, optional=True
                ),
            ),
        ),
    ),
    one="agency",
    hint="Who else knows the family",
)

SAFETY = Section(
    "safety",
    "Safety",
    (
        Page(
            "safety",
            "Safety",
            (
                Question("staff_risk", "Risks to staff", Kind.LONG, optional=True),
                Question("dogs", "Dogs or other animals", hint=NONE_HINT, optional=True),
                Question("weapons", "Weapons", hint=NONE_HINT, optional=True),
                Question(
                    "lone_visits",
                    "Should nobody visit alone?",
                    Kind.CHOICE,
                    short="No lone visits",
                    choices=YES_NO_NOT_KNOWN,
                    optional=True,
                ),
                Question(
                    "safe_contact",
                    "Safe ways and times to contact the family",
                    Kind.LONG,
                    short="Safe contact",
                    hint="Which number, when, whom to ask for, and what not to say or write",
                    optional=True,
                ),
                Question(
                    "withhold_address_from",
                    "Is there anybody an address must be kept from?",
                    short="Keep the address from",
                    hint="Who, and which address: the home, a refuge, a school, a carer",
                    limit=300,
                    optional=True,
                ),
            ),
            intro="What a worker needs to know before they ring or visit.",
        ),
    ),
)
