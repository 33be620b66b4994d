"""Every sentence, heading and label that a page prints, read from `english.yaml`.

Another language is another file with the same keys. A test checks that every key is used and that templates
hold no words of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from avrr_sim.files import read_yaml

FILE = Path(__file__).with_name("english.yaml")

_CONTENT: dict[str, Any] = read_yaml(FILE)


def _words(name: str) -> dict[str, str]:
    return dict(_CONTENT[name])


LANGUAGE: str = _CONTENT["language"]

HEADLINES = tuple((entry["measure"], entry["of"], entry["do"]) for entry in _CONTENT["headlines"])
"""Measures told in natural frequencies: (measure, of 1,000 whom, how many do what)."""

SAY = _words("say")
"""Sentences with places in braces, filled by `sentences.say`."""

CHANGED: dict[str, dict[str, str]] = _CONTENT["changed"]
"""What happens where a measure rises (`more`) or falls (`fewer`), what it is called, and what it is `of`."""

BEYOND: dict[str, dict[str, str]] = _CONTENT["beyond"]
"""What a share `below` zero or `above` one means, by measure; `other`: of any other."""

LOWERED = _words("lowered")
CERTAINTY: tuple[str, ...] = tuple(_CONTENT["certainty"])
MONTHS: tuple[str, ...] = tuple(_CONTENT["months"])

OUTCOMES, CLOSINGS, STAGES = _words("outcomes"), _words("closings"), _words("stages")
GROUPS = _words("groups")
GROUP_NAMES: dict[tuple[str, str], str] = {
    (by, group): name for by, names in _CONTENT["group_names"].items() for group, name in names.items()
}
"""What a group is called, by (grouping, group)."""

GRADES = _words("grades")
"""Components of a spread: the grades of evidence of the weights, and what they leave."""

KNOWN = _words("known")
"""What could be known, by kind of candidate."""
EXPLORE = _words("explore")
"""Words of the page in which levers are moved, by the names under which its script and template say them."""

WAITS, CROSSINGS, OFFERED = _words("waits"), _words("crossings"), _words("offered")
VERDICTS, LABELS, ROLES, CHECKED = (_words(name) for name in ("verdicts", "labels", "roles", "checked"))
SHEETS, PLACES, BELIEFS = _words("sheets"), _words("places"), _words("beliefs")

SERIES: dict[str, dict[str, str]] = _CONTENT["series"]
"""Monthly series that are no measures of their own: label, unit, kind, window."""

LIMITS = _words("limits")
"""What a study cannot tell, with places in braces, said by `sentences.limits_said`."""

CAUTIONS = _words("cautions")
"""What a reader should know beside results, with places in braces, said by `sentences.caution_said`."""

DEPENDS = _words("depends")
"""What an answer depends on, with places in braces, said by `answers.depends_said`."""

CEILINGS, READINGS = _words("ceilings"), _words("readings")
"""Ceilings and named hypotheses in a few words, by name."""

WHY, OWED, FACTS = _words("why"), _words("owed"), _words("facts")
COERCION_NOTE: str = _CONTENT["coercion_note"]
SWEEP_COERCION: str = _CONTENT["sweep_coercion"]
NOT_FOR: tuple[str, ...] = tuple(_CONTENT["not_for"])
