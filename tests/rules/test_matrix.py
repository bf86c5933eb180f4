"""The ruler's arithmetic: what evidence leads to which level, with which alerts, and why."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from thresholds.document import place
from thresholds.matrix import ALERTS, HARM_RULE, Indicator, Level, Ruler, Suggestion, UnknownCodes, suggest

SEED = Path(__file__).parents[2] / "thresholds" / "seed" / "four-level-2018.yaml"


def shipped() -> Ruler:
    content: dict[str, Any] = yaml.safe_load(SEED.read_text(encoding="utf-8"))["matrix"]
    return Ruler(
        levels=tuple(Level(row["number"], tuple(row["care_profile_grades"])) for row in content["levels"]),
        indicators=tuple(indicator(row) for row in content["indicators"]),
    )


def indicator(row: dict[str, Any]) -> Indicator:
    where = place(row["code"])
    assert where is not None
    return Indicator(row["code"], row["text"], where[0], tuple(row.get("alerts", ())), tuple(row.get("dv_scales", ())))


RULER = shipped()


def of(*codes: str, **tools: int) -> Suggestion:
    return suggest(RULER.pick(codes), ruler=RULER, **tools)


@pytest.mark.parametrize(
    ("codes", "tools", "level", "alerts"),
    [
        (["L4-HEA-10", "L4-CAR-05"], {}, 4, ["harm"]),
        (["L3-LRN-01", "L3-HEA-04", "L3-CAR-01"], {"care_profile_grade": 4}, 3, ["neglect"]),
        (["L2-LRN-01", "L2-SOC-02"], {}, 2, []),
        (["L4-HEA-04", "L4-SOC-04"], {}, 4, ["harm", "cse", "missing"]),
        (["L2-CAR-05"], {"dvrim_scale": 1}, 2, ["dv"]),
        (["L4-CAR-08", "L4-HOU-01"], {}, 4, []),
        (["L4-HEA-02", "L4-SOC-01"], {}, 4, ["harm", "neglect"]),
        (["L3-SOC-13", "L3-LRN-01"], {}, 3, ["cse"]),
        (["L4-DIS-01", "L4-LRN-02"], {}, 4, ["disability"]),
        (["L1-LRN-01"], {}, 1, []),
    ],
)
def test_the_example_referrals_are_given_the_level_and_alerts_expected_of_them(
    codes: list[str], tools: dict[str, int], level: int, alerts: list[str]
) -> None:
    suggestion = of(*codes, **tools)

    assert (suggestion.level, list(suggestion.alerts)) == (level, alerts)


def test_a_suggestion_says_why_with_the_highest_evidence_first() -> None:
    assert of("L2-LRN-05", "L4-HEA-10").because == (
        "Level 4: Non-accidental injury (L4-HEA-10)",
        "Level 2: Frequent changes of school (L2-LRN-05)",
        HARM_RULE,
    )


def test_many_low_indicators_are_not_added_up_to_a_higher_level() -> None:
    low = [one for one in RULER.indicators if one.level == 2]

    assert suggest(low, ruler=RULER).level == 2


def test_nothing_evidenced_suggests_no_level_and_says_so() -> None:
    assert of() == Suggestion(None, (), ("No indicator has been evidenced, so no level is suggested",))


def test_a_harm_alert_means_level_four_wherever_a_partnership_has_put_it() -> None:
    worrying = Indicator("L2-HEA-90", "Bruise on a baby", 2, ("harm",))

    assert suggest([Indicator("L2-HEA-91", "Cough", 2)]).level == 2
    assert suggest([worrying]) == Suggestion(4, ("harm",), ("Level 2: Bruise on a baby (L2-HEA-90)", HARM_RULE))


@pytest.mark.parametrize(("grade", "level"), [(1, 1), (2, 1), (3, 2), (4, 3), (5, 4)])
def test_a_graded_care_profile_raises_the_level_and_never_lowers_it(grade: int, level: int) -> None:
    alone, with_two = of(care_profile_grade=grade), of("L2-LRN-01", care_profile_grade=grade)

    assert alone.level == level
    assert with_two.level == max(2, level)
    assert f"A Graded Care Profile of {grade} belongs to level {level}" in with_two.because


@pytest.mark.parametrize(("scale", "level", "code"), [(1, 2, "L2-CAR-05"), (2, 2, "L2-CAR-05"), (3, 4, "L4-CAR-02")])
def test_a_domestic_violence_scale_raises_the_level_with_its_indicators_alert(
    scale: int, level: int, code: str
) -> None:
    suggestion = of("L1-LRN-01", dvrim_scale=scale)

    assert (suggestion.level, suggestion.alerts) == (level, ("dv",))
    assert suggestion.because[-1] == (
        f"A domestic violence risk identification matrix at scale {scale} belongs to level {level} ({code})"
    )


def test_a_grade_or_scale_that_the_matrix_does_not_know_is_refused_with_those_it_knows() -> None:
    with pytest.raises(ValueError, match=r"no grade 6. Its grades are 1, 2, 3, 4, 5\."):
        of(care_profile_grade=6)
    with pytest.raises(ValueError, match=r"no scale 0. Its scales are 1, 2, 3, 4\."):
        of(dvrim_scale=0)
    with pytest.raises(ValueError, match="This matrix does not use it"):
        suggest([], care_profile_grade=1)


def test_codes_that_are_in_no_matrix_are_all_named() -> None:
    with pytest.raises(UnknownCodes, match="L9-XXX-01, nonsense are no indicators") as refusal:
        RULER.pick(["L4-HEA-10", "L9-XXX-01", "nonsense"])

    assert refusal.value.codes == ["L9-XXX-01", "nonsense"]


@given(codes=st.lists(st.sampled_from([one.code for one in RULER.indicators]), max_size=12))
def test_a_suggestion_does_not_depend_on_order_or_repetition(codes: list[str]) -> None:
    suggestion, other = of(*codes), of(*reversed([*codes, *codes]))

    assert suggestion == other
    assert list(suggestion.alerts) == [alert for alert in ALERTS if alert in suggestion.alerts]
    if codes:
        assert suggestion.level == max(int(code[1]) for code in codes)


def test_the_shipped_matrix_has_two_hundred_indicators_at_four_levels() -> None:
    assert len(RULER.indicators) == 200
    assert {one.level for one in RULER.indicators} == {1, 2, 3, 4}
    assert {alert for one in RULER.indicators for alert in one.alerts} == set(ALERTS)
