"""How migrants decide about assisted voluntary return and reintegration, simulated person by person.

    from avrr_sim import compare, load_scenario
    baseline = load_scenario("scenarios/baseline-norway.yaml")
    compare([baseline, baseline.vary(cash_level=2)]).tables

Offered here:

    Scenario, load_scenario     one policy situation, from a file and varied
    simulate                    one run: its Outcomes
    ReturnModel                 the same month by month, in Mesa
    compare, sweep              scenarios on the same people; many points of an experiment
    calibrate, validate         weights fitted to published figures; patterns of the literature tried
    Refusal                     what all of them raise for input that is not accepted
"""

from importlib import import_module
from typing import TYPE_CHECKING

from avrr_sim.version import VERSION as __version__

_HOMES = {
    "Refusal": "refusals",
    "ReturnModel": "engines.agents",
    "Scenario": "scenario",
    "calibrate": "study.calibration.calibrate",
    "compare": "study.comparison.compare",
    "load_scenario": "scenario",
    "simulate": "simulation",
    "sweep": "study.sweep.sweep",
    "validate": "study.validation.validate",
}
__all__ = [
    "Refusal",
    "ReturnModel",
    "Scenario",
    "__version__",
    "calibrate",
    "compare",
    "load_scenario",
    "simulate",
    "sweep",
    "validate",
]

if TYPE_CHECKING:
    from avrr_sim.engines.agents import ReturnModel
    from avrr_sim.refusals import Refusal
    from avrr_sim.scenario import Scenario, load_scenario
    from avrr_sim.simulation import simulate
    from avrr_sim.study.calibration.calibrate import calibrate
    from avrr_sim.study.comparison.compare import compare
    from avrr_sim.study.sweep.sweep import sweep
    from avrr_sim.study.validation.validate import validate


def __getattr__(name: str) -> object:
    # Loaded when first asked for, so that the shell starts fast.
    if name in _HOMES:
        return getattr(import_module(f"avrr_sim.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'avrr_sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
