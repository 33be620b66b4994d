"""The site of docs/ is built without a network, strictly, and loads nothing from any host."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

LOADED = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=[\"']?((?:https?:)?//[^\"'\s>]+)"
)
"""What a page asks another host for as it opens; a link that a reader may follow is another matter."""


def project(folder: Path) -> Path:
    """A copy of what the site is made from."""
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    return folder


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = project(tmp_path_factory.mktemp("site"))
    done = built(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / "site"


def test_every_document_is_a_page_and_stands_in_the_navigation(site):
    names = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert {path.stem for path in site.glob("*.html")} == names | {"404"}
    nav = (ROOT / "zensical.toml").read_text(encoding="utf-8").split("[project.theme]")[0]
    assert set(re.findall(r"= \"([\w-]+)\.md\"", nav)) == names


def test_no_page_loads_anything_from_a_host(site):
    found = {
        f"{path.name}: {address}"
        for path in site.rglob("*.html")
        for address in LOADED.findall(path.read_text(encoding="utf-8"))
    }
    assert found == set()
    for path in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?https?:|@import", path.read_text(encoding="utf-8")), path.name


def test_the_search_has_its_words_and_its_worker_beside_the_pages(site):
    assert "deadweight" in (site / "search.js").read_text(encoding="utf-8").lower()
    assert 'src="./javascripts/iframe-worker.js"' in (site / "index.html").read_text(encoding="utf-8")
    assert (site / "javascripts" / "iframe-worker.js").is_file()


@pytest.mark.parametrize("link", ["[lost](nowhere.md)", "[lost](ODD.md#nowhere)"])
def test_a_broken_link_fails_the_build(tmp_path, link):
    page = project(tmp_path) / "docs" / "index.md"
    page.write_text(page.read_text(encoding="utf-8") + f"\n{link}\n", encoding="utf-8")
    done = built(tmp_path)
    assert done.returncode != 0 and "does not exist" in done.stdout + done.stderr


def test_the_site_is_left_where_git_does_not_look():
    settings = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    assert settings["site_dir"] == "build/site"
    assert "build/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
