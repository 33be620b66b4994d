"""What a study says in its own English (labels, units, meanings, sources), in the language in force.

Studies keep their texts in English, so that their tables do not depend on the language of a page. Another
language brings a file of these texts by their English (`language.NAMES`); what it does not know, such as the
name of a scenario, stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from avrr_sim.report.words.language import marked, words

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def told(text: str) -> str:
    """A text of a study: as a whole where the language knows it; else what stands between semicolons, and
    lists all of whose parts are known. What is not known stays.
    """
    if not _known()[0]:
        return text
    return _told(text) or "; ".join(_told(part) or part for part in text.split("; "))


def told_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """As `told`, of every text among the values; others are left."""
    return {key: told(value) if isinstance(value, str) else value for key, value in values.items()}


MEASURED = ("label", "unit", "window", "meaning")
"""What is told of a measure in words."""


def measure_told(info: Mapping[str, str]) -> dict[str, str]:
    """What a study says of a measure, in the language in force."""
    return {key: told(text) if key in MEASURED else text for key, text in info.items()}


def _told(text: str) -> str:
    """A text, a number, a phrase or a list of these; empty where it is none of them."""
    texts, phrases = _known()
    if text in texts:
        return texts[text]
    if NUMBER.fullmatch(text):
        return marked(text)
    parts = [_told(part) for part in text.split(", ")] if ", " in text else [_phrased(text, phrases)]
    return ", ".join(parts) if all(parts) else ""


def _phrased(text: str, phrases: Mapping[str, str]) -> str:
    """A text that is a known phrase, what it holds told in turn; empty where it is none."""
    for pattern, phrase in phrases.items():
        if found := re.fullmatch(pattern, text):
            return phrase.format(*(told(group) for group in found.groups()))
    return ""


def _known() -> tuple[Mapping[str, str], Mapping[str, str]]:
    names = words().get("names", {})
    return names.get("texts", {}), names.get("phrases", {})
