"""What changed it: the months before and after a training are those of the agencies it was for, and of nobody else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from referrals import access, learned
from referrals.models import Child, Contact, LearningEvent, Person, QualityMark
from referrals.vocabulary import Channel, Grade, LearningKind, Outcome, Stage

pytestmark = pytest.mark.django_db
HELD_ON = date(2026, 6, 1)


def sent(by: User, day: date, pushed_back: int, other: int) -> None:
    """Contacts of one day, each about one child, as an earlier system would have left them."""
    at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    assert by.agency is not None
    for number in range(pushed_back + other):
        contact = Contact.objects.create(
            channel=Channel.MARF, source="2A", agency=by.agency, referrer=by, stage=Stage.DECIDED, received_at=at,
            due_at=at, statutory_due_at=at, decided_at=at,
        )  # fmt: skip
        outcome = Outcome.NFA_PUSHBACK if number < pushed_back else Outcome.SECTION_17
        Child.objects.create(
            contact=contact, agency=by.agency, source="2A", received_at=at, outcome=outcome, decided_at=at,
            person=Person.objects.create(),
        )  # fmt: skip


@pytest.fixture
def event(rosa: User, tom: User, maya: User) -> LearningEvent:
    """Rosa's school: eight pushbacks a month before, one after. Tom's, which was not there: five always."""
    for month in range(-3, 3):
        day = HELD_ON + timedelta(days=30 * month)
        sent(rosa, day, 8 if month < 0 else 1, 4)
        sent(tom, day + timedelta(days=29), 5, 1)
    facts = {"kind": LearningKind.MEETING, "held_on": HELD_ON, "topic": "T", "by": maya, "at": timezone.now()}
    made = LearningEvent.objects.create(follow_up_on=date(2026, 7, 13), **facts)
    made.agencies.add(agency_of(rosa))
    return made


def agency_of(user: User) -> Agency:
    assert user.agency is not None
    return user.agency


def test_a_school_that_was_there_has_its_own_months_and_not_those_of_another(event: LearningEvent, rosa: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        [found] = learned.of_agency(agency_of(rosa), access.countable(), date(2026, 9, 1))
    assert len(queries) <= 5
    assert [(month.contacts, month.pushback) for month in found.months] == [(12, 8)] * 3 + [(5, 1)] * 3
    assert found.sentences[0].startswith(
        "After the meeting with agencies on 1 June 2026 pushbacks fell from 8 a month to 1"
    )
    assert "falling before it already" not in found.sentences[0]
    assert [row["side"] for row in found.rows] == ["Before"] * 3 + ["After"] * 3
    assert len(found.chart["bars"]) == 6


def test_a_school_that_was_not_there_has_none(event: LearningEvent, tom: User) -> None:
    assert learned.of_agency(agency_of(tom), access.countable(), date(2026, 9, 1)) == []


def test_a_month_that_is_not_over_is_not_counted_and_too_few_are_said_to_be(event: LearningEvent, rosa: User) -> None:
    [found] = learned.of_agency(agency_of(rosa), access.countable(), date(2026, 8, 15))
    assert sum(month.after for month in found.months) == 2
    there = "3 whole months before the meeting with agencies on 1 June 2026 and 2 after"
    assert found.sentences == [f"Too few months to say: {there}. It takes 3 of each."]


def test_marks_for_the_quality_of_forms_are_counted_by_month(event: LearningEvent, rosa: User, grace: User) -> None:
    for contact in Contact.objects.filter(agency=rosa.agency, received_at__date__gte=HELD_ON):
        marks = {"evidence": Grade.GOOD, "consent": Grade.GOOD, "threshold": Grade.ENOUGH, "childs_voice": Grade.THIN}
        QualityMark.objects.create(contact=contact, by=grace, at=contact.received_at, **marks)
    [found] = learned.of_agency(agency_of(rosa), access.countable(), date(2026, 9, 1))
    assert [(month.marks, month.good) for month in found.months] == [(0, 0)] * 3 + [(20, 10)] * 3


def test_an_empty_portal_says_that_it_is_too_early(rosa: User, maya: User) -> None:
    made = LearningEvent(kind=LearningKind.TRAINING, held_on=HELD_ON)
    found = learned.about(made, [agency_of(rosa).pk], access.countable(), date(2026, 9, 1))
    assert "Too few months to say: 0 whole months" in found.sentences[0]
    assert found.chart == {}
