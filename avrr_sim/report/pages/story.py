"""One synthetic person in both worlds, behind a fold: the words of `avrr story`, and the rule by which the
person was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from avrr_sim.report.html.elements import Block, Cell, Column, Fold, Heading, Note, Part, Table, Text
from avrr_sim.report.words import stories
from avrr_sim.report.words.catalogue import STORIES
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables


def story_parts(tables: StudyTables) -> list[Part]:
    """The fold with a story a policy; none where there is none."""
    names = {scenario["key"]: scenario["name"] for scenario in tables.scenarios}
    told = [story for story in tables.stories if story["scenario"] in names]
    if not told:
        return []
    parts: list[Part] = [Note(STORIES["story_caution"])]
    for story in told:
        parts += _story(tables, story, names[story["scenario"]])
    return [Fold(say("story.fold"), parts)]


def _story(tables: StudyTables, story: Mapping[str, Any], name: str) -> list[Part]:
    """One story: who it is, what tipped it, and the months side by side."""
    origin = tables.origins.get(story["origin"], story["origin"])
    made = tables.provenance
    again = say(
        "story.again",
        draw=story["draw"],
        size=story["size"],
        seed=made.get("seed", 1),
        weights=made.get("weights", ""),
        number=story["number"],
    )
    baseline = tables.scenarios[0]["name"]
    return [
        Heading(name),
        Text(stories.person_said(story, origin, story["draw"])),
        Text(stories.parted_said(story)),
        Text(stories.tipped_said(story)),
        *([_factors(story)] if story["tipped"] else []),
        _months(story, baseline, name),
        Text(say(f"story.{story['rule']}"), small=True),
        Text(again, small=True),
    ]


def _factors(story: Mapping[str, Any]) -> Table:
    columns = [
        Column(STORIES["factor"], numeric=False),
        Column(STORIES["baseline"]),
        Column(STORIES["policy"]),
        Column(STORIES["necessary"], numeric=False),
        Column(STORIES["enough"], numeric=False),
    ]
    rows = [[Cell(text) for text in row] for row in stories.factor_rows(story)]
    return Table(STORIES["story_factors"], columns, [Block(rows)], compact=True)


def _months(story: Mapping[str, Any], baseline: str, policy: str) -> Table:
    heads = (STORIES["month"], baseline, policy)
    rows = [[Cell(text) for text in row] for row in stories.month_rows(story, contacts=False)]
    columns = [Column(head, numeric=False) for head in heads]
    return Table(say("story.table", name=policy), columns, [Block(rows)], compact=True)
