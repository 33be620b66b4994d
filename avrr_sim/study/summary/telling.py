"""A story of one person in two worlds as a study keeps it and a shell tells it: what happened in which month,
by names of the model. The words are the report's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.migrant import OUTCOMES, PRESENT, STAGES
from avrr_sim.policy import LEVERS
from avrr_sim.scenario import Scenario
from avrr_sim.story import Month, Story
from avrr_sim.story_names import APPLIED, CONTACTS, NOTHING, STANDING


def story_told(story: Story, scenario: Scenario) -> dict[str, Any]:
    """A story of names and numbers; `scenario`: either one of its two, for its months and origins.

    number, origin (key), adults, minors, parted (the month in which the lives part, None where they are
    alike), since (months from arrival to it), step (what it did in the baseline and with the policy), tipped
    (see `story.Tipped`; `lever`: the meaning of one), together, and the months in which anything happened:
    month, baseline and policy, each a list of `story_names.EVENTS`.
    """
    person, parted = story.person, story.parted
    return {
        "number": person["id"],
        "origin": scenario.origins[person["origin"]],
        "adults": person["adults"],
        "minors": person["minors"],
        "parted": None if parted is None else month_text(scenario.start + parted),
        "since": 0 if parted is None else max(0, parted - person["arrival"]),
        "step": [] if parted is None else [_step(months, parted) for months in story.months],
        "tipped": [
            {
                "factor": each.factor,
                "lever": LEVERS[each.factor].meaning if each.factor in LEVERS else "",
                "necessary": each.necessary,
                "enough": each.enough,
                "before": each.before,
                "after": each.after,
            }
            for each in story.tipped
        ],
        "together": story.together,
        "months": list(_months(story, scenario.start)),
    }


def named(month: Month) -> dict[str, str]:
    """Where a life stood, by the names of the model."""
    return {name: of[int(month.values[name])] for name, of in STANDING.items()}


def _months(story: Story, start: int) -> Iterator[dict[str, Any]]:
    """Months in which anything happened in either world."""
    arrival = story.person["arrival"]
    for m in range(max(1, arrival), len(story.months[0])):
        happened = [_events(months[m - 1], months[m], m, arrival) for months in story.months]
        if any(happened):
            yield {"month": month_text(start + m), "baseline": happened[0], "policy": happened[1]}


def _step(months: list[Month], parted: int) -> str:
    """What a month did with somebody, the weightiest thing of it alone."""
    now = named(months[parted])
    if now["outcome"] != OUTCOMES[PRESENT]:
        return f"outcome {now['outcome']}"
    was = named(months[parted - 1]) if parted else now
    if was["stage"] != now["stage"]:
        return f"stage {now['stage']}" if was["stage"] != STAGES[0] else APPLIED
    return next((f"{kind} {now[kind]}" for kind in ("abode", "status") if was[kind] != now[kind]), NOTHING)


def _events(before: Month, after: Month, month: int, arrival: int) -> list[str]:
    """All that happened to somebody in a month; nothing where the life has ended before it."""
    if before.values["outcome"] != PRESENT:
        return []
    was, now = named(before), named(after)
    new = month == arrival
    told = ["event arrives"] if new else []
    told += [f"event {name}" for field, name in CONTACTS.items() if after.values[field] == month]
    if after.aware != before.aware and not new:
        told.append("event aware" if after.aware else "event unaware")
    told += [f"{kind} {now[kind]}" for kind in ("status", "abode") if was[kind] != now[kind] and not new]
    if now["outcome"] != OUTCOMES[PRESENT]:
        return [*told, f"outcome {now['outcome']}"]
    if was["stage"] != now["stage"]:
        skipped = was["stage"] == STAGES[0] and now["stage"] != STAGES[1]
        told += [*([APPLIED] if skipped else []), f"stage {now['stage']}"]
    return told
