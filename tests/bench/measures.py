"""What is measured over HTTP, against which yardstick, and the goals of performance.md."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from referrals.insight import links, listing
from referrals.insight.period import Period, months_back
from referrals.models import Child

from .client import Browser, Unexpected, fields_of
from .prepare import OPEN, Prepared, sign_in
from .timing import Call

CLIENTS = 8
ENTRY = {
    "title": "A new entry",
    "name": "Somebody Else",
    "email": "somebody@example.org",
    "priority": "normal",
    "born_on": "2011-03-14",
    "words": "What somebody has to say about it, in a sentence or two. " * 3,
}
_REFERENCES = re.compile(rb'href="/contacts/([A-Z2-9]{4}-[A-Z2-9]{4})/"')


@dataclass(frozen=True)
class Measure:
    """`calls` has one for each client. What writes is measured after what only reads, so that it cannot disturb it."""

    key: str
    title: str
    calls: Sequence[Call]
    writes: bool = False
    yardstick: str = ""
    goal: float = 0.0
    #: How many times a client may call in one round, where what it calls for is used up.
    most: int = 1_000_000


def yardsticks(port: int) -> list[Measure]:
    """The plain pages, read by somebody who is signed in where it says so."""
    readers = sign_in(port, "Sam", CLIENTS)
    strangers = [Browser(port) for _ in range(CLIENTS)]
    return [
        Measure("hello", "Bare “hello” through the middleware", _gets(strangers, reverse("yardsticks:hello"))),
        Measure("table", "Signed-in page, one query, 50-row table", _gets(readers, reverse("yardsticks:table"))),
        Measure("form", "Signed-in form page, six fields", _gets(readers, reverse("yardsticks:form"))),
        Measure("insert", "Bare insert", _posts(strangers, reverse("yardsticks:insert")), writes=True),
        Measure(
            "insert_signed_in",
            "Signed-in insert",
            _posts(readers, reverse("yardsticks:insert_signed_in")),
            writes=True,
        ),
    ]


def portal(port: int, prepared: Prepared, today: date) -> list[Measure]:
    """The portal's own pages, each by the person whose work it is, and each looked at first: is it the right page?"""
    workers, writers, heads = (sign_in(port, name, CLIENTS) for name in ("Grace", "Rosa", "Helen"))
    queue = reverse("triage:queue")
    contact = reverse("triage:contact", args=[prepared.with_history])
    year = months_back(today, 12)
    _look_at_queue(workers[0], queue)
    _look_at_contact(workers[0], contact)
    history, deep = _history(today)
    _look_at_history(heads[0], deep)
    return [
        Measure("queue", "Queue, 50 contacts", _gets(workers, queue), yardstick="table", goal=1.3),
        Measure("contact", "Contact with history", _gets(workers, contact), yardstick="table", goal=1.5),
        Measure("dashboard", "Dashboard, 12 months", _gets(heads, _dashboard(year)), yardstick="table", goal=3.0),
        Measure("history", "All there is, first page", _gets(heads, history)),
        Measure("history_deep", "All there is, at 90% depth", _gets(heads, deep), yardstick="history", goal=2.0),
        Measure(
            "save",
            "Save a section",
            [_saves(browser, str(key)) for browser, key in zip(writers, prepared.drafts, strict=True)],
            writes=True,
            yardstick="insert_signed_in",
            goal=2.0,
        ),
        Measure(
            "send",
            "Send referral",
            [_sends(browser, prepared) for browser in writers],
            writes=True,
            yardstick="insert_signed_in",
            goal=2.5,
            most=MOST_SENT,
        ),
    ]


MOST_SENT = 15


def drafts_needed(rounds: int) -> int:
    """Complete drafts that all rounds use up: each client alone and together, and once to warm up."""
    return rounds * MOST_SENT * (1 + CLIENTS) + CLIENTS


def _gets(browsers: Sequence[Browser], path: str) -> list[Call]:
    return [lambda browser=browser: browser.get(path) for browser in browsers]  # type: ignore[misc]  # bound now


def _posts(browsers: Sequence[Browser], path: str) -> list[Call]:
    return [lambda browser=browser: browser.post(path, ENTRY) for browser in browsers]  # type: ignore[misc]  # bound now


def _saves(browser: Browser, draft: str) -> Call:
    """Somebody who saves the page about their worry again and again, with other words each time, as autosave.js posts:
    with who writes and how often, so that one's own earlier words are never taken for a colleague's."""
    path = reverse("intake:section", args=[draft, "worry"])
    fields = fields_of(browser.get(path).body)
    words, writer, turns = str(fields["worry"]), draft.replace("-", ""), itertools.count(1)

    def save() -> None:
        turn = next(turns)
        said = {"worry": f"{words} Said {turn} times.", "writer": writer, "turn": str(turn)}
        answer = browser.post(path, {**fields, **said})
        if draft not in answer.location:
            raise Unexpected(f"Saving led to {answer.location}.")

    return save


def _sends(browser: Browser, prepared: Prepared) -> Call:
    """Somebody who has declared and presses Send, on one complete draft after the other."""

    def send() -> None:
        path = reverse("intake:check", args=[next(prepared.to_send)])
        answer = browser.post(path, {"declared": "on"})
        if not answer.location.endswith("/sent/"):
            raise Unexpected(f"Sending led to {answer.location}.")

    return send


def _dashboard(year: Period) -> str:
    return f"{reverse('insight:dashboard')}?start={year.first}&end={year.last}"


def _history(today: date) -> tuple[str, str]:
    """The list of every child row that there is, newest first: where it begins, and where nine in ten are behind."""
    newest = Child.objects.filter(in_scope=True).order_by("-received_at", "-pk").values("pk", "received_at")
    oldest, place = newest.last(), newest[newest.count() * 9 // 10]
    if oldest is None:
        raise Unexpected("There is no history.")
    first = links.contacts(Period(oldest["received_at"].date(), today))
    return first, f"{first}&after={listing.Place.of(place)}"


def _look_at_history(browser: Browser, path: str) -> None:
    shown = browser.get(path).body.count(b'<tr class="govuk-table__row"><td')
    if shown != listing.PAGE:
        raise Unexpected(f"The history at 90% depth shows {shown} rows, not {listing.PAGE}.")


def _look_at_queue(browser: Browser, path: str) -> None:
    shown = set(_REFERENCES.findall(browser.get(path).body))
    if len(shown) != OPEN:
        raise Unexpected(f"The queue shows {len(shown)} contacts, not {OPEN}.")


def _look_at_contact(browser: Browser, path: str) -> None:
    own = path.strip("/").split("/")[-1].encode()
    earlier = set(_REFERENCES.findall(browser.get(path).body)) - {own}
    if not earlier:
        raise Unexpected("The contact page shows no earlier contact.")
