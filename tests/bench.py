"""Speed and memory in one run: `make bench`. Ratios are what counts; absolute times belong to the machine.

    python tests/bench.py [--fast] [--large]

fast: without what takes minutes; large: ten million units too (5 GiB). What is measured is printed beside its
goal and its last value and kept in `benchmarks/history.csv` (see `bench_history.py`); nothing is asserted.

A migrant-month is *active* when the migrant is present at the end of the month. Yardsticks: a compiled choice
over four options with the model's own generator and race, and the same choice in plain Mesa.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench_sweep
import numpy as np
from bench_history import MEASURED, keep, line
from bench_shell import BASELINE, GIB, ROOT, avrr, processor_time

COMPARED = [
    str(ROOT / "scenarios" / f"{name}.yaml")
    for name in ("baseline-norway", "cash-doubled", "information-early")
]


def best(function, times: int = 5) -> float:
    """Least processor time of a number of calls, in seconds."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        function()
        taken.append(time.process_time() - start)
    return min(taken)


# --- yardsticks
# -------------------------------------------------------------------------------------------------------


def compiled_yardstick(agents: int = 100_000, months: int = 20) -> float:
    """Nanoseconds for one compiled choice over four options."""
    from avrr_sim.chance import CHOICE, block
    from avrr_sim.compiled import rule
    from avrr_sim.rules.choice import arrival_time, first_of

    @rule
    def choose(traits, month, counts):
        for i in range(traits.shape[0]):
            u0, u1, u2, u3 = block(i, month, CHOICE, 12345, 67890)
            x, y = traits[i, 0], traits[i, 1]
            counts[
                first_of(
                    arrival_time(u0, 0.0, True),
                    arrival_time(u1, x - 2.0, True),
                    arrival_time(u2, y - 2.0, True),
                    arrival_time(u3, x * y - 3.0, True),
                    np.inf,
                )
            ] += 1

    traits, counts = np.random.default_rng(0).random((agents, 2)), np.zeros(5, np.int64)
    choose(traits, 0, counts)

    def all_months() -> None:
        for month in range(months):
            choose(traits, month, counts)

    return best(all_months) / (agents * months) * 1e9


def mesa_yardstick(agents: int = 2_000, months: int = 10) -> float:
    """Nanoseconds for the same choice by an agent in plain Mesa, with Mesa's own generator."""
    import math

    import mesa

    class Chooser(mesa.Agent):
        def __init__(self, model, x: float, y: float) -> None:
            super().__init__(model)
            self.x, self.y, self.choice = x, y, 0

        def step(self) -> None:
            draw = self.model.random.random
            utilities = (0.0, self.x - 2.0, self.y - 2.0, self.x * self.y - 3.0)
            times = [-math.log(1.0 - draw()) / math.exp(u) for u in utilities]
            self.choice = times.index(min(times))

    model = mesa.Model(rng=1)
    for x, y in np.random.default_rng(0).random((agents, 2)):
        Chooser(model, float(x), float(y))

    def all_months() -> None:
        for _ in range(months):
            model.agents.do("step")

    return best(all_months, 3) / (agents * months) * 1e9


# --- engines
# ----------------------------------------------------------------------------------------------------------


def engine_speed(name: str, size: int, times: int) -> float:
    """Nanoseconds an active migrant-month of one engine: the months alone, the making of the people apart."""
    from avrr_sim.engines.world import build_world
    from avrr_sim.evidence import central_weights
    from avrr_sim.rules.tally import SERIES
    from avrr_sim.scenario import load_scenario
    from avrr_sim.simulation import engine

    scenario, run, taken, active = load_scenario(BASELINE), engine(name), [], 0
    for _ in range(times + 1):
        world = build_world(scenario, central_weights(), 1, 0, 0, size)
        start = time.process_time()
        run(world)
        taken.append(time.process_time() - start)
        active = int(world.units[:, SERIES.index("present")].sum())
    return min(taken[1:]) / active * 1e9


def large(size: int) -> dict[str, float]:
    """Processor time and peak memory of one unpaired run of `size` units, in a process of its own."""
    code = (
        "import time,resource,json; from pathlib import Path; from avrr_sim.scenario import "
        "load_scenario; from avrr_sim.simulation import simulate\n"
        f"s=load_scenario(Path({str(BASELINE)!r})); simulate(s,size=1000); "
        "base=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss*1024\n"
        f"t=time.process_time(); simulate(s,size={size}); t=time.process_time()-t\n"
        f"print(json.dumps({{'seconds':t,'peak':resource.getrusage(resource.RUSAGE_SELF).ru_maxrss*1024,'base':base}}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return json.loads(done.stdout)


def speeds() -> None:
    """Lines on both engines, beside yardsticks of the same machine."""
    from avrr_sim.migrant import MIGRANT

    yard, mesa_yard = compiled_yardstick(), mesa_yardstick()
    table, agents = engine_speed("table", 20_000, 5), engine_speed("agents", 300, 2)
    line("Yardstick: compiled choice over four options", yard, "ns")
    line("Yardstick: the same in plain Mesa", mesa_yard, "ns")
    line("Table engine, an active migrant-month", table, "ns")
    line("Agents engine, an active migrant-month", agents, "ns")
    line("Table engine over the compiled yardstick", table / yard, "x", most=2.6)
    line("Agents engine over the Mesa yardstick", agents / mesa_yard, "x")
    line("Agents engine over the table engine", agents / table, "x")  # no goal: either may become faster
    line("Row of a migrant", MIGRANT.itemsize, "bytes", most=360)


def large_runs(most: int = 1_000_000) -> None:
    """Lines on a quarter of a million units, and on four times as many or as many as asked."""
    few, many, units = large(250_000), large(most), f"{most:,} units"
    growth = many["seconds"] / few["seconds"] / (most / 250_000)
    million = most == 1_000_000
    line(f"{units}, 72 months and 60: peak memory", many["peak"] / GIB, "GiB", 1 if million else None)
    line("  before the large run (Python, libraries, compiled rules)", many["base"] / GIB, "GiB")
    line(f"  a unit more, of {units}", (many["peak"] - many["base"]) / most, "bytes")
    line(f"  processor time of {units}", many["seconds"], "s", 5.5 if million else None)
    line(f"  time a unit against 250,000, at {units}", growth, "x", most=1.25)


def commands(fast: bool) -> None:
    """Lines on commands of the shell, each a process of its own; `fast`: without the long ones."""
    line("avrr --help", min(processor_time(avrr("--help"))[0] for _ in range(3)), "s", most=0.5)
    with tempfile.TemporaryDirectory() as place:
        folder, kept = Path(place), {"AVRR_CACHE": f"{place}/cache"}
        one = ["run", str(BASELINE), "--draws", "2", "--replicates", "1", "--quiet", "--out"]
        cold = processor_time(avrr(*one, f"{folder}/cold"), **kept)[0]
        line("avrr run, 2 runs of 5,000, rules not yet compiled", cold, "s")
        warm = processor_time(avrr(*one, f"{folder}/warm"), **kept)[0]
        line("  warm", warm, "s", most=2)
        shutil.copytree(ROOT / "avrr_sim", folder / "second" / "avrr_sim")
        second = processor_time(avrr(*one, f"{folder}/other"), folder / "second", **kept)[0]
        line("  the first one of a second environment, over the warm one", second - warm, "s", most=3)
        if not fast:
            comparisons(folder, kept)


def comparisons(folder: Path, kept: dict[str, str]) -> None:
    """Lines on the comparison of `make demo` and on a calibration of few points a wave."""
    seconds, peak = processor_time(avrr("compare", *COMPARED, "--quiet", "--out", f"{folder}/demo"), **kept)
    line("avrr compare, 3 scenarios, 50 draws, 2 replicates", seconds, "s", most=15)
    line("  peak memory of the comparison", peak / GIB, "GiB")
    words = avrr("calibrate", "--points", "256", "--quiet", "--out", f"{folder}/fit")
    seconds = processor_time(words, **kept)[0]
    runs = json.loads((folder / "fit" / "timings.json").read_text())["runs"]
    line("avrr calibrate, 256 points a wave", seconds, "s")
    line("  4,096 of its runs, with what is learned from them", 4096 * seconds / runs, "s", most=180)


def main() -> None:
    """Print the table and keep it."""
    fast = "--fast" in sys.argv
    try:
        speeds()
        if not fast:
            large_runs()
        if "--large" in sys.argv:
            large_runs(10_000_000)
        commands(fast)
        bench_sweep.main(fast)
    finally:  # what was measured before a fault is kept
        keep(MEASURED)


if __name__ == "__main__":
    main()
