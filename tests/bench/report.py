"""The table for people and bench.json for programs."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from mash_portal import gunicorn_settings

from .beneath import Fact
from .measures import Measure
from .peer import measuring as peer
from .timing import Figures

Found = Mapping[tuple[str, int], Figures]


@dataclass(frozen=True)
class Line:
    """One measure with one number of clients."""

    key: str
    title: str
    clients: int
    figures: Figures
    ratio: float | None = None
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        return None if self.ratio is None or self.goal is None else self.ratio <= self.goal


def lines(measures: Sequence[Measure], found: Found) -> list[Line]:
    """Each measure beside its yardstick with as many clients."""
    made = []
    for measure in measures:
        for (key, clients), figures in found.items():
            if key != measure.key:
                continue
            beside = found.get((measure.yardstick, clients))
            ratio = figures.all_cpu / beside.all_cpu if beside else None
            made.append(Line(key, measure.title, clients, figures, ratio, measure.goal or None))
    return made


def table(found: Sequence[Line], facts: Sequence[Fact]) -> str:
    """Milliseconds. CPU is processor time for each request of the web's workers; CPU db, of PostgreSQL."""
    head = ["", "clients", "p50", "p95", "CPU", "CPU db", "× yardstick", "goal", ""]
    rows = [
        [
            line.title,
            str(line.clients),
            *(f"{value:.1f}" for value in (line.figures.p50, line.figures.p95)),
            *(f"{value:.1f}" if value else "" for value in (line.figures.cpu, line.figures.database_cpu)),
            f"{line.ratio:.2f}" if line.ratio is not None else "",
            f"≤ {line.goal:g}" if line.goal is not None else "",
            _word(line.met),
        ]
        for line in found
    ]
    more = [
        [
            fact.title,
            f"{fact.value:,.1f} {fact.unit}" if fact.value < 100 else f"{fact.value:,.0f} {fact.unit}",
            f"{'≥' if fact.at_least else '≤'} {fact.goal:,g} {fact.unit}" if fact.goal is not None else "",
            _word(fact.met),
        ]
        for fact in facts
    ]
    below = f"\n\n{_markdown(['', 'measured', 'goal', ''], more)}" if more else ""
    return f"{_markdown(head, rows)}{below}\n"


def _word(met: bool | None) -> str:
    return {True: "met", False: "not met", None: ""}[met]


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    aligned = [
        [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        for row in [head, *rows]
    ]
    rule = ["-" * width if at == 0 else "-" * (width - 1) + ":" for at, width in enumerate(widths)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [aligned[0], rule, *aligned[1:]])


def machine(scale: int, years: float) -> dict[str, Any]:
    """What the numbers depend on, besides the code."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [postgres] = cursor.fetchone()
    return {
        "measured_at": timezone.now().isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "django": version("django"),
        "django-helpdesk": version("django-helpdesk") if peer.is_installed() else "not installed",
        "postgresql": postgres,
        "gunicorn": f"{gunicorn_settings.workers} {gunicorn_settings.worker_class} workers",
        "load_before": round(os.getloadavg()[1], 2),
        "scale": scale,
        "years": years,
    }


def write(
    path: Path, about: Mapping[str, Any], found: Sequence[Line], facts: Sequence[Fact], errors: Sequence[str]
) -> None:
    content = {
        "machine": about,
        "pages": [
            {
                "key": line.key,
                "title": line.title,
                "clients": line.clients,
                **{name: round(value, 3) for name, value in asdict(line.figures).items()},
                "ratio": line.ratio and round(line.ratio, 3),
                "goal": line.goal,
                "met": line.met,
            }
            for line in found
        ],
        "others": [{**asdict(fact), "value": round(fact.value, 3), "met": fact.met} for fact in facts],
        "errors": list(errors),
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
