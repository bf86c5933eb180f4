"""What narrows a count, and the list behind it, within a period: the same words for both."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from referrals.vocabulary import NFA, REFERRAL, Outcome

from . import promises, signs
from .characteristics import CHARACTERISTICS

DAY = promises.DAY


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
SEVERAL = {
    "nfa": (frozenset(NFA), "No further action, of either kind"),
    "referral": (frozenset(REFERRAL), "Referral to children’s social care, of any kind"),
    "other": (frozenset(Outcome) - NFA - REFERRAL - {Outcome.EARLY_HELP}, "Anything else that was decided"),
}
OUTCOMES = {
    **{key: label for key, (_, label) in SEVERAL.items()},
    **dict(Outcome.choices()),
    NOT_DECIDED: "Not decided yet",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Nothing narrows nothing."""

    source: str = ""
    agency: int | None = None
    outcome: str = ""
    time: str = ""
    rag: str = ""
    hour: str = ""
    promise: str = ""
    kind: str = ""
    believed: str = ""
    level: str = ""
    sign: str = ""
    ethnicity: str = ""
    disability: str = ""
    sex: str = ""
    age: str = ""
    area: str = ""

    def q(self, now: datetime) -> Q:
        found = Q(source=self.source) if self.source else Q()
        if self.agency is not None:
            found &= Q(agency=self.agency)
        if self.outcome:
            found &= _outcome(self.outcome)
        if self.rag:
            found &= promises.rated(self.rag)
        if self.hour:
            found &= Q(received_at__hour=int(self.hour))
        if self.promise:
            found &= promises.answer(self.promise, now)
        found &= self._learned(now)
        for key, value in self.characteristics.items():
            found &= CHARACTERISTICS[key].q(value)
        return found & _time(self.time, now) if self.time else found

    def _learned(self, now: datetime) -> Q:
        """What is said about the agency, the two levels, and what came after."""
        found = signs.of_kind(self.kind) if self.kind else Q()
        if self.believed:
            found &= Q(level_believed=int(self.believed))
        if self.level:
            found &= Q(level_decided=int(self.level))
        return found & signs.is_so(self.sign, now) if self.sign else found

    @property
    def characteristics(self) -> dict[str, str]:
        """What is said about the children themselves."""
        return {key: value for key in CHARACTERISTICS if (value := getattr(self, key))}


NO_FILTERS = Filters()


def _outcome(key: str) -> Q:
    if key in SEVERAL:
        return Q(outcome__in=sorted(SEVERAL[key][0]))
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
