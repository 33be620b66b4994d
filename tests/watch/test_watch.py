"""The live look: the model that it steps, its pictures and, where the extra is installed, the page."""

from __future__ import annotations

import json

import numpy as np
import pytest
from commands import refused
from conftest import SCENARIOS, norway

from avrr_sim.engines.agents import ReturnModel
from avrr_sim.policy import LEVERS
from avrr_sim.shell import watch
from avrr_sim.watch.model import MOVED, WatchedModel, moved, standing
from avrr_sim.watch.pictures import FLOWS, draw_flows, draw_places, ends_of, month_of


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> str:
    """A scenario of two years, the first of them before its window."""
    path = tmp_path_factory.mktemp("watched") / "short.yaml"
    short = {**norway(months=12, window_from="2011-01").resolved(), "asks": ""}
    path.write_text(json.dumps(short), encoding="utf-8")
    return str(path)


def test_the_model_begins_with_the_window_and_lives_the_lives_of_any_other(file):
    model = WatchedModel(file=file, size=120)
    assert month_of(model) == "2010-12" and model.begun == model.world.window_start == 12
    plain = ReturnModel(norway(months=12, window_from="2011-01"), size=120)
    for _ in range(12):
        plain.step()
    for _ in range(3):
        model.step()
        plain.step()
    assert np.array_equal(model.world.units, plain.world.units) and month_of(model) == "2011-03"


def test_a_lever_that_is_moved_holds_from_the_window_on_and_others_keep_their_steps():
    steps = [{"from": "2010-07", "value": 1}, {"from": "2011-01", "value": 3}]
    scenario = norway(levers={"cash_level": steps})
    before = standing(scenario)
    assert moved(scenario, before) is scenario
    found = moved(scenario, {**before, "outreach": 4.0})
    assert len(found.levers["cash_level"]) == 2 and found.levers["outreach"][0].value == 4.0
    assert found.levers["outreach"][0].start == scenario.window_from


def test_no_lever_of_coercion_has_a_slider_and_protection_stands_beside_applications():
    assert {LEVERS[name].kind for name in MOVED} <= {"support", "information", "process"}
    assert {"applications", "removed", "gone_under", "stopped"} <= set(FLOWS)


def test_the_pictures_show_everybody_present(file):
    model = WatchedModel(file=file, size=120)
    model.step()
    panels = draw_places(model).axes
    dots = [len(panel.collections[0].get_offsets()) for panel in panels]
    assert sum(dots) == len(model.present) > 10
    assert [f"{int(n)}" for n in dots] == [panel.get_title().split(": ")[1] for panel in panels]
    assert len(draw_flows(model).axes[0].lines) == len(FLOWS)
    assert sum(ends_of(model).values()) <= 120


def test_the_command_says_what_is_missing(monkeypatch, capsys):
    base = str(SCENARIOS / "baseline-norway.yaml")
    monkeypatch.setattr(watch, "find_spec", lambda name: None)
    assert 'pip install "avrr-sim[watch]"' in refused(capsys, "watch", base)
    assert "--size 9" in refused(capsys, "watch", base, "--size", "9")
    assert "no such file" in refused(capsys, "watch", base + "x")


@pytest.mark.filterwarnings("ignore")
def test_the_page_steps_the_model(file, monkeypatch):
    solara = pytest.importorskip("solara")
    from ipyvuetify import Btn

    from avrr_sim.watch import page

    made = []

    class Seen(WatchedModel):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            made.append(self)

    monkeypatch.setattr(page, "WatchedModel", Seen)
    monkeypatch.setenv(page.VARIABLE, json.dumps({"file": file, "size": 60, "seed": 1}))
    assert set(page.sliders(file)) == set(MOVED)

    @solara.component
    def whole():
        with solara.AppLayout():  # as the server puts it around every page
            page.Page()

    _, rendered = solara.render(whole(), handle_error=False)
    for _ in range(2):
        rendered.find(Btn, children=["Step"]).widget.click()
    assert made[0].world.month == made[0].begun + 2
    rendered.find(Btn, children=["Reset"]).widget.click()
    assert len(made) == 2 and made[1].world.month == made[1].begun
    rendered.close()
