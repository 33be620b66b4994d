"""Speed and memory of sweeps, as part of `make bench`: beside the bare kernel, and beside Mesa's own
batch_run.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from bench_history import line
from bench_shell import BASELINE, avrr, processor_time

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


def main(fast: bool) -> None:
    """Lines about sweeps; `fast`: of a tenth of the runs."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        beside_others(folder, *((5, 100) if fast else (50, 1000)))
        if not fast:
            many_points(folder)
        memory(folder)


def beside_others(folder: Path, draws: int, runs: int) -> None:
    """Lines on one sweep beside the bare kernel and Mesa's batch_run."""
    path, what = experiment(folder, draws, 2, 5000, 60), f"{runs:,} runs of 5,000"
    kernel = kernel_seconds(path)
    sweep = avrr("sweep", str(path), "--quiet", "--workers", "2", "--out", str(folder / "a"))
    seconds, peak = processor_time(sweep)
    own = json.loads((folder / "a" / "timings.json").read_text())["processor_seconds_of_runs"]
    scaled = batch_run_seconds(200, 2) * 5000 * runs
    line(f"avrr sweep, {what} over 60 months (and 24 before)", seconds, "s")
    line(f"  peak memory, with its start, tables and pictures, {what}", peak / MIB, "MiB", most=1024)
    line(f"  the bare kernel over the same {what}", kernel, "s")
    line(f"  over the kernel, a run of {what}", 1000 * (seconds - kernel) / runs, "ms", most=2)
    line(f"  all but the runs themselves, a run of {what}", 1000 * (seconds - own) / runs, "ms", most=10)
    line(f"  {what} by Mesa's batch_run, scaled from 2 of 200 units", scaled, "s")
    line(f"  batch_run over avrr sweep, {what}", scaled / seconds, "x", least=50)


def many_points(folder: Path) -> None:
    """Lines on the runs of 63 points, which share what is before their levers differ: a third of 33.5 ms is
    the goal. A point with a plan of timing is lived about four times, until it makes the contacts of `even`.
    """
    for what, levels, timings in (
        ("cash", [round(i * 4 / 62, 4) for i in range(63)], "[even]"),
        ("cash by timing", [round(i * 0.2, 1) for i in range(21)], "[early, gradual, late]"),
    ):
        path, out = experiment(folder, 10, 2, 5000, 60), folder / what.replace(" ", "-")
        text = path.read_text().replace("[0, 2, 4]", str(levels))
        path.write_text(text.replace("[early, gradual, late]", timings))
        avrr_sweep = avrr("sweep", str(path), "--quiet", "--workers", "2", "--out", str(out))
        processor_time(avrr_sweep)
        told = json.loads((out / "timings.json").read_text())
        pace = 1000 * told["processor_seconds_of_runs"] / told["runs"]
        line(f"63 points of {what}, a run of 5,000", pace, "ms", most=11.2)


def memory(folder: Path) -> None:
    """Lines on the memory of few runs and many."""
    peaks = []
    for draws in (5, 100):
        path = experiment(folder, draws, 2, 300, 24)
        sweep = avrr("sweep", str(path), "--quiet", "--out", str(folder / f"memory-{draws}"))
        peaks.append(processor_time(sweep)[1])
        line(f"Peak memory of a sweep of {20 * draws:,} runs of 300", peaks[-1] / MIB, "MiB")
    line("  of 2,000 over 100", peaks[1] / peaks[0], "x", most=1.15)
