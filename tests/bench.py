"""Speed and memory in one run: `make bench`. Ratios are what counts; absolute times belong to the machine.

    python tests/bench.py [--fast]

A migrant-month is *active* when the migrant is present at the end of the month. Yardsticks: a compiled choice
over four options with the model's own generator and race, and the same choice in plain Mesa.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "scenarios" / "baseline-norway.yaml"
COMPARED = [
    str(ROOT / "scenarios" / f"{name}.yaml")
    for name in ("baseline-norway", "cash-doubled", "information-early")
]
GIB = 2**30


def best(function, times: int = 5) -> float:
    """Least processor time of a number of calls, in seconds."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        function()
        taken.append(time.process_time() - start)
    return min(taken)


def processor_time(command: list[str], **env: str) -> tuple[float, float]:
    """(processor seconds, peak memory in bytes) of a command that must succeed, its children included."""
    code = (
        "import resource,subprocess,sys; "
        "r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE,text=True); "
        "u=resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(u.ru_utime+u.ru_stime,u.ru_maxrss*1024); sys.exit(r.stderr if r.returncode else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr}")
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def avrr(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "avrr_sim.cli", *arguments]


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


def line(what: str, value: str, goal: str = "", met: bool | None = None) -> None:
    print(
        f"{what:<72} {value:>16}  {goal:<22} {'' if met is None else 'met' if met else 'NOT MET'}", flush=True
    )


def speeds() -> None:
    """Lines on both engines, beside yardsticks of the same machine."""
    from avrr_sim.migrant import MIGRANT

    yard, mesa_yard = compiled_yardstick(), mesa_yardstick()
    table, agents = engine_speed("table", 20_000, 5), engine_speed("agents", 300, 2)
    ratio = agents / table
    line("Yardstick: compiled choice over four options, ns", f"{yard:.0f}")
    line("Yardstick: the same in plain Mesa, ns", f"{mesa_yard:,.0f}")
    line("Table engine, ns an active migrant-month", f"{table:.0f}")
    line("Agents engine, ns an active migrant-month", f"{agents:,.0f}")
    over = table / yard
    line("Table engine over the compiled yardstick", f"{over:.1f} x", "at most 3.2 x", over <= 3.2)
    line("Agents engine over the Mesa yardstick", f"{agents / mesa_yard:.1f} x")
    line("Agents engine over the table engine", f"{ratio:.0f} x", "at least 300 x", ratio >= 300)
    line("Bytes of row a migrant", f"{MIGRANT.itemsize}", "at most 288", MIGRANT.itemsize <= 288)


def large_runs() -> None:
    """Lines on a million migrants, and on a quarter of them."""
    quarter, million = large(250_000), large(1_000_000)
    growth = million["seconds"] / quarter["seconds"] / 4
    line(
        "A million migrants, 60 months after 72 of burn-in: peak memory, GiB",
        f"{million['peak'] / GIB:.2f}",
        "under 1",
        million["peak"] < GIB,
    )
    line(
        "  of which before the large run (Python, libraries, compiled rules), GiB",
        f"{million['base'] / GIB:.2f}",
    )
    line("  processor time, s", f"{million['seconds']:.1f}")
    line(
        "  time a migrant against that at a quarter of a million",
        f"{growth:.2f} x",
        "linear: near 1",
        growth < 1.25,
    )


def commands(fast: bool) -> None:
    """Lines on commands of the shell, each a process of its own; `fast`: without the large comparison."""
    help_time = min(processor_time(avrr("--help"))[0] for _ in range(3))
    line("avrr --help, processor s", f"{help_time:.2f}", "under 0.5", help_time < 0.5)
    with tempfile.TemporaryDirectory() as folder:
        kept = {"AVRR_CACHE": f"{folder}/cache"}
        one = ["run", str(BASELINE), "--draws", "2", "--replicates", "1", "--quiet", "--out"]
        cold = processor_time(avrr(*one, f"{folder}/cold"), **kept)[0]
        warm = processor_time(avrr(*one, f"{folder}/warm"), **kept)[0]
        line("avrr run, 2 runs of 5,000, rules not yet compiled, processor s", f"{cold:.1f}")
        line("avrr run, the same, warm, processor s", f"{warm:.1f}")
        if fast:
            return
        whole = avrr("compare", *COMPARED, "--quiet", "--out", f"{folder}/compare")
        seconds, peak = processor_time(whole, **kept)
        what = "avrr compare, 3 scenarios, 50 draws, 2 replicates, processor s"
        line(what, f"{seconds:.1f}", "under 40", seconds < 40)
        line("  peak memory, GiB", f"{peak / GIB:.2f}")


def main() -> None:
    """Print the table."""
    fast = "--fast" in sys.argv
    speeds()
    if not fast:
        large_runs()
    commands(fast)
    import bench_sweep

    bench_sweep.main()
    line(
        "Peak memory of this benchmark, GiB",
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB:.2f}",
    )


if __name__ == "__main__":
    main()
