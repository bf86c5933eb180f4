"""Where a journey happens: a portal, a screen, and people who come in."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings as own_settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext

from mash_portal.accounts.cast import PASSWORD
from mash_portal.accounts.models import User
from mash_portal.settings import base
from tests import build
from tests.portals import Portal, StartPortal

from .checks import HEIGHT, Watch
from .person import Album, Person

P = TypeVar("P", bound=Person)


@dataclass(frozen=True)
class Screen:
    """What somebody works at: a width, whether scripts run, and at which other width each page is looked at too."""

    width: int
    script: bool = True
    besides: tuple[int, ...] = ()

    def __str__(self) -> str:
        return str(self.width) if self.script else f"{self.width}-without-scripts"


#: How long a page may take on a machine that has other work. Milliseconds.
PATIENCE = 20_000
DESK, TELEPHONE, WITHOUT_SCRIPTS = Screen(1280, besides=(320,)), Screen(320), Screen(320, script=False, besides=(1280,))


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
    albums: dict[bool, Album] = field(default_factory=dict)

    @property
    def portal(self) -> Portal:
        return self.portals[-1]

    def starts(self, *names: str, **values: str) -> Portal:
        # The same key here and there, so that a test can let time pass for a session.
        self.portals.append(self.start(*names, SECRET_KEY=own_settings.SECRET_KEY, **values))
        return self.portal

    def account(self, first_name: str) -> User:
        """As `build.player`, with a password as the portal's own processes store it."""
        user = build.player(first_name)
        user.password = stored_password()
        user.save(update_fields=["password"])
        return user

    def enters(self, kind: type[P], first_name: str, screen: Screen | None = None) -> P:
        screen = screen or self.screen
        context = self.browser.new_context(
            viewport={"width": screen.width, "height": HEIGHT},
            locale="en-GB",
            timezone_id=own_settings.TIME_ZONE,
            java_script_enabled=screen.script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        self.watches.append(Watch(page, screen.width, *screen.besides, script=screen.script))
        album = self.albums.setdefault(screen.script, Album(self.pictures, script=screen.script))
        return kind(self.account(first_name).email, page, self.portal.url, self.watches[-1], album)

    def closes(self) -> None:
        for watch in self.watches:
            watch.leave()
        for context in self.contexts:
            context.close()

    @property
    def found(self) -> list[str]:
        return [problem for watch in self.watches for problem in watch.found]


@cache
def stored_password() -> str:
    """The cast's password as the portal keeps it: slow to make, as it should be, so made once."""
    with override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS):
        return make_password(PASSWORD)


def idle(minutes: float) -> None:
    """For the server, nobody who is signed in has done anything for so long."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        # Whoever is being signed out at this moment is idle no longer.
        with suppress(UpdateError, KeyError):
            session["seen"] -= int(timedelta(minutes=minutes).total_seconds())
            session.save()
