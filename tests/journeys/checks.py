"""What is looked at on every page that anybody comes to: accessibility, console, security policy, width."""

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, ClassVar

from playwright.sync_api import ConsoleMessage, Error, Page

AXE = (Path(__file__).parents[1] / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

RUN_AXE = """
axe.run(document, {runOnly: %s, resultTypes: ["violations"]}).then(found => JSON.stringify(found.violations.map(
    one => one.id + ": " + one.help + " – " + one.nodes.map(node => node.target.join(" ")).join(" · ")
)))""" % json.dumps(RULES)  # noqa: UP031 - braces belong to the script

#: The page is wider than the window: which elements stick out, the innermost first.
STICKING_OUT = """
(() => {
    const page = document.documentElement, room = page.clientWidth;
    if (page.scrollWidth <= room) return "";
    const wide = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > room + 0.5);
    const inner = wide.filter(one => !wide.some(other => other !== one && one.contains(other))).slice(0, 5);
    return `${page.scrollWidth} of ${room} px: ` + inner.map(one => one.outerHTML.slice(0, 120)).join(" · ");
})()"""

#: A template that lost the address of a link draws one that opens the same page again.
LEADING_NOWHERE = """
[...document.querySelectorAll('a:not([href]), a[href=""]')].map(one => one.outerHTML).join(" · ")"""

#: Resolved when the page has been drawn at its new width, and its scripts have heard of it: after media queries.
DRAWN = """
new Promise(done => new ResizeObserver((seen, observer) => { observer.disconnect(); done(); })
    .observe(document.documentElement))"""

#: How high the window is, in pixels.
HEIGHT = 800

#: Reports at once, so that going on to the next page loses none.
LISTEN_FOR_CSP = """
document.addEventListener("securitypolicyviolation", event => window.reportPolicyViolation(
    `${event.violatedDirective} blocked ${event.blockedURI || "inline"} at ${event.sourceFile}:${event.lineNumber}`
));"""

#: Chromium says this itself of a page that answers as the journey has announced.
STATUS_LINE = re.compile(
    r"^Failed to load resource: (?:the server responded with a status of (\d{3})|net::ERR_(?:CONNECTION|EMPTY))"
)
#: And of a portal that does not answer at all.
NO_ANSWER = 0


class Watch:
    """Eyes on one person's page for as long as it is open. What is found is kept, not raised: one run finds it all."""

    #: Documents found without a violation, so that the same sign-in page is not examined for every person.
    clean: ClassVar[set[tuple[int, str]]] = set()

    def __init__(self, page: Page, *widths: int, script: bool) -> None:
        """The person acts at the first of the widths; what they come to is looked at in all of them."""
        self.page, self.widths, self.script = page, widths, script
        self.width = widths[0]
        self.found: list[str] = []
        self.loaded = self.looked = 0
        self._said: list[str] = []
        self._devtools = page.context.new_cdp_session(page)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._said.append(f"page error: {error}"))
        page.on("domcontentloaded", self._count)
        if script:
            page.expose_function("reportPolicyViolation", lambda words: self._said.append(f"CSP: {words}"))
            page.add_init_script(LISTEN_FOR_CSP)

    def look(self, announced: Collection[int] = ()) -> None:
        """Examine the page as it is now. `announced`: statuses that the journey asked for, like a 404 on purpose."""
        self.looked = self.loaded
        if empty := self._evaluate(LEADING_NOWHERE):
            self._report(f"links that lead nowhere: {empty}")
        for _width in self.at_each_width():
            if wide := self._evaluate(STICKING_OUT):
                self._report(f"sticks out sideways: {wide}")
            if self.script:
                self._examine()
        self.listen(announced)

    def at_each_width(self) -> Iterator[int]:
        """The window is as wide as each of them in turn, and as the person has it again in the end."""
        for width in reversed(self.widths):
            if width != self.width:
                self.page.set_viewport_size({"width": width, "height": HEIGHT})
                if self.script:
                    self._evaluate(DRAWN)
            self.width = width
            yield width

    def listen(self, announced: Collection[int] = ()) -> None:
        """Report what the console, the policy and scripts have said since the last time."""
        said, self._said = self._said, []
        for words in said:
            status = STATUS_LINE.match(words.partition("] ")[2])
            if not (status and int(status[1] or NO_ANSWER) in announced):
                self._report(words)

    def leave(self) -> None:
        self.listen()
        if self.loaded != self.looked:
            self._report(f"{self.loaded} pages were opened and not all of them were looked at")

    def _examine(self) -> None:
        seen = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", self.page.content())
        if (self.width, seen) in self.clean:
            return
        if not self._evaluate("'axe' in window"):
            self._evaluate(AXE + ";0")
        violations = json.loads(self._evaluate(RUN_AXE))
        for violation in violations:
            self._report(f"axe {violation}")
        if not violations:
            self.clean.add((self.width, seen))

    def _evaluate(self, script: str) -> Any:
        """Through the developer tools, as our policy rightly lets no page do it."""
        answer = self._devtools.send(
            "Runtime.evaluate", {"expression": script, "awaitPromise": True, "returnByValue": True}
        )
        if "exceptionDetails" in answer:
            raise Error(f"{self.page.url}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def _hear(self, message: ConsoleMessage) -> None:
        self._said.append(f"console [{message.type}] {message.text}")

    def _count(self, _page: Page) -> None:
        self.loaded += 1

    def _report(self, what: str) -> None:
        self.found.append(f"{self.page.url} at {self.width} px: {what}")
