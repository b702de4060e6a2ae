"""A real browser in front of a real server. Where no Chromium is found the journeys are skipped, and the summary says so."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.serving import serving

NAMES = ("chromium", "google-chrome", "chromium-browser", "chromium-headless-shell")
# They keep the browser itself off the network.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "no Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH"


def chromium() -> str | None:
    """Where a Chromium is, if there is one."""
    given = os.environ.get("CHROMIUM_PATH")
    return given or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)]
    if skipped:
        terminalreporter.section("BROWSER JOURNEYS WERE NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} journeys skipped: {MISSING}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip(MISSING)
    # Playwright's loop runs in this thread, and Django then refuses the ORM, which the tests use beside the browser.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Visit:
    """A page, and all that a good page never does: complain, break its content policy, ask another host."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.foreign.append(request.url)

    def goto(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, email: str, password: str) -> None:
        self.goto("/sign-in/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def server(committed_db: None) -> Iterator[str]:
    with serving() as address:
        yield address


Visiting = Callable[..., Visit]


@pytest.fixture
def visiting(browser: Browser, server: str) -> Iterator[Visiting]:
    """visiting(width=390, dark=True) opens a fresh browser window of that width."""
    windows = []

    def visit(*, width: int = 1280, dark: bool = False) -> Visit:
        window = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        windows.append(window)
        visit = Visit(window.new_page(), server)
        visit.watch()
        return visit

    yield visit
    for window in windows:
        window.close()
