"""A reader at a screen: what is asked of every page that is looked at."""

import hashlib
import json
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

# Milliseconds; two workers share the machine with a server, a browser and a checker.
TIMEOUT = 30_000
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
# What may differ when a page that was read is made narrow: its words, roles and colours are the same.
AT_ANOTHER_WIDTH = {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}
# Of what passed nothing is read.
FAULTS = {"resultTypes": ["violations"]}
# A browser's own remark about an answer that is not 200: those tests say themselves which status they expect.
ANSWERED = "Failed to load resource: the server responded with a status of"


class NuChecker:
    """The Nu HTML checker as a local service; ``none`` where the machine has no Java."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._sound: set[bytes] = set()

    def faults(self, html: bytes) -> list[str]:
        """Errors, each with its line and the markup it is about. The same page at another width is not asked again."""
        digest = hashlib.sha256(html).digest()
        if digest in self._sound:
            return []
        found = self._ask(html)
        if not found:
            self._sound.add(digest)
        return found

    def _ask(self, html: bytes) -> list[str]:
        question = urllib.request.Request(
            f"{self.url}/?out=json", data=html, headers={"Content-Type": "text/html; charset=utf-8"}
        )
        with urllib.request.urlopen(question, timeout=30) as answer:
            told = json.load(answer)["messages"]
        return [
            f"{row.get('lastLine')}: {row['message']}  {row.get('extract', '')[:120]}"
            for row in told
            if row["type"] in {"error", "non-document-error"}
        ]


class Reader:
    """One browser window. Console errors and requests to other hosts are kept, to be asserted by whoever opened it."""

    def __init__(self, context: BrowserContext, base: str, checker: NuChecker, axe: Axe, scripts: bool) -> None:
        self.context, self.base, self.checker, self.axe, self.scripts = context, base, checker, axe, scripts
        self.page: Page = context.new_page()
        self.page.set_default_timeout(TIMEOUT)
        self.troubles: list[str] = []
        self._document: Response | None = None
        self._read: tuple[Response, object] | None = None
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(ANSWERED):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in {"data", "blob"} and f"{asked.scheme}://{asked.netloc}" != self.base:
            self.troubles.append(f"{self.page.url} asks another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            self._document = response

    def begin(self) -> None:
        """As a new window would: wide, without cookies, with nothing to complain of."""
        self.context.clear_cookies()
        self.page.set_viewport_size(WIDE)
        self.troubles.clear()

    def open(self, path: str, status: int = 200) -> Page:
        answer = self.page.goto(self.base + path)
        assert answer is not None and answer.status == status, f"{path} answered {answer and answer.status}"
        return self.page

    def _violations(self, options: dict) -> AxeResults:
        """What axe says; its half a megabyte goes into a page once."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(self.axe.axe_script)
        return AxeResults(self.page.evaluate("(options) => axe.run(options)", options))

    @property
    def status(self) -> int:
        """Of the page that is shown now."""
        assert self._document is not None
        return self._document.status

    def check(self) -> None:
        """The page shown now: valid HTML, nothing for axe, no sideways scroll, one heading, a language."""
        page = self.page
        page.wait_for_load_state()
        assert self._document is not None
        faults = self.checker.faults(self._document.body()) if self.checker else []
        assert not faults, f"{page.url}\n" + "\n".join(faults)
        if self.scripts:
            read, self._read = self._read, (self._document, page.viewport_size)
            resized = read is not None and read[0] is self._document and read[1] != page.viewport_size
            found = self._violations(FAULTS | (AT_ANOTHER_WIDTH if resized else {}))
            assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px at {page.viewport_size}"
        assert page.locator("h1").count() >= 1, f"{page.url} has no heading"
        assert not self.troubles, "\n".join(self.troubles)


def opener(browser: Browser, base: str, checker: NuChecker, axe: Axe, readers: list[Reader]) -> Callable[..., Reader]:
    """``reader(width="narrow", scripts=False)``: a new window with cookies of its own."""

    def reader(*, width: str = "wide", scripts: bool = True) -> Reader:
        context = browser.new_context(
            viewport=WIDE if width == "wide" else NARROW,
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
        )
        readers.append(Reader(context, base, checker, axe, scripts))
        return readers[-1]

    return reader
