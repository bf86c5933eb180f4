"""What the lists say of a child, and the seven rules of the census, against what the guidance says in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.codes import CENSUS_RULES, ETHNICITY_LABELS, PRIMARY_NEED_LABELS, SEX_ANNEX, SOURCE_LABELS
from referrals.returns.words import RULE_NAMES
from referrals.rules import returns
from referrals.rules.returns import RULES, Facts

DAY = date(2024, 6, 3)
DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given below
GOOD = Facts("C005830", "2A", "F", "WBRI", date(2016, 4, 15), None, DAY, DAY, goes_on=True, need="N1")
UNBORN = replace(GOOD, sex="U", born=None, expected=DAY + timedelta(weeks=20))


def rules_of(facts: Facts) -> list[str]:
    return [fault.rule for fault in returns.faults(facts)]


def said(facts: Facts) -> str:
    return " ".join(fault.sentence for fault in returns.faults(facts))


def test_the_rules_are_those_of_the_guidance_in_its_words_and_each_has_a_name() -> None:
    assert [rule.law for rule in RULES] == CENSUS_RULES
    assert [rule.key for rule in RULES] == list(RULE_NAMES)


@pytest.mark.parametrize("facts", [GOOD, UNBORN, replace(GOOD, referred=None, goes_on=False, need="")])
def test_a_record_that_keeps_the_rules_has_no_fault(facts: Facts) -> None:
    assert said(facts) == ""


@pytest.mark.parametrize(
    ("change", "rule", "sentence"),
    [
        ({"source": "99"}, "source", "Source “99” is not a national code."),
        ({"source": ""}, "source", "No source is recorded."),
        (
            {"goes_on": False, "later": ["a team still has it in hand", "its referral was never ended"]},
            "no_further_action",
            "Closed with no further action, but a team still has it in hand and its referral was never ended.",
        ),
        ({"need": ""}, "primary_need", "No primary need is recorded."),
        ({"need": "X1"}, "primary_need", "Primary need “X1” is not a national code."),
        ({"born": None}, "birth", "Neither a date of birth nor an expected date is recorded."),
        (
            {"expected": DAY, "sex": "U"},
            "birth",
            "A date of birth and an expected date are both recorded.",
        ),
        ({"ethnicity": ""}, "ethnicity", "No ethnicity is recorded."),
        ({"ethnicity": "XXXX"}, "ethnicity", "Ethnicity “XXXX” is not a national code."),
        ({"child_id": "12-34"}, "identifier", "“12-34” has something other than letters and figures in it."),
        ({"child_id": ""}, "identifier", "“” has something other"),
        ({"child_id": "1" * 21}, "identifier", "has 21 characters: at most 20 are allowed."),
    ],
)
def test_a_record_that_breaks_one_rule_is_said_to_break_that_rule(
    change: dict[str, object], rule: str, sentence: str
) -> None:
    facts = replace(GOOD, **change)  # type: ignore[arg-type]  # the changes differ in kind
    assert rules_of(facts) == [rule]
    assert sentence in said(facts)


@pytest.mark.parametrize(("days", "faults"), [(280, []), (281, ["birth"])])
def test_a_referral_is_at_most_40_weeks_before_the_expected_date(days: int, faults: list[str]) -> None:
    assert rules_of(replace(UNBORN, expected=DAY + timedelta(days=days))) == faults
    earlier = replace(UNBORN, received=DAY - timedelta(days=1), expected=DAY + timedelta(days=280))
    assert rules_of(earlier) == [], "the referral is what counts, not the contact before it"
    as_contact = replace(earlier, referred=None, goes_on=False)
    assert rules_of(as_contact) == ["birth"]
    assert "40 weeks after the contact" in said(as_contact)


@pytest.mark.parametrize("sex", ["F", "M", ""])
def test_an_unborn_childs_sex_is_u(sex: str) -> None:
    assert rules_of(UNBORN) == []
    assert rules_of(replace(UNBORN, sex=sex)) == ["unborn"]


@given(
    st.builds(
        Facts,
        child_id=st.from_regex(r"\A[A-Za-z0-9]{1,20}\Z"),
        source=st.sampled_from(sorted(SOURCE_LABELS)),
        sex=st.sampled_from(sorted(SEX_ANNEX)),
        ethnicity=st.sampled_from(sorted(ETHNICITY_LABELS)),
        born=DAYS,
        expected=st.none(),
        received=DAYS,
        referred=st.none() | DAYS,
        goes_on=st.booleans(),
        need=st.sampled_from(sorted(PRIMARY_NEED_LABELS)),
    )
)
def test_codes_of_the_guidance_are_never_a_fault(facts: Facts) -> None:
    assert said(facts) == ""


@given(st.text(max_size=25), st.text(max_size=5), st.text(max_size=5), st.text(max_size=5))
def test_whatever_is_recorded_each_rule_is_broken_at_most_once_and_says_why(
    number: str, source: str, ethnicity: str, need: str
) -> None:
    facts = replace(GOOD, child_id=number, source=source, ethnicity=ethnicity, need=need)
    found = list(returns.faults(facts))
    assert [fault.rule for fault in found] == [rule.key for rule in RULES if rule.fault(facts)]
    assert all(fault.sentence.endswith(".") for fault in found)
    assert ("identifier" in rules_of(facts)) == (not (number.isascii() and number.isalnum() and len(number) <= 20))
    assert ("source" in rules_of(facts)) == (source not in SOURCE_LABELS)


@given(DAYS, DAYS)
def test_age_is_in_completed_years(born: date, on: date) -> None:
    years = returns.age(born, None, on)
    if on < born:
        assert years is None
        return
    assert years is not None
    assert years >= 0
    assert (born.month, born.day) <= (on.month, on.day) or years < on.year - born.year
    assert years in {on.year - born.year, on.year - born.year - 1}


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2016, 6, 3), DAY, 8),
        (date(2016, 6, 4), DAY, 7),
        (date(2016, 2, 29), date(2023, 2, 28), 6),
        (date(2016, 2, 29), date(2023, 3, 1), 7),
        (DAY, DAY, 0),
    ],
)
def test_age_turns_on_the_birthday(born: date, on: date, years: int) -> None:
    assert returns.age(born, 3, on) == years
    assert returns.age(None, 3, on) == 3
    assert returns.age(None, None, on) is None


def test_an_unborn_child_is_never_said_to_be_a_boy_or_a_girl() -> None:
    assert returns.gender("F", is_unborn=False) == "b) Female"
    for sex in ("F", "M", "U", ""):
        assert returns.gender(sex, is_unborn=True) == "c) Not stated/recorded"
    assert returns.gender("", is_unborn=False) == "c) Not stated/recorded"


@given(st.integers(1, 10**15 - 1), st.none() | st.integers(1, 10**15 - 1), st.none() | st.text(max_size=30))
def test_every_number_keeps_the_rule_and_is_the_persons_own(
    child: int, person: int | None, earlier: str | None
) -> None:
    number = returns.child_id(child, person, earlier)
    assert rules_of(replace(GOOD, child_id=number)) == []
    if number != earlier:
        other = returns.child_id(child + 1, person, earlier)
        assert (number == other) == (person is not None)
        assert person is None or number != returns.child_id(child, person + 1, earlier)


@pytest.mark.parametrize("number", ["C-5830", "C005830+moved", "", "1" * 21, "Ü1"])
def test_the_earlier_systems_number_is_used_where_a_return_may_have_it(number: str) -> None:
    assert returns.child_id(7, 3, "C005830") == "C005830"
    assert returns.child_id(7, 3, number) == "MASHP0000000003"
    assert returns.child_id(7, None, number) == "MASHC0000000007"


@given(st.lists(MOMENTS, min_size=1, max_size=8))
def test_a_referral_never_counts_itself_and_counts_the_year_before_only(moments: list[datetime]) -> None:
    own = moments[0]
    found = returns.in_the_year_before(own, moments)
    assert found <= len(moments) - 1
    assert found == returns.in_the_year_before(own, [one for one in moments if one != own])
    certain = [one for one in moments if timedelta() < own - one < timedelta(days=364)]
    possible = [one for one in moments if timedelta() < own - one < timedelta(days=367)]
    assert len(certain) <= found <= len(possible)


@pytest.mark.parametrize(
    ("other", "counted"),
    [
        (datetime(2023, 6, 3, 22, 59, tzinfo=UTC), 0),  # 3 June in London: 12 months end with the 4th
        (datetime(2023, 6, 3, 23, 0, tzinfo=UTC), 1),  # London's midnight, in summer time
        (datetime(2024, 6, 3, 9, 59, tzinfo=UTC), 1),
        (datetime(2024, 6, 3, 10, 0, tzinfo=UTC), 0),
        (datetime(2024, 6, 4, 10, 0, tzinfo=UTC), 0),
    ],
)
def test_the_year_before_is_counted_in_london_days(other: datetime, counted: int) -> None:
    assert returns.in_the_year_before(datetime(2024, 6, 3, 10, 0, tzinfo=UTC), [other]) == counted
