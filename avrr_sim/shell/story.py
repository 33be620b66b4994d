"""What `avrr story` prints: one synthetic person in two worlds, month by month, and what tipped it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.migrant import ABODES, OUTCOMES, PRESENT, STAGES
from avrr_sim.policy import LEVERS, STATUS_NAMES, TIMING
from avrr_sim.report.words.catalogue import EXPLORE, GROUP_NAMES
from avrr_sim.report.words.catalogue import OUTCOMES as OUTCOME_NAMES
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.shell.printing import Side, console, print_json, say, table_of
from avrr_sim.story import Month, Story, Tipped, builders, story_of, who_differ
from avrr_sim.study.jobs.plan import make_plan

_LISTED = 8
_CONTACTS = (
    ("official_at", "event_official"),
    ("independent_at", "event_independent"),
    ("peers_at", "event_peers"),
)


def tell_story(
    files: tuple[Path, Path], draw: int, who: int | None, numbers: dict[str, Any], as_json: bool
) -> None:
    """Print the two lives of somebody. Raises `Refusal` for scenarios that cannot be compared and for a
    number that nobody bears.
    """
    plan = make_plan([load_scenario(file) for file in files], **{**numbers, "draws": draw + 1})
    weights = [plan.weights_of(draw, scenario) for scenario in plan.scenarios]
    baseline, policy = builders(plan.scenarios, weights, (plan.seed, draw, 0), plan.size)
    ids = who_differ(baseline, policy) if who is None else [who]
    if not ids:
        say(EXPLORE["story_nobody"])
        return
    story = story_of(baseline, policy, ids[0])
    if as_json:
        print_json({**_facts(story, plan.scenarios[0]), "differ": ids if who is None else None})
        return
    _print(story, plan.scenarios, draw)
    if len(ids) > 1:
        shown = ", ".join(map(str, ids[1 : _LISTED + 1]))
        print(EXPLORE["story_others"].format(many=len(ids) - 1, shown=shown))


def _facts(story: Story, scenario: Scenario) -> dict[str, Any]:
    """The story as JSON tells it."""
    parted = None if story.parted is None else month_text(scenario.start + story.parted)
    return {
        "person": {**story.person, "origin": scenario.origins[story.person["origin"]]},
        "parted": parted,
        "tipped": [asdict(each) for each in story.tipped],
        "together": story.together,
        "months": [
            {
                "month": month_text(scenario.start + m),
                "baseline": {**one.values, **_named(one)},
                "policy": {**other.values, **_named(other)},
            }
            for m, (one, other) in enumerate(zip(*story.months, strict=True))
            if m >= story.person["arrival"]
        ],
    }


def _named(month: Month) -> dict[str, str]:
    names = {"status": STATUS_NAMES, "abode": ABODES, "stage": STAGES, "outcome": OUTCOMES}
    return {name: of[int(month.values[name])] for name, of in names.items()}


def _print(story: Story, scenarios: tuple[Scenario, ...], draw: int) -> None:
    words, start = EXPLORE, scenarios[0].start
    print(_person(story, scenarios[0], draw))
    if story.parted is None:
        print(words["story_alike"])
        return
    one, other = (
        _step(months[story.parted - 1] if story.parted else None, months[story.parted])
        for months in story.months
    )
    since = max(0, story.parted - story.person["arrival"])
    month = month_text(start + story.parted)
    print(words["story_parted"].format(month=month, since=since, baseline=one, policy=other))
    print(what_tipped(story))
    if story.tipped:
        _print_factors(story.tipped)
    table = table_of(
        words["story_months"], [(words["month"], "left"), *((each.name, "left") for each in scenarios)]
    )
    for row in _rows(story, start):
        table.add_row(*row)
    console().print(table)
    print(words["story_caution"])


def _person(story: Story, scenario: Scenario, draw: int) -> str:
    person = story.person
    origin = scenario.place.countries[scenario.origins[person["origin"]]].name
    key = "story_alone" if person["adults"] + person["minors"] == 1 else "story_family"
    return EXPLORE[key].format(
        origin=origin,
        people=person["adults"] + person["minors"],
        minors=person["minors"],
        number=person["id"],
        draw=draw,
    )


def what_tipped(story: Story) -> str:
    """The sentence on what tipped the month in which the lives part."""
    needed = [_name(each.factor) for each in story.tipped if each.necessary]
    enough = [_name(each.factor) for each in story.tipped if each.enough and not each.necessary]
    if needed:
        return EXPLORE["story_tipped"].format(what=", ".join(needed))
    if enough:
        return EXPLORE["story_enough"].format(what=", ".join(enough))
    return EXPLORE["story_together" if story.together else "story_queue"]


def _name(factor: str) -> str:
    if factor == TIMING:
        return EXPLORE["timing"]
    return EXPLORE[f"factor_{factor}"] if factor not in LEVERS else LEVERS[factor].meaning


def _print_factors(tipped: tuple[Tipped, ...]) -> None:
    names: list[tuple[str, Side]] = [
        ("factor", "left"),
        ("baseline", "right"),
        ("policy", "right"),
        ("necessary", "left"),
        ("enough", "left"),
    ]
    table = table_of(EXPLORE["story_factors"], [(EXPLORE[name], side) for name, side in names])
    for each in tipped:
        values = ("" if value is None else f"{value:.2g}" for value in (each.before, each.after))
        yes = (EXPLORE["yes"] if truth else EXPLORE["no"] for truth in (each.necessary, each.enough))
        table.add_row(_name(each.factor), *values, *yes)
    console().print(table)


def _rows(story: Story, start: int) -> Iterator[tuple[str, str, str]]:
    """Months in which anything happened in either world."""
    arrival = story.person["arrival"]
    for m in range(max(1, arrival), len(story.months[0])):
        told = [
            _events(months[m - 1], months[m], m, arrival)
            if months[m - 1].values["outcome"] == PRESENT
            else ""
            for months in story.months
        ]
        if any(told):
            yield month_text(start + m), told[0], told[1]


def _step(before: Month | None, after: Month) -> str:
    """What a month did with somebody, in a few words."""
    now = _named(after)
    if now["outcome"] != OUTCOMES[PRESENT]:
        return OUTCOME_NAMES[now["outcome"]]
    was = _named(before) if before else now
    if was["stage"] != now["stage"]:
        return EXPLORE[f"step_{now['stage'] if was['stage'] != STAGES[0] else STAGES[1]}"]
    for name in ("abode", "status"):
        if was[name] != now[name]:
            return GROUP_NAMES[name, now[name]]
    return EXPLORE["step_nothing"]


def _events(before: Month, after: Month, month: int, arrival: int) -> str:
    """All that happened to somebody in a month."""
    was, now = _named(before), _named(after)
    new = month == arrival
    told = [EXPLORE["event_arrives"]] if new else []
    told += [EXPLORE[said] for name, said in _CONTACTS if after.values[name] == month]
    if after.aware != before.aware and not new:
        told.append(EXPLORE["event_aware" if after.aware else "event_unaware"])
    told += [
        GROUP_NAMES[name, now[name]] for name in ("status", "abode") if was[name] != now[name] and not new
    ]
    present = now["outcome"] == OUTCOMES[PRESENT]
    if was["stage"] != now["stage"] and present:
        skipped = was["stage"] == STAGES[0] and now["stage"] != STAGES[1]
        told += [EXPLORE["step_applied"]] if skipped else []
        told.append(EXPLORE[f"step_{now['stage']}"])
    return "; ".join(told if present else [*told, OUTCOME_NAMES[now["outcome"]]])
