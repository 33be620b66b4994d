"""Rivals of the model and other widths of its priors: what each says of the same questions, once it has been
fitted to the same figures.

"Most leave within two years, few after three" has three explanations: ties that grow with residence
(duration), lasting differences between people (tastes: those who would go have gone), and a group at risk
that shrinks. Ties and tastes can each be switched off. A rival is a bank of runs of its own near the figures,
fitted as the model itself is, but without patterns; where rivals meet the figures equally well and differ in
an effect, the figures cannot tell which effect is right. Half and double widths of all priors show how far
the answers rest on how sure one was beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from avrr_sim.refusals import refusal
from avrr_sim.study.calibration.bank import Bank, effect_names, make_bank
from avrr_sim.study.calibration.fitting import fit, problem_of, proposal_of
from avrr_sim.study.calibration.proposal import Proposal
from avrr_sim.study.calibration.tables import effects_table, quantiles_of
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.folder.frame import Work
from avrr_sim.study.folder.run_folder import write_table
from avrr_sim.study.folder.sealed import read_checked

OFF = 1e-9  # of a standard deviation that has to stay positive
_NO_TIES: Mapping[str, float] = {"ties": 0.0}
_NO_TASTES: Mapping[str, float] = {"taste_return_sd": OFF, "taste_moving_sd": OFF}
RIVALS: Mapping[str, tuple[float, Mapping[str, float]]] = {
    "both": (1.0, {}),
    "ties only": (1.0, _NO_TASTES),
    "tastes only": (1.0, _NO_TIES),
    "neither": (1.0, {**_NO_TIES, **_NO_TASTES}),
    "half widths": (0.5, {}),
    "double widths": (2.0, {}),
}
"""Name -> (scale of all prior widths, weights held)."""

POINTS = 512
"""Points of each rival's bank: its effects are told less exactly than the model's own."""
KEPT = 0.5
SCENARIOS = ("cash-doubled", "information-early")
"""Scenarios, of those in the targets file, whose effects are told of every rival: the headline of the
demonstration.
"""
STAYING = "departed_after_36"
"""The measure of people who stay long: share of departures after three years or more."""


def rivals(targets: Targets, work: Work) -> pd.DataFrame:
    """Make or go on with a bank for every rival under `rivals/` in the study's folder, fit it, and write
    rivals.parquet and rivals.csv.

    Needs the model's own first bank there (bank-1). One row a rival, scenario and measure: rival, scenario,
    measure, low, median, high, positive (share of draws above zero), effective (draws it is worth), ranges
    (mean chance, over runs weighed back to the priors, that the targets known as ranges hold, T05 among
    them), staying_low, _median, _high (departures after three years, of all). Raises `Refusal` and RunsFailed
    as a bank does.
    """
    chosen = replace(
        targets, points=POINTS, patterns=(), effects=tuple(s for s in targets.effects if s.key in SCENARIOS)
    )
    first = Bank(targets)
    before = read_checked(work.folder / "bank-1" / "bank.parquet").to_pandas()
    whole = proposal_of(targets, before, first.z[before["point"].to_numpy()])
    names = list(first.priors)
    frames = []
    for name, (widths, pins) in RIVALS.items():
        proposal = _reduced(whole, names, pins, widths)
        bank = Bank(chosen, widths, pins, proposal, everywhere=True)
        table = make_bank(bank, work, f"rivals/{name.replace(' ', '-')}", f"runs of the rival {name}")
        frames.append(_told(name, bank, proposal, table))
    out = pd.concat(frames, ignore_index=True)
    write_table(out, work.folder, "rivals")
    return out


def check_rivals(targets: Targets) -> None:
    """Raises `Refusal` where a file of targets gives rivals nothing to be told apart by."""
    keys = [scenario.key for scenario in targets.effects]
    if not any(key in SCENARIOS for key in keys) or not any(t.measure == STAYING for t in targets.targets):
        raise refusal(
            "--rivals needs scenarios whose effects differ and a target of people who stay long",
            file=targets.file,
            path=("effects",),
            allowed=f"one of {', '.join(SCENARIOS)} among the effects, and a target with measure: {STAYING}",
        )


def _reduced(whole: Proposal, names: list[str], pins: Mapping[str, float], widths: float) -> Proposal:
    """The model's proposal for a rival: without the weights that it holds, and for quantiles of its own
    widths.
    """
    kept = [i for i, name in enumerate(names) if name not in pins]
    return replace(whole, slopes=widths * whole.slopes[:, kept])


def _told(name: str, bank: Bank, proposal: Proposal, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of one rival."""
    targets = bank.targets
    z = bank.z[table["point"].to_numpy()]
    problem = problem_of(targets, table, z, proposal.importance(z))
    found = fit(problem, KEPT)
    columns = effect_names(targets)
    effects = table[columns].to_numpy(float)
    rows = effects_table(found, effects, effects, columns)
    late = next(t for t in targets.targets if t.measure == STAYING)
    staying = quantiles_of(table[late.id].to_numpy(float)[found.rows][:, None], found.weights)[:, 0]
    holds = float(problem.importance @ problem.factor / problem.importance.sum())
    return pd.DataFrame(
        {
            "rival": name,
            "scenario": rows["scenario"],
            "measure": rows["measure"],
            "low": rows["posterior_low"],
            "median": rows["posterior_median"],
            "high": rows["posterior_high"],
            "positive": rows["posterior_positive"],
            "effective": found.effective,
            "ranges": holds,
            "staying_low": staying[0],
            "staying_median": staying[1],
            "staying_high": staying[2],
        }
    )
