"""One run: rounds of everything, one after the other, so that what disturbs the machine disturbs all alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from mash_portal import watch
from mash_portal.processes import ROOT
from referrals.models import Contact

from . import beneath, measures, report
from .beneath import Fact
from .client import Unexpected
from .measures import CLIENTS, Measure
from .peer import measuring as peer
from .prepare import Say, prepare, size_of, tidy
from .rig import Rig
from .timing import Meter, Sample, figures, run

ROUNDS = 3
SECONDS = {1: 0.9, CLIENTS: 1.4}
WARM_UP = 0.4


@dataclass
class Session:
    """What has been measured so far."""

    meter: Meter
    say: Say
    samples: dict[tuple[str, int], list[Sample]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def rounds(self, group: Sequence[Measure]) -> None:
        """Warm up, then every measure in turn, alone and with all clients, ROUNDS times over."""
        for measure in group:
            self._safely(measure, CLIENTS, WARM_UP, 1 if measure.most < 1000 else measure.most, Sample())
        for number in range(ROUNDS):
            self.say(f"Round {number + 1} of {ROUNDS}: {', '.join(one.key for one in group)}")
            for measure in group:
                for clients, seconds in SECONDS.items():
                    watch.beat("timers")
                    sample = Sample()
                    if self._safely(measure, clients, seconds, measure.most, sample):
                        self.samples.setdefault((measure.key, clients), []).append(sample)

    def _safely(self, measure: Measure, clients: int, seconds: float, most: int, sample: Sample) -> bool:
        """What does not answer as it should is reported and left out; the others are measured all the same."""
        try:
            run(measure.calls[:clients], seconds=seconds, most=most, meter=self.meter, sample=sample)
        except (Unexpected, OSError) as error:
            self.errors.append(f"{measure.title}: {error}")
            return False
        return bool(sample.seconds)


def measure(rig: Rig, *, scale: int, years: float | None, say: Say) -> list[str]:
    """Measure everything, print the table, write bench.json; what went wrong, as sentences."""
    size = size_of(scale, years)
    about = report.machine(scale, size.years)
    say(f"Filling the portal: {scale:,} contacts of {size.years:g} years, 50 open, drafts")
    to_send = measures.drafts_needed(ROUNDS)
    prepared = prepare(rig.superuser_url, size, to_send=to_send, own_drafts=CLIENTS, say=say)
    with rig.web() as meter:
        session = Session(meter, say)
        watch.beat("timers")
        everything = [
            *measures.yardsticks(rig.port),
            Measure(
                "committed", "One committed INSERT", beneath.inserting(rig.values["DATABASE_URL"], CLIENTS), writes=True
            ),
            *measures.portal(rig.port, prepared, timezone.localdate()),
        ]
        session.rounds([one for one in everything if not one.writes])
        tidy(rig.superuser_url)
        before = Contact.objects.count()
        session.rounds([one for one in everything if one.writes])
        arrived = Contact.objects.count() - before
    say("\n" + report.table(report.lines(everything, _found(session)), []))
    everything += _peer(rig, scale, session)
    say("The sweep")
    facts = [beneath.known(), *peer.facts(_found(session)), *beneath.sweeping(rig.superuser_url)]
    return _tell(session, everything, facts, about, arrived)


def _peer(rig: Rig, scale: int, session: Session) -> list[Measure]:
    """What else might be run instead, where it is installed."""
    if not peer.is_installed():
        session.say(peer.ABSENT)
        return []
    session.say("Filling django-helpdesk")
    with peer.running(rig, scale) as (beside, meter):
        session.meter = meter
        measured = peer.measures(beside.port)
        session.rounds(measured)
    return measured


def _found(session: Session) -> report.Found:
    return {key: figures(rounds) for key, rounds in session.samples.items()}


def _tell(
    session: Session, everything: Sequence[Measure], facts: Sequence[Fact], about: dict[str, object], arrived: int
) -> list[str]:
    found = report.lines(everything, _found(session))
    sent = sum(line.figures.requests for line in found if line.key == "send") + CLIENTS
    if sent != arrived and not session.errors:
        session.errors.append(f"{sent} referrals were sent and {arrived} arrived.")
    session.say("\n" + report.table(found, facts))
    session.say(", ".join(f"{name} {value}" for name, value in about.items()))
    report.write(ROOT / "bench.json", about, found, facts, session.errors)
    return session.errors
