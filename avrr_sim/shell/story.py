"""What `avrr story` prints: one synthetic person in two worlds, month by month, and what tipped it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.report.words.catalogue import STORIES
from avrr_sim.report.words.stories import (
    Told,
    factor_rows,
    month_rows,
    parted_said,
    person_said,
    tipped_said,
)
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.shell.printing import Side, console, print_json, say, table_of
from avrr_sim.story import Story, builders, story_of, who_differ
from avrr_sim.study.jobs.plan import make_plan
from avrr_sim.study.summary.telling import named, story_told

_LISTED = 8


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
        say(STORIES["story_nobody"])
        return
    story = story_of(baseline, policy, ids[0])
    if as_json:
        print_json({**_facts(story, plan.scenarios[0]), "differ": ids if who is None else None})
        return
    _print(story_told(story, plan.scenarios[0]), plan.scenarios, draw)
    if len(ids) > 1:
        shown = ", ".join(map(str, ids[1 : _LISTED + 1]))
        print(STORIES["story_others"].format(many=len(ids) - 1, shown=shown))


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
                "baseline": {**one.values, **named(one)},
                "policy": {**other.values, **named(other)},
            }
            for m, (one, other) in enumerate(zip(*story.months, strict=True))
            if m >= story.person["arrival"]
        ],
    }


def _print(story: Told, scenarios: tuple[Scenario, ...], draw: int) -> None:
    words, origin = STORIES, scenarios[0].place.countries[story["origin"]].name
    print(person_said(story, origin, draw))
    print(parted_said(story))
    if story["parted"] is None:
        return
    print(tipped_said(story))
    if story["tipped"]:
        _print_factors(story)
    table = table_of(
        words["story_months"], [(words["month"], "left"), *((each.name, "left") for each in scenarios)]
    )
    for row in month_rows(story):
        table.add_row(*row)
    console().print(table)
    print(words["story_caution"])


def _print_factors(story: Told) -> None:
    names: list[tuple[str, Side]] = [
        ("factor", "left"),
        ("baseline", "right"),
        ("policy", "right"),
        ("necessary", "left"),
        ("enough", "left"),
    ]
    table = table_of(STORIES["story_factors"], [(STORIES[name], side) for name, side in names])
    for row in factor_rows(story):
        table.add_row(*row)
    console().print(table)
