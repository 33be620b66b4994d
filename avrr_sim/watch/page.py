"""The live page, as `solara run` serves it: Mesa's own viewer with play and step, a slider for each lever,
and the pictures. What it shows is named in the environment by `shell.watch`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import solara
from matplotlib.figure import Figure
from mesa.visualization import Slider, SolaraViz
from mesa.visualization.utils import update_counter

from avrr_sim.policy import LEVERS
from avrr_sim.scenario import load_scenario
from avrr_sim.watch.model import MOVED, WatchedModel, standing
from avrr_sim.watch.pictures import draw_flows, draw_places, ends_of

VARIABLE = "AVRR_WATCH"
"""The variable of the environment that says what is watched: file, size and seed, as JSON."""
NOTE = (
    "One life of a few hundred simulated units at the medians of all weights: to look into the model, not to "
    "answer a question. Move a slider and press Reset: the same people live again under it."
)


def sliders(file: str) -> dict[str, Any]:
    """A slider for every lever that may be moved, standing where the scenario has it."""
    return {
        name: Slider(
            name.replace("_", " "),
            value,
            LEVERS[name].low,
            LEVERS[name].high,
            (LEVERS[name].high - LEVERS[name].low) / 40,
            dtype=float,
        )
        for name, value in standing(load_scenario(file)).items()
    }


def _picture(draw: Callable[[WatchedModel], Figure]) -> Callable[[WatchedModel], Any]:
    """A picture as a part of the page that is drawn again after every step."""

    def shown(model: WatchedModel) -> Any:
        update_counter.get()
        return solara.FigureMatplotlib(draw(model))

    return shown


def _ends(model: WatchedModel) -> Any:
    update_counter.get()
    told = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in ends_of(model).items())
    levers = "\n".join(
        f"- {name.replace('_', ' ')}: {LEVERS[name].meaning} ({LEVERS[name].unit})" for name in MOVED
    )
    return solara.Markdown(f"Left so far, of all simulated units: {told}.\n\n{NOTE}\n\n{levers}")


@solara.component
def Page() -> None:
    """The page."""
    told = json.loads(os.environ[VARIABLE])
    made = solara.use_memo(lambda: WatchedModel(**told), [])
    parts = [(_picture(draw_places), 0), (_picture(draw_flows), 0), (_ends, 0)]
    name = made.world.scenario.name
    SolaraViz(made, components=parts, model_params={**told, **sliders(told["file"])}, name=name)
