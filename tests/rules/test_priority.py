"""The priority that the rules propose: each reason has its sentence, and nothing worse makes it less urgent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.codes import FACTOR_LABELS
from referrals.rules.guards import ChildPicture
from referrals.rules.priority import GRAVE, NOTHING, URGENCY, Facts, View, propose
from referrals.vocabulary import Rag

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
NOOR = ChildPicture(1, "Noor", frozenset(), None, date_of_birth=date(2016, 4, 15))
CALM = Facts(now=NOW, children=(NOOR,), view=View("The referrer’s evidence", 2), agreement_given=True)


def days(count: int) -> datetime:
    return NOW - timedelta(days=count)


def test_a_contact_with_evidence_and_nothing_serious_is_proposed_green_with_a_sentence() -> None:
    assert (propose(CALM).rag, propose(CALM).because) == (Rag.GREEN, (NOTHING,))


CHANGES: list[tuple[str, dict[str, Any], Rag, str]] = [
    ("danger", {"in_danger_now": True}, Rag.RED, "Somebody is in immediate danger."),
    ("act", {"acted_at_once": True}, Rag.RED, "The MASH has already acted at once because of immediate danger."),
    (
        "harm",
        {"view": View("The referrer’s evidence", 3, has_harm_alert=True)},
        Rag.RED,
        "The referrer’s evidence shows abuse or significant harm (harm alert of the matrix).",
    ),
    (
        "level four",
        {"view": View("The MASH’s assessment", 4)},
        Rag.RED,
        "The MASH’s assessment reaches level 4 of the matrix.",
    ),
    ("belief", {"level_believed": 4}, Rag.AMBER, "The referrer believes that level 4 is met."),
    (
        "nothing evidenced",
        {"view": None},
        Rag.AMBER,
        "Nothing has been evidenced against the matrix yet, so nothing shows that it can wait.",
    ),
    ("injuries", {"has_injuries": True}, Rag.AMBER, "The referral form describes injuries."),
    ("abuse", {"concerns": frozenset({"18C"})}, Rag.AMBER, "The referral form ticks “Physical abuse: adult on child”."),
    (
        "no agreement",
        {"agreement_given": False},
        Rag.AMBER,
        "The family has not agreed to support, so nothing is in place while it waits.",
    ),
    ("baby", {"babies": ("Sami",)}, Rag.AMBER, "Sami is said to be under one year old."),
    ("unborn", {"children": (replace(NOOR, is_unborn=True),)}, Rag.AMBER, "Noor is not born yet."),
    (
        "under one",
        {"children": (replace(NOOR, date_of_birth=date(2026, 2, 1)),)},
        Rag.AMBER,
        "Noor is under one year old.",
    ),
    (
        "third contact",
        {"children": (replace(NOOR, earlier_contacts=(days(30), days(300))),)},
        Rag.AMBER,
        "This is contact number 3 about Noor within 12 months.",
    ),
    (
        "earlier NFA",
        {"children": (replace(NOOR, earlier_nfas=(days(80),)),)},
        Rag.AMBER,
        "An earlier contact about Noor was closed with no further action in the last 90 days.",
    ),
]


@pytest.mark.parametrize(("changes", "rag", "sentence"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_each_reason_has_its_priority_and_its_sentence(changes: dict[str, Any], rag: Rag, sentence: str) -> None:
    proposal = propose(replace(CALM, **changes))
    assert (proposal.rag, proposal.because) == (rag, (sentence,))


@pytest.mark.parametrize(
    "changes",
    [
        {"children": (replace(NOOR, earlier_contacts=(days(30),)),)},
        {"children": (replace(NOOR, earlier_contacts=(days(30), days(366))),)},
        {"children": (replace(NOOR, earlier_nfas=(days(91),)),)},
        {"concerns": frozenset({"4B", "nonsense"})},
        {"level_believed": 3},
        {"view": View("The referrer’s evidence", 3)},
        {"agreement_given": None},
    ],
)
def test_what_is_just_short_of_a_reason_is_none(changes: dict[str, Any]) -> None:
    assert propose(replace(CALM, **changes)).rag is Rag.GREEN


def test_the_worst_reason_decides_and_all_are_said_the_worst_first() -> None:
    proposal = propose(replace(CALM, has_injuries=True, in_danger_now=True, agreement_given=False))
    assert proposal.rag is Rag.RED
    assert [sentence.split()[0] for sentence in proposal.because] == ["Somebody", "The", "The"]


def test_every_grave_concern_is_a_national_factor() -> None:
    assert set(FACTOR_LABELS) >= GRAVE


moments = st.integers(0, 1000).map(days)
pictures = st.builds(
    ChildPicture,
    key=st.integers(1, 9),
    name=st.sampled_from(["Noor", "Sami"]),
    outcomes=st.just(frozenset()),
    level=st.none(),
    date_of_birth=st.none() | st.dates(date(2010, 1, 1), date(2026, 11, 20)),
    is_unborn=st.booleans(),
    earlier_contacts=st.lists(moments, max_size=3).map(tuple),
    earlier_nfas=st.lists(moments, max_size=2).map(tuple),
)
views = st.builds(View, st.just("The referrer’s evidence"), st.integers(1, 4), st.booleans())
records = st.builds(
    Facts,
    now=st.just(NOW),
    children=st.lists(pictures, max_size=3).map(tuple),
    babies=st.lists(st.just("Sami"), max_size=1).map(tuple),
    view=st.none() | views,
    level_believed=st.none() | st.integers(1, 4),
    in_danger_now=st.booleans(),
    acted_at_once=st.booleans(),
    agreement_given=st.none() | st.booleans(),
    has_injuries=st.booleans(),
    concerns=st.frozensets(st.sampled_from(sorted(FACTOR_LABELS)), max_size=3),
)


def with_worse(facts: Facts, what: str, child: ChildPicture, code: str) -> Facts:
    """The same record with one more thing in it that nobody would want to hear."""
    view = facts.view or View("The referrer’s evidence", 4)
    is_serious = facts.view is not None and (facts.view.level == 4 or facts.view.has_harm_alert)
    worse: dict[str, dict[str, Any]] = {
        "danger": {"in_danger_now": True},
        "act": {"acted_at_once": True},
        "harm": {"view": replace(view, has_harm_alert=True)},
        "level": {"view": replace(view, level=min(view.level + 1, 4))},
        "nothing known": {"view": facts.view if is_serious else None},
        "belief": {"level_believed": 4},
        "refusal": {"agreement_given": False},
        "injuries": {"has_injuries": True},
        "concern": {"concerns": facts.concerns | {code}},
        "child": {"children": (*facts.children, child)},
        "history": {"children": tuple(again(one) for one in facts.children)},
        "baby": {"babies": (*facts.babies, "Sami")},
    }
    return replace(facts, **worse[what])


def again(child: ChildPicture) -> ChildPicture:
    """The same child after one more contact, which came to nothing."""
    return replace(
        child,
        earlier_contacts=(*child.earlier_contacts, days(5)),
        earlier_nfas=(*child.earlier_nfas, days(4)),
    )


WORSE = (
    "danger",
    "act",
    "harm",
    "level",
    "nothing known",
    "belief",
    "refusal",
    "injuries",
    "concern",
    "child",
    "history",
    "baby",
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    records, st.lists(st.sampled_from(WORSE), min_size=1, max_size=4), pictures, st.sampled_from(sorted(FACTOR_LABELS))
)
def test_something_worse_never_makes_it_less_urgent(
    facts: Facts, worse: list[str], child: ChildPicture, code: str
) -> None:
    before, after = propose(facts), facts
    for what in worse:
        after = with_worse(after, what, child, code)
    assert URGENCY.index(propose(after).rag) >= URGENCY.index(before.rag)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records)
def test_a_proposal_always_says_why_and_danger_is_always_red(facts: Facts) -> None:
    proposal = propose(facts)
    assert proposal.because
    assert all(sentence.endswith(".") for sentence in proposal.because)
    assert (NOTHING in proposal.because) == (proposal.rag is Rag.GREEN)
    assert propose(replace(facts, in_danger_now=True)).rag is Rag.RED
