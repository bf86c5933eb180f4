"""A browser, a stage, and the rule that nothing may be wrong with any page of a journey."""

import os
import re
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.portals import StartPortal

from .stage import DESK, PATIENCE, Screen, Stage

OUTPUT = Path(__file__).parents[1] / "output" / "journeys"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_stage = pytest.StashKey[Stage]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window, for the whole run."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("The journeys need Chromium, which is not here. On Debian: apt-get install chromium", pytrace=False)
    # Playwright keeps an event loop in this thread, beside which Django refuses to ask its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=[DESK], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    """A journey is made at a desk, and each page is looked at on a telephone too.

    A test may ask to be made on others: parametrize("screen", …, indirect=True).
    """
    chosen: Screen = request.param
    return chosen


@pytest.fixture
def stage(
    request: pytest.FixtureRequest, browser: Browser, screen: Screen, portal_processes: StartPortal
) -> Iterator[Stage]:
    """The stage of this journey; its pictures are in tests/output/journeys."""
    name = re.sub(r"^test_", "", request.node.originalname).replace("_", "-")
    stage = request.node.stash[_stage] = Stage(browser, screen, portal_processes, OUTPUT / name)
    yield stage
    for context in stage.contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A journey that arrived has still failed if anything was wrong with a page on its way."""
    try:
        result = yield
    except BaseException as error:
        if found := _found_on(pyfuncitem):
            error.add_note(found)
        raise
    if found := _found_on(pyfuncitem):
        pytest.fail(found, pytrace=False)
    return result


def _found_on(item: pytest.Function) -> str:
    stage = item.stash.get(_stage, None)
    if stage is None:
        return ""
    stage.closes()
    return "\n".join(["What was wrong with the pages:", *stage.found]) if stage.found else ""
