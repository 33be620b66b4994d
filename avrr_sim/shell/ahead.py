"""The commands that look ahead: what should be studied next.

Nothing heavy is imported before a command is carried out, so that help appears at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from avrr_sim.shell.options import (
    Cluster,
    Json,
    Manner,
    Months,
    OnlyPlan,
    Out,
    Quiet,
    Resume,
    Weights,
    Workers,
)

Sources = Annotated[
    list[Path],
    typer.Argument(
        help="Scenario files, the first the baseline; or the folder that `avrr compare` left, whose runs are "
        "taken.",
        show_default=False,
    ),
]
GivenDraws = Annotated[
    Optional[int],
    typer.Option(help="Draws of the uncertain weights, from 50 up (default: 500).", show_default=False),
]
GivenReplicates = Annotated[
    Optional[int],
    typer.Option(help="Streams of chance for each draw (default: 2).", show_default=False),
]
GivenSeed = Annotated[Optional[int], typer.Option(help="Master seed (default: 1).", show_default=False)]
GivenSize = Annotated[
    Optional[int], typer.Option(help="Units simulated in each run (default: 5000).", show_default=False)
]
RankedMeasures = Annotated[
    Optional[list[str]],
    typer.Option(
        help="A measure whose differences are looked at; may be given several times (default: uptake_24 and "
        "assisted_departures).",
        show_default=False,
    ),
]
StudiesFile = Annotated[
    Optional[str],
    typer.Option(
        metavar="FILE",
        help="Studies that could be done, or none (default: experiments/studies-norway.yaml, where it is "
        "there).",
        show_default=False,
    ),
]
FiguresFile = Annotated[
    Optional[str],
    typer.Option(
        metavar="FILE",
        help="Published figures whose error could be halved, or none (default: "
        "experiments/calibration-norway.yaml, where it is there).",
        show_default=False,
    ),
]


def study_next(
    sources: Sources,
    draws: GivenDraws = None,
    replicates: GivenReplicates = None,
    seed: GivenSeed = None,
    size: GivenSize = None,
    months: Months = None,
    weights: Weights = None,
    measure: RankedMeasures = None,
    studies: StudiesFile = None,
    targets: FiguresFile = None,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    resume: Resume = False,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Rank what would have to be known to settle a policy difference, by the share of its variance that
    would go: weights, groups of evidence, published figures, studies that could be done.
    """
    from avrr_sim.shell.study_next import run_study_next

    numbers = {
        "draws": draws,
        "replicates": replicates,
        "seed": seed,
        "size": size,
        "months": months,
        "weights": weights,
    }
    manner = Manner(out, resume, workers, cluster, plan, as_json, quiet)
    run_study_next(sources, numbers, measure or [], studies, targets, manner)


COMMANDS = (study_next,)
"""In the order in which help shows them."""
