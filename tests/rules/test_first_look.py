"""What a first look has to say before it is kept."""

from dataclasses import replace
from typing import Any

import pytest

from referrals.rules.first_look import Look, in_words, objections, reason_for
from referrals.rules.priority import Proposal
from referrals.vocabulary import Rag

AMBER = Proposal(Rag.AMBER, ("Noor is under one year old.",))
CALM = Look(history_read=True, in_danger_now=False, open_elsewhere=False, is_ours=True, rag=Rag.AMBER)


def test_a_first_look_with_every_answer_that_follows_the_proposal_needs_no_more_words() -> None:
    assert objections(CALM, AMBER) == []
    assert reason_for(CALM, AMBER) == "As the rules propose. Noor is under one year old."


def test_an_empty_first_look_is_told_everything_that_is_missing_and_where() -> None:
    fields = [one.field for one in objections(Look(), AMBER)]
    assert fields == ["history_read", "in_danger_now", "open_elsewhere", "is_ours", "rag"]


def more_words(field: str) -> tuple[dict[str, Any], ...]:
    """Nothing, a blank and some words in one box."""
    return {}, {field: "  "}, {field: "Words"}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"in_danger_now": True}, "done_about_danger", "Say what was done about the danger, when and by whom."),
        ({"open_elsewhere": True}, "open_with", "Say with whom the case is open."),
        ({"is_ours": False}, "whose", "Say which authority it belongs to, and who there was told."),
        ({"rag": Rag.GREEN}, "reason", "The rules propose amber. Say why you judge it to be green."),
        ({"rag": Rag.RED}, "reason", "The rules propose amber. Say why you judge it to be red."),
    ],
)
def test_an_answer_that_asks_for_words_is_refused_without_and_kept_with_them(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    look, bare, full = (replace(CALM, **changes, **more) for more in more_words(field))
    [objection] = objections(look, AMBER)
    assert (objection.field, objection) == (field, sentence)
    assert objections(bare, AMBER) != []
    assert objections(full, AMBER) == []


def test_the_line_of_the_timeline_says_what_was_found_and_why_a_priority_stays() -> None:
    look = replace(CALM, history_read=False, rag=Rag.GREEN, reason="Seen today")
    assert in_words(look, AMBER, Rag.GREEN) == (
        "Nobody is in immediate danger. No case is open elsewhere. It is ours. The history was not read before "
        "agreement was discussed. The rules propose amber. The priority stays green: Seen today"
    )
    assert "stays" not in in_words(look, AMBER, None)
