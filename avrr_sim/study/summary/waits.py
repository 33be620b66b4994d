"""How long people wait: quantiles of the months from arrival to the first application, and from application
to departure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from avrr_sim.outcomes import group_names
from avrr_sim.study.jobs.waits import QUANTILES, WAITS
from avrr_sim.study.summary.statistics import by_draw, interval, mean_of, stack
from avrr_sim.study.summary.tables import framed

if TYPE_CHECKING:
    from avrr_sim.study.jobs.plan import Plan
    from avrr_sim.study.jobs.results import JobResult


def waits_of(plan: Plan, results: Sequence[JobResult]) -> pd.DataFrame:
    """The table `waits`: each run's quantiles, averaged over replicates and draws, with the uncertainty
    interval over draws.
    """
    frames = []
    for k, (key, scenario) in enumerate(zip(plan.keys, plan.scenarios, strict=True)):
        groups = group_names(scenario)
        values = stack(plan, results, lambda r, k=k: r.waits[k][0])
        cell = np.nan_to_num(
            np.nanmedian(stack(plan, results, lambda r, k=k: r.waits[k][1].astype(float)), axis=(-2, -1))
        )
        low, high = interval(by_draw(values))
        shape = (len(WAITS), len(groups), len(QUANTILES))
        index = pd.MultiIndex.from_product(
            [WAITS, range(len(groups)), QUANTILES], names=["what", "group", "quantile"]
        ).to_frame(index=False)
        frame = pd.DataFrame(
            {
                "scenario": key,
                "what": index["what"],
                "group_by": [groups[i][0] for i in index["group"]],
                "group": [groups[i][1] for i in index["group"]],
                "quantile": index["quantile"],
                "value": mean_of(values).ravel(),
                "low": low.ravel(),
                "high": high.ravel(),
                "suppressed": np.broadcast_to((cell < scenario.minimum_cell)[..., None], shape).ravel(),
            }
        )
        seen = np.broadcast_to((cell > 0)[..., None], shape).ravel()
        frame.loc[frame["suppressed"], ["value", "low", "high"]] = np.nan
        frames.append(frame[seen | (frame["group_by"] == "all").to_numpy()])
    return framed("waits", pd.concat(frames))
