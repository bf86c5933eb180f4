"""The daily domestic abuse meeting: what a decision about one child needs, and when the meeting may be closed.

Inspectors found such meetings poor on recording and on the child (Nottinghamshire): no decision without the child's
own focus, and no meeting closed with a child left open. Plain Python.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from referrals.refusals import Objection
from referrals.vocabulary import AgencyKind, MeetingDecision

#: Who sits at the meeting, as its pages name them. Each came, or it is said why not.
AGENCIES: Mapping[AgencyKind, str] = MappingProxyType(
    {
        AgencyKind.TEAM: "Children’s social care",
        AgencyKind.POLICE: "Police",
        AgencyKind.HEALTH: "Health",
        AgencyKind.EDUCATION: "Education",
        AgencyKind.VOLUNTARY: "Domestic abuse service",
        AgencyKind.HOUSING: "Housing",
        AgencyKind.LEGAL: "Probation",
        AgencyKind.EARLY_HELP: "Early help",
    }
)


@dataclass(frozen=True)
class Present:
    """One agency at the meeting, as the form has it; `attended` None where nothing is said yet."""

    kind: AgencyKind
    attended: bool | None = None
    who: str = ""
    absent_because: str = ""


@dataclass(frozen=True)
class Judgement:
    """What the meeting says about one child."""

    decision: MeetingDecision | None
    child_focus: str
    reason: str
    action: str = ""
    action_owner: str = ""


def before_deciding(name: str, judged: Judgement) -> Iterator[Objection]:
    """A decision, why, what it is like for this child, and an owner for whatever is to be done."""
    if not judged.child_focus.strip():
        yield Objection("child_focus", f"Write what it is like for {name}: the child’s own focus, not the adults’.")
    if judged.decision is None:
        yield Objection("decision", f"Choose what the meeting decided for {name}.")
    if not judged.reason.strip():
        yield Objection("reason", "Write why the meeting decided this.")
    if judged.decision not in (None, MeetingDecision.NO_FURTHER) and not judged.action.strip():
        yield Objection("action", "Write what is done next: only “no further action” needs none.")
    if judged.action.strip() and not judged.action_owner.strip():
        yield Objection("action_owner", "Write who does it.")
    if judged.action_owner.strip() and not judged.action.strip():
        yield Objection("action", f"Write what {judged.action_owner.strip()} does.")


def before_attendance(rows: Sequence[Present]) -> Iterator[Objection]:
    """What is said may be unfinished until the meeting is closed; an absence never goes without its reason."""
    for row in rows:
        name = in_a_sentence(row.kind)
        if row.attended is True and not row.who.strip():
            yield Objection(f"who_{row.kind}", f"Write who came for {name}.")
        if row.attended is False and not row.absent_because.strip():
            yield Objection(f"absent_{row.kind}", f"Say why nobody came for {name}.")


def before_closing(attendance: Collection[AgencyKind], undecided: Sequence[str]) -> Iterator[Objection]:
    """Every agency is accounted for, and every child has a decision; whoever has none is named."""
    missing = [in_a_sentence(kind) for kind in AGENCIES if kind not in attendance]
    if missing:
        yield Objection("", f"Record who came, or why not, for {listed(missing)}.")
    if undecided:
        has = "has" if len(undecided) == 1 else "have"
        yield Objection("", f"{listed(undecided)} {has} no decision yet.")


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def in_a_sentence(kind: AgencyKind) -> str:
    """ "the police", "health", "the domestic abuse service"."""
    name = AGENCIES[kind][:1].lower() + AGENCIES[kind][1:]
    return f"the {name}" if kind in (AgencyKind.POLICE, AgencyKind.VOLUNTARY) else name
