"""Who is away, what was said in passing, what the next shift should know, and sharing the queue out."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Absence, Discussion, SavedFilter, ShiftNote
from referrals.refusals import NotYours, Refused
from referrals.shift import actions, queries
from referrals.triage import actions as triage
from referrals.triage import sharing
from referrals.triage.queries import workers
from referrals.vocabulary import Rag, Verb
from tests import build

pytestmark = pytest.mark.django_db


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def away(person: User, *, by: User | None = None, days: int = 2, deputy: User | None = None) -> Absence:
    return actions.note_absence(
        person, first_day=today(), last_day=today(days), reason="Leave", deputy=deputy, by=by or person
    )


def test_a_worker_notes_their_own_absence_and_a_manager_anybodys(grace: User, sam: User, maya: User) -> None:
    away(grace)
    away(sam, by=maya)
    assert set(queries.absent(timezone.now())) == {grace.pk, sam.pk}
    with pytest.raises(NotYours, match="your own absence"):
        away(maya, by=grace)
    assert Absence.objects.count() == 2


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(2, 1, "must not be before"), (-5, -2, "over already"), (0, 400, "a year at most"), (1, 1, "away in that time")],
)
def test_an_absence_that_cannot_be_is_refused_with_a_sentence(grace: User, first: int, last: int, words: str) -> None:
    away(grace)
    with pytest.raises(Refused, match=words):
        actions.note_absence(grace, first_day=today(first), last_day=today(last), by=grace)
    assert Absence.objects.count() == 1


def test_a_deputy_does_the_same_work(maya: User, ivan: User, grace: User) -> None:
    with pytest.raises(Refused, match="same work"):
        away(maya, deputy=grace)
    with pytest.raises(Refused, match="same work"):
        away(maya, deputy=maya)
    assert away(maya, deputy=ivan).deputy == ivan


def test_somebody_who_is_away_is_given_nothing_until_they_are_back(rosa: User, grace: User, maya: User) -> None:
    contact, absence = build.received(rosa), away(grace)
    assert grace not in [one.person for one in workers(maya, timezone.now())]
    with pytest.raises(Refused, match="Grace Lin is away until"):
        triage.assign(contact.reference, to=grace, by=maya, version=contact.version)
    contact.refresh_from_db()
    assert contact.owner is None
    actions.end_absence(absence.pk, by=grace)
    assert triage.assign(contact.reference, to=grace, by=maya, version=contact.version).owner == grace


def test_an_absence_ends_once(grace: User, maya: User) -> None:
    absence = away(grace)
    actions.end_absence(absence.pk, by=maya)
    with pytest.raises(Refused, match="over already"):
        actions.end_absence(absence.pk, by=grace)


def test_contacts_of_somebody_who_is_away_are_offered_to_others(rosa: User, grace: User, maya: User) -> None:
    build.claimed(rosa, worker=grace)
    assert queries.left_behind(maya, timezone.now()) == 0
    away(grace)
    assert queries.left_behind(maya, timezone.now()) == 1


def test_the_workload_says_what_everybody_holds_and_who_is_away(rosa: User, grace: User, maya: User) -> None:
    late = build.claimed(rosa, worker=grace, at=timezone.now() - build.hours(30))
    build.rated(build.claimed(rosa, worker=grace), Rag.RED, by=grace)
    build.recommended(rosa, worker=grace)
    away(grace, deputy=None)
    [load] = [one for one in queries.workload(maya, timezone.now()) if one.person == grace]
    assert (load.held, load.red, load.overdue, load.waits_for_sign_off) == (3, 1, 1, 1)
    assert load.away_words.startswith("Away until")
    assert late.owner == grace


def test_a_discussion_is_one_line_in_the_timeline_and_kept_once(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    for _ in range(2):
        actions.note_discussion(contact.reference, line="Ring the aunt  first\n", with_person=maya, by=grace)
    assert [one.line for one in Discussion.objects.all()] == ["Ring the aunt first"]
    assert contact.steps.filter(verb=Verb.NOTE).get().reason == "With Maya Shah: Ring the aunt first"
    for line, colleague, words in (
        ("  ", maya, "in one line"),
        ("Said", grace, "spoke to"),
        ("Said", rosa, "spoke to"),
    ):
        with pytest.raises(Refused, match=words):
            actions.note_discussion(contact.reference, line=line, with_person=colleague, by=grace)
    assert Discussion.objects.count() == 1


def test_a_note_for_the_next_shift_waits_until_somebody_else_takes_it_over(rosa: User, grace: User, ivan: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    note = actions.write_note(text="", lines={contact.reference: "School rings at nine", "": ""}, by=grace)
    assert [line.line for line in note.lines.all()] == ["School rings at nine"]
    with pytest.raises(Refused, match="wrote this note yourself"):
        actions.take_over(note.pk, by=grace)
    assert actions.take_over(note.pk, by=ivan).taken_by == ivan
    with pytest.raises(Refused, match="Ivan Petrov has taken"):
        actions.take_over(note.pk, by=ivan)


def test_an_empty_note_and_a_line_about_somebody_elses_contact_are_refused(rosa: User, grace: User) -> None:
    for lines in ({}, {"ZZZZ-ZZZZ": "What is this?"}):
        with pytest.raises(Refused):
            actions.write_note(text=" ", lines=lines, by=grace)
    assert not ShiftNote.objects.exists()


def test_a_manager_shares_contacts_out_and_is_told_what_somebody_changed_meanwhile(
    rosa: User, grace: User, ivan: User, maya: User
) -> None:
    free, taken = build.received(rosa), build.received(rosa)
    looked_at = {one.reference: one.version for one in (free, taken)}
    triage.claim(taken.reference, by=ivan)
    shared = sharing.share_out(looked_at | {"ZZZZ-ZZZZ": 1}, to=grace, by=maya)
    assert shared.done == [free.reference]
    assert "Ivan Petrov took the contact" in shared.refused[taken.reference]
    assert shared.refused["ZZZZ-ZZZZ"] == "There is no such contact."
    taken.refresh_from_db()
    assert taken.owner == ivan


def test_a_view_is_kept_under_its_name_for_the_person_alone(grace: User, maya: User) -> None:
    sharing.keep_filter("Red  ones", "rag=red", by=grace)
    sharing.keep_filter("Red ones", "rag=red&late=1", by=grace)
    assert [(one.name, one.query) for one in grace.saved_filters.all()] == [("Red ones", "rag=red&late=1")]
    sharing.forget_filter(SavedFilter.objects.get().pk, by=maya)
    assert SavedFilter.objects.count() == 1
    with pytest.raises(Refused, match="Give the view a name"):
        sharing.keep_filter(" ", "", by=grace)
    for number in range(sharing.MOST_FILTERS - 1):
        sharing.keep_filter(str(number), "", by=grace)
    with pytest.raises(Refused, match="Delete one"):
        sharing.keep_filter("One more", "", by=grace)
