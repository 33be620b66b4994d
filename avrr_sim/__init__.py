"""avrr_sim: how migrants decide about assisted voluntary return and reintegration, simulated person by
person.

from avrr_sim import load_scenario, simulate, compare, sweep
"""

from importlib import import_module
from typing import TYPE_CHECKING

from avrr_sim.version import VERSION as __version__

_HOMES = {
    "Scenario": "scenario",
    "load_scenario": "scenario",
    "simulate": "simulate",
    "compare": "study.comparison.compare",
    "sweep": "study.sweep.sweep",
}
__all__ = ["Scenario", "__version__", "compare", "load_scenario", "simulate", "sweep"]

if TYPE_CHECKING:
    from avrr_sim.scenario import Scenario, load_scenario
    from avrr_sim.simulate import simulate
    from avrr_sim.study.comparison.compare import compare
    from avrr_sim.study.sweep.sweep import sweep


def __getattr__(name: str):
    # Loaded when first asked for, so that the shell starts fast.
    if name in _HOMES:
        return getattr(import_module(f"avrr_sim.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'avrr_sim' has no attribute {name!r}")
