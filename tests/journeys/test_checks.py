"""The eyes of the journeys see: each kind of trouble is put into a page, and found."""

import pytest
from playwright.sync_api import Browser, Page, Route

from .checks import Watch

pytestmark = pytest.mark.browser

GOOD = """<!doctype html><html lang="en"><head><title>Good</title></head>
<body><main><h1>Good</h1>%s</main></body></html>"""
POLICY = "default-src 'none'; script-src 'unsafe-inline'"


def seen(browser: Browser, extra: str, *, script: bool = True, status: int = 200) -> list[str]:
    """What is found on a page of 320 px with this in it."""

    def answer(route: Route) -> None:
        headers = {"Content-Type": "text/html", "Content-Security-Policy": POLICY}
        route.fulfill(status=status, headers=headers, body=GOOD % extra)

    context = browser.new_context(viewport={"width": 320, "height": 800}, java_script_enabled=script)
    page: Page = context.new_page()
    watch = Watch(page, 320, script=script)
    page.route("**/*", answer)
    page.goto("http://front-door.example/")
    watch.look([status])
    watch.leave()
    context.close()
    return watch.found


@pytest.mark.parametrize("script", [True, False])
def test_a_good_page_passes(browser: Browser, script: bool) -> None:
    assert seen(browser, "<p>Well</p>", script=script) == []


@pytest.mark.parametrize("script", [True, False])
def test_a_page_that_sticks_out_sideways_is_found(browser: Browser, script: bool) -> None:
    [found] = seen(browser, '<table width="900"><tr><td>Wide</td></tr></table>', script=script)
    assert "sticks out sideways" in found
    assert "Wide" in found


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("<input>", "axe label"),
        ("<h4>Too deep</h4>", "axe heading-order"),
        ('<p><a href="">Keep it</a></p>', "links that lead nowhere"),
        ("<script>console.debug('here')</script>", "console [debug] here"),
        ("<script>throw new Error('broken')</script>", "page error: broken"),
        ("<p style='color: red'>Red</p>", "CSP: style-src-attr"),
    ],
)
def test_trouble_on_a_page_is_found(browser: Browser, extra: str, words: str) -> None:
    assert any(words in found for found in seen(browser, extra))
