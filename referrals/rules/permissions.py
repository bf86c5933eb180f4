"""Who may do what, as one table: (role, relation to the contact) → verbs. docs/permissions.md is generated from it.

Plain Python. A pair that is not in the table may do nothing, and sees the same as a stranger: nothing.
"""

from collections.abc import Mapping
from enum import StrEnum

from mash_portal.accounts.roles import Role
from referrals.vocabulary import Clock, Verb


class Relation(StrEnum):
    """What a person is to a contact. Several may hold at once; what they may do adds up."""

    OWN_AGENCY = "own agency"
    HUB = "in the hub"
    HOLDER = "holds it"
    ROUTED = "routed to their service"
    ASKED = "their agency was asked for a check"
    GLASS = "broke the glass of a restricted record"
    SAMPLED = "audits it for a dip sample"


_FOLLOWS = frozenset(
    {
        Verb.FOLLOW,
        Verb.READ_FEEDBACK,
        Verb.ADD,
        Verb.ANSWER,
        Verb.WITHDRAW,
        Verb.JOIN,
        Verb.UNDERSTAND,
        Verb.ASK_BACK,
        Verb.DISAGREE,
        Verb.TAKE_UP,
    }
)
_MANAGES = frozenset(
    {
        Verb.READ,
        Verb.CLAIM,
        Verb.ASSIGN,
        Verb.RATE,
        Verb.RELEASE,
        Verb.SIGN_OFF,
        Verb.SEND_BACK,
        Verb.GIVE_FEEDBACK,
        Verb.REOPEN,
        Verb.ACKNOWLEDGE,
        Verb.CARRY_ON,
        Verb.SCREEN,
        Verb.SCREEN_OUT,
        Verb.NOTE,
        Verb.CHECK,
        Verb.CLOSE_CHECK,
        Verb.CALL_STRATEGY,
        Verb.RECORD_STRATEGY,
        Verb.CALL_OFF_STRATEGY,
        Verb.MEET,
        Verb.ACT_NOW,
        Verb.CONFIRM_ACT,
        Verb.HAND_OVER,
        Verb.ACCEPT,
        Verb.DECLINE,
        Verb.RESTRICT,
        Verb.LIFT,
        Verb.BREAK_GLASS,
        Verb.ANSWER_BACK,
        Verb.PHONE,
        Verb.RESPOND,
        Verb.SETTLE,
        Verb.REBASE,
    }
)
_WORKS = frozenset(
    {
        Verb.RELEASE,
        Verb.RATE,
        Verb.ASSESS,
        Verb.RECOMMEND,
        Verb.TAKE_BACK,
        Verb.GIVE_FEEDBACK,
        Verb.ACKNOWLEDGE,
        Verb.ASK,
        Verb.CARRY_ON,
        Verb.FIRST_LOOK,
        Verb.CHECK,
        Verb.CLOSE_CHECK,
        Verb.SYNTHESISE,
        Verb.CALL_STRATEGY,
        Verb.RECORD_STRATEGY,
        Verb.CALL_OFF_STRATEGY,
        Verb.HAND_OVER,
        Verb.ACCEPT,
        Verb.DECLINE,
        Verb.ANSWER_BACK,
        Verb.PHONE,
    }
)

#: Whoever takes calls may say, on the page of a call, that a form which came by itself is the one for it.
JOINS = frozenset({Verb.JOIN, Verb.DUPLICATE})

#: Whoever takes calls or works on contacts checks identity and history, before parents are asked about agreement.
_IDENTIFIES = frozenset({Verb.IDENTIFY})

#: Whoever is handed a child reads the contact, and says whether they take it.
_RECEIVES = frozenset({Verb.READ, Verb.ACCEPT, Verb.DECLINE})
#: Any social worker of the hub, whoever holds the contact: immediate danger waits for nobody.
_IN_THE_HUB = frozenset(
    {Verb.READ, Verb.CLAIM, Verb.SCREEN, Verb.NOTE, Verb.ACT_NOW, Verb.MEET, Verb.BREAK_GLASS, Verb.RESPOND}
)

#: Whoever broke the glass reads, and acts where a child is in danger. They never come to hold what they opened.
_BEHIND_GLASS = frozenset({Verb.READ, Verb.NOTE, Verb.ACT_NOW, Verb.BREAK_GLASS})

PERMISSIONS: dict[tuple[Role, Relation], frozenset[Verb]] = {
    (Role.REFERRER, Relation.OWN_AGENCY): _FOLLOWS,
    (Role.SAFEGUARDING_LEAD, Relation.OWN_AGENCY): _FOLLOWS,
    (Role.PARTNER, Relation.OWN_AGENCY): _FOLLOWS,
    (Role.PARTNER, Relation.ASKED): frozenset({Verb.ANSWER_CHECK}),
    (Role.SAFEGUARDING_LEAD, Relation.ASKED): frozenset({Verb.ANSWER_CHECK}),
    (Role.EARLY_HELP, Relation.ROUTED): _RECEIVES,
    (Role.TEAM_WORKER, Relation.ROUTED): _RECEIVES,
    (Role.CONTACT_OFFICER, Relation.HUB): frozenset({Verb.READ, Verb.NOTE}) | JOINS | _IDENTIFIES,
    (Role.SOCIAL_WORKER, Relation.HUB): _IN_THE_HUB | JOINS | _IDENTIFIES,
    (Role.SOCIAL_WORKER, Relation.HOLDER): _WORKS,
    (Role.TEAM_MANAGER, Relation.HUB): _MANAGES | JOINS | _IDENTIFIES,
    (Role.TEAM_MANAGER, Relation.HOLDER): _WORKS,
    (Role.SERVICE_MANAGER, Relation.HUB): _MANAGES - {Verb.CLAIM},
    (Role.SOCIAL_WORKER, Relation.GLASS): _BEHIND_GLASS,
    (Role.TEAM_MANAGER, Relation.GLASS): _BEHIND_GLASS | {Verb.CONFIRM_ACT},
    (Role.SERVICE_MANAGER, Relation.GLASS): _BEHIND_GLASS | {Verb.CONFIRM_ACT},
    (Role.AUDITOR, Relation.SAMPLED): frozenset({Verb.READ}),
}

#: Who may write and send a referral for their agency.
DRAFTING = frozenset({Role.REFERRER, Role.SAFEGUARDING_LEAD, Role.PARTNER})
#: Who may take over a colleague's draft, when that colleague is away.
TAKES_OVER = frozenset({Role.SAFEGUARDING_LEAD, Role.PARTNER})
#: Who sees the decision queue and the escalation board.
QUEUE = frozenset({Role.CONTACT_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
#: Who takes telephone calls and brings in police notifications.
CALLS = frozenset({Role.CONTACT_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER})
#: Who brings in notifications for their own police force.
NOTIFIERS = frozenset({Role.PARTNER})
#: Who signs off the screening of low-level domestic abuse notifications.
SCREENING_MANAGERS = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
#: Who makes and revokes the keys of an agency's systems: its safeguarding leads for their own, administrators for all.
KEYS = frozenset({Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR})
#: Who may be given a contact to work on.
ASSIGNABLE = frozenset({Role.SOCIAL_WORKER, Role.TEAM_MANAGER})
#: Who may judge evidence of harm to be less than level 4 (front-door.md 3.4).
OVERRIDES_HARM = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
#: Who sees figures about every agency.
INSIGHT = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.ANALYST})
#: Who takes the inspection lists away, child by child but without a name, and checks them (front-door.md 2).
RETURNS = frozenset({Role.SERVICE_MANAGER, Role.ANALYST})
#: Whose files of figures have small numbers in them: they stay in the hub. Everybody else's have them hidden.
WHOLE_NUMBERS = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
#: Who sees the figures of their own agency, and of no other.
OWN_FIGURES = frozenset({Role.SAFEGUARDING_LEAD})
#: Who keeps the directory of services that feedback points to.
KEEPS_SERVICES = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.ADMINISTRATOR})
#: Who sees every disagreement: who may answer one, and the partnership, which reads no name of a child.
DISAGREEMENTS = INSIGHT | {Role.SOCIAL_WORKER}
#: Who reads the audit trail.
AUDIT = frozenset({Role.AUDITOR})
#: Who may compute again every open clock of a kind, after its rule has changed: the administrator by numbers alone.
REBASES_ALL = frozenset({Role.ADMINISTRATOR, Role.SERVICE_MANAGER})
#: Who keeps agencies, people and settings; they see no case.
ADMINISTRATION = frozenset({Role.ADMINISTRATOR})
#: Who receives what is handed over after a decision.
EARLY_HELP = frozenset({Role.EARLY_HELP, Role.TEAM_WORKER})
#: Who answers the hub's checks for their agency.
ANSWERERS = frozenset({Role.PARTNER, Role.SAFEGUARDING_LEAD})
#: Who is reminded of what their own agency owes: a form, an answer, a check, or to accept a child.
ANSWERS_FOR_AN_AGENCY = DRAFTING | EARLY_HELP
#: Who opens the daily domestic abuse meeting and writes down what it decides.
MEETS = frozenset({Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
#: Who reads what their agency is invited to: when and where a strategy discussion is, and nothing of the case.
INVITED = ANSWERERS | EARLY_HELP | {Role.REFERRER}
#: Who may authorise a check without agreement below level 4, and looks at what was done at once in an emergency.
AUTHORISES = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
#: Who may break the glass of a restricted record, and who reviews it.
BREAKS_GLASS = frozenset({Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
REVIEWS_GLASS = frozenset({Role.AUDITOR, Role.SERVICE_MANAGER})
#: Clocks that are not for all: these people alone are told of them, see them and acknowledge them.
ONLY_FOR: Mapping[str, frozenset[Role]] = {Clock.BREAK_REVIEW: REVIEWS_GLASS}
#: Who may restrict a record, and see the list of the restricted records they are named on.
RESTRICTS = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
#: Who records threshold training and meetings with agencies, and follows them up.
LEARNING = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
#: Who draws the monthly dip sample and gives its cases to auditors.
DRAWS = frozenset({Role.SERVICE_MANAGER, Role.AUDITOR})
#: Who may audit a case, unless they worked on it.
AUDITS = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.AUDITOR})
#: Who may own what follows from an audit, and reads what was found about their own work.
AUDITED = AUDITS | {Role.SOCIAL_WORKER}
#: Who comes to the page about quality at all.
QUALITY = AUDITED | INSIGHT
#: Who notes absences and hand-over notes, and shares out the queue.
RUNS_THE_QUEUE = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
#: Who gives people turns of duty.
KEEPS_ROTA = RUNS_THE_QUEUE | ADMINISTRATION


def allowed(role: Role, relations: frozenset[Relation]) -> frozenset[Verb]:
    """Every verb that this role may use on a contact it stands in these relations to."""
    verbs: frozenset[Verb] = frozenset()
    for relation in relations:
        verbs |= PERMISSIONS.get((role, relation), frozenset())
    return verbs


def unseen_clocks(role: Role) -> frozenset[str]:
    """Clocks that this role is shown nowhere, however much it sees of the contact."""
    return frozenset(clock for clock, roles in ONLY_FOR.items() if role not in roles)


def sees(role: Role) -> frozenset[Relation]:
    """The relations under which this role sees a contact at all."""
    return frozenset(relation for (of, relation) in PERMISSIONS if of is role)
