"""How long requests take, and how much of a processor they use."""

import contextlib
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import psutil


@dataclass
class Sample:
    """What was seen of one thing: wall seconds of each request, and CPU seconds of all of them together."""

    seconds: list[float] = field(default_factory=list)
    web_cpu: float = 0.0
    database_cpu: float = 0.0

    def quantile(self, share: float) -> float:
        """In milliseconds."""
        ranked = sorted(self.seconds)
        return ranked[min(int(len(ranked) * share), len(ranked) - 1)] * 1000


@dataclass(frozen=True)
class Meter:
    """Reads the processor time that the web's workers and the database have used."""

    workers: Sequence[psutil.Process]
    postmaster: psutil.Process

    def web(self) -> float:
        return sum(_own(worker) for worker in self.workers)

    def database(self) -> float:
        """All of PostgreSQL, with connections that have ended in the meantime."""
        times = self.postmaster.cpu_times()
        total: float = times.user + times.system + times.children_user + times.children_system
        for process in self.postmaster.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                total += _own(process)
        return total

    @contextlib.contextmanager
    def reading(self, sample: Sample) -> Iterator[None]:
        web, database = self.web(), self.database()
        yield
        sample.web_cpu += self.web() - web
        sample.database_cpu += self.database() - database


def _own(process: psutil.Process) -> float:
    times = process.cpu_times()
    own: float = times.user + times.system
    return own


Call = Callable[[], object]


def run(calls: Sequence[Call], *, seconds: float, most: int, meter: Meter, sample: Sample) -> None:
    """Each client makes its call again and again, all at once, until the time is over or each has made `most`."""
    until = time.perf_counter() + seconds
    taken: list[list[float]] = [[] for _ in calls]
    failures: list[Exception] = []

    def client(call: Call, own: list[float]) -> None:
        try:
            while len(own) < most and time.perf_counter() < until and not failures:
                started = time.perf_counter()
                call()
                own.append(time.perf_counter() - started)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=client, args=pair) for pair in zip(calls, taken, strict=True)]
    with meter.reading(sample):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    for own in taken:
        sample.seconds += own


@dataclass(frozen=True)
class Figures:
    """One line of the table. Milliseconds; CPU for each request."""

    requests: int
    p50: float
    p95: float
    cpu: float
    database_cpu: float

    @property
    def all_cpu(self) -> float:
        """What is compared: work that is moved into the database is work all the same."""
        return self.cpu + self.database_cpu


def figures(rounds: Sequence[Sample]) -> Figures:
    """The median of the rounds, so that one disturbed round does not count."""
    return Figures(
        requests=sum(len(one.seconds) for one in rounds),
        p50=statistics.median(one.quantile(0.5) for one in rounds),
        p95=statistics.median(one.quantile(0.95) for one in rounds),
        cpu=statistics.median(one.web_cpu / len(one.seconds) for one in rounds) * 1000,
        database_cpu=statistics.median(one.database_cpu / len(one.seconds) for one in rounds) * 1000,
    )
