"""The site of docs/ as a reader opens it from the file system: nothing is fetched from a host, and it can be
searched.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from browser.conftest import HERE, PATIENCE, TALL, WIDE

ROOT = HERE.parent.parent


@pytest.fixture(scope="module")
def site() -> Path:
    subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"], cwd=ROOT, check=True, capture_output=True
    )
    return ROOT / "build" / "site"


def test_the_site_is_searched_from_its_files_and_asks_no_host(chromium, site):
    page = chromium.new_page(viewport={"width": WIDE, "height": TALL})
    page.set_default_timeout(PATIENCE)
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto((site / "index.html").as_uri())
    page.get_by_role("button", name="Search").first.click()
    page.get_by_placeholder("Search").first.fill("deadweight")
    page.locator("a", has_text="Deadweight").filter(has_text="ODD description").click()
    page.wait_for_url("**/ODD.html*")
    assert wrong == [] and [url for url in asked if not url.startswith("file:")] == []
    page.close()
