"""Who answers for a role: against a second, slower way of finding them, whatever the rota and the absences."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_portal.accounts.roles import Role
from referrals.rules import duty
from referrals.rules.duty import EVERY_MANAGER, Away, Patience, Rota, Turn, Why
from referrals.rules.ladder import AGENCY, LEADS, OWNER
from referrals.vocabulary import Clock, Rag

START = datetime(2026, 11, 20, tzinfo=UTC)
MANAGER: str = Role.TEAM_MANAGER
#: A machine that has other work draws slowly: that says nothing about these rules.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MAYA, IVAN, NADIA, HELEN = 1, 2, 3, 9
PEOPLE = (MAYA, IVAN, NADIA)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


hours = st.integers(0, 48)
people = st.sampled_from((*PEOPLE, HELEN, 77))  # 77 has left, Helen has another role
lengths = st.integers(1, 24)


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    starts = draw(hours)
    return Turn(MANAGER, draw(people), at(starts), at(starts + draw(lengths)))


@st.composite
def absences(draw: st.DrawFn) -> Away:
    starts = draw(hours)
    return Away(draw(people), at(starts), at(starts + draw(lengths)), draw(st.none() | people))


rotas = st.builds(
    Rota,
    st.lists(st.sampled_from(PEOPLE), unique=True).map(lambda found: {MANAGER: sorted(found)}),
    st.lists(turns(), max_size=5),
    st.dictionaries(st.just(MANAGER), people),
    st.lists(absences(), max_size=6),
)


def is_there(person: int, moment: datetime, rota: Rota) -> bool:
    return not any(one.person == person and one.starts <= moment < one.ends for one in rota.away)


@unhurried
@given(rotas, hours)
def test_whoever_is_on_duty_holds_the_role_and_is_there(rota: Rota, hour: int) -> None:
    found = duty.on_duty(MANAGER, at(hour), rota)
    there = [one for one in rota.holders[MANAGER] if is_there(one, at(hour), rota)]
    if found is None:
        assert not there, "nobody answers only where nobody is there"
    else:
        assert found.person in there
        assert found.instead_of is None or not is_there(found.instead_of, at(hour), rota)


@unhurried
@given(rotas, hours)
def test_whoever_has_the_turn_and_is_there_answers_whatever_else_is_said(rota: Rota, hour: int) -> None:
    turns_now = [one for one in rota.turns if one.starts <= at(hour) < one.ends]
    latest = max(turns_now, key=lambda one: (one.starts, one.person), default=None)
    found = duty.on_duty(MANAGER, at(hour), rota)
    if latest and latest.person in rota.holders[MANAGER] and is_there(latest.person, at(hour), rota):
        assert found == duty.Answer(latest.person, Why.TURN)


@unhurried
@given(rotas)
def test_the_spans_of_two_days_have_no_hole_and_say_what_each_moment_says(rota: Rota) -> None:
    found = duty.spans(MANAGER, at(0), at(48), rota)
    assert (found[0].starts, found[-1].ends) == (at(0), at(48))
    assert all(one.ends == after.starts for one, after in pairwise(found))
    assert all(one.answer != after.answer for one, after in pairwise(found))
    for quarter in range(48 * 4):
        moment = at(quarter / 4)
        [span] = [one for one in found if one.starts <= moment < one.ends]
        assert span.answer == duty.on_duty(MANAGER, moment, rota)


@unhurried
@given(st.lists(absences(), max_size=8), people, hours)
def test_a_chain_of_deputies_ends_with_somebody_who_is_there_or_with_nobody(
    away: list[Away], person: int, hour: int
) -> None:
    rota = Rota({MANAGER: PEOPLE}, away=away)
    found = duty.in_place_of(person, at(hour), rota)
    assert found is None or is_there(found, at(hour), rota)
    if is_there(person, at(hour), rota):
        assert found == person


@unhurried
@given(rotas, people, hours, lengths)
def test_a_turn_is_left_to_nobody_from_the_first_moment_without_a_holder_to_the_next_with_one(
    rota: Rota, person: int, start: int, length: int
) -> None:
    def covered(hour: int) -> bool:
        return duty.in_place_of(person, at(hour), rota) in rota.holders[MANAGER]

    every = range(start, start + length)
    first = next((hour for hour in every if not covered(hour)), None)
    found = duty.left_to_nobody(person, MANAGER, at(start), at(start + length), rota)
    if first is None:
        assert found is None
    else:
        last = next((hour for hour in every if hour > first and covered(hour)), start + length)
        assert found == (at(first), at(last))


def answer(rota: Rota, hour: float = 1) -> tuple[int, Why, int | None] | None:
    found = duty.on_duty(MANAGER, at(hour), rota)
    return (found.person, found.why, found.instead_of) if found else None


def test_the_order_is_turn_deputy_standing_its_deputy_and_the_longest_serving_who_is_there() -> None:
    holders, standing = {MANAGER: [MAYA, IVAN, NADIA]}, {MANAGER: IVAN}
    turn = [Turn(MANAGER, NADIA, at(0), at(8))]
    nadia = Away(NADIA, at(0), at(24))
    assert answer(Rota(holders, turn, standing)) == (NADIA, Why.TURN, None)
    assert answer(Rota(holders, turn, standing, [Away(NADIA, at(0), at(24), MAYA)])) == (MAYA, Why.TURN, NADIA)
    assert answer(Rota(holders, turn, standing, [nadia])) == (IVAN, Why.STANDING, None)
    assert answer(Rota(holders, turn, standing, [nadia, Away(IVAN, at(0), at(24), MAYA)])) == (
        MAYA,
        Why.STANDING,
        IVAN,
    )
    assert answer(Rota(holders, turn, {}, [nadia])) == (MAYA, Why.LONGEST, None)
    assert answer(Rota(holders, turn, {}, [nadia, Away(MAYA, at(0), at(24))])) == (IVAN, Why.LONGEST, None)
    everybody = [Away(one, at(0), at(24)) for one in PEOPLE]
    assert answer(Rota(holders, turn, standing, everybody)) is None
    assert answer(Rota(holders, turn, standing), hour=8) == (IVAN, Why.STANDING, None)


def test_what_goes_up_goes_one_rung_above_the_highest_who_has_been_told() -> None:
    above = {
        (): (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, EVERY_MANAGER),
        (Role.SOCIAL_WORKER,): (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, EVERY_MANAGER),
        (Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER): (Role.SERVICE_MANAGER, EVERY_MANAGER),
        (Role.SERVICE_MANAGER, Role.TEAM_MANAGER): (EVERY_MANAGER,),
    }
    assert {told: duty.rungs_above(told) for told in above} == above


def test_a_step_goes_up_unless_it_is_for_an_agency_alone_or_for_reviewers() -> None:
    manager, agency = [Role.TEAM_MANAGER], [Role.SAFEGUARDING_LEAD]
    assert duty.can_go_up(Clock.DECISION, [Role.TEAM_MANAGER], manager)
    assert duty.can_go_up(Clock.CHECK_RED, [AGENCY, OWNER], agency)
    assert duty.can_go_up(Clock.DECISION, [], manager), "a row that names nobody is told to a manager"
    assert not duty.can_go_up(Clock.QUESTION, [AGENCY], agency)
    assert not duty.can_go_up(Clock.FEEDBACK_READ, [LEADS], agency)
    assert duty.can_go_up(Clock.QUESTION, [AGENCY], manager), "a manager was told in place of the agency"
    assert duty.can_go_up(Clock.QUESTION, [AGENCY], []), "nobody was there to be told"
    assert not duty.can_go_up(Clock.BREAK_REVIEW, [Role.AUDITOR, Role.SERVICE_MANAGER], [Role.AUDITOR])


def test_a_red_contact_waits_less_and_a_step_may_have_a_wait_of_its_own() -> None:
    patience = Patience()
    assert patience.of(Rag.RED) == timedelta(minutes=30)
    assert patience.of("") == patience.of(Rag.GREEN) == timedelta(hours=2)
    assert patience.of(Rag.RED, 15) == timedelta(minutes=15)
    assert patience.of(Rag.RED, 0) == timedelta(minutes=5), "a row that is wrong does not make a storm"
