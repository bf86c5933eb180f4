"""Who is whom: joined on receipt, put to a person, confirmed, rejected, parted; nothing is lost or asked twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals import known
from referrals.identity import actions
from referrals.identity.verdicts import apart
from referrals.models import Child, Contact, MatchProposal, MatchVerdict, Person, PersonChange
from referrals.refusals import NotYours, Refused, Stale
from referrals.vocabulary import Verb
from tests import build

pytestmark = pytest.mark.django_db

NOOR = {"given_names": "Noor", "family_name": "Aziz", "date_of_birth": date(2016, 4, 15), "sex": "F"}


def arrived(by: User, *children: dict[str, Any], days_ago: float = 0) -> Contact:
    """A contact whose children go through the one place where the portal recognises them."""
    at = timezone.now() - timedelta(days=days_ago)
    contact = build.received(by, at=at, children=())
    assert by.agency is not None
    rows = [
        Child(contact=contact, agency=by.agency, source=by.agency.source, received_at=at, **(NOOR | facts))
        for facts in children
    ]
    known.save(rows, now=at)
    return contact


def only(contact: Contact) -> Child:
    return contact.children.get()


def person_of(contact: Contact) -> int:
    person = only(contact).person_id
    assert person is not None
    return person


def asked(contact: Contact) -> list[int]:
    """People who are proposed for the only child of a contact, and of whom nobody has spoken yet."""
    child = only(contact)
    [ranked] = known.candidates([child])
    parted = apart({one.person for one in ranked} | {child.person_id or 0})
    return [one.person for one in ranked if frozenset({child.person_id, one.person}) not in parted]


def said(contact: Contact, person: int, *, by: User, same: bool = True, reason: str = "") -> None:
    contact.refresh_from_db()
    act = actions.confirm if same else actions.reject
    act(contact.reference, child=only(contact).pk, person=person, reason=reason, by=by, version=contact.version)
    contact.refresh_from_db()


@pytest.fixture
def pair(rosa: User, nell: User) -> tuple[Contact, Contact]:
    """Noor, and a girl of her name and birth date with day and month swapped, who lives elsewhere."""
    earlier = arrived(rosa, {"postcode": "WS1 1AB"}, days_ago=200)
    later = arrived(
        nell, {"given_names": "Nur", "date_of_birth": date(2016, 4, 5), "postcode": "WS9 4QY"}, days_ago=100
    )
    Child.objects.filter(contact=earlier).update(date_of_birth=date(2016, 5, 4), birth_year=2016)
    return earlier, later


def test_the_portal_can_join_a_child_it_is_sure_of_and_remembers_why(rosa: User, nell: User) -> None:
    earlier = arrived(rosa, {"postcode": "WS1 1AB"}, days_ago=30)
    later = arrived(nell, {"given_names": "Nour", "postcode": "WS1 1AB"})
    assert person_of(earlier) == person_of(later)
    proposal = MatchProposal.objects.get(child=only(later))
    assert proposal.joined
    assert proposal.reasons == ["same birth date", "same surname", "first name spelt differently", "same postcode"]


def test_the_portal_cannot_join_a_child_it_is_not_sure_of_and_proposes_them(pair: tuple[Contact, Contact]) -> None:
    earlier, later = pair
    assert person_of(earlier) != person_of(later)
    assert asked(later) == [person_of(earlier)]


def test_twins_of_one_form_are_two_and_each_is_known_again(rosa: User, nell: User) -> None:
    twins = [{"given_names": "Ellie"}, {"given_names": "Evie"}]
    first, again = arrived(rosa, *twins, days_ago=9), arrived(nell, *reversed(twins))
    was = {child.given_names: child.person_id for child in first.children.all()}
    now = {child.given_names: child.person_id for child in again.children.all()}
    assert was == now
    assert len(set(was.values())) == 2
    assert not MatchProposal.objects.filter(joined=False).exists()
    assert [ranked for ranked in known.candidates(list(again.children.all())) if ranked] == []


def test_two_children_of_one_form_are_never_one_person(rosa: User) -> None:
    earlier = arrived(rosa, {}, days_ago=9)
    again = arrived(rosa, {}, {"given_names": "Nour"})
    people = [child.person_id for child in again.children.all()]
    assert len(set(people)) == 2
    assert person_of(earlier) in people


def test_a_contact_officer_can_join_two_records_and_keeps_every_contact(
    pair: tuple[Contact, Contact], sam: User
) -> None:
    earlier, later = pair
    kept, gone = person_of(earlier), person_of(later)
    said(later, kept, by=sam, reason="Same mother.")
    assert person_of(earlier) == person_of(later) == kept
    assert [row.contact for row in Child.objects.earlier_than(later)] == [earlier]
    change = PersonChange.objects.get()
    assert (change.kind, change.from_person_id, change.to_person_id) == ("merge", gone, kept)
    assert change.children == [only(later).pk]
    verdict = MatchVerdict.objects.get()
    assert verdict.is_same
    assert "day and month of birth swapped" in verdict.reasons
    step = later.steps.filter(verb=Verb.IDENTIFY).get()
    assert step.reason == f"Nur Aziz is the same child as in {earlier.reference}. Same mother."
    assert Event.objects.filter(verb=Verb.IDENTIFY, reference=later.reference, by=sam).count() == 1


def test_a_contact_officer_can_say_that_two_are_not_one_and_is_not_asked_again(
    pair: tuple[Contact, Contact], sam: User, nell: User
) -> None:
    earlier, later = pair
    said(later, person_of(earlier), by=sam, same=False)
    assert asked(later) == asked(earlier) == []
    assert person_of(earlier) != person_of(later)
    third = arrived(nell, {"given_names": "Nur", "date_of_birth": date(2016, 4, 5), "postcode": "WS9 4QY"})
    assert person_of(third) == person_of(later)
    assert asked(third) == []


def test_the_latest_word_on_two_people_holds(pair: tuple[Contact, Contact], sam: User, grace: User) -> None:
    earlier, later = pair
    other = person_of(earlier)
    said(later, other, by=sam, same=False)
    said(later, other, by=grace)
    assert person_of(earlier) == person_of(later)


def test_a_word_against_somebody_holds_when_they_are_joined_to_another(
    pair: tuple[Contact, Contact], rosa: User, sam: User
) -> None:
    earlier, later = pair
    said(later, person_of(earlier), by=sam, same=False)
    older = arrived(
        rosa, {"family_name": "Hassan", "date_of_birth": date(2016, 5, 4), "postcode": "WS2 2AB"}, days_ago=300
    )
    first = Person.objects.order_by("pk")[0].pk
    said(older, person_of(earlier), by=sam)
    assert person_of(older) == person_of(earlier) == first
    assert asked(later) == []


def test_a_wrong_join_can_be_undone_and_gives_each_child_their_contacts(
    pair: tuple[Contact, Contact], sam: User
) -> None:
    earlier, later = pair
    was = person_of(later)
    said(later, person_of(earlier), by=sam)
    actions.part(
        earlier.reference,
        child=only(earlier).pk,
        moved=[only(later).pk],
        reason="Two mothers.",
        by=sam,
        version=Contact.objects.get(pk=earlier.pk).version,
    )
    assert person_of(later) == was
    assert person_of(earlier) != was
    assert [change.kind for change in PersonChange.objects.order_by("pk")] == ["merge", "split"]
    assert asked(later) == asked(earlier) == []


def test_a_child_that_the_portal_joined_wrongly_becomes_somebody_new(rosa: User, nell: User, sam: User) -> None:
    earlier, later = arrived(rosa, {}, days_ago=9), arrived(nell, {})
    people = Person.objects.count()
    actions.part(
        later.reference, child=only(later).pk, moved=[only(later).pk], reason="A cousin.", by=sam, version=later.version
    )
    assert person_of(earlier) != person_of(later)
    assert Person.objects.count() == people + 1


@pytest.mark.parametrize("which", ["none", "all", "a stranger's"])
def test_a_join_cannot_be_undone_without_choosing_some_contacts(which: str, rosa: User, nell: User, sam: User) -> None:
    earlier, later = arrived(rosa, {}, days_ago=9), arrived(nell, {})
    stranger = arrived(nell, {"given_names": "Omar", "date_of_birth": date(2011, 1, 1)})
    rows = {
        "none": [],
        "all": [only(earlier).pk, only(later).pk],
        "a stranger's": [only(stranger).pk],
    }[which]
    with pytest.raises(Refused, match="Choose the contacts"):
        actions.part(later.reference, child=only(later).pk, moved=rows, reason="x", by=sam, version=later.version)
    assert_nothing_was_said()


def assert_nothing_was_said() -> None:
    assert not MatchVerdict.objects.exists()
    assert not PersonChange.objects.exists()


def test_a_join_cannot_be_undone_without_a_reason(rosa: User, nell: User, sam: User) -> None:
    arrived(rosa, {}, days_ago=9)
    later = arrived(nell, {})
    mine = only(later).pk
    with pytest.raises(Refused, match="Say how you know"):
        actions.part(later.reference, child=mine, moved=[mine], reason=" ", by=sam, version=later.version)
    assert_nothing_was_said()


def test_two_children_who_are_named_side_by_side_cannot_be_joined(rosa: User, sam: User) -> None:
    twins = arrived(rosa, {"given_names": "Ellie"}, {"given_names": "Evie"})
    one, other = twins.children.all()
    with pytest.raises(Refused, match=f"side by side on {twins.reference}"):
        actions.confirm(
            twins.reference, child=one.pk, person=other.person_id or 0, reason="", by=sam, version=twins.version
        )
    assert_nothing_was_said()


def test_two_who_are_joined_already_can_neither_be_joined_nor_rejected(rosa: User, nell: User, sam: User) -> None:
    earlier, later = arrived(rosa, {}, days_ago=9), arrived(nell, {})
    for act in (actions.confirm, actions.reject):
        with pytest.raises(Refused, match="joined"):
            act(
                later.reference,
                child=only(later).pk,
                person=person_of(earlier),
                reason="",
                by=sam,
                version=later.version,
            )
    assert_nothing_was_said()


def test_a_page_that_is_out_of_date_can_decide_nothing(pair: tuple[Contact, Contact], sam: User) -> None:
    earlier, later = pair
    person = person_of(earlier)
    with pytest.raises(Stale):
        actions.confirm(
            later.reference, child=only(later).pk, person=person, reason="", by=sam, version=later.version - 1
        )
    Child.objects.filter(contact=earlier).update(person=Person.objects.create())
    with pytest.raises(Stale, match="joined to another"):
        actions.confirm(later.reference, child=only(later).pk, person=person, reason="", by=sam, version=later.version)
    assert_nothing_was_said()


@pytest.mark.parametrize("who", ["rosa", "tom", "helen", "dev", "priya"])
def test_nobody_else_can_say_who_is_whom(
    who: str, pair: tuple[Contact, Contact], request: pytest.FixtureRequest
) -> None:
    earlier, later = pair
    by = request.getfixturevalue(who)
    with pytest.raises((Http404, NotYours)):
        actions.confirm(
            later.reference, child=only(later).pk, person=person_of(earlier), reason="", by=by, version=later.version
        )
    assert_nothing_was_said()
    assert not later.steps.filter(verb=Verb.IDENTIFY).exists()


def test_a_contact_that_is_still_open_is_told_that_its_history_has_changed(
    pair: tuple[Contact, Contact], rosa: User, sam: User, grace: User, maya: User
) -> None:
    earlier, later = pair
    waiting = build.recommended(rosa, worker=grace, children=[NOOR | {"person": only(earlier).person}])
    version = waiting.version
    said(later, person_of(earlier), by=sam)
    waiting.refresh_from_db()
    assert waiting.version == version + 1
    assert "history of a child named here has changed" in waiting.steps.filter(verb=Verb.IDENTIFY).get().reason
    assert only(waiting).person_id == person_of(later)


@pytest.mark.parametrize(
    ("facts", "year"),
    [
        ({"date_of_birth": date(2016, 4, 15)}, 2016),
        ({"date_of_birth": None, "expected_date": date(2027, 1, 3)}, 2027),
        ({"date_of_birth": None, "estimated_age": 8}, 2018),
        ({"date_of_birth": None}, None),
    ],
)
def test_every_row_is_written_with_the_keys_that_it_is_found_by(
    rosa: User, facts: dict[str, Any], year: int | None
) -> None:
    contact = build.received(rosa, at=build.FRIDAY_AT_FOUR, children=[NOOR | facts])
    child = only(contact)
    assert (child.given_sound, child.family_sound, child.birth_year) == ("nr", "ass", year)
