"""Is this child known? Candidates come from a few indexes in one statement; rules/matching compares them.

What people have said of a pair is not asked here: identity/verdicts.py keeps it from being proposed again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from referrals.models import Child, MatchProposal, Person
from referrals.models.sounding import year_of_birth
from referrals.rules import matching
from referrals.rules.matching import Band, Known, Likeness

#: Most that is shown or remembered of one child: what ranks lower helps nobody.
MOST = 12

# Each branch is one index of Child (models/people.py); design/performance.md says why each.
_WANTED = """
    WITH wanted AS MATERIALIZED (
        SELECT nth, born, turned, year, given, family, postcode, nhs, upn, string_to_array(sounds, ' ') AS sounds
        FROM unnest(%s::int[], %s::date[], %s::date[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[],
                    %s::text[], %s::text[])
             AS w(nth, born, turned, year, given, family, postcode, nhs, upn, sounds))
"""
_NEAR_YEAR = "c.birth_year BETWEEN w.year - 1 AND w.year + 1 AND w.family <> '' AND w.given <> ''"
_BRANCHES = (
    "c.date_of_birth = w.born AND c.family_sound = ANY(w.sounds)",
    "c.date_of_birth = w.born AND c.given_sound = ANY(w.sounds)",
    "c.date_of_birth = w.turned AND c.family_sound = ANY(w.sounds)",
    "c.date_of_birth = w.turned AND c.given_sound = ANY(w.sounds)",
    "c.date_of_birth = w.born AND c.postcode = w.postcode AND c.postcode <> ''",
    f"c.family_sound = w.family AND c.given_sound = w.given AND {_NEAR_YEAR}",
    f"c.family_sound = w.given AND c.given_sound = w.family AND {_NEAR_YEAR}",
    "c.postcode = w.postcode AND c.postcode <> '' AND c.given_sound = ANY(w.sounds)",
    "c.postcode = w.postcode AND c.postcode <> '' AND c.given_sound = '' AND c.family_sound = ANY(w.sounds)",
    "c.nhs_number = w.nhs AND c.nhs_number <> ''",
    "c.upn = w.upn AND c.upn <> ''",
)
_FACTS = (
    "given_names",
    "family_name",
    "date_of_birth",
    "sex",
    "nhs_number",
    "upn",
    "postcode",
    "ethnicity",
    "expected_date",
    "birth_year",
)
_SELECT = f"SELECT w.nth, c.id, c.person_id, c.contact_id, c.received_at, {', '.join(f'c.{fact}' for fact in _FACTS)}"
_FIND = _WANTED + " UNION ".join(
    f"{_SELECT} FROM wanted AS w JOIN referrals_child AS c ON {branch} WHERE c.person_id IS NOT NULL"
    for branch in _BRANCHES
)


@dataclass(frozen=True, slots=True)
class Record:
    """An earlier record that could be of a child that is asked about."""

    child: int
    person: int
    contact: int
    received_at: datetime
    known: Known


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who could be the child, by the record of them that is most like it."""

    person: int
    child: int
    likeness: Likeness
    received_at: datetime


def known_of(child: Child) -> Known:
    """What a row says of its child."""
    return Known(
        given_names=child.given_names,
        family_name=child.family_name,
        date_of_birth=child.date_of_birth,
        sex=child.sex,
        nhs_number=child.nhs_number,
        upn=child.upn,
        postcode=child.postcode,
        ethnicity=child.ethnicity,
        expected_date=child.expected_date,
        birth_year=year_of_birth(child),
    )


def records(asked: Sequence[Known]) -> list[list[Record]]:
    """For each that is asked about, the earlier records that share enough to be compared. One statement."""
    found: list[list[Record]] = [[] for _ in asked]
    if not asked:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_FIND, _columns(asked))
        for nth, child, person, contact, received_at, *facts in cursor.fetchall():
            found[nth].append(
                Record(child, person, contact, received_at, Known(**dict(zip(_FACTS, facts, strict=True))))
            )
    return found


def _columns(asked: Sequence[Known]) -> list[list[object]]:
    keys = [matching.keys(known) for known in asked]
    rows = [
        (nth, k.born, k.turned, k.year, k.given, k.family, k.postcode, k.nhs_number, k.upn, " ".join(k.sounds))
        for nth, k in enumerate(keys)
    ]
    return [list(column) for column in zip(*rows, strict=True)]


def candidates(children: Sequence[Child], hidden: Collection[int] = ()) -> list[list[Candidate]]:
    """For each child, everybody else who could be the same, the most alike first, the latest first among equals.

    Nobody is compared with the other children of the same contact: two children of one form are never one. `hidden`
    contacts are left out: whoever may not see a record is not shown a likeness to it either.
    """
    asked = [known_of(child) for child in children]
    beside = {(child.contact_id, child.person_id) for child in children}
    return [
        _rank(known, [o for o in found if (child.contact_id, o.person) not in beside and o.contact not in hidden])
        for child, known, found in zip(children, asked, records(asked), strict=True)
    ]


def _rank(known: Known, found: Iterable[Record]) -> list[Candidate]:
    best: dict[int, Candidate] = {}
    for one in found:
        likeness = matching.likeness(known, one.known)
        if likeness.band is Band.UNLIKELY:
            continue
        candidate = Candidate(one.person, one.child, likeness, one.received_at)
        if one.person not in best or _order(candidate) > _order(best[one.person]):
            best[one.person] = candidate
    return sorted(best.values(), key=_order, reverse=True)


def _order(candidate: Candidate) -> tuple[bool, float, datetime]:
    return candidate.likeness.is_strong, candidate.likeness.score, candidate.received_at


def save(children: Sequence[Child], *, now: datetime) -> list[Child]:
    """Insert the children of a new contact, in its transaction, each as whom the rules are sure of or as somebody new.

    What the rules made of each is remembered, whether they joined it or not. Six statements, however many children.
    """
    found = candidates(children)
    chosen = _choose(found)
    new = iter(Person.objects.bulk_create([Person() for person in chosen if person is None]))
    for child, person in zip(children, chosen, strict=True):
        child.person_id = next(new).pk if person is None else person
    rows = Child.objects.bulk_create(children)
    MatchProposal.objects.bulk_create(
        MatchProposal(
            child=row,
            person_id=one.person,
            joined=one.person == row.person_id,
            score=one.likeness.score,
            reasons=list(one.likeness.reasons),
            at=now,
        )
        for row, ranked in zip(rows, found, strict=True)
        for one in ranked[:MOST]
        if one.person == row.person_id or one.person not in chosen
    )
    return rows


def _choose(found: Sequence[Sequence[Candidate]]) -> list[int | None]:
    """The surest person for each child, nobody twice: two children of one form are never one."""
    sure = [(nth, one) for nth, ranked in enumerate(found) for one in ranked if one.likeness.is_strong]
    chosen: dict[int, Candidate] = {}
    for nth, one in sorted(sure, key=lambda pair: _order(pair[1]), reverse=True):
        if nth not in chosen and one.person not in {other.person for other in chosen.values()}:
            chosen[nth] = one
    now = _hold(chosen.values())
    return [now[chosen[nth].child] if nth in chosen else None for nth in range(len(found))]


def _hold(chosen: Iterable[Candidate]) -> dict[int, int]:
    """Who each record belongs to, held until the commit: a merge waits, so that it leaves no contact behind."""
    people = {one.child: one.person for one in chosen}
    held: set[int] = set()
    while not held.issuperset(people.values()):
        wanted = Person.objects.select_for_update(no_key=True).filter(pk__in=set(people.values())).order_by("pk")
        held |= {person.pk for person in wanted}
        people = dict(Child.objects.filter(pk__in=people).values_list("pk", "person_id"))
    return people
