"""The options of the commands, each defined once, with its range; and how a command is to be carried out.

Nothing heavy is imported here, so that help appears at once.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from avrr_sim.refusals import printable
from avrr_sim.study.jobs.numbers import OF_WAVES, span_of

if TYPE_CHECKING:
    from avrr_sim.study.folder.order import Execution

Files = Annotated[list[Path], typer.Argument(help="Scenario files.", show_default=False)]
AnyFiles = Annotated[list[Path], typer.Argument(help="Files of any kind.", show_default=False)]

# what results depend on
Draws = Annotated[int, typer.Option(help=f"Draws of the uncertain weights, {span_of('draws')}.")]
Replicates = Annotated[int, typer.Option(help=f"Streams of chance for each draw, {span_of('replicates')}.")]
Seed = Annotated[int, typer.Option(help=f"Master seed, {span_of('seed')}.")]
Size = Annotated[
    int,
    typer.Option(help=f"Units simulated in every run, {span_of('size')}; they stand for all real ones."),
]
Months = Annotated[
    Optional[int], typer.Option(help="Length of the measured window in months (default: the scenario's).")
]
Engine = Annotated[str, typer.Option(help="table (compiled) or agents (Mesa, slow, to look into).")]
Weights = Annotated[
    Optional[str],
    typer.Option(
        help="posterior (draws of the fitted weights; the default where a posterior is shipped), prior "
        "(draws before fitting) or central (medians of the priors, with --draws 1).",
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
        help="Do not run the same people again to see who applies under pressure or misinformed; saves "
        "about a third.",
    ),
]
NoConditions = Annotated[
    bool,
    typer.Option(
        "--no-conditions",
        help="Do not live the first replicate of each draw under the ceilings too (no and perfect "
        "information, no cash, no enforcement) nor, where information is moved, under the named hypotheses; "
        "saves up to a third.",
    ),
]
PrecisionOption = Annotated[
    Optional[float],
    typer.Option(
        help="Add replicates, then draws, until the Monte Carlo error of the mean difference is below "
        "this. It never narrows the uncertainty interval."
    ),
]
Measure = Annotated[
    Optional[str], typer.Option(help="The measure that --precision is about (default: the experiment's).")
]
Shard = Annotated[
    Optional[str],
    typer.Option(help="Do only part i of n, written i/n; `avrr merge` puts the parts together."),
]
TargetsFile = Annotated[
    Optional[Path],
    typer.Option(
        help="A file of published figures (default: experiments/calibration-norway.yaml).",
        show_default=False,
    ),
]
Points = Annotated[
    Optional[int],
    typer.Option(
        help=f"Runs of each wave and of the posterior, {span_of('points', OF_WAVES)}, in place of what the "
        "file says.",
        show_default=False,
    ),
]
BankSize = Annotated[
    Optional[int],
    typer.Option(
        help=f"Units simulated in every run, {span_of('size', OF_WAVES)}, in place of what the file says.",
        show_default=False,
    ),
]
BankSeed = Annotated[
    Optional[int],
    typer.Option(
        help=f"Master seed, {span_of('seed', OF_WAVES)}, in place of what the file says.", show_default=False
    ),
]

# a host of one's own
Country = Annotated[
    Optional[str],
    typer.Option(help="The host's code of three letters (ISO 3166), such as SWE.", show_default=False),
]
Applications = Annotated[
    Optional[Path],
    typer.Option(help="UNHCR's asylum applications, a CSV file as downloaded.", show_default=False),
]
Decisions = Annotated[
    Optional[Path],
    typer.Option(help="UNHCR's asylum decisions, a CSV file as downloaded.", show_default=False),
]
Pending = Annotated[
    Optional[Path],
    typer.Option(
        help="UNHCR's population of concern, a CSV file with asylum-seekers at year end; may be left out.",
        show_default=False,
    ),
]

# how it is carried out
Workers = Annotated[
    Optional[int],
    typer.Option(help=f"Runs side by side, {span_of('workers')} (default: one a processor)."),
]
Cluster = Annotated[
    Optional[str],
    typer.Option(
        help="Address of a Dask scheduler, such as tcp://host:8786, to run on instead of this machine."
    ),
]


def a_path(text: str) -> Path:
    """The path in an option; an empty one would stand for the folder in which the command runs."""
    if not text:
        raise typer.BadParameter("it is empty; . stands for the folder in which the command runs")
    return Path(text)


def a_language(text: str) -> str:
    """A language that pages are told in, by its code."""
    from avrr_sim.report.words.language import FILES

    if text not in FILES:
        raise typer.BadParameter(f"{printable(text)} is none of: {', '.join(FILES)}")
    return text


Language = Annotated[
    str,
    typer.Option(
        parser=a_language,
        metavar="LANGUAGE",
        help="Language of the page and its figures: en (English) or nb (Norwegian Bokm\u00e5l). Names and "
        "questions of scenarios stay as they are written.",
    ),
]
PageFile = Annotated[
    Path,
    typer.Option(parser=a_path, metavar="PATH", help="The file to write; a page of this kind is replaced."),
]
Person = Annotated[
    Optional[int],
    typer.Option(
        min=0,
        help="Number of the person (default: somebody of the most frequent change).",
        show_default=False,
    ),
]
DrawNumber = Annotated[
    int, typer.Option("--draw", min=0, max=999, help="Which draw of the uncertain weights, from 0.")
]
Movable = Annotated[
    Optional[list[str]],
    typer.Option(
        help="A lever or a kind of lever that can be moved on the page; may be given several times (default: "
        "all but safeguards and probes).",
        show_default=False,
    ),
]
Out = Annotated[
    Optional[Path],
    typer.Option(
        parser=a_path,
        metavar="PATH",
        help="Folder for the results; it must be new or empty, but for --resume (default: one under "
        "results/).",
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help="Go on with a study that was stopped (--out, or the newest of the same study)."
    ),
]
OnlyPlan = Annotated[bool, typer.Option("--plan", help="Say what would be run, and run nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Summary to standard output as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress; warnings stay.")]


@dataclass(frozen=True)
class Manner:
    """How a command is carried out and what it prints: nothing that its results depend on."""

    out: Path | None = None
    resume: bool = False
    workers: int | None = None
    cluster: str | None = None
    only_plan: bool = False
    as_json: bool = False
    quiet: bool = False
    language: str = "en"

    def execution(self) -> Execution:
        """How the study is carried out, with progress and messages on standard error. Raises `Refusal` for
        options out of range.
        """
        from avrr_sim.shell.printing import progress_bar, say
        from avrr_sim.study.folder.order import Execution

        return Execution(
            self.out,
            self.resume,
            self.workers,
            self.cluster,
            progress=lambda what, total: progress_bar(total, self.quiet, what),
            say=say,
        )


def command_of(what: str, *words: object, **numbers: object) -> str:
    """The command with every number that results depend on, so that the one in a report makes it again."""
    return "avrr " + printable(shlex.join([what, *map(str, words), *_options(numbers)]))


def _options(numbers: Mapping[str, Any]) -> list[str]:
    return [
        part for name, value in numbers.items() if value is not None for part in (f"--{name}", str(value))
    ]


def numbers_of(
    draws: int | None,
    replicates: int | None,
    seed: int | None,
    size: int | None,
    months: int | None,
    engine: str | None,
    weights: str | None,
) -> dict[str, Any]:
    """What the results of a run, a comparison or a sweep depend on beside its files, in the order in which
    its command says it.
    """
    return {
        "draws": draws,
        "replicates": replicates,
        "seed": seed,
        "size": size,
        "months": months,
        "engine": engine,
        "weights": weights,
    }
