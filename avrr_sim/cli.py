"""The `avrr` command. Results go to standard output; progress, warnings and errors to standard error.

Exit codes: 0 done; 1 a run failed or the disk is full (what was done stays readable); 2 the input was
refused; 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Optional

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    # runs are spread over workers; a linear-algebra pool would only get in their way
    os.environ.setdefault(_name, "1")

import typer

from avrr_sim.shell import ahead, close, looking
from avrr_sim.shell.exits import INTERRUPTED, check_environment, explain, flush, settle_streams, tell
from avrr_sim.shell.making import new
from avrr_sim.shell.options import (
    BankSeed,
    BankSize,
    Cluster,
    Draws,
    Engine,
    Files,
    Given,
    GivenName,
    Json,
    Language,
    Manner,
    Measure,
    Months,
    NoConditions,
    NoTwins,
    OnlyPlan,
    Out,
    Points,
    PrecisionOption,
    Quiet,
    Replicates,
    Resume,
    Seed,
    Shard,
    Size,
    TargetsFile,
    Weights,
    Workers,
    numbers_of,
)

app = typer.Typer(
    name="avrr",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=(
        "Simulate how migrants decide about assisted voluntary return, and compare policies over the "
        "same people."
    ),
)


def _show_version(asked: bool) -> None:
    if asked:
        from avrr_sim.shell.show import show_version

        show_version()
        raise typer.Exit


@app.callback()
def every(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Say which version this is, with the hashes of its model and its fitted weights.",
        ),
    ] = False,
) -> None:
    """What holds for every command."""


@app.command()
def run(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.", show_default=False)],
    draws: Draws = 50,
    replicates: Replicates = 2,
    seed: Seed = 1,
    size: Size = 5000,
    months: Months = None,
    engine: Engine = "table",
    weights: Weights = None,
    no_twins: NoTwins = False,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    language: Language = "en",
    resume: Resume = False,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate one scenario: summary table, figures, report."""
    from avrr_sim.shell.study import run_study

    numbers = numbers_of(draws, replicates, seed, size, months, engine, weights)
    manner = Manner(out, resume, workers, cluster, plan, as_json, quiet, language)
    run_study("run", [scenario], numbers, not no_twins, manner)


@app.command()
def compare(
    scenarios: Files,
    draws: Draws = 50,
    replicates: Replicates = 2,
    seed: Seed = 1,
    size: Size = 5000,
    months: Months = None,
    engine: Engine = "table",
    weights: Weights = None,
    no_twins: NoTwins = False,
    no_conditions: NoConditions = False,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    language: Language = "en",
    resume: Resume = False,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios over the same people; the first is the baseline. Differences with intervals, figures,
    report.
    """
    from avrr_sim.shell.study import run_study

    numbers = numbers_of(draws, replicates, seed, size, months, engine, weights)
    manner = Manner(out, resume, workers, cluster, plan, as_json, quiet, language)
    run_study("compare", scenarios, numbers, not no_twins, manner, not no_conditions)


@app.command()
def sweep(
    experiment: Annotated[Path, typer.Argument(help="An experiment file.", show_default=False)],
    draws: Given = None,
    replicates: Given = None,
    seed: Given = None,
    size: Given = None,
    months: Months = None,
    engine: GivenName = None,
    weights: GivenName = None,
    precision: PrecisionOption = None,
    measure: Measure = None,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    language: Language = "en",
    resume: Resume = False,
    shard: Shard = None,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run every point of an experiment over the same people. Options replace what the file says."""
    from avrr_sim.shell.sweep import run_sweep

    numbers = numbers_of(draws, replicates, seed, size, months, engine, weights)
    manner = Manner(out, resume, workers, cluster, plan, as_json, quiet, language)
    run_sweep(experiment, numbers, precision, measure, shard, manner)


@app.command()
def validate(
    draws: Draws = 100,
    seed: Seed = 1,
    size: Size = 20_000,  # counts of single origins need many
    weights: Weights = None,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    resume: Resume = False,
    ship: Annotated[
        bool,
        typer.Option(
            "--ship", help="Put the verdicts into the package, beside the posterior that they belong to."
        ),
    ] = False,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Try every pattern of the literature and every check figure: hit, missed or not decidable, with a
    probability. Exit code 0 whatever the verdicts.
    """
    from avrr_sim.shell.validate import run_validate

    numbers = {"draws": draws, "size": size, "seed": seed, "weights": weights}
    run_validate(numbers, ship, Manner(out, resume, workers, cluster, plan, as_json, quiet))


@app.command()
def merge(
    shards: Annotated[
        list[Path], typer.Argument(help="Folders that `avrr sweep --shard i/n` left.", show_default=False)
    ],
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Put the shards of a sweep together, into the folder that a sweep on one machine would have left."""
    from avrr_sim.shell.sweep import run_merge

    run_merge(shards, out, as_json)


@app.command()
def calibrate(
    targets: TargetsFile = None,
    points: Points = None,
    size: BankSize = None,
    seed: BankSeed = None,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    resume: Resume = False,
    ship: Annotated[
        bool, typer.Option("--ship", help="Make the result the posterior that comes with the package.")
    ] = False,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit the weights to published figures; say which of them the figures moved, and check the method."""
    from avrr_sim.shell.calibrate import run_calibrate

    numbers = {"points": points, "size": size, "seed": seed}
    manner = Manner(out, resume, workers, cluster, plan, as_json, quiet)
    run_calibrate(targets, numbers, ship, manner)


@app.command()
def report(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A folder that `avrr run`, `compare`, `sweep`, `calibrate` or `validate` left.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Optional[Path],
        typer.Option(help="Write the page and its figures here instead (default: into the folder itself)."),
    ] = None,
    png: Annotated[bool, typer.Option("--png", help="Figures as PNG too, for slides.")] = False,
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Make the page and figures of any study's folder again from its stored tables, without simulating."""
    from avrr_sim.shell.report import rebuild

    rebuild(folder, out, as_json, png, language)


@app.command(name="list")
def list_folders(
    folder: Annotated[Path, typer.Argument(help="Where studies stand.")] = Path("results"),
    as_json: Json = False,
) -> None:
    """List the studies in a folder: date, kind, state (running, stopped, interrupted, failed, done) and what
    each asks.
    """
    from avrr_sim.shell.listing import list_studies

    list_studies(folder, as_json)


@app.command()
def brief(
    folder: Annotated[
        Path, typer.Argument(help="A folder that `avrr run` or `compare` left.", show_default=False)
    ],
    out: Annotated[
        Optional[Path],
        typer.Option(help="Write the page and its pictures here instead (default: into the folder itself)."),
    ] = None,
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """The first page of a study alone, as HTML and PDF, and its pictures for a slide and a column of text."""
    from avrr_sim.shell.brief import make_brief

    make_brief(folder, out, as_json, language)


for _command in (*ahead.COMMANDS, *close.COMMANDS, *looking.COMMANDS):
    app.command()(_command)

app.add_typer(new, name="new")


def main() -> None:
    """Entry point: turns refusals and interrupts into messages and exit codes. To be told to end (SIGTERM) is
    the same as Ctrl-C.
    """
    # a start makes a million objects that stay: looking through them for waste took a seventh of its time
    gc.set_threshold(50_000, 20, 20)
    settle_streams()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        check_environment()
        code = app(standalone_mode=False)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        code = explain(error)
    finally:
        signal.signal(signal.SIGTERM, before)
    if code == INTERRUPTED:
        tell("interrupted; of a study every finished chunk of runs is kept, and --resume goes on with it")
    flush()
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
