"""The commands that look ahead: what should be studied next, and what is forecast.

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
    a_path,
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
    typer.Option(help="Draws of the uncertain weights (default: 500).", show_default=False),
]
GivenReplicates = Annotated[
    Optional[int],
    typer.Option(help="Streams of chance for each draw (default: 2).", show_default=False),
]
GivenSeed = Annotated[Optional[int], typer.Option(help="Master seed (default: 1).", show_default=False)]
GivenSize = Annotated[
    Optional[int],
    typer.Option(
        help="Units simulated in each run (default: 5000; of a forecast 20,000).", show_default=False
    ),
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


Until = Annotated[
    str, typer.Option(help="The last month of the forecast, a December, written YYYY-MM.", show_default=False)
]
From = Annotated[
    Optional[str],
    typer.Option(
        "--from",
        help="The first month, a January (default: the month after the last figure that the weights were "
        "fitted to).",
        show_default=False,
    ),
]
ForecastFile = Annotated[
    Path,
    typer.Option(
        "--out",
        help="The new file in which the forecast is frozen.",
        parser=a_path,
        metavar="FILE",
        show_default=False,
    ),
]
Day = Annotated[
    Optional[str],
    typer.Option(help="The day that the file bears, YYYY-MM-DD (default: today).", show_default=False),
]
NoteText = Annotated[
    str, typer.Option(help="What a reader of the file should know of how it was made.", show_default=False)
]
Runs = Annotated[
    Optional[Path],
    typer.Option(
        parser=a_path,
        metavar="FOLDER",
        help="Folder for the runs behind it (default: one under results/predict/).",
        show_default=False,
    ),
]


def predict(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.", show_default=False)],
    until: Until,
    out: ForecastFile,
    first: From = None,
    draws: GivenDraws = None,
    seed: GivenSeed = None,
    size: GivenSize = None,
    weights: Weights = None,
    date: Day = None,
    note: NoteText = "",
    runs: Runs = None,
    workers: Workers = None,
    cluster: Cluster = None,
    resume: Resume = False,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Freeze a dated forecast of assisted departures, forced returns, Dublin transfers, people missing and
    rejected people in centres, year by year; `avrr score` says later how it did.
    """
    from avrr_sim.shell.forecast import run_predict

    numbers = {"draws": draws, "seed": seed, "size": size, "weights": weights}
    manner = Manner(runs, resume, workers, cluster, plan, as_json, quiet)
    run_predict(scenario, (first, until), numbers, out, date, note, manner)


def score(
    file: Annotated[Path, typer.Argument(help="A file of `avrr predict`.", show_default=False)],
    actuals: Annotated[
        Optional[Path],
        typer.Argument(
            help="The figures that came: CSV with the columns series, year, value, source.",
            show_default=False,
        ),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Print an empty file of actual figures for this forecast.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Score a frozen forecast against the figures that came: interval score, CRPS, coverage. Less is
    better.
    """
    from avrr_sim.shell.forecast import run_score

    run_score(file, actuals, template, as_json)


COMMANDS = (study_next, predict, score)
"""In the order in which help shows them."""
