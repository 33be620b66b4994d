"""What the tests share: small scenarios and worlds."""

from __future__ import annotations

import gc
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from clusters import Cluster, dask_cluster
from folders import EXPERIMENT, command

from avrr_sim.scenario import Scenario, load_scenario

gc.set_threshold(50_000, 20, 20)  # as the shell does: thousands of collected tests are no waste

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"


def norway(window_from: str = "2010-07", months: int = 18, start: str = "2010-01", **changes) -> Scenario:
    """The Norwegian baseline over a short period that begins with nobody but those whose claim is pending,
    with changes as in `Scenario.vary`.
    """
    from avrr_sim.dates import month_number, month_text

    first = month_number(window_from)
    window = {"from": month_text(first), "to": month_text(first + months - 1)}
    return load_scenario(SCENARIOS / "baseline-norway.yaml").vary(start=start, window=window, **changes)


def heed_interrupts() -> None:
    """For `preexec_fn`: a child heeds Ctrl-C again where the tests themselves run in the background, which a
    shell starts deaf to it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session")
def baseline() -> Scenario:
    """24 months of Norway, burn-in of six included."""
    return norway()


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """Where `studies.finished` keeps a study of each kind, for tests of several files to read and to copy."""
    return tmp_path_factory.mktemp("finished")


@pytest.fixture(scope="session")
def experiment(tmp_path_factory) -> Path:
    """A small experiment of 200 runs, its baseline beside it."""
    folder = tmp_path_factory.mktemp("experiment")
    shutil.copy(SCENARIOS / "baseline-norway.yaml", folder / "base.yaml")
    (folder / "mine.yaml").write_text(EXPERIMENT)
    return folder / "mine.yaml"


@pytest.fixture(scope="session")
def whole(experiment, tmp_path_factory) -> Path:
    """The folder of an uninterrupted sweep on one thread."""
    folder = tmp_path_factory.mktemp("whole") / "a"
    subprocess.run(command(experiment, folder, "--workers", "1"), cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    """(address of a Dask scheduler, its two worker processes of one thread, the scheduler)."""
    with dask_cluster(tmp_path) as running:
        yield running
