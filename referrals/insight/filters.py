"""What narrows a count, and the list behind it, within a period: the same words for both."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from referrals.vocabulary import NFA, Outcome

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Band:
    """Decided in more than `above` and at most `up_to` hours from receipt; None: however long it took."""

    key: str
    label: str
    above: float
    up_to: float | None

    @property
    def in_time(self) -> bool:
        """Whether `up_to` hours are within the 24 hours that a decision may take."""
        return self.up_to is not None and timedelta(hours=self.up_to) <= DAY

    def up_to_its_end(self) -> Q:
        """Decided in at most `up_to` hours, the quicker bands included."""
        if self.up_to is None:
            return Q(decided_at__isnull=False)
        return Q(decided_at__lte=F("received_at") + timedelta(hours=self.up_to))

    def exactly(self) -> Q:
        slower = Q(decided_at__gt=F("received_at") + timedelta(hours=self.above)) if self.above else Q()
        return self.up_to_its_end() & slower


BANDS = (
    Band("4h", "Within 4 hours", 0, 4),
    Band("12h", "4 to 12 hours", 4, 12),
    Band("24h", "12 to 24 hours", 12, 24),
    Band("48h", "24 to 48 hours", 24, 48),
    Band("longer", "More than 48 hours", 48, None),
)
WAITING, LATE = "waiting", "late"
UNDECIDED = {
    WAITING: "Not decided, received in the last 24 hours",
    LATE: "Not decided, and 24 hours have passed",
}
#: Times that a list can be asked for: the bands, what is not decided, and what these add up to.
TIMES = {
    **{band.key: band.label for band in BANDS},
    "in_24h": "Decided within 24 hours",
    "decided": "Decided, however long it took",
    **UNDECIDED,
}
#: Outcomes that a list can be asked for: both kinds of no further action, each outcome, and none yet.
NOT_DECIDED = "none"
OUTCOMES = {"nfa": "No further action, of either kind", **dict(Outcome.choices()), NOT_DECIDED: "Not decided yet"}


@dataclass(frozen=True, slots=True)
class Filters:
    """Nothing narrows nothing."""

    source: str = ""
    agency: int | None = None
    outcome: str = ""
    time: str = ""

    def q(self, now: datetime) -> Q:
        found = Q(source=self.source) if self.source else Q()
        if self.agency is not None:
            found &= Q(agency=self.agency)
        if self.outcome:
            found &= _outcome(self.outcome)
        return found & _time(self.time, now) if self.time else found


NO_FILTERS = Filters()


def _outcome(key: str) -> Q:
    if key == "nfa":
        return Q(outcome__in=sorted(NFA))
    return Q(outcome="" if key == NOT_DECIDED else key)


def _time(key: str, now: datetime) -> Q:
    for band in BANDS:
        if band.key == key:
            return band.exactly()
    return {
        "in_24h": Q(decided_at__lte=F("received_at") + DAY),
        "decided": Q(decided_at__isnull=False),
        WAITING: Q(decided_at__isnull=True, received_at__gt=now - DAY),
        LATE: Q(decided_at__isnull=True, received_at__lte=now - DAY),
    }[key]
