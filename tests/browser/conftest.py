"""A headless Chromium that reaches no network, and pages opened in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from browser import pages

try:
    from playwright.sync_api import Browser, Page, sync_playwright
except ImportError as missing:
    raise pytest.UsageError(
        "the browser tests need Playwright: `make test-browser` installs it, or pip install -e '.[browser]'"
    ) from missing

HERE = Path(__file__).resolve().parent
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW, TALL = 1400, 400, 900
PATIENCE = 120_000
"""Milliseconds to wait for the browser on a busy machine."""
PAPER = (688, 1017)
"""Width and height in CSS pixels of an A4 page less margins of 14 mm, at 96 pixels an inch."""


def pytest_configure() -> None:
    """Says at once what is missing on this machine. Raises pytest.UsageError."""
    if not browser_path():
        raise pytest.UsageError(
            f"the browser tests need Chromium on the path ({', '.join(NAMES)}); on Debian: apt-get "
            "install chromium fonts-dejavu-core"
        )
    if not AXE.exists():
        raise pytest.UsageError(
            "the browser tests need axe-core: npm ci --prefix tests/browser (make test-browser does that)"
        )


def browser_path() -> str | None:
    """Where this machine keeps its Chromium."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass
class Opened:
    """A page in the browser, with all that it said and asked for since it was opened."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def look(self, call: str) -> list[str]:
        """The findings of a function of look.js, such as ``overlaps()``."""
        return self.page.evaluate(f"() => window.look.{call}")

    def unfold(self) -> None:
        """Opens every part that is folded away."""
        self.page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole session."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Callable[[str], Path]:
    """The file of a page by its name in pages.PAGES, built once for all processes that test side by side."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "pages"
    return lambda name: pages.page(name, home)


@contextmanager
def visit(chromium: Browser, path: Path, width: int = WIDE, media: str | None = None) -> Iterator[Opened]:
    """A file opened in a window of a width; every request but that for the file itself is recorded and
    blocked.

    `media` None is as for a reader: screen in the window, print on paper.
    """
    context = chromium.new_context(viewport={"width": width, "height": TALL})
    context.set_default_timeout(PATIENCE)
    opened, address = Opened(context.new_page()), path.resolve().as_uri()
    page = opened.page
    page.on("request", lambda request: request.url == address or opened.requests.append(request.url))
    page.on("websocket", lambda socket: opened.requests.append(socket.url))
    page.on(
        "console",
        lambda message: message.type in ("error", "warning") and opened.console.append(message.text),
    )
    page.on("pageerror", lambda error: opened.console.append(str(error)))
    page.on("dialog", lambda dialog: (opened.dialogs.append(dialog.message), dialog.dismiss()))
    context.route(lambda url: url != address, lambda route: route.abort())
    page.emulate_media(media=media)
    page.goto(address, wait_until="load")
    page.evaluate((HERE / "look.js").read_text(encoding="utf-8"))
    yield opened
    context.close()
