"""Where a journey happens: a portal, a screen, and people who come in."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings as own_settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext

from mash_portal.accounts.models import User
from mash_portal.settings import base
from tests import build
from tests.portals import Portal, StartPortal

from .checks import Watch
from .person import Album, Person

P = TypeVar("P", bound=Person)


@dataclass(frozen=True)
class Screen:
    """What somebody looks at: a width, and whether scripts run."""

    width: int
    script: bool = True

    def __str__(self) -> str:
        return str(self.width) if self.script else f"{self.width}-without-scripts"


#: How long a page may take on a machine that has other work. Milliseconds.
PATIENCE = 20_000
DESK, TELEPHONE, WITHOUT_SCRIPTS = Screen(1280), Screen(320), Screen(1280, script=False)


@dataclass
class Stage:
    """`starts` the processes; `enters` gives a person of the cast with a browser; `account` only makes the account."""

    browser: Browser
    screen: Screen
    start: StartPortal
    pictures: Path
    portals: list[Portal] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    watches: list[Watch] = field(default_factory=list)
    albums: dict[Screen, Album] = field(default_factory=dict)

    @property
    def portal(self) -> Portal:
        return self.portals[-1]

    def starts(self, *names: str, **values: str) -> Portal:
        # The same key here and there, so that a test can let time pass for a session.
        self.portals.append(self.start(*names, SECRET_KEY=own_settings.SECRET_KEY, **values))
        return self.portal

    def account(self, first_name: str) -> User:
        """As `build.player`, with a password as the portal's own processes store it."""
        with override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS):
            return build.player(first_name)

    def enters(self, kind: type[P], first_name: str, screen: Screen | None = None) -> P:
        screen = screen or self.screen
        context = self.browser.new_context(
            viewport={"width": screen.width, "height": 800},
            locale="en-GB",
            timezone_id=own_settings.TIME_ZONE,
            java_script_enabled=screen.script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        self.watches.append(Watch(page, screen.width, script=screen.script))
        album = self.albums.setdefault(screen, Album(self.pictures, str(screen)))
        return kind(self.account(first_name).email, page, self.portal.url, self.watches[-1], album)

    def closes(self) -> None:
        for watch in self.watches:
            watch.leave()
        for context in self.contexts:
            context.close()

    @property
    def found(self) -> list[str]:
        return [problem for watch in self.watches for problem in watch.found]


def idle(minutes: float) -> None:
    """For the server, nobody who is signed in has done anything for so long."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        # Whoever is being signed out at this moment is idle no longer.
        with suppress(UpdateError, KeyError):
            session["seen"] -= int(timedelta(minutes=minutes).total_seconds())
            session.save()
