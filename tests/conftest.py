"""What the tests share: small scenarios and worlds."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from avrr_sim.scenario import Scenario, load_scenario

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"


def norway(window_from: str = "2010-07", months: int = 18, start: str = "2010-01", **changes) -> Scenario:
    """The Norwegian baseline over a short period that begins in an empty country, with changes as in `Scenario.vary`."""
    from avrr_sim.dates import month_number, month_text

    first = month_number(window_from)
    window = {"from": month_text(first), "to": month_text(first + months - 1)}
    return load_scenario(SCENARIOS / "baseline-norway.yaml").vary(start=start, window=window, **changes)


def heed_interrupts() -> None:
    """For `preexec_fn`: a child heeds Ctrl-C again where the tests themselves run in the background, which a shell starts deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session")
def baseline() -> Scenario:
    """24 months of Norway, burn-in of six included."""
    return norway()
