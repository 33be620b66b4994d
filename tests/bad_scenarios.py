"""Scenario files that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from avrr_sim.refusals import Refusal
from avrr_sim.scenario import load_scenario

BASE = """
host: norway
programme: norway
start: 2010-01
window: {from: 2012-01, to: 2016-12}
"""


def refused(path: Path | str) -> str:
    with pytest.raises(Refusal) as caught:
        load_scenario(path)
    message = str(caught.value)
    assert "\n" not in message and "pydantic" not in message and len(message) < 2000
    return message
