"""Which of the children on a form the hub already knows. rules/matching.py compares; here the candidates are found."""

from collections.abc import Sequence

from django.db.models import Q
from django.db.models.functions import Lower

from referrals.models import Child, Person
from referrals.rules.matching import Known, likeness


def people_of(children: Sequence[Child]) -> list[Person]:
    """A person for each child, in order: the one that the strong rule finds, else a new one. Three statements at most.

    Two children of one form are never one person.
    """
    candidates = _candidates(children)
    taken: set[int] = set()
    found = [_best(child, candidates, taken) for child in children]
    new = iter(Person.objects.bulk_create([Person() for person in found if person is None]))
    return [Person(pk=person) if person else next(new) for person in found]


def _best(child: Child, candidates: list[Child], taken: set[int]) -> int | None:
    """The most alike known person who is not another child of this form."""
    mine = _known(child)
    scored = [(likeness(mine, _known(one)), one.person_id) for one in candidates if one.person_id not in taken]
    strong = [(alike.score, person) for alike, person in scored if alike.is_strong and person]
    if not strong:
        return None
    best = max(score for score, _ in strong)
    person = next(person for score, person in strong if score == best)
    taken.add(person)
    return person


def _candidates(children: Sequence[Child]) -> list[Child]:
    """Earlier records that could be one of these children, newest first: by number, or by birth and family name."""
    wanted = Q(pk=None)
    if numbers := [child.nhs_number for child in children if child.nhs_number]:
        wanted |= Q(nhs_number__in=numbers)
    if pupils := [child.upn for child in children if child.upn]:
        wanted |= Q(upn__in=pupils)
    for child in children:
        if child.date_of_birth and child.family_name:
            wanted |= Q(date_of_birth=child.date_of_birth, lower_family=child.family_name.lower())
    earlier = Child.objects.alias(lower_family=Lower("family_name")).filter(wanted, person__isnull=False)
    return list(earlier.order_by("-received_at", "-id")[:200])


def _known(child: Child) -> Known:
    return Known(
        given_names=child.given_names,
        family_name=child.family_name,
        date_of_birth=child.date_of_birth,
        sex=child.sex,
        nhs_number=child.nhs_number,
        upn=child.upn,
    )
