"""Gauges for Prometheus, read from the database at each scrape: numbers only, and no label names a person or a contact.

Whoever asks shows METRICS_TOKEN. Where none is set, only this host and its private network are answered, and nothing
that came through a proxy: what is in front of the portal for the public would otherwise vouch for everybody.
"""

import hmac
from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from referrals.models.contact import OPEN_STAGES

#: Gauge → what it says. The order is that of the answer's columns.
GAUGES = {
    "mash_contacts_open": "Contacts that nobody has decided yet.",
    "mash_contacts_overdue": "Of these, contacts whose decision is late.",
    "mash_escalations_unacknowledged": "Escalations that nobody has put their name to.",
    "mash_notices_waiting": "Messages that have not been sent yet.",
    "mash_notices_failed": "Messages that failed for good or came back.",
    "mash_notices_oldest_waiting_seconds": "How long the oldest message has been due.",
    "mash_deliveries_waiting": "Decided contacts on their way to the case management system.",
    "mash_deliveries_failed": "Of these, given up.",
}
_ASK = """
    WITH now AS (SELECT statement_timestamp() AS at)
    SELECT (SELECT count(*) FROM referrals_contact WHERE stage = ANY(%(open)s)),
           (SELECT count(*) FROM referrals_contact WHERE stage = ANY(%(open)s) AND due_at < now.at),
           (SELECT count(*) FROM referrals_escalation WHERE fired_at IS NOT NULL AND acknowledged_at IS NULL),
           (SELECT count(*) FROM referrals_notice WHERE sent_at IS NULL AND failed_at IS NULL),
           (SELECT count(*) FROM referrals_notice WHERE failed_at IS NOT NULL OR bounced_at IS NOT NULL),
           (SELECT coalesce(greatest(0, extract(epoch FROM now.at - min(next_attempt_at))), 0)
              FROM referrals_notice WHERE sent_at IS NULL AND failed_at IS NULL),
           (SELECT count(*) FROM referrals_delivery WHERE sent_at IS NULL AND failed_at IS NULL),
           (SELECT count(*) FROM referrals_delivery WHERE failed_at IS NOT NULL)
    FROM now
"""
_HEARTBEATS = "SELECT name, extract(epoch FROM statement_timestamp() - at) FROM referrals_heartbeat ORDER BY name"


def may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return hmac.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode())
    return "X-Forwarded-For" not in request.headers and _is_near(request.META.get("REMOTE_ADDR", ""))


def exposition() -> bytes:
    """Everything, in Prometheus's text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Gauges())
    return generate_latest(registry)


class Gauges(Collector):
    """A database that is away is a gauge as well: a scrape that fails tells less."""

    def collect(self) -> Iterator[Metric]:
        try:
            found, heartbeats = _numbers()
        except (DatabaseError, InterfaceError):
            yield GaugeMetricFamily("mash_up", "1 while the database answers.", value=0)
            return
        yield GaugeMetricFamily("mash_up", "1 while the database answers.", value=1)
        for (name, says), value in zip(GAUGES.items(), found, strict=True):
            yield GaugeMetricFamily(name, says, value=value)
        ages = GaugeMetricFamily("mash_heartbeat_age_seconds", "Since a watcher was last heard.", labels=["watcher"])
        for watcher, seconds in heartbeats:
            ages.add_metric([watcher], seconds)
        yield ages


def _numbers() -> tuple[list[float], list[tuple[str, float]]]:
    """Two plain SELECTs."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"open": [stage.value for stage in OPEN_STAGES]})
        found = _floats(cursor.fetchone() or ())
        cursor.execute(_HEARTBEATS)
        return found, [(name, float(age)) for name, age in cursor.fetchall()]


def _floats(row: Iterable[object]) -> list[float]:
    return [float(str(value)) for value in row]


def _is_near(address: str) -> bool:
    """This host or its private network; an address that cannot be read is neither, and a Unix socket's is empty."""
    try:
        return ip_address(address).is_private
    except ValueError:
        return False
