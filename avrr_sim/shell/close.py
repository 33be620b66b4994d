"""The commands that show people close by: the page in which levers are moved, and one person in two worlds.

Nothing heavy is imported before a command is carried out, so that help appears at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from avrr_sim.shell.options import (
    DrawNumber,
    Draws,
    Files,
    Json,
    Months,
    Movable,
    PageFile,
    Person,
    Replicates,
    Seed,
    Size,
    Weights,
    numbers_of,
)


def explore(
    scenarios: Files,
    levers: Movable = None,
    draws: Draws = 100,
    replicates: Replicates = 1,
    seed: Seed = 1,
    size: Size = 2000,
    months: Months = None,
    weights: Weights = None,
    out: PageFile = Path("explore.html"),
    as_json: Json = False,
) -> None:
    """One file in which levers are moved: the same people under the same rules, worked out in the browser of
    whoever opens it, without network or installation. The first scenario is the baseline, the others are
    settings to begin with.
    """
    from avrr_sim.shell.explore import make_explorer

    numbers = numbers_of(draws, replicates, seed, size, months, "table", weights)
    make_explorer(scenarios, levers, numbers, out, as_json)


def story(
    baseline: Annotated[Path, typer.Argument(help="The baseline's file.", show_default=False)],
    policy: Annotated[Path, typer.Argument(help="A scenario to compare with it.", show_default=False)],
    person: Person = None,
    draw: DrawNumber = 0,
    seed: Seed = 1,
    size: Size = 2000,
    months: Months = None,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """One synthetic person in two worlds: the months of both lives side by side, and what tipped the
    decision in the month in which they part.
    """
    from avrr_sim.shell.story import tell_story

    numbers = numbers_of(1, 1, seed, size, months, "table", weights)
    tell_story((baseline, policy), draw, person, numbers, as_json)


COMMANDS = (explore, story)
"""In the order in which help shows them."""
