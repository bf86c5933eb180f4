"""What a person does with the queue as a whole: shares contacts out, and keeps views of it under a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404

from mash_portal.accounts.models import User
from referrals.models import SavedFilter
from referrals.refusals import Objection, Refused

from .actions import assign

#: More views than this nobody finds again.
MOST_FILTERS = 12


@dataclass(frozen=True)
class Shared:
    """What became of sharing out: whose contacts changed hands, and which did not, with the sentence why."""

    done: Sequence[str]
    refused: Mapping[str, str]


def share_out(versions: Mapping[str, int], *, to: User, by: User) -> Shared:
    """Give several contacts to one worker, each by itself: what changed since the manager looked is left alone."""
    done, refused = [], {}
    for reference, version in versions.items():
        try:
            assign(reference, to=to, by=by, version=version)
        except Http404:
            refused[reference] = "There is no such contact."
        except Refused as refusal:
            refused[reference] = str(refusal)
        else:
            done.append(reference)
    return Shared(done, refused)


@transaction.atomic
def keep_filter(name: str, query: str, *, by: User) -> SavedFilter:
    """Keep a view of the queue under a name, for the person alone; the same name takes the new view."""
    name = " ".join(name.split())
    if not name:
        raise Refused(Objection("name", "Give the view a name."))
    if not SavedFilter.objects.filter(owner=by, name=name).exists() and by.saved_filters.count() >= MOST_FILTERS:
        raise Refused(Objection("name", f"You have {MOST_FILTERS} views. Delete one before you keep another."))
    kept, _ = SavedFilter.objects.update_or_create(owner=by, name=name, defaults={"query": query})
    return kept


@transaction.atomic
def forget_filter(pk: int, *, by: User) -> None:
    SavedFilter.objects.filter(owner=by, pk=pk).delete()
