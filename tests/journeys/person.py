"""Somebody at a browser: the few things a person does with a page. After each new page, everything is looked at."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Literal, Self

from django.conf import settings
from django.test import Client
from playwright.sync_api import Download, FilePayload, Locator, Page, Response, expect

from mash_portal.accounts.cast import PASSWORD
from mash_portal.accounts.models import User

from .checks import Watch

Words = str | re.Pattern[str]
Role = Literal["link", "button"]


class Album:
    """Pictures of one journey, numbered in the order they were taken, at each width that is looked at."""

    def __init__(self, directory: Path, *, script: bool) -> None:
        self.directory, self.script, self.taken = directory, script, 0

    def add(self, watch: Watch, name: str) -> None:
        self.taken += 1
        for width in watch.at_each_width():
            how = str(width) if self.script else f"{width}-without-scripts"
            path = self.directory / f"{self.taken:02}-{name}-{how}.png"
            watch.page.screenshot(path=path, full_page=True, animations="disabled")


class Person:
    """One of the cast with a browser of their own. `opens`, `follows` and `presses` return when the page is there."""

    def __init__(self, email: str, page: Page, base_url: str, watch: Watch, album: Album) -> None:
        self.email, self.page, self.base_url, self.watch, self.album = email, page, base_url, watch, album

    # Going somewhere

    def opens(self, path: str, *, status: int = 200) -> Self:
        return self._arrive(self.page.goto(self.base_url + path), status)

    def follows(self, link: Words, *, within: Locator | None = None, status: int = 200) -> Self:
        return self._goes_by(self._one("link", link, within), status)

    def presses(self, button: Words, *, within: Locator | None = None, status: int = 200) -> Self:
        return self._goes_by(self._one("button", button, within), status)

    def presses_twice(self, button: Words) -> Self:
        """As people do who are used to slow pages."""
        before = self.page.url
        # The second press may break off what the first one has begun: only where it ends is looked at.
        self._one("button", button, None).dblclick()
        expect(self.page).not_to_have_url(before)
        self.page.wait_for_load_state("networkidle")
        self.watch.look()
        return self

    def goes_back(self) -> Self:
        return self._arrive(self.page.go_back(), 200)

    def goes_to(self, place: str) -> Self:
        """By the menu, which is folded on a telephone."""
        menu = self.page.get_by_role("button", name="Menu", exact=True)
        if menu.is_visible() and menu.get_attribute("aria-expanded") == "false":
            menu.click()
        return self.follows(place, within=self.page.get_by_role("navigation", name="Menu"))

    def places(self) -> list[str]:
        """What the menu offers."""
        menu = self.page.get_by_role("navigation", name="Menu", include_hidden=True)
        return [name.strip() for name in menu.get_by_role("link", include_hidden=True).all_text_contents()]

    def unfolds(self, summary: str) -> Self:
        """Opens what is folded on a telephone."""
        fold = self.page.locator("details").filter(has=self.page.locator("summary", has_text=summary)).first
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        return self

    def follows_link(self, link: Locator) -> Self:
        """One that is told from others by where it stands."""
        return self._goes_by(link, 200)

    def presses_in_row(self, text: str, button: str) -> Self:
        """The first button of a table's line that says so."""
        return self._goes_by(self.row(text).get_by_role("button", name=button).first, 200)

    def is_signed_in(self) -> Self:
        """They were before this journey begins: they stand on their first page."""
        return self.signs_in_elsewhere().opens("/")

    def signs_in_elsewhere(self) -> Self:
        """In another window of the same browser; this one stays as it is."""
        client = Client()
        client.force_login(User.objects.get(email=self.email))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.base_url}])
        return self

    def signs_in(self) -> Self:
        """At the page for it, where they are."""
        self.fills({"Email address": self.email, "Password": PASSWORD})
        return self.presses("Sign in")

    def signs_out(self) -> Self:
        return self.presses("Sign out")

    def _goes_by(self, control: Locator, status: int) -> Self:
        """A mouse could press it; a key does, which a line that moves at that moment cannot make miss."""
        control.click(trial=True)
        with self.page.expect_navigation() as going:
            control.press("Enter")
        return self._arrive(going.value, status)

    def _arrive(self, response: Response | None, status: int) -> Self:
        """`response` is None where a link led to another place on the same page."""
        if response is not None:
            self.watch.look([response.status])
            assert response.status == status, f"{response.status}, not {status}, at {response.url}: {self.text[:900]}"
        return self

    # Filling in

    def fills(self, answers: dict[str, str]) -> Self:
        """Text fields, by their labels."""
        for label, text in answers.items():
            self.page.get_by_label(_label(label)).filter(visible=True).fill(text)
        return self

    def dates(self, question: str, date: str) -> Self:
        """`date` as "2018-02-21", typed into three boxes."""
        year, month, day = date.split("-")
        group = self.group(question)
        for box, typed in (("Day", day), ("Month", month), ("Year", year)):
            group.get_by_label(box, exact=True).fill(typed)
        return self

    def picks(self, answers: dict[str, str]) -> Self:
        """From lists that fold down."""
        for label, answer in answers.items():
            self.page.get_by_label(_label(label)).select_option(label=answer)
        return self

    def chooses(self, question: str, *answers: str) -> Self:
        """Radios and checkboxes, by the question above them."""
        group = self.group(question)
        for answer in answers:
            group.get_by_label(answer, exact=True).check()
        return self

    def attaches(self, label: str, name: str, content: bytes) -> Self:
        """Chooses a file of that name; nothing is sent until a button is pressed."""
        file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        self.page.get_by_label(_label(label)).set_input_files(file)
        return self

    def downloads(self, link: Words) -> Download:
        """What a link gives to keep instead of a page."""
        with self.page.expect_download() as coming:
            self._one("link", link, None).click()
        return coming.value

    def clicks(self, button: Words) -> Self:
        """A button that stays on the page."""
        self._one("button", button, None).click()
        return self

    # Looking

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base_url)

    def sees(self, *texts: Words) -> Self:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, use_inner_text=True)
        return self

    def does_not_see(self, *texts: Words) -> Self:
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text, use_inner_text=True)
        return self

    def can_press(self, button: Words) -> bool:
        return self.page.get_by_role("button", name=button).count() > 0

    def row(self, text: str) -> Locator:
        """The line of a table that has these words in it."""
        return self.page.get_by_role("row").filter(has_text=text)

    def looks_at(self, name: str) -> Self:
        """Keep a picture of this step."""
        self.album.add(self.watch, name)
        return self

    def stays(self, announced: Collection[int] = ()) -> Self:
        """The page has changed without a new one: look at it again."""
        self.watch.look(announced)
        return self

    def passes(self, *, minutes: float) -> Self:
        """In this browser, that long goes by. Needs `page.clock.install()` first."""
        self.page.clock.fast_forward(int(minutes * 60_000))
        return self

    def polls(self) -> Self:
        """Long enough for the page to ask the server what is new."""
        with self.page.expect_response(re.compile("/queue/changes")):
            self.passes(minutes=0.35)
        return self

    def settles(self, *texts: Words) -> Self:
        """The page has gone by itself to one that says this: look at it."""
        self.sees(*texts)
        self.page.wait_for_load_state()
        self.watch.look()
        return self

    def _one(self, role: Role, name: Words, within: Locator | None) -> Locator:
        exact = isinstance(name, str)
        return (within or self.page.locator("body")).get_by_role(role, name=name, exact=exact)

    def group(self, question: str) -> Locator:
        """The answers below a question, or the questions below a heading."""
        return self.page.get_by_role("group", name=_label(question))


def _label(question: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(question)}( \(optional\))?\s*$")
