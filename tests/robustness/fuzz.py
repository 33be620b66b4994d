"""Files of every kind as nobody would write them: shipped ones, spoiled at one to four places, as content and
as bytes. A test tries as many as AVRR_FUZZ says, a few without it; `make fuzz` asks for very many.
"""

from __future__ import annotations

import json
import os
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT, SCENARIOS
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

PACKAGE = ROOT / "avrr_sim"
EXAMPLES = int(os.environ.get("AVRR_FUZZ", "0"))
"""Files a test tries where it is asked for many; 0: the few of an ordinary test."""

SHIPPED = {
    "scenario": [*sorted(SCENARIOS.glob("*.yaml"))],
    "experiment": [*sorted((ROOT / "experiments").glob("*.yaml"))],
    "studies": [ROOT / "experiments" / "studies-norway.yaml"],
    "targets": [ROOT / "experiments" / "calibration-norway.yaml"],
    "host": [*sorted((PACKAGE / "places" / "hosts").glob("*.yaml"))],
    "programme": [path for path in sorted((PACKAGE / "programmes").glob("*.yaml")) if path.stem != "rates"],
}
"""Files of every kind that come with the project."""

TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "",
        " ",
        "no",
        "null",
        "~",
        "1e3",
        "2012-01",
        "2012-13",
        "../..",
        "/",
        "iraq",
        "=1+1",
        "[/b]",
        "\x1b[31m",
        "<<",
        "*a",
    ]
)
NUMBERS = st.sampled_from([0, -1, 1, 10**400, 1e308, -0.0, 2**63, float("nan"), float("inf"), 0.5, 1e-320])
JUNK = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def often(few: int) -> settings:
    """So many examples of an ordinary test, or as many as AVRR_FUZZ says."""
    return settings(
        max_examples=EXAMPLES or few,
        derandomize=not EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@cache
def _content(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def shipped(kind: str) -> st.SearchStrategy[Any]:
    """The content of a shipped file of a kind."""
    return st.sampled_from(SHIPPED[kind]).map(lambda path: deepcopy(_content(path)))


@st.composite
def spoiled(draw: st.DrawFn, contents: st.SearchStrategy[Any]) -> Any:
    """Content with one to four places overwritten, dropped, doubled, renamed or added to by junk."""
    content = draw(contents)
    for _ in range(draw(st.integers(1, 4))):
        place = content
        while isinstance(place, (dict, list)) and place:
            keys = list(place) if isinstance(place, dict) else range(len(place))
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], (dict, list)) and place[key] and draw(st.integers(0, 3)):
                place = place[key]
                continue
            _spoil(draw, place, key)
            break
    return content


def _spoil(draw: st.DrawFn, place: Any, key: Any) -> None:
    how = draw(st.sampled_from(["overwrite", "drop", "add", "wrap", "rename"]))
    if how == "overwrite":
        place[key] = draw(JUNK)
    elif how == "drop":
        del place[key]
    elif how == "wrap":
        place[key] = [place[key]] if draw(st.booleans()) else {"value": place[key]}
    elif isinstance(place, list):
        place.append(draw(JUNK))
    elif how == "rename":
        place[draw(TEXTS)] = place.pop(key)
    else:
        place[draw(TEXTS)] = draw(JUNK)


@st.composite
def spoiled_bytes(draw: st.DrawFn, whole: bytes) -> bytes:
    """Bytes of which one to three stretches were turned, cut out, doubled or overwritten."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, max(len(data) - 1, 0)))
        end = min(len(data), start + draw(st.integers(1, 9)))
        how = draw(st.sampled_from(["turn", "cut", "double", "overwrite", "end"]))
        if how == "turn" and data:
            data[start] ^= 1 << draw(st.integers(0, 7))
        elif how == "cut":
            del data[start:end]
        elif how == "double":
            data[start:start] = data[start:end]
        elif how == "overwrite":
            data[start:end] = draw(
                st.binary(max_size=9) | st.sampled_from([b"[", b"{", b"&a ", b"*a", b": ", b"\n"])
            )
        else:
            del data[start:]
    return bytes(data)


def written(content: Any, path: Path) -> Path:
    """A file of some content, as JSON, which every reader of YAML takes."""
    path.write_text(json.dumps(content, default=str), encoding="utf-8")
    return path
