"""The table of docs/validation.md on patterns and ranks that the fitted model does not make: are the rules at
fault, the input, or is it that too few people are counted? Each is tried as validated, with more people, and
with the security that was judged before there was a record of it.

    python -m avrr_sim.documents.looked_into          prints it
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from avrr_sim.dates import month_text
from avrr_sim.documents.markdown import markdown_table
from avrr_sim.documents.world_judged import judged_steps
from avrr_sim.scenario import Scenario
from avrr_sim.study.jobs.executor import in_order
from avrr_sim.study.jobs.plan import make_plan
from avrr_sim.study.patterns.catalogue import PATTERNS, result_of
from avrr_sim.study.patterns.lives import Lives
from avrr_sim.study.patterns.statistic import Statistic, statistic_of
from avrr_sim.study.patterns.worlds import base_world
from avrr_sim.study.validation.check_figures import CHECKS, nearness

ASKED = ("P04", "P06", "P10", "P11", "P12", "P13", "P21", "P25")
RANKS = "T06"
SEED, DRAWS, SIZE = 1, 30, 8000
MORE = 6  # times the people
SWAPPED = "shocks, security swapped"


def _steps(series: Mapping[int, float], start: int) -> list[dict[str, Any]]:
    """Steps of a judged series from a month on, as a scenario file writes them."""
    before = max((month for month in series if month <= start), default=min(series))
    later = {month: value for month, value in series.items() if month > start}
    return [
        {"from": month_text(month), "value": value}
        for month, value in {start: series[before], **later}.items()
    ]


class JudgedLives(Lives):
    """Lives under the security of origins that was judged, where it was; the record's elsewhere."""

    def scenario(self, name: str) -> Scenario:
        """The scenario of a world, with that security."""
        plain, judged = super().scenario(name), judged_steps()
        if name == SWAPPED:
            judged["iraq"], judged["afghanistan"] = judged["afghanistan"], judged["iraq"]
        series = {
            origin: {"security": _steps(steps, plain.start)}
            for origin, steps in judged.items()
            if origin in plain.origins
        }
        return plain.vary(series=series)


def statistics(lives: Lives) -> dict[str, Statistic]:
    """Statistic of every pattern that is asked, and of the ranks, in one draw."""
    found = {name: result_of(PATTERNS[name], lives) for name in ASKED}
    check = next(check for check in CHECKS if check.id.startswith(RANKS))
    found[RANKS] = statistic_of(partial(nearness, check), [lives.life(check.scenario)])
    return found


WAYS: Mapping[str, tuple[type[Lives], int]] = {
    "as validated": (Lives, SIZE),
    f"{MORE} times the people": (Lives, MORE * SIZE),
    "security as judged": (JudgedLives, SIZE),
    "both": (JudgedLives, MORE * SIZE),
}


def table(draws: int = DRAWS, weights: str = "posterior") -> str:
    """Share of draws in which each holds, and is clear, in every way of looking."""
    plan = make_plan([base_world("baseline-norway")], draws=draws, replicates=1, seed=SEED, weights=weights)
    columns: list[dict[str, str]] = []
    for kind, size in WAYS.values():

        def one(draw: int, kind: type[Lives] = kind, size: int = size) -> dict[str, Statistic]:
            return statistics(kind(plan.weights_of(draw, None), SEED, draw, size))

        found: list[dict[str, Statistic]] = []
        for _, result, error in in_order(one, list(range(draws))):
            if error is not None:
                raise error
            found.append(result)
        columns.append({name: _told([each[name] for each in found]) for name in found[0]})
    names = [*ASKED, RANKS]
    rows = [[name, *(column[name] for column in columns)] for name in names]
    return markdown_table(["pattern", *WAYS], rows)


def _told(of_draws: list[Statistic]) -> str:
    holds = float(np.mean([each.holds for each in of_draws]))
    clear = float(np.mean([each.clear for each in of_draws]))
    return f"{100 * holds:.0f} % (clear {100 * clear:.0f} %)"


if __name__ == "__main__":
    print(table())
