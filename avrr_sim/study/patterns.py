"""Patterns of the literature read off the model: hit, missed or not decidable, each labelled imposed or emerging.

    python -m avrr_sim.study.patterns        prints the table of docs/patterns.md

A pattern is tried in every one of a number of draws from the priors; its probability is the share of draws in which it holds. HIT and MISS
are cut at stated probabilities. *Imposed*: the direction was put in (a fixed sign, a form, an amount). *Emerging*: no single one settles it.
Nothing is calibrated. A hit on an imposed pattern shows that the mechanism works, not that the world is so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from avrr_sim.dates import month_number
from avrr_sim.engines import table
from avrr_sim.engines.world import World, build_world
from avrr_sim.evidence import draw_weights
from avrr_sim.migrant import ASSISTED, BUSINESS, GOODS_SOLD, NEVER, OBLIGED_AFTER, PRESENT, TIER_A, TIER_B, UNREGISTERED
from avrr_sim.outcomes import outcomes_of
from avrr_sim.programme import unknowns_of
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.setting import programmes_of

HIT, MISS = 0.75, 0.25
"""A pattern is hit where it holds in at least this share of draws, missed where in at most that; in between it is not decidable."""

FEW = 0.05  # "very few", "relatively few": share of all assisted departures, a reading
MOST, SOME = 0.5, 0.0  # "most", "some", "few succeed" (under MOST): readings
NO_RISE = 0.05  # "does not raise": less than this share of the level, a reading


@dataclass
class Life:
    """One run that has been lived: its final rows, measures, and the people present at each year's end by origin and status."""

    world: World
    stocks: dict[int, np.ndarray] = field(default_factory=dict)

    @cached_property
    def measures(self) -> dict[tuple[str, str, str], float]:
        """(group_by, group, measure) -> value."""
        return {row[:3]: row[3] for row in outcomes_of(self.world).measures()}

    def overall(self, measure: str) -> float:
        """A measure for everybody."""
        return self.measures["all", "all", measure]

    def of(self, origin: str, measure: str) -> float:
        """A measure for one origin; NaN where nobody is in it."""
        return self.measures.get(("origin", origin, measure), float("nan"))

    def assisted(self, origin: str | None, first: str, last: str) -> int:
        """Assisted departures (units) from month `first` to month `last`, of one origin or all."""
        rows, start = self.world.rows, self.world.scenario.start
        chosen = (rows["outcome"] == ASSISTED) & (rows["left_at"] >= month_number(first) - start) & (rows["left_at"] <= month_number(last) - start)
        if origin is not None:
            chosen &= rows["origin"] == self.world.scenario.origins.index(origin)
        return int(chosen.sum())

    def propensity(self, origin: str, first: int, last: int, status: int = OBLIGED_AFTER) -> float:
        """Assisted departures of an origin in the years `first` to `last`, per person present in a status at the years' ends."""
        o = self.world.scenario.origins.index(origin)
        stock = sum(self.stocks[year][o, status] for year in range(first, last + 1))
        rows, start = self.world.rows, self.world.scenario.start
        years = (rows["left_at"] + start) // 12
        left = (rows["outcome"] == ASSISTED) & (rows["origin"] == o) & (years >= first) & (years <= last) & (rows["status"] == status)
        return float(left.sum() / stock) if stock else float("nan")


def live(scenario: Scenario, seed: int, draw: int, size: int) -> Life:
    """Live a scenario in one draw."""
    weights = draw_weights(seed, draw, scenario.weights, unknowns_of(programmes_of(scenario)))
    life = Life(build_world(scenario, weights, seed, draw, 0, size))

    def watch(world: World) -> None:
        calendar = scenario.start + world.month - 1
        if calendar % 12 == 11:
            rows = world.rows
            here = (rows["outcome"] == PRESENT) & (rows["arrival"] < world.month)
            counts = np.zeros((len(scenario.origins), 5), np.int64)
            np.add.at(counts, (rows["origin"][here], rows["status"][here]), 1)
            life.stocks[calendar // 12] = counts

    table.run(life.world, watch)
    return life


@dataclass(frozen=True)
class Pattern:
    """One pattern: statement, label, the scenarios it needs, and the test of one draw (None: nothing in the model answers to it)."""

    id: str
    statement: str
    label: str
    needs: tuple[str, ...]
    holds: Callable[..., bool] | None
    reading: str


def _gap_of_hazards(life: Life) -> float:
    hazards = [life.of(o, "application_hazard") for o in life.world.scenario.origins]
    return float(np.std(np.log([h for h in hazards if h > 0])))  # NaN with nobody: then the pattern does not hold


def _forms(life: Life) -> np.ndarray:
    rows = life.world.rows
    return rows["form"][(rows["outcome"] == ASSISTED) & (rows["in_kind"] > 0)]


def _p21(life: Life) -> bool:
    rows = life.world.rows
    months = life.world.months
    back = (rows["outcome"] == ASSISTED) & (rows["left_at"] + 4 <= months) & (rows["applied_at"] != NEVER)
    cash, kind = back & (rows["cash"] > 0) & (rows["in_kind"] == 0), back & (rows["in_kind"] > rows["cash"])
    return bool(rows["coping_3"][cash].mean() > rows["coping_3"][kind].mean()) if cash.any() and kind.any() else False


def _mean_cash(life: Life, tier: int) -> float:
    rows = life.world.rows
    cash = rows["cash"][(rows["tier"] == tier) & (rows["applied_at"] != NEVER)]
    return float(cash.mean()) if len(cash) else float("nan")


def _p27(plain: Life, safe: Life) -> bool:
    one, two = (life.measures["status", "unregistered", "application_hazard"] for life in (plain, safe))
    rows = plain.world.rows
    return bool(np.any((rows["outcome"] == ASSISTED) & (rows["status"] == UNREGISTERED))) and one > two


PATTERNS = (
    Pattern("P07", "Withdrawing rights does not raise returns", "emerging", ("baseline-norway", "restrictions-withdrawn"),
            lambda base, changed: changed.overall("assisted_departures") < (1 + NO_RISE) * base.overall("assisted_departures"), "assisted departures rise by less than 5 %"),
    Pattern("P08", "Designated centres have serious unintended consequences", "imposed", ("baseline-norway", "designated-centres"),
            lambda base, changed: changed.overall("missing") > base.overall("missing"), "more people go missing"),
    Pattern("P09", "Introducing programmes is followed by more assisted returns", "imposed", ("norway-history", "no country programmes"),
            lambda history, without: history.assisted(None, "2006-01", "2015-12") > without.assisted(None, "2006-01", "2015-12"),
            "with the country programmes against without, the same people; the sign of support is fixed"),
    Pattern("P10", "Iraq: count and propensity both rise at introduction (2008)", "emerging", ("norway-history",),
            lambda h: h.assisted("iraq", "2008-01", "2009-12") > h.assisted("iraq", "2006-01", "2007-12") and h.propensity("iraq", 2008, 2009) > h.propensity("iraq", 2006, 2007),
            "2008-09 against 2006-07; security improves and arrivals rise in the same years"),
    Pattern("P11", "Afghanistan: count falls at introduction (2006), propensity of obliged people does not rise", "emerging", ("norway-history",),
            lambda h: h.assisted("afghanistan", "2006-01", "2007-12") < h.assisted("afghanistan", "2004-01", "2005-12")
            and not h.propensity("afghanistan", 2006, 2007) > h.propensity("afghanistan", 2004, 2005), "2006-07 against 2004-05"),
    Pattern("P12", "Ethiopia: relatively few, no growth after introduction (2012)", "emerging", ("norway-history",),
            lambda h: h.assisted("ethiopia", "2012-01", "2014-12") < FEW * h.assisted(None, "2012-01", "2014-12")
            and h.assisted("ethiopia", "2012-01", "2014-12") <= h.assisted("ethiopia", "2009-01", "2011-12"), "under 5 % of all; 2012-14 against 2009-11"),
    Pattern("P13", "Somalia: very few", "emerging", ("norway-history",),
            lambda h: h.assisted("somalia", "2014-01", "2015-12") < FEW * h.assisted(None, "2014-01", "2015-12"), "under 5 % of all, 2014-15"),
    Pattern("P14", "Kosovo: high return rate", "emerging", ("norway-history",),
            lambda h: h.of("kosovo", "application_hazard") >= np.nanquantile([h.of(o, "application_hazard") for o in h.world.scenario.origins], 0.75),
            "hazard of applying in the top quarter of origins; that applications were strategic was suspected, and nothing here can tell"),
    Pattern("P15", "Countries differ more than cash matters", "emerging", ("baseline-norway", "cash-doubled"),
            lambda base, cash: _gap_of_hazards(base) > abs(np.log(cash.overall("application_hazard") / base.overall("application_hazard"))),
            "spread of log hazards between origins against the log effect of twice the cash"),
    Pattern("P21", "Cash is more useful than support in kind: it eases the first phase", "imposed", ("baseline-norway",), _p21,
            "coping after three months, mostly cash against mostly in kind; those with in-kind support are the vulnerable"),
    Pattern("P22", "Most in-kind support goes into a business, few succeed, some sell the goods", "imposed", ("baseline-norway",),
            lambda b: len(_forms(b)) > 0 and float(np.mean(_forms(b) == BUSINESS)) > MOST and bool(np.any(_forms(b) == GOODS_SOLD)) and b.overall("income_12") < MOST, "form weights"),
    Pattern("P23", "Returnees name other reasons than support", "-", (), None, "what returnees say is not modelled; it would not show that support has no effect"),
    Pattern("P24", "Ethiopian cases take longer, for the embassy is abroad", "imposed", ("baseline-norway", "embassy at home"),
            lambda base, home: base.of("ethiopia", "months_in_process") > base.overall("months_in_process")
            and home.of("ethiopia", "months_in_process") < base.of("ethiopia", "months_in_process"), "and no longer where the embassy is moved; no flag names Ethiopia"),
    Pattern("P25", "Returnees to Iraq and Somalia fare better than those to Afghanistan and Ethiopia", "emerging", ("norway-history",),
            lambda h: min(h.of("iraq", "coping_12"), h.of("somalia", "coping_12")) > max(h.of("afghanistan", "coping_12"), h.of("ethiopia", "coping_12")),
            "coping after twelve months stands in for satisfaction; the source warns against comparing"),
    Pattern("P26", "Applying late gives less cash", "imposed", ("baseline-norway",),
            lambda b: _mean_cash(b, TIER_B) < _mean_cash(b, TIER_A), "mean cash promised in tier B against A"),
    Pattern("P27", "Irregular migrants outside the asylum system use it as an alternative to deportation", "imposed", ("baseline-norway", "no removal"), _p27,
            "never-registered people apply, and less where nobody is removed"),
    Pattern("P28", "Misunderstandings about identity papers make applications fail", "imposed", ("baseline-norway", "clear papers"),
            lambda base, clear: clear.overall("ended_documents") < base.overall("ended_documents"), "fewer fail where the requirements are made fully clear"),
)

_VARIANTS = {
    "no country programmes": ("norway-history", {"country_programmes": []}),
    "embassy at home": ("baseline-norway", {"series": {"ethiopia": {"embassy_abroad": 0}}}),
    "no removal": ("baseline-norway", {"levers": {"removal_level": 0}}),
    "clear papers": ("baseline-norway", {"levers": {"document_guidance": 1}}),
}


def scenarios_for(folder: Path) -> dict[str, Scenario]:
    """Every scenario that the patterns need: those of a folder, and variants of them."""
    found: dict[str, Scenario] = {}
    for name in {need for pattern in PATTERNS for need in pattern.needs}:
        base, changes = _VARIANTS.get(name, (name, None))
        scenario = load_scenario(folder / f"{base}.yaml")
        found[name] = scenario.vary(**changes, name=name) if changes else scenario
    return found


def verdicts(folder: Path, draws: int = 24, size: int = 20_000, seed: int = 1) -> list[dict]:
    """One dict a pattern: pattern, probability (share of draws in which it holds; None where not modelled), verdict."""
    scenarios = scenarios_for(folder)
    held: dict[str, list[bool]] = {pattern.id: [] for pattern in PATTERNS if pattern.holds}
    for draw in range(draws):
        lives = {name: live(scenario, seed, draw, size) for name, scenario in sorted(scenarios.items())}
        for pattern in PATTERNS:
            if pattern.holds:
                held[pattern.id].append(bool(pattern.holds(*(lives[name] for name in pattern.needs))))
    rows = []
    for pattern in PATTERNS:
        share = float(np.mean(held[pattern.id])) if pattern.holds else None
        verdict = "not decidable" if share is None or MISS < share < HIT else "hit" if share >= HIT else "missed"
        rows.append({"pattern": pattern, "probability": share, "verdict": verdict})
    return rows


def markdown(rows: list[dict]) -> str:
    """The verdicts as a Markdown table."""
    lines = ["| pattern | statement | verdict | holds in draws | label | reading |", "|---|---|---|---|---|---|"]
    for row in rows:
        p, share = row["pattern"], row["probability"]
        lines.append(f"| {p.id} | {p.statement} | **{row['verdict']}** | {'-' if share is None else f'{100 * share:.0f} %'} | {p.label} | {p.reading} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown(verdicts(Path("scenarios"))))
