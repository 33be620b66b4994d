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
from avrr_sim.study.calibration.bank import Bank
from avrr_sim.study.calibration.calibrate import DEFAULT, PREDICTED, Calibration, perform, ship
from avrr_sim.study.calibration.method_checks import verdict_of
from avrr_sim.study.calibration.order import order_of


def run_calibrate(
    file: Path | None, numbers: dict[str, Any], with_rivals: bool, shipped: bool, manner: Manner
) -> None:
    """Fit, write the folder and its page, print what was learned; `file` None: the shipped targets. Raises
    `Refusal` for bad targets, and folders in use; SystemExit(1) where a run failed.
    """
    how = manner.execution()
    file = file or DEFAULT
    command = command_of("calibrate", "--targets", file, **numbers) + (" --rivals" if with_rivals else "")
    order = order_of(file, numbers, with_rivals, command)
    if manner.only_plan:
        print_plan(_plan_facts(order.bank), manner.as_json, beside=" (runs of patterns come on top)")
        return
    if not manner.quiet:
        announce_compilation()
    done = perform(order, how, write_page)
    _tell(done, manner.as_json)
    if shipped and done.folder is not None:
        for path in ship(done.recipe, done.folder, time.strftime("%Y-%m-%d")):
            print(f"Shipped: {path}")
    tell_failures(done.failures, "runs")


def _plan_facts(bank: Bank) -> dict[str, Any]:
    chosen = bank.targets
    return {
        "targets": chosen.name,
        "fitted": [t.id for t in chosen.targets if t.role == "fit"],
        "checked": [t.id for t in chosen.targets if t.role == "check"],
        "patterns": list(chosen.patterns),
        "scenario": chosen.scenario.name,
        "months": f"{month_text(chosen.scenario.start)} to {month_text(chosen.scenario.window_to)}",
        "weights": len(bank.priors),
        "points": chosen.points,
        "points with effects": bank.with_effects,
        "points with patterns": bank.with_patterns,
        "runs": chosen.points + bank.with_effects * len(chosen.effects) + PREDICTED,
        "size": chosen.size,
        "seed": chosen.seed,
    }


def _tell(done: Calibration, as_json: bool) -> None:
    """The summary: figures missed, weights informed, checks failed."""
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
    print(
        f"{len(done.fit.rows)} of {done.recipe['points_done']} runs kept, worth "
        f"{done.fit.effective:.0f} equally weighted draws\n"
    )
    _tell_figures(done)
    _tell_weights(done)
    _tell_checks(done)
    print(f"\nFolder: {done.folder}\nReport: {page}")


def _tell_figures(done: Calibration) -> None:
    for row in done.tables["targets"].to_dict("records"):
        figure = (
            f"{row['value']:.4g}"
            if row["value"] == row["value"]
            else f"{row['range_low']:g} to {row['range_high']:g}"
        )
        print(
            f"{row['id']:<16} {row['role']:<6} {figure:>12}   predicted "
            f"{row.get('predictive_low', float('nan')):.4g} to "
            f"{row.get('predictive_high', float('nan')):.4g}"
            f"   {row['verdict']}"
        )


def _tell_weights(done: Calibration) -> None:
    drivers = done.tables["drivers"]
    informed = drivers[drivers["informed"]]
    print(
        f"\n{len(informed)} of {len(drivers)} weights are informed by figures and patterns, the "
        "others prior-driven; of weights that act on nothing, one in twenty would be called so too:"
    )
    for row in informed.to_dict("records"):
        print(
            f"  {row['weight']:<28} narrowed by {100 * row['contraction']:.0f} % "
            f"({row['prior_median']:.3g} -> {row['posterior_median']:.3g} {row['unit']})"
        )


def _tell_checks(done: Calibration) -> None:
    print("\nChecks of the method")
    for row in done.tables["verdicts"].to_dict("records"):
        print(
            f"  {verdict_of(row):<13} {row['check']}, {row['of']}: {row['value']:.3f}"
            + (f" ({row['low']:.3f} to {row['high']:.3f})" if row["low"] == row["low"] else "")
        )
