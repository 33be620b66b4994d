"""Which measures stand where on a page, and in which order, read from `chosen.yaml`, which says what each
list is for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from avrr_sim.files import read_yaml

_CONTENT: dict[str, Any] = read_yaml(Path(__file__).with_name("chosen.yaml"))


def _names(key: str) -> tuple[str, ...]:
    return tuple(_CONTENT[key])


BESIDE_UPTAKE, CONTRASTS = _names("beside_uptake"), _names("contrasts")
FINDINGS, SIDE_EFFECTS = _names("findings"), _names("side_effects")
HEADLINE_OF_APPLICANTS, HEADLINE_BESIDE = _names("headline_of_applicants"), _names("headline_beside")
HEADLINE_MORE, HEADLINE_SPREAD = _names("headline_more"), _names("headline_spread")
MAIN_TABLE, GROUP_TABLE = _names("main_table"), _names("group_table")

SHEETS: dict[str, tuple[str, ...]] = {name: tuple(found) for name, found in _CONTENT["sheets"].items()}
SHEETS_ON_ONE_SCALE = _names("sheets_on_one_scale")
LEVEL_FIGURE, GROUP_FIGURES = _names("level_figure"), _names("group_figures")
COURSE_FIGURES = _names("course_figures")
