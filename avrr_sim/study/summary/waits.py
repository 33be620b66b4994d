"""How long people wait: quantiles of the months from arrival to the first application, and from application
to departure.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from avrr_sim.measured import ALL
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.summary.statistics import by_draw, interval, mean_of
from avrr_sim.study.summary.tables import framed


def waits_of(plan: Plan, results: Results) -> pd.DataFrame:
    """The table `waits`: each run's quantiles, averaged over replicates and draws, with the uncertainty
    interval over draws.
    """
    waits = results.waits
    named = {name: waits.label(name) for name in waits.columns.labels}
    frames = []
    for k, (key, scenario) in enumerate(zip(plan.keys, plan.scenarios, strict=True)):
        values = waits["months"][k]
        units = np.nan_to_num(np.nanmedian(waits["units"][k], axis=(-2, -1)))
        low, high = interval(by_draw(values))
        suppressed = units < scenario.minimum_cell
        columns = {"value": mean_of(values), "low": low, "high": high, "suppressed": suppressed}
        frame = pd.DataFrame({"scenario": key, **named, **columns})
        frame.loc[suppressed, ["value", "low", "high"]] = np.nan
        frames.append(frame[(units > 0) | (frame["group_by"] == ALL).to_numpy()])
    return framed("waits", pd.concat(frames))
