"""When an agency may be asked, and what an answer must say."""

from dataclasses import replace
from typing import Any

import pytest

from referrals.rules import checks
from referrals.rules.checks import Answer, Asking, Standing
from referrals.vocabulary import Clock, LegalBasis, MayShare, Rag


@pytest.mark.parametrize(
    ("rag", "clock"),
    [
        (Rag.RED, Clock.CHECK_RED),
        (Rag.AMBER, Clock.CHECK_AMBER),
        (Rag.GREEN, Clock.CHECK_GREEN),
        (None, Clock.CHECK_AMBER),
    ],
)
def test_a_check_runs_as_fast_as_its_contact_is_urgent(rag: Rag | None, clock: Clock) -> None:
    assert checks.clock_of(rag) is clock


@pytest.mark.parametrize(
    ("level", "agreement", "needed"),
    [
        (4, True, False),
        (4, False, False),
        (3, True, False),
        (3, False, True),
        (1, False, True),
        (None, True, False),
        (None, False, True),
    ],
)
def test_a_check_below_level_four_without_agreement_needs_a_manager(
    level: int | None, agreement: bool, needed: bool
) -> None:
    standing = Standing(level, is_assessed=True, agreement=agreement)
    assert standing.needs_authority is needed
    assert ("2013 Haringey judgment" in standing.sentence) is needed


def test_the_sentence_says_where_the_level_comes_from() -> None:
    assert "was assessed at level 3" in Standing(3, is_assessed=True, agreement=False).sentence
    assert "is believed to be at level 2" in Standing(2, is_assessed=False, agreement=False).sentence
    assert "nobody has given this contact a level yet" in Standing(None, is_assessed=False, agreement=False).sentence
    assert "agreement is on record" in Standing(None, is_assessed=False, agreement=True).sentence
    assert "lack of agreement does not stop" in Standing(4, is_assessed=True, agreement=False).sentence


def asking(**facts: Any) -> Asking:
    whole = Asking(
        agencies=("Regional Police",),
        already_open=(),
        children=1,
        purpose="Any incident since the summer",
        legal_basis=LegalBasis.PUBLIC_TASK,
        because=None,
        standing=Standing(4, is_assessed=True, agreement=False),
    )
    return replace(whole, **facts)


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"agencies": ()}, "agencies", "Choose at least one agency"),
        ({"already_open": ("Regional Police",)}, "agencies", "Regional Police has an open check"),
        ({"children": 0}, "children", "Choose the children"),
        ({"purpose": ""}, "purpose", "Write what you need to know"),
        ({"legal_basis": ""}, "legal_basis", "Choose the ground"),
        ({"legal_basis": LegalBasis.AGREEMENT}, "legal_basis", "agreement is not on record"),
        ({"because": ""}, "authorised_because", "without the family’s agreement"),
    ],
)
def test_a_request_that_lacks_something_is_refused_with_its_sentence(
    facts: dict[str, Any], field: str, sentence: str
) -> None:
    assert checks.objections_to_asking(asking()) == []
    [objection] = checks.objections_to_asking(asking(**facts))
    assert objection.field == field
    assert sentence in objection


def test_agreement_is_a_ground_where_it_is_on_record() -> None:
    agreed = Standing(2, is_assessed=False, agreement=True)
    assert checks.objections_to_asking(asking(legal_basis=LegalBasis.AGREEMENT, standing=agreed)) == []


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer(None, "", "", ""), "known"),
        (Answer(True, "", "", ""), "facts"),
        (Answer(True, "Two calls", "", ""), "may_share"),
        (Answer(True, "Two calls", MayShare.SOME, ""), "share_with"),
        (Answer(True, "Two calls", MayShare.NO, ""), "share_with"),
        (Answer(False, "Only an old address", "", ""), "may_share"),
    ],
)
def test_an_answer_says_what_is_known_and_whether_it_may_be_passed_on(answer: Answer, field: str) -> None:
    assert [objection.field for objection in checks.objections_to_answer(answer)] == [field]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(False, "", "", ""),
        Answer(True, "Two calls", MayShare.YES, ""),
        Answer(True, "Two calls", MayShare.SOME, "Not with the father"),
        Answer(True, "Two calls", MayShare.NO, "He would know who told us"),
    ],
)
def test_a_whole_answer_passes(answer: Answer) -> None:
    assert checks.objections_to_answer(answer) == []
