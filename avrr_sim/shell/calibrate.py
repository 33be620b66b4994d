"""What `avrr calibrate` prints: its plan, its progress, what was learned, and where the folder is."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from avrr_sim.compiled import announce_compilation
from avrr_sim.dates import month_text
from avrr_sim.refusals import refusal
from avrr_sim.shell.printing import progress_bar
from avrr_sim.shell.report import write_report
from avrr_sim.study.calibration.bank import Bank
from avrr_sim.study.calibration.calibrate import PREDICTED, Calibration, calibrate, ship
from avrr_sim.study.calibration.method_checks import verdict_of
from avrr_sim.study.calibration.rivals import check_rivals, rivals
from avrr_sim.study.calibration.targets import load_targets
from avrr_sim.study.folder.run_folder import latest

DEFAULT = Path("experiments/calibration-norway.yaml")


def run_calibrate(
    file: Path,
    numbers: dict,
    *,
    workers: int | None,
    cluster: str | None,
    out: Path | None,
    resume: bool,
    shipped: bool,
    with_rivals: bool,
    only_plan: bool,
    as_json: bool,
    quiet: bool,
    command: str,
) -> None:
    """Fit, write the folder and its page, print what was learned. Raises `Refusal` for bad targets, and
    folders in use.
    """
    targets = replace(
        load_targets(file), **{key: value for key, value in numbers.items() if value is not None}
    )
    if with_rivals:
        check_rivals(targets)
    bank = Bank(targets)
    if only_plan:
        _plan(bank, as_json)
        return
    folder = _folder(bank, out, resume)
    if not quiet:
        announce_compilation()

    @contextmanager
    def progress(what: str, n: int):
        if not quiet:
            print(f"avrr: {what}: {n}", file=sys.stderr)
        with progress_bar(n, quiet) as told:
            yield told

    def say(text: str) -> None:
        print(f"avrr: {text}", file=sys.stderr, flush=True)

    means = {"workers": workers, "cluster": cluster, "progress": progress, "say": say}
    done = calibrate(targets, folder, command=command, **means)
    if with_rivals:
        rivals(targets, folder, **{**means, "progress": lambda name, n: progress(f"rival, {name}", n)})
    _tell(done, write_report(folder), as_json)
    if shipped:
        for path in ship(done, time.strftime("%Y-%m-%d")):
            print(f"Shipped: {path}")


def _folder(bank: Bank, out: Path | None, resume: bool) -> Path:
    if resume:
        folder = out or latest(Path("results") / "calibrate", bank.digest)
        if folder is None or not folder.is_dir():
            raise refusal(
                "there is nothing to go on with"
                + ("" if out else f" under results/calibrate with the digest {bank.digest}"),
                file=out,
                allowed="the folder of this calibration (--out), or without --resume a new one",
            )
        return folder
    folder = out or Path("results") / "calibrate" / f"{time.strftime('%Y%m%d-%H%M%S')}-{bank.digest}"
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise refusal(
            "is in use already; a run folder is never overwritten",
            file=folder,
            allowed="a new or empty folder (--out), or --resume",
        )
    return folder


def _plan(bank: Bank, as_json: bool) -> None:
    chosen = bank.targets
    facts = {
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
    if as_json:
        print(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    for name, value in facts.items():
        print(f"{name:<20} {', '.join(value) if isinstance(value, list) else value}")
    print("nothing was run (runs of patterns come on top)")


def _tell(done: Calibration, page: Path, as_json: bool) -> None:
    """The summary: figures missed, weights informed, checks failed."""
    targets, drivers, verdicts = (done.tables[name] for name in ("targets", "drivers", "verdicts"))
    if as_json:
        rows = {
            name: json.loads(frame.to_json(orient="records"))
            for name, frame in done.tables.items()
            if name != "checks"
        }
        print(
            json.dumps(
                {"folder": str(done.folder), "report": str(page), **rows}, indent=2, ensure_ascii=False
            )
        )
        return
    print(
        f"{len(done.fit.rows)} of {done.recipe['points_done']} runs kept, worth "
        f"{done.fit.effective:.0f} equally weighted draws\n"
    )
    for row in targets.to_dict("records"):
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
    print("\nChecks of the method")
    for row in verdicts.to_dict("records"):
        print(
            f"  {verdict_of(row):<13} {row['check']}, {row['of']}: {row['value']:.3f}"
            + (f" ({row['low']:.3f} to {row['high']:.3f})" if row["low"] == row["low"] else "")
        )
    print(f"\nFolder: {done.folder}\nReport: {page}")
