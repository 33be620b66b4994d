"""What the package offers by `from avrr_sim import ...`: everything that a notebook needs, loaded when asked
for.
"""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys

import pytest
from conftest import norway

import avrr_sim
from avrr_sim.display import Displayed
from avrr_sim.study.calibration.calibrate import Calibration
from avrr_sim.study.comparison.compare import Comparison
from avrr_sim.study.sweep.sweep import Sweep
from avrr_sim.study.validation.order import Validated

OFFERED = [
    "Refusal",
    "ReturnModel",
    "Scenario",
    "calibrate",
    "compare",
    "load_scenario",
    "simulate",
    "sweep",
    "validate",
]


@pytest.mark.parametrize("name", OFFERED)
def test_what_is_offered_is_there_and_says_what_it_is(name):
    offered = getattr(avrr_sim, name)
    assert inspect.isclass(offered) == name[0].isupper() and callable(offered)
    assert offered.__doc__


def test_dir_and_help_show_what_is_offered():
    assert set(dir(avrr_sim)) == {*OFFERED, "__version__"} == set(avrr_sim.__all__)
    page = pydoc.plain(pydoc.render_doc(avrr_sim))
    assert all(f"    {name}(" in page or f"class {name}(" in page for name in OFFERED)


def test_a_name_that_is_not_offered_is_an_error():
    with pytest.raises(AttributeError, match="compair"):
        _ = avrr_sim.compair


def test_a_name_is_the_same_whatever_was_imported_before():
    """A module of the same name would stand in its place once anything had imported it."""
    code = (
        "import avrr_sim.study.sweep.sweep, avrr_sim.study.validation.validate, avrr_sim.simulation\n"
        "from avrr_sim import compare, load_scenario, simulate, sweep\n"
        "assert all(map(callable, (compare, load_scenario, simulate, sweep)))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, avrr_sim; print(sorted(set(sys.modules) & {'numpy', 'pandas', 'numba', 'mesa'}))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("result", [Calibration, Comparison, Sweep, Validated])
def test_results_show_themselves_shortly(result):
    assert issubclass(result, Displayed) and result.__repr__ is Displayed.__repr__


def test_a_comparison_shows_uptake_beside_what_must_be_read_with_it():
    base = norway(months=30)
    result = avrr_sim.compare([base, base.vary(removal_level=2)], draws=2, replicates=1, size=300)
    line, page = repr(result), result._repr_html_()
    assert line.startswith("<Comparison: ") and "\n" not in line and "draws 2, replicates 1" in line
    assert all(text in page for text in ("Uptake", "Removals", "Drop-out", "Additional returns"))
    assert "cost" not in page.lower(), "coercion is never costed"
