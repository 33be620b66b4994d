"""What the fit would be if something of it were otherwise: discrepancies halved or doubled, a year or a
figure left out. All of them are answered by the emulator, as the checks of the method are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from avrr_sim.study.calibration.emulator import FINE, Emulator, sums_in_one_order
from avrr_sim.study.calibration.likelihood import Likelihood
from avrr_sim.study.calibration.sampler import draw
from avrr_sim.study.calibration.space import DUMMIES
from avrr_sim.study.calibration.waves import Known, hash_of
from avrr_sim.study.folder.chunks import Chunks, cut
from avrr_sim.study.folder.frame import Block, Work
from avrr_sim.study.folder.identity import digest_of
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.study.summary.statistics import INTERVAL

TOLERANCES = (0.5, 1.0, 2.0)
"""By how much discrepancies are multiplied."""
DRAWS, FEWEST = 3000, 300
BEYOND = 3.0
"""Standard deviations by which a weight must contract more than the mean of dummies, to be called
informed.
"""
FOLDER = "inquiries"
ENDS = ((1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2)
_INQUIRY = 0x5A


@dataclass(frozen=True)
class Inquiry:
    """A fit to be made by the emulator alone, of `draws` draws in so many columns; asked: with what is not
    known of the world's figures where the emulator tells them.
    """

    emulator: Emulator
    asked: Likelihood
    width: int
    draws: int
    seed: tuple[int, ...]


def answer_inquiry(inquiry: Inquiry) -> dict[str, np.ndarray]:
    """spread (width,): standard deviation of every weight and dummy; figures (targets x draws,): what the
    draws say of every target, on its scale, target by target.
    """
    sums_in_one_order()
    chance = np.random.default_rng(inquiry.seed)
    start = chance.standard_normal((inquiry.draws, inquiry.width))
    drawn = draw(inquiry.emulator, start, inquiry.asked, chance)
    figures = inquiry.asked.seen(drawn.figures, chance)
    return {"spread": drawn.z.std(axis=0), "figures": figures.T.ravel()}


@dataclass(frozen=True)
class Inquired:
    """What was asked, by name: spreads (width,) and figures (draws, targets) on their scales."""

    spreads: dict[str, np.ndarray]
    figures: dict[str, np.ndarray]

    def contraction(self, factor: float) -> np.ndarray:
        """(width,) 1 - standard deviation of every weight and dummy at a tolerance."""
        return 1.0 - self.spreads[_tolerance(factor)]


def _tolerance(factor: float) -> str:
    return f"discrepancies x {factor:g}"


def left_out_years(targets: Sequence[PublishedFigure]) -> dict[int, list[int]]:
    """Columns of the figures that lie in one year, by year, where other years of their series stay: of the
    years of series in which at least two series have figures, the last three.
    """
    found: dict[int, list[int]] = {}
    for i, each in enumerate(targets):
        if each.fitted and not each.ratio and each.first // 12 == each.last // 12:
            found.setdefault(each.first // 12, []).append(i)
    several = {
        year: at
        for year, at in found.items()
        if len({targets[i].series for i in at if targets[i].series}) > 1
    }
    return dict(sorted(several.items())[-3:])


def questions(known: Known) -> dict[str, Likelihood]:
    """Everything that is asked, by name."""
    asked, targets = known.told(), known.targets.targets
    found = {_tolerance(factor): asked.scaled(factor) for factor in TOLERANCES}
    found |= {f"without {year}": asked.without(at) for year, at in left_out_years(targets).items()}
    for at in asked.at.tolist():
        others = [j for j in asked.at.tolist() if _together(targets[at], targets[j])]
        if len(others) < len(asked.at):
            found.setdefault(f"without {_path(targets[at])}", asked.without(others))
    return found


def _path(target: PublishedFigure) -> str:
    return target.series or target.id


def _together(one: PublishedFigure, other: PublishedFigure) -> bool:
    """Whether two figures fall together: those of a measure share their faults."""
    return one.measure == other.measure if one.series or other.series else one.id == other.id


def inquire(known: Known, work: Work) -> Inquired:
    """Make or go on with all inquiries."""
    asked, targets = questions(known), known.targets
    names, width = list(asked), len(known.active) + DUMMIES
    draws = max(min(DRAWS, targets.close_points), FEWEST)
    cases = [
        Inquiry(known.emulator, asked[name], width, draws, (targets.seed, _INQUIRY, i))
        for i, name in enumerate(names)
    ]
    hashes = {name: hash_of(asked[name]) for name in names}
    way = {"care": asdict(FINE), "draws": draws}
    digest = digest_of({"before": known.hash, "asked": hashes, **way})
    chunks, every = Chunks(work.folder / FOLDER, digest, derived=True), cut(range(len(cases)), 2)
    work.run_some(
        Block(
            every,
            work.good_chunks(chunks),
            task_of=cases.__getitem__,
            worker=answer_inquiry,
            named=lambda number: {"scenario": FOLDER, "draw": number, "replicate": 0},
            write=lambda number, done, failed: chunks.write(number, _rows(done), failed),
            unit="fits of other questions",
        )
    )
    table = pa.concat_tables(chunks.tables(list(every), ("case", "spread", "figures")))
    spreads, figures = {}, {}
    for case, spread, told in zip(*(table[name].to_pylist() for name in table.column_names), strict=True):
        spreads[names[case]] = np.array(spread)
        figures[names[case]] = np.array(told).reshape(len(targets.targets), draws).T
    return Inquired(spreads, figures)


def _rows(done: list[tuple[int, dict[str, np.ndarray]]]) -> pa.Table:
    kind = pa.list_(pa.float64())
    return pa.table(
        {
            "case": pa.array([number for number, _ in done], pa.int64()),
            **{
                name: pa.array([found[name].tolist() for _, found in done], kind)
                for name in ("spread", "figures")
            },
        }
    )


def informed_weights(known: Known, found: Inquired) -> tuple[pd.DataFrame, list[str]]:
    """(one row a tolerance: tolerance, threshold, informed (number of weights), names; the weights that are
    informed at every one).
    """
    acting = [known.space.names[i] for i in known.active]
    rows, every = [], set(acting)
    for factor in TOLERANCES:
        gain = found.contraction(factor)
        bar = threshold_of(gain[len(acting) :])
        names = [name for name, each in zip(acting, gain, strict=False) if each > bar]
        every &= set(names)
        rows.append((factor, bar, len(names), ", ".join(names)))
    table = pd.DataFrame(rows, columns=["tolerance", "threshold", "informed", "names"])
    return table, [name for name in acting if name in every]


def threshold_of(dummies: np.ndarray) -> float:
    """The contraction from which on a weight counts as informed, by that of dummies."""
    return float(dummies.mean() + BEYOND * dummies.std(ddof=1))


def tension_table(known: Known, found: Inquired) -> pd.DataFrame:
    """One row a figure: what figures of other measures predict for it, without it and its series. id, figure,
    role, published; low, median, high: predictive interval, errors included; pull: distance of the published
    figure from their median, in standard deviations of the prediction on the target's scale.
    """
    rows = []
    targets = known.targets.targets
    for i, target in enumerate(targets):
        name = f"without {_path(target)}"
        if target.ranged or name not in found.figures:
            name = _tolerance(1.0)
        if target.ranged or (target.fitted and name == _tolerance(1.0)):
            continue
        rows.append(_predicted(target, found.figures[name][:, i], known.targets.seed))
    return pd.DataFrame(rows)


def left_out_table(known: Known, found: Inquired) -> pd.DataFrame:
    """One row a figure of a year that was left out: year, and the columns of `tension_table`; inside: whether
    the published figure lies in the interval. What other years of its series say of the discrepancy that all
    share is made use of.
    """
    targets = known.targets.targets
    rows = []
    for year, at in left_out_years(targets).items():
        figures = found.figures[f"without {year}"]
        for i in at:
            common = _shared_told(known.asked, figures, i, at)
            row = _predicted(targets[i], figures[:, i], known.targets.seed, common)
            inside = float(row["low"]) <= float(row["published"]) <= float(row["high"])
            rows.append({"year": year, **row, "inside": inside})
    return pd.DataFrame(rows, columns=LEFT_OUT)


LEFT_OUT = ["year", "id", "figure", "role", "published", "low", "median", "high", "pull", "inside"]


def _shared_told(
    asked: Likelihood, figures: np.ndarray, i: int, without: Sequence[int]
) -> tuple[np.ndarray, float] | None:
    """What the published figures of other years of a series say of the discrepancy shared with figure i, on
    its scale: mean for each of `figures` (draws, targets), and the variance that is left; None for a figure
    that is not fitted.
    """
    here = np.flatnonzero(asked.at == i)
    if not len(here):
        return None
    own = int(here[0])
    others = [
        k
        for k in range(len(asked.at))
        if k != own and asked.blocks[k] == asked.blocks[own] and asked.at[k] not in without
    ]
    alone = asked.error[others] ** 2 + asked.own[others] ** 2
    precision = 1.0 + float(np.sum(asked.shared[others] ** 2 / alone))
    gaps = asked.published[others] - figures[:, asked.at[others]]
    mean = gaps @ (asked.shared[others] / alone) / precision
    return asked.shared[own] * mean, float(asked.shared[own] ** 2 / precision)


def _predicted(
    target: PublishedFigure,
    figures: np.ndarray,
    seed: int,
    common: tuple[np.ndarray, float] | None = None,
) -> dict[str, Any]:
    """`common`: what is known of the discrepancy that is shared, None for nothing."""
    chance = np.random.default_rng([seed, _INQUIRY, *target.id.encode()])
    shared = (target.shared * target.slope) ** 2
    mean, variance = (np.zeros(len(figures)), shared) if common is None else common
    alone = target.spread**2 - shared
    said = figures + mean + np.sqrt(alone + variance) * chance.standard_normal(len(figures))
    low, median, high = np.quantile(said, ENDS)
    return {
        "id": target.id,
        "figure": target.figure,
        "role": target.role,
        "published": target.low,
        "low": float(target.off_scale(low)),
        "median": float(target.off_scale(median)),
        "high": float(target.off_scale(high)),
        "pull": float((target.on_scale(target.low) - median) / said.std()),
    }
