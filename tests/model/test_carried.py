"""A scenario carries its host and programmes: files are read once, when it is loaded, and never again."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import SCENARIOS

from avrr_sim.places import place
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.simulation import simulate

TEMPLATE = Path(place.__file__).with_name("template")


def own(folder: Path, persons: int, cash: int) -> Path:
    """A folder with a host, programme and scenario of one's own; the scenario's path."""
    shutil.copytree(TEMPLATE, folder)
    for name, old, new in (
        ("host", "persons: 1000,", f"persons: {persons},"),
        ("programme", "value: 1000,", f"value: {cash},"),
    ):
        path = folder / f"{name}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return folder / "scenario.yaml"


def units_of(scenario: Scenario) -> np.ndarray:
    return simulate(scenario, size=300).units


@pytest.fixture
def unreadable(monkeypatch):
    """A function after whose call no file is read."""

    def refuse(path, *_):
        raise AssertionError(f"{path} was read")

    return lambda: monkeypatch.setattr(Path, "read_bytes", refuse)


def test_two_hosts_of_ones_own_in_different_folders_stay_apart(tmp_path):
    one, two = (
        load_scenario(own(tmp_path / name, persons, cash))
        for name, persons, cash in (("a", 1000, 1000), ("b", 4000, 3000))
    )
    assert one.place.arrivals[2010] == 1000 and two.place.arrivals[2010] == 4000
    paid = [s.general_programme.amounts["cash_a_adult"][0].value for s in (one, two)]
    assert paid == [1000, 3000] and one != two and one.programmes != two.programmes


def test_a_loaded_scenario_reads_no_file_again(tmp_path, unreadable):
    shipped = load_scenario(SCENARIOS / "norway-history.yaml").with_window(12)
    mine = load_scenario(own(tmp_path / "mine", 1000, 1000))
    assert [each.key for each in shipped.programmes] == [shipped.programme, *shipped.country_programmes]
    unreadable()
    shutil.rmtree(tmp_path / "mine")
    for scenario in (shipped, mine):
        sent = pickle.loads(pickle.dumps(scenario))
        assert sent == scenario and sent.place == scenario.place and sent.programmes == scenario.programmes
        assert (units_of(sent) == units_of(scenario)).all()


def test_a_variant_carries_what_its_scenario_carries(tmp_path, unreadable, monkeypatch):
    mine = load_scenario(own(tmp_path / "mine", 1000, 1000))
    unreadable()
    shutil.rmtree(tmp_path / "mine")
    varied = mine.vary(cash_level=2)
    assert varied.place is mine.place and varied.general_programme is mine.general_programme
    assert (varied.host, varied.programme) == (mine.host, mine.programme)
    monkeypatch.chdir(tmp_path)  # a path from elsewhere says the same file otherwise
    assert mine.vary(cash_level=2).place is mine.place


def test_a_file_that_was_changed_is_read_anew(tmp_path):
    path = own(tmp_path / "mine", 1000, 1000)
    before = load_scenario(path)
    host = path.with_name("host.yaml")
    host.write_text(host.read_text(encoding="utf-8").replace("persons: 1000,", "persons: 2000,"))
    assert before.place.arrivals[2010] == 1000 and load_scenario(path).place.arrivals[2010] == 2000
