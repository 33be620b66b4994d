"""The `avrr` command. Results go to standard output; progress, warnings and errors to standard error.

Exit codes: 0 done; 1 a run failed or the disk is full (what was done stays readable); 2 the input was
refused; 130 interrupted.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import Annotated, Optional

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    # runs are spread over workers; a linear-algebra pool would only get in their way
    os.environ.setdefault(_name, "1")

import typer

app = typer.Typer(
    name="avrr",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(
        "Simulate how migrants decide about assisted voluntary return, and compare policies over the "
        "same people."
    ),
)

Files = Annotated[list[Path], typer.Argument(help="Scenario files.", show_default=False)]
Draws = Annotated[int, typer.Option(help="Draws of the uncertain weights.")]
Replicates = Annotated[int, typer.Option(help="Streams of chance for each draw.")]
Seed = Annotated[int, typer.Option(help="Master seed.")]
Size = Annotated[int, typer.Option(help="Units simulated in each run; they stand for all real ones.")]
Months = Annotated[
    Optional[int], typer.Option(help="Length of the measured window in months (default: the scenario's).")
]
Engine = Annotated[str, typer.Option(help="table (compiled) or agents (Mesa, slow, to look into).")]
Weights = Annotated[
    Optional[str],
    typer.Option(
        help="posterior (draws of the fitted weights; the default where a posterior is shipped), prior "
        "(draws before fitting) or "
        "central (medians of the priors, with --draws 1).",
        show_default=False,
    ),
]
Given = Annotated[
    Optional[int],
    typer.Option(help="As for `run`, in place of what the experiment says.", show_default=False),
]
GivenName = Annotated[
    Optional[str],
    typer.Option(help="As for `run`, in place of what the experiment says.", show_default=False),
]
NoTwins = Annotated[
    bool,
    typer.Option(
        "--no-twins",
        help=(
            "Do not run the same people again to see who applies under pressure or misinformed; saves "
            "about a third."
        ),
    ),
]
Workers = Annotated[Optional[int], typer.Option(help="Runs side by side (default: one a processor).")]
Out = Annotated[
    Optional[Path],
    typer.Option(help="Folder for the results; it must be new or empty (default: one under results/)."),
]
OnlyPlan = Annotated[bool, typer.Option("--plan", help="Say what would be run, and run nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Summary to standard output as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


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
    out: Out = None,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate one scenario: summary table, figures, report."""
    numbers = {
        "draws": draws,
        "replicates": replicates,
        "seed": seed,
        "size": size,
        "months": months,
        "engine": engine,
        "weights": weights,
    }
    _study("run", [scenario], numbers, not no_twins, workers, out, plan, as_json, quiet)


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
    workers: Workers = None,
    out: Out = None,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios over the same people; the first is the baseline. Differences with intervals, figures,
    report.
    """
    if len(scenarios) < 2:
        from avrr_sim.refusals import refusal

        raise refusal(
            "compare needs a baseline and at least one other scenario",
            allowed="two or more files; for one, use `avrr run`",
        )
    numbers = {
        "draws": draws,
        "replicates": replicates,
        "seed": seed,
        "size": size,
        "months": months,
        "engine": engine,
        "weights": weights,
    }
    _study("compare", scenarios, numbers, not no_twins, workers, out, plan, as_json, quiet)


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
    precision: Annotated[
        Optional[float],
        typer.Option(
            help="Add replicates, then draws, until the Monte Carlo error of the mean difference is below "
            "this. It never narrows the uncertainty interval."
        ),
    ] = None,
    measure: Annotated[
        Optional[str], typer.Option(help="The measure that --precision is about (default: the experiment's).")
    ] = None,
    workers: Workers = None,
    cluster: Annotated[
        Optional[str],
        typer.Option(
            help="Address of a Dask scheduler, such as tcp://host:8786, to run on instead of this machine."
        ),
    ] = None,
    out: Out = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on with a sweep that was stopped (--out, or the newest of the same study)."
        ),
    ] = False,
    shard: Annotated[
        Optional[str],
        typer.Option(help="Do only part i of n, written i/n; `avrr merge` puts the parts together."),
    ] = None,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run every point of an experiment over the same people. Options replace what the file says."""
    from avrr_sim.shell.sweep import run_sweep

    numbers = {
        "draws": draws,
        "replicates": replicates,
        "seed": seed,
        "size": size,
        "months": months,
        "engine": engine,
        "weights": weights,
    }
    command = "avrr " + shlex.join(
        ["sweep", str(experiment), *_said({**numbers, "precision": precision, "measure": measure})]
    )
    run_sweep(
        experiment,
        numbers,
        precision=precision,
        measure=measure,
        workers=workers,
        cluster=cluster,
        out=out,
        resume=resume,
        shard=shard,
        only_plan=plan,
        as_json=as_json,
        quiet=quiet,
        command=command,
    )


@app.command()
def validate(
    draws: Annotated[int, typer.Option(help="Draws of the uncertain weights.")] = 100,
    seed: Seed = 1,
    size: Annotated[
        int, typer.Option(help="Units simulated in each run; counts of single origins need many.")
    ] = 20_000,
    weights: Weights = None,
    workers: Workers = None,
    out: Out = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with a validation that was stopped (--out, or the newest of the same study).",
        ),
    ] = False,
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
    run_validate(
        numbers,
        workers=workers,
        out=out,
        resume=resume,
        ship=ship,
        only_plan=plan,
        as_json=as_json,
        quiet=quiet,
        command="avrr " + shlex.join(["validate", *_said(numbers)]),
    )


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
    targets: Annotated[
        Optional[Path],
        typer.Option(
            help="A file of published figures (default: experiments/calibration-norway.yaml).",
            show_default=False,
        ),
    ] = None,
    points: Annotated[
        Optional[int],
        typer.Option(
            help="Points of the priors to simulate, in place of what the file says.", show_default=False
        ),
    ] = None,
    size: Given = None,
    seed: Given = None,
    workers: Workers = None,
    cluster: Annotated[
        Optional[str],
        typer.Option(
            help="Address of a Dask scheduler, such as tcp://host:8786, to run on instead of this machine."
        ),
    ] = None,
    out: Out = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with a calibration that was stopped (--out, or the newest of the same targets).",
        ),
    ] = False,
    rivals: Annotated[
        bool, typer.Option("--rivals", help="Fit rivals of the model, and half and double prior widths, too.")
    ] = False,
    ship: Annotated[
        bool, typer.Option("--ship", help="Make the result the posterior that comes with the package.")
    ] = False,
    plan: OnlyPlan = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit the weights to published figures; say which of them the figures moved, and check the method."""
    from avrr_sim.shell.calibrate import DEFAULT, run_calibrate

    numbers = {"points": points, "size": size, "seed": seed}
    file = targets or DEFAULT
    command = "avrr " + shlex.join(
        ["calibrate", "--targets", str(file), *_said(numbers), *(["--rivals"] if rivals else [])]
    )
    run_calibrate(
        file,
        numbers,
        workers=workers,
        cluster=cluster,
        out=out,
        resume=resume,
        shipped=ship,
        with_rivals=rivals,
        only_plan=plan,
        as_json=as_json,
        quiet=quiet,
        command=command,
    )


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
    as_json: Json = False,
) -> None:
    """Make the page and figures of any study's folder again from its stored tables, without simulating."""
    from avrr_sim.shell.report import rebuild

    rebuild(folder, out, as_json)


@app.command()
def check(files: Files) -> None:
    """Check scenario, experiment and targets files without running them. Warns where an office is so small
    that waits depend on --size.
    """
    from avrr_sim.scenario import load_scenario
    from avrr_sim.shell.warnings import warnings_of
    from avrr_sim.study.calibration.targets import is_targets, load_targets
    from avrr_sim.study.sweep.experiment import is_experiment, load_experiment
    from avrr_sim.study.sweep.order import order_of

    for file in files:
        if is_targets(file):
            typer.echo(f"{file}: good ({load_targets(file).name})")
            continue
        if is_experiment(file):
            experiment = load_experiment(file)
            order_of(experiment)
            typer.echo(f"{file}: good ({experiment.name}, {len(experiment.points)} points)")
            continue
        scenario = load_scenario(file)
        for warning in warnings_of(scenario):
            typer.echo(f"{file}: warning: {warning}", err=True)
        typer.echo(f"{file}: good ({scenario.name})")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check."""
    from avrr_sim.schema import read_json_schema

    typer.echo(json.dumps(read_json_schema(), indent=2, ensure_ascii=False))


@app.command()
def evidence(
    weight: Annotated[Optional[str], typer.Argument(help="Name of a weight.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """List the weights with grade, basis and prior; or one of them with its reference."""
    from avrr_sim.shell.show import show_evidence

    show_evidence(weight, as_json)


@app.command()
def programmes(
    name: Annotated[Optional[str], typer.Argument(help="Name of a programme.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """List the programmes; or one with its amounts, dates and references."""
    from avrr_sim.shell.show import show_programmes

    show_programmes(name, as_json)


@app.command()
def places(
    name: Annotated[
        Optional[str], typer.Argument(help="Name of a host or an origin.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """List hosts and origins; or one with every number, its basis and source."""
    from avrr_sim.shell.show import show_places

    show_places(name, as_json)


@app.command()
def levers(as_json: Json = False) -> None:
    """List every lever that a scenario may set: unit, range, default, meaning."""
    from avrr_sim.shell.show import show_levers

    show_levers(as_json)


new = typer.Typer(no_args_is_help=True, help="Make files of your own from commented templates.")
app.add_typer(new, name="new")


@new.command()
def host(
    folder: Annotated[Path, typer.Argument(help="A new folder for the files.", show_default=False)],
) -> None:
    """Pieces for a host country of your own: host, programme and scenario, commented, with a worked example
    that runs.
    """
    from avrr_sim.shell.show import new_host

    new_host(folder)


def _study(
    what: str,
    files: list[Path],
    numbers: dict,
    twins: bool,
    workers: int | None,
    out: Path | None,
    only_plan: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    from avrr_sim.shell.study import run_study
    from avrr_sim.study.jobs.plan import default_weights

    numbers["weights"] = numbers["weights"] or default_weights()
    command = "avrr " + shlex.join(
        [what, *(str(file) for file in files), *_said(numbers), *([] if twins else ["--no-twins"])]
    )
    run_study(
        what,
        files,
        {**numbers, "twins": twins},
        workers=workers,
        out=out,
        only_plan=only_plan,
        as_json=as_json,
        quiet=quiet,
        command=command,
    )


def _said(numbers: dict) -> list[str]:
    """Every number that results depend on, as options, so that the command in a report makes it again."""
    return [
        part for name, value in numbers.items() if value is not None for part in (f"--{name}", str(value))
    ]


_INTERRUPTED = 130


def main() -> None:
    """Entry point: turns refusals and interrupts into messages and exit codes."""
    try:
        code = app(standalone_mode=False)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except Exception as error:
        code = _explain(error)
    if code == _INTERRUPTED:
        typer.echo("avrr: interrupted; finished runs are kept", err=True)
    _flush()
    sys.exit(code or 0)


def _explain(error: Exception) -> int:
    """Print an error as one message and give the exit code; a bug keeps its traceback."""
    from avrr_sim.refusals import Refusal

    # a wrong option; the class moved between versions of typer
    if hasattr(error, "show") and hasattr(error, "exit_code"):
        error.show()
        return error.exit_code
    if isinstance(error, typer.Abort):
        return _INTERRUPTED
    if isinstance(error, Refusal):
        typer.echo(f"avrr: {error}", err=True)
        return 2
    if isinstance(error, BrokenPipeError):
        return 1
    if isinstance(error, OSError):
        typer.echo(
            (
                f"avrr: {error.filename or 'results'}: {error.strerror or error}; what was done before "
                "stays readable"
            ),
            err=True,
        )
        return 1
    if type(error).__name__ == "ClusterLost":
        typer.echo(f"avrr: {error}; finished runs are kept, and --resume goes on with them", err=True)
        return 1
    if type(error).__name__ == "RunsFailed":
        typer.echo(f"avrr: every run failed; the first error: {error}", err=True)
        return 1
    raise error


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
