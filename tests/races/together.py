"""Several people act at the same moment, each on a connection of their own; and what must not be there twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event

import pytest
from django.db import connections, transaction
from django.http import Http404

from mash_portal.audit.models import Event as Line
from referrals.models import Contact, Notice
from referrals.refusals import Refused
from referrals.vocabulary import Verb

DONE, NOT_THERE = "done", "There is no such contact."
Act = Callable[[], object]


def told(act: Act) -> str:
    """What a person is told: that it is done, the sentence of the refusal, or that there is nothing."""
    try:
        act()
    except Refused as refusal:
        return str(refusal)
    except Http404:
        return NOT_THERE
    finally:
        connections.close_all()
    return DONE


def at_once(*acts: Act) -> list[str]:
    """What each is told when all of them begin together, in their order."""
    start = Barrier(len(acts))

    def go(act: Act) -> str:
        start.wait(20)
        return told(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


@contextmanager
def while_it_is_under_way(first: Act, second: Act) -> Iterator[Callable[[], str]]:
    """`second` begins when `first` has written and not yet committed: it waits for the lock, and sees what came.

    Inside, `first` is committed and the answer to `second` can be asked for.
    """
    begun = Event()

    def begin() -> str:
        begun.set()
        return told(second)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting: Future[str] = pool.submit(begin)
            begun.wait(20)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        yield lambda: waiting.result(30)


def current(contact: Contact) -> Contact:
    return Contact.objects.select_related("owner").get(pk=contact.pk)


def written(contact: Contact, verb: Verb) -> tuple[int, int]:
    """How often a step stands in the timeline, and in the trail."""
    lines = Line.objects.filter(verb=verb, reference=contact.reference)
    return contact.steps.filter(verb=verb).count(), lines.count()


def messages(contact: Contact, template: str) -> int:
    return Notice.objects.filter(reference=contact.reference, template=template).count()


def nothing_is_there_twice(contact: Contact) -> None:
    """Each step is one version, one line of the timeline and one of the trail; a running clock runs once."""
    assert current(contact).version == contact.steps.count()
    verbs = sorted(contact.steps.values_list("verb", flat=True))
    lines = Line.objects.filter(reference=contact.reference, verb__in=Verb)
    assert sorted(lines.exclude(verb=Verb.BREAK_GLASS).values_list("verb", flat=True)) == verbs
    clocks = list(contact.deadlines.live().values_list("clock", "about"))
    assert len(clocks) == len(set(clocks))
