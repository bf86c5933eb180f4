"""What a writer of feedback is warned of, and what they are left alone with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.rules.feedback import PHRASE, Known, warnings

ANSWER = "Father was arrested in March for an assault on a neighbour; no charge followed."
KNOWN = Known(
    people=["Karim Aziz", "Lena Hart", "Sami Aziz"],
    children=["Noor Aziz"],
    answers={"Regional Police": [ANSWER]},
    our_phones=("01632 960100",),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Karim was spoken to.", "Karim Aziz"),
        ("Speak to ms HART about it.", "Lena Hart"),
        ("Sami said the same.", "Sami Aziz"),
        ("They live at AB1 2CD now.", "postcode"),
        ("They moved to 14 Mill Lane last week.", "address"),
        ("Ring her on 07700 900123.", "telephone number"),
        ("Ring +44 7700 900123.", "telephone number"),
        ("We know that father was arrested in March for an assault.", "answer of Regional Police"),
    ],
)
def test_a_writer_is_warned_of_what_feedback_never_includes(text: str, wanted: str) -> None:
    found = " ".join(warnings(text, KNOWN))
    assert wanted in found
    assert bool(found) is bool(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "Noor Aziz is seen by the school nurse every week, which is good evidence of care.",
        "Ring the MASH on 01632 960100 and ask for Grace.",
        "The form of 20 November 2026 says that 3 children were seen.",
        "Father was arrested in March: five words are no phrase.",
        "",
    ],
)
def test_a_writer_is_left_alone_with_ordinary_words(text: str) -> None:
    assert warnings(text, KNOWN) == []


@given(st.lists(st.from_regex(r"[a-z]{3,8}", fullmatch=True), min_size=PHRASE, max_size=20), st.data())
def test_any_six_words_of_an_answer_in_a_row_are_found_whatever_stands_between_them(
    said: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(said) - PHRASE))
    copied = ", ".join(word.upper() for word in said[start : start + PHRASE])
    known = Known(answers={"Health": [" ".join(said)]})
    assert any("answer of Health" in one for one in warnings(f"We heard: {copied}!", known))
