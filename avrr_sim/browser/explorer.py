"""The page of `avrr explore`: one file with the model in it, for whoever has a browser and nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jinja2

from avrr_sim.browser.build import BUILT, built
from avrr_sim.browser.contents import contents
from avrr_sim.measures import MEASURES
from avrr_sim.report.html.elements import DASH
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import significant
from avrr_sim.simulation import simulate
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.version import VERSION

_TEMPLATES = Path(__file__).with_name("templates")
BEFOREHAND = (
    "uptake_24",
    "drop_out_12",
    "assisted_departures",
    "unassisted_returns",
    "removals",
    "missing",
    "gone_under",
    "protection_needs",
)
"""Measures that stand on the page without its script: uptake never alone."""
_MOST_BEFOREHAND = 20  # draws
_NAMES: dict[str, Any] = {
    "months": list(catalogue.MONTHS),
    "outcomes": dict(catalogue.OUTCOMES),
    "groups": dict(catalogue.GROUPS),
    "group_names": {
        by: {group: name for (other, group), name in catalogue.GROUP_NAMES.items() if other == by}
        for by, _ in catalogue.GROUP_NAMES
    },
}
"""What the script calls months, outcomes and groups."""
GENERATOR = "avrr explore"
"""Stands in the head of every such page."""


def write_explorer(path: Path, plan: Plan, movable: Sequence[str]) -> None:
    """Write the page of a plan, the first of its scenarios being the baseline; `movable`: names of the levers
    that can be moved on it.

    Raises FileNotFoundError where the package holds no module, OSError where the file cannot be written.
    """
    module, interface = built()
    head, tables = contents(plan)
    head["about"]["movable"] = list(movable)
    script, style = _text("page.js", BUILT), _text("explore.css", _TEMPLATES)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    words = _words(head["about"])
    page = environment.get_template("explore.html").render(
        generator=GENERATOR,
        title=plan.scenarios[0].name,
        asks=plan.scenarios[0].asks,
        language=catalogue.language_told(),
        words=words,
        said=embedded({**words, **_NAMES}),
        names=[scenario.name for scenario in plan.scenarios],
        rows=list(_rows(plan)),
        head=embedded(head),
        interface=deflated(json.dumps(interface).encode()),
        module=deflated(module),
        tables=tables,
        worker=_text("worker.js", BUILT),
        script=script,
        style=style,
        script_hash=_hash(script),
        style_hash=_hash(style),
    )
    write_whole(path, page)


def embedded(value: Any) -> str:
    """JSON that can stand in an element of a page: nothing in it ends the element."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def deflated(data: bytes) -> str:
    """Bytes deflated, as base64."""
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def _text(name: str, folder: Path) -> str:
    return (folder / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _words(about: dict[str, Any]) -> dict[str, str]:
    """The page's words, with what is known of it put in."""
    known = {
        "draws": f"{about['plan']['draws']:,}",
        "size": f"{about['plan']['size']:,}",
        "from": about["time"]["from"],
        "to": about["time"]["to"],
        "version": VERSION,
        "some": min(about["plan"]["draws"], _MOST_BEFOREHAND),
    }
    whole = ("about", "footer", "beforehand_more")  # others have places that the script fills
    return {name: text.format(**known) if name in whole else text for name, text in catalogue.EXPLORE.items()}


def _rows(plan: Plan) -> Iterator[dict[str, Any]]:
    """What is told without the script: means over draws, by measure, of every scenario."""
    draws = range(min(plan.draws, _MOST_BEFOREHAND))
    runs = [
        [simulate(scenario, plan.weights_of(d, scenario), plan.seed, draw=d, size=plan.size) for d in draws]
        for scenario in plan.scenarios
    ]
    for name in BEFOREHAND:
        told = MEASURES[name]
        values = [_mean([run.value(name) for run in of]) for of in runs]
        yield {"label": told.label, "unit": told.unit, "values": values}


def _mean(values: Sequence[float]) -> str:
    """The mean of those that are known, of which there may be none."""
    known = [value for value in values if math.isfinite(value)]
    return significant(sum(known) / len(known)) if known else DASH
