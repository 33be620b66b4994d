"""Speed and memory of sweeps, as part of `make bench`: beside the bare kernel, and beside Mesa's own
batch_run.

python tests/bench_sweep.py [--fast]
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from bench import BASELINE, GIB, avrr, line, processor_time

MIB = 2**20
# nine points and the baseline
GRID = (
    "vary: {levers: {cash_level: [0, 2, 4], information_timing: [early, gradual, "
    "late]}}\nmeasures: [uptake_24, application_hazard, drop_out_12, "
    "assisted_departures, unassisted_returns, removals, moved_on, gone_under]\nread_by: [origin]\n"
)


def experiment(folder: Path, draws: int, replicates: int, size: int, months: int) -> Path:
    path = folder / f"bench-{draws}x{replicates}x{size}.yaml"
    path.write_text(
        f"baseline: {json.dumps(str(BASELINE))}\n{GRID}draws: {draws}\nreplicates: "
        f"{replicates}\nsize: {size}\nmonths: {months}\n"
    )
    return path


KERNEL = """
import sys, time, resource
from pathlib import Path
from avrr_sim.engines import table
from avrr_sim.engines.world import build_world
from avrr_sim.study.jobs.executor import in_order
from avrr_sim.study.sweep.order import order_of
order = order_of(Path(sys.argv[1])); plan = order.plan
def one(run):
    k, draw, replicate = run
    scenario = plan.scenarios[k]
    table.run(build_world(scenario, weights[draw], plan.seed, draw, replicate, plan.size))
weights = [plan.weights_of(draw, plan.scenarios[0]) for draw in range(plan.draws)]
for _ in in_order(one, [(0, 0, 0)], 1): pass
begun = time.process_time()
runs = [(k, d, r) for d in range(plan.draws) for r in range(plan.replicates) for k in plan.distinct]
for _, _, error in in_order(one, runs, 2):
    assert error is None
print(time.process_time() - begun)
"""


def kernel_seconds(path: Path) -> float:
    """Processor seconds of the bare kernel over all runs of an experiment: making the people and living the
    months, nothing else.
    """
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", KERNEL, str(path)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def batch_run_seconds(size: int, runs: int) -> float:
    """Processor seconds a unit of one run of the baseline by Mesa's own batch_run on the agents engine, by a
    few runs of few units.
    """
    import mesa

    from avrr_sim.engines.agents import ReturnModel
    from avrr_sim.scenario import load_scenario

    scenario = load_scenario(BASELINE)
    begun = time.process_time()
    mesa.batch_run(
        ReturnModel,
        parameters={"scenario": [scenario], "size": size, "draw": list(range(runs))},
        number_processes=1,
        iterations=1,
        data_collection_period=-1,
        max_steps=scenario.months - 1,
        display_progress=False,
    )  # it runs one step more than it is told
    return (time.process_time() - begun) / (size * runs)


def main() -> None:
    """Print the lines about sweeps."""
    fast = "--fast" in sys.argv
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        draws, runs = (5, 100) if fast else (50, 1000)
        path = experiment(folder, draws, 2, 5000, 60)
        kernel = kernel_seconds(path)
        seconds, peak = processor_time(
            avrr("sweep", str(path), "--quiet", "--workers", "2", "--out", str(folder / "a"))
        )
        line(
            f"avrr sweep, {runs:,} runs of 5,000 over 60 months (and 24 before): processor s",
            f"{seconds:.1f}",
        )
        line("  with its start, tables and pictures; peak memory, MiB", f"{peak / MIB:.0f}")
        line("  the bare kernel over the same runs, processor s", f"{kernel:.1f}")
        over = 1000 * (seconds - kernel) / runs
        line("  over the kernel, ms a run", f"{over:.1f}", "at most 10", None if fast else over <= 10)
        own = json.loads((folder / "a" / "timings.json").read_text())["processor_seconds_of_runs"]
        line(
            "  all but the runs themselves (start, store, tables, pictures), ms a run",
            f"{1000 * (seconds - own) / runs:.1f}",
            "at most 10",
            None if fast else seconds - own <= runs / 100,
        )
        scaled = batch_run_seconds(200, 2) * 5000 * runs
        line("  the same by Mesa's batch_run, scaled from 2 runs of 200 units, s", f"{scaled:,.0f}")
        line(
            "  batch_run over avrr sweep",
            f"{scaled / seconds:.0f} x",
            "at least 50 x",
            scaled >= 50 * seconds,
        )
        few = processor_time(
            avrr("sweep", str(experiment(folder, 5, 2, 300, 24)), "--quiet", "--out", str(folder / "few"))
        )[1]
        many = processor_time(
            avrr("sweep", str(experiment(folder, 100, 2, 300, 24)), "--quiet", "--out", str(folder / "many"))
        )[1]
        line("Peak memory of a sweep of 100 runs of 300, MiB", f"{few / MIB:.0f}")
        line("  of 2,000 runs", f"{many / MIB:.0f}", "within 15 %", many <= 1.15 * few)
        if peak > GIB:
            line("  more than a GiB", "", "", False)


if __name__ == "__main__":
    main()
