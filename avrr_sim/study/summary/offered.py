"""What became of the offers: who took them, and what they cost."""

from __future__ import annotations

import pandas as pd

from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.summary.statistics import by_draw, interval, mean_of, monte_carlo_error
from avrr_sim.study.summary.tables import framed


def offers_of(plan: Plan, results: Results) -> pd.DataFrame:
    """The table `offers`: each run's totals, averaged over replicates and draws, with the uncertainty
    interval over draws; a row for every offer of every scenario and every item, none where no scenario has an
    offer.
    """
    table = results.offers
    if not table.labels:
        return framed("offers")
    named = {name: table.label(name) for name in table.columns.labels}
    frames = []
    for k, (key, scenario) in enumerate(zip(plan.keys, plan.scenarios, strict=True)):
        values = table["value"][k]
        low, high = interval(by_draw(values))
        columns = {"value": mean_of(values), "low": low, "high": high, "mc_error": monte_carlo_error(values)}
        frame = pd.DataFrame({"scenario": key, **named, **columns})
        frames.append(frame[frame["offer"].isin([offer.name for offer in scenario.offers])])
    return framed("offers", pd.concat(frames))
