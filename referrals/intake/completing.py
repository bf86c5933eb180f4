"""Children that a call has named already: completed by the form, never doubled. What is decided of them is kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from referrals import known
from referrals.models import Child
from referrals.rules.calls import paired

#: What a form says of a child. The rest of the row is the contact's, or has been decided.
FACTS = (
    "key",
    "given_names",
    "family_name",
    "date_of_birth",
    "expected_date",
    "estimated_age",
    "sex",
    "ethnicity",
    "nhs_number",
    "upn",
    "postcode",
    "is_disabled",
    "in_scope",
    "level_believed",
)
#: Follow from the facts, and are worked out as they are saved.
FOLLOWING = ("family_sound", "given_sound", "birth_year")
#: An age that was guessed on the telephone says nothing beside a date.
BIRTH = ("date_of_birth", "expected_date", "estimated_age")


def save(rows: Sequence[Child], already: Sequence[Child], *, now: datetime) -> list[Child]:
    """The children of a form, in order.

    A row that nothing has been said of since is replaced, and its person looked up again with what is known now; any
    other is completed where it stands.
    """
    if not already:
        return known.save(rows, now=now)
    pairs = list(zip(rows, paired(list(rows), list(already)), strict=True))
    for row, old in pairs:
        if old is not None:
            _fill(row, old)
    worked_on = _worked_on(old for _, old in pairs if old is not None)
    kept = {row.key: _complete(old, row) for row, old in pairs if old is not None and old.pk in worked_on}
    Child.objects.filter(pk__in=[old.pk for _, old in pairs if old is not None and old.pk not in worked_on]).delete()
    saved = iter(known.save([row for row, _ in pairs if row.key not in kept], now=now))
    return [kept[row.key] if row.key in kept else next(saved) for row, _ in pairs]


def _fill(row: Child, old: Child) -> None:
    """What the form leaves open stays as it was said on the telephone."""
    is_dated = any(getattr(row, name) is not None for name in BIRTH)
    for name in FACTS:
        if getattr(row, name) in (None, "") and not (name in BIRTH and is_dated):
            setattr(row, name, getattr(old, name))


def _worked_on(old: Iterable[Child]) -> set[int]:
    """Rows that a decision or somebody's word on who the child is points to."""
    rows = Child.objects.filter(pk__in=[one.pk for one in old])
    said = rows.filter(~Q(outcome="") | Q(outcomes__isnull=False) | Q(verdicts__isnull=False))
    return set(said.values_list("pk", flat=True))


def _complete(old: Child, row: Child) -> Child:
    for name in FACTS:
        setattr(old, name, getattr(row, name))
    old.save(update_fields=[*FACTS, *FOLLOWING])
    return old
