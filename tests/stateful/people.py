"""Who may do what at which stage, as the model knows it: written from the field's rules, not from the portal's tables.

Plain Python: no Django, nothing of the portal.
"""

from collections.abc import Collection
from dataclasses import dataclass

WORKER, MANAGER, HEAD, OFFICER = "worker", "manager", "head", "officer"
SCHOOL, PARTNER, TEAM, STRANGER = "school", "partner", "team", "stranger"

PEOPLE = {
    "Rosa": SCHOOL,
    "Cy": SCHOOL,
    "Tom": STRANGER,
    "Omar": PARTNER,
    "Nell": PARTNER,
    "Sam": OFFICER,
    "Grace": WORKER,
    "Bea": WORKER,
    "Maya": MANAGER,
    "Ivan": MANAGER,
    "Dev": TEAM,
    "Zofia": TEAM,
    "Helen": HEAD,
    "Priya": STRANGER,
    "Ana": STRANGER,
    "Kit": STRANGER,
}
REFERRER = "Rosa"
HUB = {WORKER, MANAGER, HEAD, OFFICER}
HOLDS = {WORKER, MANAGER}
MANAGES = {MANAGER, HEAD}
QUALIFIED = {WORKER, MANAGER, HEAD}

AGENCY = {"Omar": "Regional Police", "Nell": "Trent Vale Community Health"}
TEAM_OF = {"Dev": "Early Help Hub", "Zofia": "Assessment Team"}
NO_ACCOUNTS = "Children with Disabilities Team"
RECEIVES = {
    "early_help": "Early Help Hub",
    "section_17": "Assessment Team",
    "strategy_discussion": "Assessment Team",
    "disabilities": NO_ACCOUNTS,
}
TEAMS = ("Early Help Hub", "Assessment Team", NO_ACCOUNTS)
OUTCOMES = (
    "nfa_information",
    "signpost",
    "early_help",
    "open_case",
    "disabilities",
    "section_17",
    "strategy_discussion",
)
HANDED_OVER = {"early_help", "open_case", "disabilities", "section_17", "strategy_discussion"}
REFERRAL = {"disabilities", "section_17", "strategy_discussion"}

#: Who is named when a record is restricted, beside the manager who does it.
CIRCLES = ((), ("Grace",), ("Ivan", "Sam"), ("Zofia", "Cy", "Bea"))

RECEIVED, TRIAGE, SIGN_OFF, DECIDED, CLOSED = "received", "triage", "sign_off", "decided", "closed"
EVERY = (RECEIVED, TRIAGE, SIGN_OFF, DECIDED, CLOSED)
OPEN = (RECEIVED, TRIAGE, SIGN_OFF)
AFTER = (TRIAGE, SIGN_OFF, DECIDED, CLOSED)


@dataclass(frozen=True)
class Who:
    """Who may: of the hub, of those behind a broken glass, and whether whoever holds the contact may, or others."""

    hub: Collection[str] = ()
    holder: bool = False
    glass: Collection[str] = ()
    others: Collection[str] = ()


@dataclass(frozen=True)
class Rule:
    """One thing that people do: by whom, at which stages; whether it is about a page as it was, and needs words."""

    who: Who
    at: Collection[str] = EVERY
    needs_version: bool = False
    needs_words: bool = True


_SHARED = Who(hub=MANAGES, holder=True)
_HOLDER = Who(holder=True)
_MANAGERS = Who(hub=MANAGES)
_SCHOOL = Who(others={SCHOOL})
_TEAM = Who(hub=MANAGES, holder=True, others={TEAM})

RULES = {
    "claim": Rule(Who(hub=HOLDS), (RECEIVED,), needs_words=False),
    "assign": Rule(_MANAGERS, (RECEIVED, TRIAGE, DECIDED), needs_version=True, needs_words=False),
    "release": Rule(_SHARED, (TRIAGE,)),
    "rate": Rule(_SHARED, (RECEIVED, TRIAGE), needs_version=True),
    "first_look": Rule(_HOLDER, (RECEIVED, TRIAGE), needs_version=True),
    "assess": Rule(_HOLDER, (TRIAGE,), needs_version=True),
    "recommend": Rule(_HOLDER, (TRIAGE,), needs_version=True),
    "take_back": Rule(_HOLDER, (SIGN_OFF,), needs_words=False),
    "send_back": Rule(_MANAGERS, (SIGN_OFF,)),
    "sign_off": Rule(_MANAGERS, (SIGN_OFF,), needs_version=True, needs_words=False),
    "give_feedback": Rule(_SHARED, (DECIDED,), needs_version=True),
    "read_feedback": Rule(_SCHOOL, needs_words=False),
    "reopen": Rule(_MANAGERS, (DECIDED, CLOSED)),
    "add": Rule(_SCHOOL),
    "ask": Rule(_HOLDER, (TRIAGE,)),
    "answer": Rule(_SCHOOL, OPEN),
    "withdraw": Rule(_SCHOOL, OPEN),
    "carry_on": Rule(_SHARED, OPEN),
    "note": Rule(Who(hub=HUB, glass=QUALIFIED)),
    "check": Rule(_SHARED, (TRIAGE,)),
    "answer_check": Rule(Who(others={PARTNER})),
    "close_check": Rule(_SHARED),
    "call_strategy": Rule(_SHARED, AFTER),
    "record_strategy": Rule(_SHARED),
    "call_off_strategy": Rule(_SHARED),
    "act_now": Rule(Who(hub=QUALIFIED, glass=QUALIFIED), OPEN),
    "confirm_act": Rule(Who(hub=MANAGES, glass=MANAGES)),
    "hand_over": Rule(_SHARED, (DECIDED, CLOSED), needs_words=False),
    "accept": Rule(_TEAM, AFTER, needs_words=False),
    "decline": Rule(_TEAM, AFTER),
    "restrict": Rule(_MANAGERS, needs_version=True),
    "lift": Rule(_MANAGERS, needs_version=True),
    "break_glass": Rule(Who(hub=QUALIFIED, glass=QUALIFIED)),
    "give_back": Rule(Who(hub=QUALIFIED, glass=QUALIFIED), needs_words=False),
}
VERBS = tuple(RULES)
