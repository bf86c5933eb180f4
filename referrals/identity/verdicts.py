"""What people have said of who is whom. The latest word on a pair of people holds, through every merge and split."""

from collections.abc import Collection

from referrals.models import Child, MatchVerdict, PersonChange

Pair = frozenset[int]


def apart(people: Collection[int]) -> set[Pair]:
    """Pairs of these people of whom somebody has said that they are two children. Three queries at most."""
    verdicts = list(MatchVerdict.objects.filter(child__person__in=people).select_related("child").order_by("at", "id"))
    now = _who_they_are_now({verdict.person_id for verdict in verdicts})
    word: dict[Pair, bool] = {}
    for verdict in verdicts:
        for person in now.get(verdict.person_id, {verdict.person_id}):
            word[frozenset({verdict.child.person_id or 0, person})] = verdict.is_same
    return {pair for pair, is_same in word.items() if not is_same}


def _who_they_are_now(people: Collection[int]) -> dict[int, set[int]]:
    """Whoever was merged into another person since: where their contacts are now, beside themselves."""
    merges = list(PersonChange.objects.filter(kind="merge", from_person__in=people)) if people else []
    moved = {child for change in merges for child in change.children}
    at = dict(Child.objects.filter(pk__in=moved).values_list("pk", "person_id")) if moved else {}
    now = {person: {person} for person in people}
    for change in merges:
        now[change.from_person_id] |= {at[child] for child in change.children if child in at}
    return now
