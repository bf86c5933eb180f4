"""The queue's rows as ready strings: a template that only prints costs half of one that works."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.templatetags.govuk import rag_tag, stage_tag
from referrals import casefile
from referrals.codes import SOURCE_LABELS
from referrals.models import Child, Contact
from referrals.rules import journey, permissions
from referrals.rules.permissions import Relation
from referrals.vocabulary import Rag, Stage, Verb

from .queries import CHILD_FACTS

RAG_TAGS: Mapping[str, SafeString] = {"": rag_tag(None), **{rag.value: rag_tag(rag) for rag in Rag}}
DATES = ("date_of_birth", "expected_date")
#: Addresses are made once a page and filled in for each row: making one costs as much as the rest of a row.
ANY_REFERENCE = "AAAA-AAAA"
STAGE_TAGS: Mapping[str, SafeString] = {stage.value: stage_tag(stage) for stage in Stage}


@dataclass(frozen=True, slots=True)
class Row:
    """One contact of the queue in words. `claim_url` is set where this person may take it."""

    reference: str
    url: str
    children: str
    rag: SafeString
    stage: SafeString
    state: str
    left: str
    due: str
    statutory: str
    statutory_state: str
    agency: str
    source: str
    received: str
    holder: str
    claim_url: str


def rows(found: Iterable[Mapping[str, Any]], user: User, now: datetime) -> list[Row]:
    """The page's rows. Asks the database nothing."""
    may_claim = Verb.CLAIM in permissions.allowed(user.as_role, frozenset({Relation.HUB}))
    page, claim = (reverse(f"triage:{name}", args=[ANY_REFERENCE]) for name in ("contact", "claim"))
    made = []
    for facts in found:
        free = may_claim and facts["owner_id"] is None and Verb.CLAIM in journey.possible(Stage(facts["stage"]))
        url = page.replace(ANY_REFERENCE, facts["reference"])
        claim_url = claim.replace(ANY_REFERENCE, facts["reference"]) if free else ""
        made.append(_row(facts, user, now, url=url, claim_url=claim_url))
    return made


def _row(facts: Mapping[str, Any], user: User, now: datetime, *, url: str, claim_url: str) -> Row:
    due, statutory = facts["due_at"], facts["statutory_due_at"]
    return Row(
        reference=facts["reference"],
        url=url,
        children=children_words(facts["children_facts"], now),
        rag=RAG_TAGS[facts["rag"]],
        stage=STAGE_TAGS[facts["stage"]],
        state=_state(due, now),
        left=words.time_left(due, now),
        due=words.short_moment(due),
        statutory=f"{words.time_left(statutory, now)}, due {words.short_moment(statutory)}",
        statutory_state=_state(statutory, now),
        agency=facts["agency__name"],
        source=SOURCE_LABELS.get(facts["source"], facts["source"]),
        received=words.short_moment(facts["received_at"]),
        holder="You" if facts["owner_id"] == user.pk else facts["owner__full_name"] or "Nobody yet",
        claim_url=claim_url,
    )


def to_share(
    contacts: Iterable[Contact], now: datetime, *, ticked: Collection[str], refused: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The rows that a manager ticks; what could not be shared says why, and stays ticked."""
    return [
        {
            "reference": one.reference,
            "value": f"{one.reference}@{one.version}",
            "children": ", ".join(casefile.child_words(child, now) for child in one.children.all()) or "Nobody named",
            "rag": RAG_TAGS[one.rag],
            "left": words.time_left(one.due_at, now),
            "state": _state(one.due_at, now),
            "due": words.short_moment(one.due_at),
            "holder": one.owner.full_name if one.owner else "Nobody yet",
            "ticked": one.reference in ticked,
            "why": refused.get(one.reference, ""),
        }
        for one in contacts
    ]


def children_words(facts: Iterable[Mapping[str, Any]], now: datetime) -> str:
    """ "2 children: Noor Aziz (10), Sami Aziz (4 months)"; brothers and sisters who are only named are not counted."""
    children = [_child(one) for one in facts]
    named = ", ".join(casefile.child_words(child, now) for child in children) or "Nobody named"
    referred = sum(child.in_scope for child in children)
    return f"{words.count(referred, 'child', 'children')}: {named}" if referred > 1 else named


def _child(facts: Mapping[str, Any]) -> Child:
    """As much of a child as its name and age need; unlike the constructor, this fills in nothing else."""
    values = [_date(facts[name]) if name in DATES else facts[name] for name in CHILD_FACTS]
    return Child.from_db(None, CHILD_FACTS, values)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _state(due: datetime, now: datetime) -> str:
    if due < now:
        return "overdue"
    return "soon" if due - now < words.SOON else "running"
