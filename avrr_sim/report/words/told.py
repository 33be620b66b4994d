"""What a study says in its own English (labels, units, meanings, sources), in the language in force.

Studies keep their texts in English, so that their tables do not depend on the language of a page. Another
language brings a file of these texts by their English (`language.NAMES`); what it does not know, such as the
name of a scenario, stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from avrr_sim.report.words.language import words

BETWEEN = re.compile(r"(; |, )")


def told(text: str) -> str:
    """A text of a study: as a whole where the language knows it, else part by part; a part that is known to
    no text and no phrase stays.
    """
    texts, phrases = _known()
    if not texts or text in texts:
        return texts.get(text, text)
    return "".join(texts.get(part) or _phrased(part, phrases) for part in BETWEEN.split(text))


def told_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """As `told`, of every text among the values; others are left."""
    return {key: told(value) if isinstance(value, str) else value for key, value in values.items()}


MEASURED = ("label", "unit", "window", "meaning")
"""What is told of a measure in words."""


def measure_told(info: Mapping[str, str]) -> dict[str, str]:
    """What a study says of a measure, in the language in force."""
    return {key: told(text) if key in MEASURED else text for key, text in info.items()}


def _phrased(part: str, phrases: Mapping[str, str]) -> str:
    """A part whose beginning, middle or end is a known phrase; what the phrase holds is told in turn."""
    for pattern, phrase in phrases.items():
        if found := re.fullmatch(pattern, part):
            return phrase.format(*(told(group or "") for group in found.groups()))
    return part


def _known() -> tuple[Mapping[str, str], Mapping[str, str]]:
    names = words().get("names", {})
    return names.get("texts", {}), names.get("phrases", {})
