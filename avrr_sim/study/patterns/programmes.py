"""P09 to P15, P26 and P27: what programmes do, country by country, and who applies outside the asylum
system.
"""

from __future__ import annotations

import math

import numpy as np

from avrr_sim.migrant import OBLIGED_AFTER, TIER_A, TIER_B, UNREGISTERED
from avrr_sim.study.patterns.pattern import EMERGING, IMPOSED, Pattern
from avrr_sim.study.patterns.statistic import CLEARLY, NO_RISE, PRESUMED, View, least, log_ratio, ratio

FEW = 0.05
"""Tolerance of "very few" and "relatively few": this share of all assisted departures. A reading."""
HIGH = 0.75
"""Tolerance of "high": above this quantile of the other origins. A reading."""
AT_ALL = math.log(0.1)
"""Tolerance of "use it": at least a tenth of everybody's hazard of applying. A reading."""


PROGRAMMES = ("afghanistan", "iraq", "ethiopia", "somalia", "kosovo")
"""Origins that got a programme of their own."""


def growth(view: View, origin: str, before: tuple[int, int], after: tuple[int, int]) -> float:
    """Log ratio of assisted departures in the years `after` to those in the years `before`; NaN where nobody
    departed in either.
    """
    later, earlier = view.departed(origin, *after), view.departed(origin, *before)
    return log_ratio(later, earlier, PRESUMED) if later or earlier else math.nan


def growth_of_propensity(view: View, origin: str, before: tuple[int, int], after: tuple[int, int]) -> float:
    """Log ratio of assisted departures per person whose deadline has passed, both years' ends of a period
    taken together; NaN where nobody departed.
    """
    (later, people_later), (earlier, people_earlier) = (
        [of(origin, OBLIGED_AFTER, *years) for of in (view.departed_from, view.stock)]
        for years in (after, before)
    )
    if not later and not earlier:
        return math.nan
    return log_ratio(later, earlier, PRESUMED) - log_ratio(people_later, people_earlier, PRESUMED)


def programmes_raise(history: View, without: View) -> float:
    """P09: the smaller log ratio of assisted departures 2006-2015 and of the hazard of applying, origins with
    a programme, less the tolerance.
    """
    with_them, without_them = (
        sum(view.departed(origin, 2006, 2015) for origin in PROGRAMMES) for view in (history, without)
    )
    hazards = log_ratio(history.hazard(PROGRAMMES), without.hazard(PROGRAMMES))
    return least([log_ratio(with_them, without_them, PRESUMED), hazards]) - CLEARLY


def iraq_rises(history: View) -> float:
    """P10: the smaller log growth of count and of propensity, 2008-09 against 2006-07."""
    periods = ((2006, 2007), (2008, 2009))
    return least([growth(history, "iraq", *periods), growth_of_propensity(history, "iraq", *periods)])


def afghanistan_falls(history: View) -> float:
    """P11: the smaller of the log fall of the count and what is left of five per cent after the log growth of
    propensity, 2006-07 against 2004-05.
    """
    periods = ((2004, 2005), (2006, 2007))
    return least(
        [
            -growth(history, "afghanistan", *periods),
            NO_RISE - growth_of_propensity(history, "afghanistan", *periods),
        ]
    )


def few_of(view: View, origin: str, first: int, last: int) -> float:
    """Log of how far an origin's assisted departures stay under FEW of all."""
    return log_ratio(FEW * view.departed(None, first, last), view.departed(origin, first, last), PRESUMED)


def ethiopia_stays_few(history: View) -> float:
    """P12: the smaller of how few Ethiopians depart, and what is left of five per cent after the log growth,
    2012-14 against 2009-11.
    """
    return least(
        [
            few_of(history, "ethiopia", 2012, 2014),
            NO_RISE - growth(history, "ethiopia", (2009, 2011), (2012, 2014)),
        ]
    )


def somalia_very_few(history: View) -> float:
    """P13: how far Somali departures of 2014-15 stay under the tolerance, as a log ratio."""
    return few_of(history, "somalia", 2014, 2015)


def hazards_by_origin(view: View) -> dict[str, float]:
    """Hazard of applying of every origin with more than a few people at risk."""
    found = {origin: view.hazard(origin) for origin in view.large()}
    return {origin: hazard for origin, hazard in found.items() if hazard > 0.0}


def kosovo_is_high(history: View) -> float:
    """P14: log ratio of Kosovo's hazard of applying to the upper quartile of the other origins'."""
    hazards = hazards_by_origin(history)
    others = [hazard for origin, hazard in hazards.items() if origin != "kosovo"]
    return log_ratio(
        hazards.get("kosovo", math.nan), float(np.quantile(others, HIGH)) if others else math.nan
    )


def countries_differ_more(base: View, doubled: View) -> float:
    """P15: standard deviation of log hazards over origins, less the log effect of twice the cash."""
    spread = float(np.std(np.log(list(hazards_by_origin(base).values()))))
    return spread - abs(log_ratio(doubled.hazard(), base.hazard()))


def late_gives_less(base: View) -> float:
    """P26: log ratio of the mean cash promised a person, tier A to tier B, less the tolerance."""
    before, after = (ratio(base["cash_promised"][tier], base["promised"][tier]) for tier in (TIER_A, TIER_B))
    return log_ratio(before, after) - CLEARLY


def alternative_to_deportation(base: View, no_removal: View) -> float:
    """P27: the smaller of how far never-registered people's hazard exceeds a tenth of everybody's, and its
    log rise for fear of removal.
    """
    hazard = base.hazard(status=UNREGISTERED)
    return least(
        [
            log_ratio(hazard, base.hazard()) - AT_ALL,
            log_ratio(hazard, no_removal.hazard(status=UNREGISTERED)) - CLEARLY,
        ]
    )


PATTERNS = (
    Pattern(
        "P09",
        "Introducing programmes is followed by more assisted returns, and a higher propensity",
        IMPOSED,
        ("norway-history", "no country programmes"),
        programmes_raise,
        "log ratio, the smaller of count and hazard of applying; tolerance 1 per cent",
        (
            "origins with a programme of their own, history with the programmes against without, the "
            "same people; the sign of support is fixed"
        ),
    ),
    Pattern(
        "P10",
        "Iraq: count and propensity both rise at introduction (2008)",
        EMERGING,
        ("norway-history",),
        iraq_rises,
        "log growth, the smaller of both",
        "2008-09 against 2006-07; security improves and arrivals rise in the same years",
    ),
    Pattern(
        "P11",
        "Afghanistan: count falls at introduction (2006), propensity of people under an order does not rise",
        EMERGING,
        ("norway-history",),
        afghanistan_falls,
        "log fall, or log growth below +5 per cent, the smaller",
        "2006-07 against 2004-05",
    ),
    Pattern(
        "P12",
        "Ethiopia: relatively few, no growth after introduction (2012)",
        EMERGING,
        ("norway-history",),
        ethiopia_stays_few,
        "log ratio below 5 per cent of all, or log growth below +5 per cent, the smaller",
        "2012-14 against 2009-11; the amounts are unknown",
    ),
    Pattern(
        "P13",
        "Somalia: very few",
        EMERGING,
        ("norway-history",),
        somalia_very_few,
        "log ratio below 5 per cent of all",
        "2014-15",
    ),
    Pattern(
        "P14",
        "Kosovo: high return rate",
        EMERGING,
        ("norway-history",),
        kosovo_is_high,
        "log ratio to the upper quartile of the other origins' hazards",
        (
            "chance of applying 2004-2015; that applications were for the support's sake was "
            "suspected, and nothing here can tell"
        ),
    ),
    Pattern(
        "P15",
        "Countries differ more than cash matters",
        EMERGING,
        ("baseline-norway", "cash-doubled"),
        countries_differ_more,
        "standard deviation of log hazards over origins, less the log effect of twice the cash",
        "spread between origins against twice the cash for everybody",
    ),
    Pattern(
        "P26",
        "Applying late gives less cash",
        IMPOSED,
        ("baseline-norway",),
        late_gives_less,
        "log ratio of cash promised a person; tolerance 1 per cent",
        (
            "tier B against A, by the programme's amounts; after the obligatory date (factsheet) and "
            "under an order (review) are one status here"
        ),
    ),
    Pattern(
        "P27",
        "Irregular migrants outside the asylum system use it as an alternative to deportation",
        IMPOSED,
        ("baseline-norway", "no removal"),
        alternative_to_deportation,
        "log hazard ratio, the smaller of two; tolerance: a tenth of everybody's hazard, and 1 per cent",
        "never-registered people apply, and less where nobody is removed; the sign of the threat is fixed",
    ),
)
