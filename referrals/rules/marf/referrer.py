"""Sections 1 and 4 of the form (front-door.md 3.1): who is writing, and what the family knows and has agreed to."""

from referrals.vocabulary import Refusal

from .questions import YES_NO, Kind, Page, Question, Section

ABOUT = Section(
    "about",
    "About you",
    (
        Page(
            "about",
            "About you",
            (
                Question("name", "Your name", group="You", limit=120),
                Question("job", "Your job", group="You"),
                Question("agency", "Your agency", group="You"),
                Question("phone", "Phone", group="You", width="20", limit=40),
                Question("email", "Secure email", group="You", check="email", limit=254),
                Question("best_time", "Best time to reach you", group="You", optional=True),
                Question("line_manager", "Your line manager", group="You", optional=True),
                Question(
                    "dsl_consulted",
                    "Have you consulted your designated safeguarding lead?",
                    Kind.CHOICE,
                    short="Safeguarding lead consulted",
                    hint="If you are the safeguarding lead, answer yes and give your own name",
                    choices=YES_NO,
                    group="Safeguarding lead",
                ),
                Question("dsl_name", "If yes, who?", short="Safeguarding lead", group="Safeguarding lead"),
                Question(
                    "dsl_on",
                    "If yes, when?",
                    Kind.DATE,
                    short="Date the safeguarding lead was consulted",
                    group="Safeguarding lead",
                    optional=True,
                    check="past",
                ),
                Question(
                    "dsl_why_not",
                    "If no, why not?",
                    short="Why the safeguarding lead was not consulted",
                    group="Safeguarding lead",
                    limit=500,
                ),
                Question(
                    "phoned",
                    "Have you already phoned the MASH about this?",
                    Kind.CHOICE,
                    short="MASH phoned",
                    choices=YES_NO,
                    group="Phone call",
                    optional=True,
                ),
                Question(
                    "phoned_when",
                    "If yes, when?",
                    short="When the MASH was phoned",
                    group="Phone call",
                    hint="For example, 16 November at 10:05am",
                    optional=True,
                ),
                Question(
                    "phoned_to", "If yes, who did you speak to?", short="Spoken to", group="Phone call", optional=True
                ),
            ),
        ),
    ),
)

_REFUSALS = tuple((reason.value, reason.label) for reason in Refusal)

CONSENT = Section(
    "consent",
    "Consent and informing the family",
    (
        Page(
            "informed",
            "Has the family been told?",
            (
                Question(
                    "informed",
                    "Have you told the family that you are making this referral?",
                    Kind.CHOICE,
                    short="Family informed",
                    choices=YES_NO,
                ),
                Question("informed_who", "If yes, who did you tell?", short="Told", optional=True),
                Question("informed_on", "If yes, when?", Kind.DATE, short="Told on", optional=True, check="past"),
                Question(
                    "informed_view",
                    "If yes, what did they say?",
                    Kind.LONG,
                    short="What the family said",
                    optional=True,
                ),
                Question(
                    "not_informed_reason",
                    "If no, why not?",
                    Kind.CHOICE,
                    short="Reason the family was not informed",
                    choices=_REFUSALS,
                    moot_after_yes="informed",
                ),
                Question(
                    "child_view",
                    "What does the child think about this referral?",
                    Kind.LONG,
                    short="What the child thinks of it",
                    optional=True,
                ),
            ),
            intro="Telling the family and asking for their agreement are two different things. "
            "You do not need either if it would put a child at risk of significant harm.",
        ),
        Page(
            "agreement",
            "Does the family agree to support?",
            (
                Question(
                    "agreement",
                    "Has somebody with parental responsibility agreed to support?",
                    Kind.CHOICE,
                    short="Agreement given",
                    hint="Level 2 and 3 need agreement. Level 4 is never stopped by the lack of it",
                    choices=YES_NO,
                ),
                Question("agreement_by", "If yes, who agreed?", short="Agreed by", optional=True),
                Question("agreement_on", "If yes, when?", Kind.DATE, short="Agreed on", optional=True, check="past"),
                Question(
                    "agreement_covers",
                    "If yes, to what?",
                    Kind.LONG,
                    short="Agreement covers",
                    hint="For example early help, and sharing with health and housing",
                    optional=True,
                ),
                Question(
                    "no_agreement_reason",
                    "If no, why not?",
                    Kind.CHOICE,
                    short="Reason there is no agreement",
                    choices=_REFUSALS,
                    moot_after_yes="agreement",
                ),
                Question(
                    "reason_words",
                    "Is there more to say about the reasons?",
                    Kind.LONG,
                    short="More about the reasons",
                    hint="What makes you think so, what you tried, and what would change it",
                    optional=True,
                ),
            ),
        ),
    ),
)
