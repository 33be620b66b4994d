"""Which entries of a scenario reach nobody: offers and aimed information that no rule lets anybody have, such
as advisors aimed at people outside centres, or an offer to people to whom the programme is closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from avrr_sim.aimed import Aimed
from avrr_sim.migrant import CHANNELS
from avrr_sim.offers.offer import Offer
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.scenario import Scenario
from avrr_sim.setting import setting_tables
from avrr_sim.study.summary.contract import Remark, remark

_IN_SIGHT, _OUTSIDE = ("centre", "private"), ("private", "gone_under")
REACH: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "directorate": (
        "channel_directorate",
        _IN_SIGHT,
        tuple(name for name in STATUS_NAMES if name != "unregistered"),
    ),
    "advisor": ("advisors", ("centre",), STATUS_NAMES),
    "iom": ("channel_iom", _IN_SIGHT, STATUS_NAMES),
    "noas": ("channel_noas", _IN_SIGHT, ("pending", "before_deadline")),
    "ngo": ("outreach", _OUTSIDE, STATUS_NAMES),
}
"""By channel: the lever without which it reaches nobody, and the abodes and statuses that it reaches, as
`rules.advice` has it (`official_rate`, `independent_rate`)."""
COUNTED: dict[str, tuple[str, ...]] = {
    "decision": ("before_deadline", "after_deadline"),
    "deadline": ("after_deadline",),
}
"""Statuses of people whose months since a decision or a deadline are counted, as `rules.offers` has it
(`rejected_at`, `passed_deadline`)."""


def reaching_nobody(scenario: Scenario) -> list[Remark]:
    """A remark on every entry of `information` and `offers` that reaches nobody; the key says why."""
    policy, table = setting_tables(scenario)
    open_ = table["security"] >= scenario.protection_gate
    return [
        *_of_information(scenario, policy, open_),
        *(
            remark(why, entry=f"offers[{i}] ({offer.name})")
            for i, offer in enumerate(scenario.offers)
            if (why := _why_not_taken(scenario, offer, table, open_))
        ),
    ]


def _of_information(scenario: Scenario, policy: np.recarray, open_: np.ndarray) -> Iterator[Remark]:
    for i, entry in enumerate(scenario.information):
        why = _why_unheard(scenario, entry, policy, open_)
        if why == "nobody_hears" and not any(_meets(entry, channel) for channel in entry.channels):
            where = "; ".join(f"{channel}: {_where(channel)}" for channel in entry.channels)
            meeting = ", ".join(channel for channel in CHANNELS if _meets(entry, channel))
            yield remark("nobody_there", entry=f"information[{i}]", where=where, channels=meeting)
        elif why:
            yield remark(why, entry=f"information[{i}]")


def _where(channel: str) -> str:
    """The abodes that a channel reaches, and the statuses where these are not all."""
    _, abodes, statuses = REACH[channel]
    return ", ".join((*abodes, *(statuses if set(statuses) != set(STATUS_NAMES) else ())))


def _meets(entry: Aimed, channel: str) -> bool:
    """Whether a channel reaches people of an entry's abodes and statuses, if its lever is not 0."""
    _, abodes, statuses = REACH[channel]
    return all(
        not named or not set(reached).isdisjoint(named)
        for named, reached in ((entry.abodes, abodes), (entry.statuses, statuses))
    )


def _why_unheard(scenario: Scenario, entry: Aimed, policy: np.recarray, open_: np.ndarray) -> str:
    end = scenario.window_to if entry.end is None else min(entry.end, scenario.window_to)
    months = range(entry.start - scenario.start, end - scenario.start + 1)
    if not months:
        return "nobody_then"
    places = _places(entry.origins, scenario.origins)
    if not open_[places][:, months].any():
        return "nobody_returns"
    rows = policy[months[0] : months[-1] + 1]
    heard = any(_reaches(entry, channel, rows) for channel in entry.channels or CHANNELS)
    return "" if heard else "nobody_hears"


def _reaches(entry: Aimed, channel: str, levers: np.ndarray) -> bool:
    """Whether a channel reaches people of an entry's abodes and statuses in some of the months."""
    lever, _, statuses = REACH[channel]
    met = [status for status in statuses if not entry.statuses or status in entry.statuses]
    return _meets(entry, channel) and any(
        (levers[lever] * levers[f"information_{status}"] * levers["information_intensity"] > 0.0).any()
        for status in met
    )


def _why_not_taken(scenario: Scenario, offer: Offer, table: np.recarray, open_: np.ndarray) -> str:
    last = scenario.window_to if offer.end is None else min((offer.end - 1) // 2, scenario.window_to)
    months = range(max(offer.start // 2 - scenario.start, 0), last - scenario.start + 1)
    if not months:
        return "nobody_then"
    who = offer.recipients
    if who.arrived and who.arrived[0] is not None and who.arrived[0] > scenario.window_to:
        return "nobody_arrived"
    names = [
        name for name in who.status or STATUS_NAMES if all(name in COUNTED[what] for what in _since(offer))
    ]
    if not names:
        return "nobody_since"
    if max(_earliest(offer) - scenario.start, 0) + _longest_wait(offer) > months[-1]:
        return "nobody_so_long"
    places = _places(who.origins, scenario.origins)
    if not open_[places][:, months].any():
        return "nobody_returns"
    paid = any((table[f"open_{name}"][places][:, months] > 0.0).any() for name in names)
    return "" if paid or offer.opens else "nobody_may"


def _since(offer: Offer) -> set[str]:
    """From what an offer counts months, of decision and deadline."""
    who = offer.recipients
    counted = {"decision": who.months_since_decision, "deadline": who.months_since_deadline}
    claimed = {offer.since} if offer.within is not None else set()
    return {what for what in COUNTED if counted[what] is not None or what in claimed}


def _earliest(offer: Offer) -> int:
    """The calendar month before which none of those arrived whom an offer names; 0 where it says nothing."""
    arrived = offer.recipients.arrived
    return (arrived[0] if arrived else None) or 0


def _longest_wait(offer: Offer) -> int:
    """Months that must have passed since a decision or a deadline, which nobody has before the start."""
    who = offer.recipients
    return max(
        span[0] or 0 for span in (who.months_since_decision, who.months_since_deadline, (0, 0)) if span
    )


def _places(names: Sequence[str], known: Sequence[str]) -> list[int]:
    """The numbers of some names among the known ones; of all, where none is named."""
    return [place for place, name in enumerate(known) if not names or name in names]
