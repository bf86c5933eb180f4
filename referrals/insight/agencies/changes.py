"""Trainings and meetings that an agency was at, with its months before and after: what changed it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from mash_portal.accounts.models import Agency
from mash_portal.govuk import words
from referrals import learned
from referrals.learned import Learned, MonthFigures
from referrals.models import LearningEvent
from referrals.models.people import ChildQuerySet
from referrals.rules.suppression import LEAST

TOO_SMALL = "The numbers of the months before and after are too small to show."


def of(agency: Agency, children: ChildQuerySet, now: datetime, *, leaves: bool) -> list[dict[str, Any]]:
    """The latest first, and it alone with every month of its own.

    What leaves the MASH has the sentences alone, and not these where they are about few.
    """
    found = learned.of_agency(agency, children, timezone.localdate(now))
    return [
        {
            "title": _title(one.event),
            "follow_up": _follow_up(one.event),
            "url": "" if leaves else reverse("assurance:event", args=[one.event.pk]),
            "learned": one if one is found[0] and not leaves else None,
            "sentences": _sentences(one) if leaves else one.sentences,
        }
        for one in found
    ]


def _title(event: LearningEvent) -> str:
    """ "Threshold training on 3 March 2018: what a level 3 is" """
    named = learned.named(event).removeprefix("the ")
    return f"{named[:1].upper()}{named[1:]}: {event.topic}"


def _sentences(one: Learned) -> Sequence[str]:
    sides = [[month for month in one.months if month.after is after] for after in (False, True)]
    return [TOO_SMALL] if any(_is_small(side) for side in sides) else one.sentences


def _is_small(months: Sequence[MonthFigures]) -> bool:
    """Whether a share or a mean over these months would say a number from 1 to 4."""
    totals = [
        sum(getattr(month, name) for month in months) for name in ("contacts", "pushback", "nfa", "marks", "good")
    ]
    return any(0 < total < LEAST for total in totals)


def _follow_up(event: LearningEvent) -> str:
    """The six weeks that the scrutiny report asked for."""
    if event.followed_up_at is not None:
        return f"Followed up on {words.long_date(event.followed_up_at)}."
    return f"Its follow-up is due on {words.long_date(event.follow_up_on)}."
