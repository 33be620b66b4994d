"""P01 to P08: security and networks at the origin, the threat of removal, and restrictions."""

from __future__ import annotations

import math

from avrr_sim.migrant import CENTRE, PRIVATE
from avrr_sim.study.patterns.pattern import EMERGING, IMPOSED, Pattern
from avrr_sim.study.patterns.statistic import CLEARLY, NO_RISE, View, least, log_ratio, ratio

NOTABLY = math.log(1.1)
"""Tolerance of "varies": a tenth."""
HARDLY = math.log(2.0)
"""Tolerance of "hardly until": at least twice the hazard when removal is certain. A reading."""
A_FRACTION = 0.5
"""Tolerance of "not where it is not liveable": at most this part of the effect where it is. A reading."""
HALF_OF_THE_RISE = 0.5
"""A threshold: more than half of the rise lies in the upper half of the risk; a straight line gives just
half.
"""


def security_moves_uptake(base: View, better: View, worse: View) -> float:
    """P01: the least log ratio, over groups and both directions, of the hazard of applying, less the
    tolerance.
    """
    groups: list[tuple[str | None, int | None]] = [
        (origin, None)
        for origin in base.large()
        if all(view.open_throughout(origin) for view in (base, better, worse))
    ]
    groups += [(None, abode) for abode in (CENTRE, PRIVATE)]
    changes: list[float] = []
    for group in groups:
        lower, middle, upper = (view.hazard(*group) for view in (worse, base, better))
        if middle > 0.0:  # a group without anybody at risk says nothing
            changes += [log_ratio(upper, middle), log_ratio(middle, lower)]
    return least(changes) - CLEARLY


def network_moves_uptake(base: View) -> float:
    """P02: log ratio of hazards of applying, more network than the mean of the own origin against less,
    origins pooled (Mantel and Haenszel 1959).
    """
    people, events = base["at_risk_by_network"], base["applying_by_network"]
    total = people.sum(axis=1)
    here = total > 0
    more = (events[here, 1] * people[here, 0] / total[here]).sum()
    less = (events[here, 0] * people[here, 1] / total[here]).sum()
    return abs(log_ratio(more, less)) - NOTABLY


def shock(view: View, column: int, origin: str | None = None) -> float:
    """Log hazard ratio over six months after one more removal seen in the centre; column 1: of applying, 2:
    of moving on or going under.
    """
    table = view["shock"] if origin is None else view["shock"][:, :, [view.place(origin)]]
    people, events = table[:, 0].sum(axis=-1), table[:, column].sum(axis=-1)
    return log_ratio(ratio(events[1], people[1]), ratio(events[0], people[0]))


def removal_raises_applications(shocks: View) -> float:
    """P03: the log hazard ratio of applying, over all origins, less the tolerance."""
    return shock(shocks, 1) - CLEARLY


def follows_liveability(shocks: View, swapped: View) -> float:
    """P04: log hazard ratio where the origin is liveable less twice that where it is not, in the worse of two
    worlds: as it was, and swapped.
    """
    gaps = [
        shock(view, 1, liveable) - max(shock(view, 1, other), 0.0) / A_FRACTION
        for view, liveable, other in ((shocks, "iraq", "afghanistan"), (swapped, "afghanistan", "iraq"))
    ]
    return least(gaps) - CLEARLY


def removal_raises_absconding(shocks: View) -> float:
    """P05: the log hazard ratio of moving on or going under, over all origins, less the tolerance."""
    return shock(shocks, 2) - CLEARLY


def rise_with_risk(base: View, origin: str) -> tuple[float, float]:
    """(log ratio of the hazard of applying at certain removal to that at none, share of the rise in the upper
    half of the risk).
    """
    none, half, full = (float(base["asked"][k, base.place(origin)]) for k in range(3))
    return log_ratio(full, none), ratio(full - half, full - none)


def threshold_in_risk(base: View) -> float:
    """P06: least of: Nigerians' log rise less the tolerance; by how much it exceeds the Afghans'; log of the
    upper half's share of it over a half.
    """
    nigeria, upper = rise_with_risk(base, "nigeria")
    afghanistan, _ = rise_with_risk(base, "afghanistan")
    parts = [nigeria - HARDLY, nigeria - afghanistan]
    if nigeria > 0.0:  # without a rise there is no upper half of it
        parts.append(log_ratio(upper, HALF_OF_THE_RISE))
    return least(parts)


def withdrawal_does_not_raise(base: View, withdrawn: View) -> float:
    """P07: what is left of five per cent after the log change of assisted departures."""
    return NO_RISE - log_ratio(withdrawn.assisted(), base.assisted())


def more_go_missing(base: View, designated: View) -> float:
    """P08: log ratio of people missing from centres, less the tolerance."""
    return log_ratio(float(designated["missing"]), float(base["missing"])) - CLEARLY


PATTERNS = (
    Pattern(
        "P01",
        "Better security at the origin raises uptake in every group, worse security lowers it",
        IMPOSED,
        ("baseline-norway", "security-improves", "security-worsens"),
        security_moves_uptake,
        "log hazard ratio, the least of all groups; tolerance 1 per cent",
        "chance of applying, security a tenth of the scale up and down, by origin (those above the "
        "protection gate throughout, with two per cent of those at risk or more) and abode; "
        "the sign of `security` is fixed",
    ),
    Pattern(
        "P02",
        "At the same objective security, uptake varies with networks and resources",
        IMPOSED,
        ("baseline-norway",),
        network_moves_uptake,
        "log hazard ratio; tolerance 10 per cent",
        (
            "people with more than the mean network of their compatriots against those with less; one "
            "trait stands for networks and resources, its sign is fixed"
        ),
    ),
    Pattern(
        "P03",
        "A forced return from a centre raises later applications there",
        IMPOSED,
        ("shocks",),
        removal_raises_applications,
        "log hazard ratio over six months; tolerance 1 per cent",
        "residents of all centres see one more removal, with and without, four shocks in 2012-13; "
        "the sign of `threat_apply` is fixed, but more also "
        "disappear, who then cannot apply",
    ),
    Pattern(
        "P04",
        (
            "It holds where the origin is liveable (Iraq), not where it is not (Afghanistan), and "
            "follows the security series"
        ),
        IMPOSED,
        ("shocks", "shocks, security swapped"),
        follows_liveability,
        (
            "log hazard ratio where liveable less twice that where not, the worse of both worlds; "
            "tolerance 1 per cent"
        ),
        "the two security series change places in the second world, both above the protection "
        "gate; the threat acts times liveability by form, no weight knows "
        "a country's name",
    ),
    Pattern(
        "P05",
        "The same shock raises absconding from the centre",
        IMPOSED,
        ("shocks",),
        removal_raises_absconding,
        "log hazard ratio over six months; tolerance 1 per cent",
        "chance of moving on or going under; the signs of `threat_move` and `threat_under` are fixed",
    ),
    Pattern(
        "P06",
        "Some groups (Nigeria) hardly apply until removal is imminent",
        IMPOSED,
        ("baseline-norway",),
        threshold_in_risk,
        "log ratio, the least of three parts; tolerance: twofold",
        "people who may be removed, each asked at a perceived risk of none, a half and one: the "
        "chance of applying at least doubles, rises more than the "
        "Afghans', and by more than half in the upper half; convex by form",
    ),
    Pattern(
        "P07",
        "Withdrawing accommodation and economic rights (2005) does not raise returns",
        EMERGING,
        ("baseline-norway", "restrictions-withdrawn"),
        withdrawal_does_not_raise,
        "log ratio of assisted departures below +5 per cent",
        (
            "five years of withdrawal from 2012 on against none; the sign of destitution on applying "
            "is free, and whoever loses housing is reached less"
        ),
    ),
    Pattern(
        "P08",
        "Designated centres have serious unintended consequences",
        IMPOSED,
        ("baseline-norway", "designated-centres"),
        more_go_missing,
        "log ratio of people missing from centres; tolerance 1 per cent",
        (
            "half of the centres designated; more people going missing stands in for consequences that "
            "the review does not name; signs are fixed"
        ),
    ),
)
