"""What `avrr calibrate` prints: its plan, its progress, what was learned, and where the folder is."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from avrr_sim.compiled import announce_compilation
from avrr_sim.dates import month_text
from avrr_sim.shell.options import Manner, command_of
from avrr_sim.shell.printing import print_json, print_plan, tell_failures
from avrr_sim.shell.report import write_page
from avrr_sim.study.calibration.activity import screen_runs
from avrr_sim.study.calibration.calibrate import DEFAULT, Calibration, perform
from avrr_sim.study.calibration.method_checks import PSEUDO, SHARE, verdict_of
from avrr_sim.study.calibration.order import CalibrationOrder, order_of
from avrr_sim.study.calibration.paths import PREDICTED
from avrr_sim.study.calibration.shipping import ship
from avrr_sim.study.calibration.waves import CLOSEST_SHARE, EFFECT_SHARE, PAIRS, REGION_SHARE


def run_calibrate(file: Path | None, numbers: dict[str, Any], shipped: bool, manner: Manner) -> None:
    """Fit, write the folder and its page, print what was learned; `file` None: the shipped targets. Raises
    `Refusal` for bad targets, and folders in use; SystemExit(1) where a run failed.
    """
    how = manner.execution()
    file = file or DEFAULT
    order = order_of(file, numbers, command_of("calibrate", "--targets", file, **numbers))
    if manner.only_plan:
        print_plan(_plan_facts(order), manner.as_json, beside=" (fits of the checks come on top)")
        return
    if not manner.quiet:
        announce_compilation()
    done = perform(order, how, write_page)
    _tell(done, manner.as_json)
    if shipped and done.folder is not None:
        for path in ship(done.recipe, done.folder, time.strftime("%Y-%m-%d")):
            print(f"Shipped: {path}")
    tell_failures(done.failures, "runs")


def _plan_facts(order: CalibrationOrder) -> dict[str, Any]:
    chosen, weights = order.targets, len(order.space.names)
    return {
        "targets": chosen.name,
        "fitted": [t.id for t in chosen.fitted],
        "checked": [t.id for t in chosen.targets if t.role == "check"],
        "scenario": chosen.scenario.name,
        "months": f"{month_text(chosen.scenario.start)} to {month_text(chosen.scenario.window_to)}",
        "weights": weights,
        "waves": chosen.waves,
        "points of a wave": chosen.points,
        "size": chosen.size,
        "points of the posterior": chosen.close_points,
        "size of its runs": chosen.close_size,
        "runs": _runs(order),
        "seed": chosen.seed,
    }


def _runs(order: CalibrationOrder) -> int:
    """Runs of the model that a calibration makes at most."""
    chosen, each = order.targets, 1 + len(order.targets.effects) if order.targets.effects else 0
    region, truths = int(REGION_SHARE * chosen.close_points), min(PSEUDO, chosen.close_points // SHARE)
    closest = int(CLOSEST_SHARE * chosen.close_points)
    with_effects = int(EFFECT_SHARE * region) + truths + PREDICTED + chosen.close_points // 8
    close = region + closest + 4 * min(PAIRS, region) + chosen.close_points
    screen = screen_runs(chosen, len(order.space.names))
    return (
        screen
        + chosen.waves * chosen.points
        + close
        + truths
        + PREDICTED
        + chosen.close_points // 8
        + each * with_effects
    )


def _tell(done: Calibration, as_json: bool) -> None:
    """The summary: checks failed, figures missed, weights informed."""
    page = done.folder / "report.html" if done.folder is not None else None
    if as_json:
        rows = {
            name: json.loads(frame.to_json(orient="records"))
            for name, frame in done.tables.items()
            if name != "checks"
        }
        facts = {"folder": str(done.folder), "report": str(page), **rows}
        print_json(facts)
        return
    print(f"{done.recipe['runs']:,} runs; {len(done.posterior):,} independent rows of the posterior\n")
    _tell_checks(done)
    _tell_figures(done)
    _tell_weights(done)
    print(f"\nFolder: {done.folder}\nReport: {page}")


def _tell_figures(done: Calibration) -> None:
    print("\nFigures, those outside the predicted interval first")
    table = done.tables["targets"].sort_values("verdict", ascending=False, kind="stable")
    for row in table.to_dict("records"):
        figure = (
            f"{row['value']:.4g}"
            if row["value"] == row["value"]
            else f"{row['range_low']:g} to {row['range_high']:g}"
        )
        print(
            f"  {row['id']:<20} {row['role']:<8} {figure:>12}   predicted "
            f"{row.get('predictive_low', float('nan')):.4g} to "
            f"{row.get('predictive_high', float('nan')):.4g}"
            f"   {row['verdict']}"
        )


def _tell_weights(done: Calibration) -> None:
    drivers = done.tables["drivers"]
    informed = drivers[drivers["informed"]]
    acting = int(drivers["acts"].sum())
    print(
        f"\n{len(informed)} of {len(drivers)} weights are informed at every tolerance; {acting} act on any "
        "figure at all, the others keep their prior:"
    )
    for row in informed.to_dict("records"):
        print(
            f"  {row['weight']:<28} narrowed by {100 * row['contraction']:.0f} % "
            f"({row['prior_median']:.3g} -> {row['posterior_median']:.3g} {row['unit']})"
        )


def _tell_checks(done: Calibration) -> None:
    print("Checks of the method, those that failed first")
    for row in done.tables["verdicts"].to_dict("records"):
        print(
            f"  {verdict_of(row):<13} {row['check']}, {row['of']}: {row['value']:.3f}"
            + (f" ({row['low']:.3f} to {row['high']:.3f})" if row["low"] == row["low"] else "")
        )
