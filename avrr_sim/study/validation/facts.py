"""What the page of a validation says and its tables do not hold, as study.json has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from avrr_sim.study.summary.contract import remark
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.validation.verdicts import HIT, MISS

LIMITS = ("hit_on_imposed", "emerging_rest_on_judgement", "patterns_are_few", "probability_of_draws")
"""What a verdict cannot tell, in this order."""


def facts_of(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a finished validation; see `study.summary.contract.ValidationTables`."""
    return {
        "kind": "validate",
        "interval": INTERVAL,
        "hit": HIT,
        "missed": MISS,
        "limits": [remark(key) for key in LIMITS],
        "provenance": dict(provenance),
    }
