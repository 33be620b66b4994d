"""What `avrr check` and `avrr schema` print."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from avrr_sim.hypotheses import MIXTURE
from avrr_sim.kinds import KINDS, kind_of
from avrr_sim.refusals import Refusals, unknown_name
from avrr_sim.scenario import Scenario
from avrr_sim.shell.cautions import say_cautions
from avrr_sim.shell.printing import print_json
from avrr_sim.study.summary.cautions import cautions_of
from avrr_sim.study.sweep.experiment import Experiment
from avrr_sim.study.sweep.order import order_of


def check_files(files: Iterable[Path]) -> None:
    """Say of every file whether it is good, with warnings. Raises one `Refusal` of all mistakes of all
    files.
    """
    wrong = Refusals()
    for file in files:
        wrong.attempt(_check, file)
    wrong.raise_any()


def _check(file: Path) -> None:
    read = kind_of(file).read(file)
    told = read.name
    if isinstance(read, Experiment):
        order_of(read)
        told += f", {len(read.points)} points" + (f", {read.read_as}" if read.read_as else "")
    elif isinstance(read, Scenario):
        cautions = cautions_of(read)
        say_cautions(cautions, str(file))
        if read.hypothesis != MIXTURE:
            told += f", under the hypothesis {read.hypothesis}"
        if idle := [each["entry"] for each in cautions if each["key"].startswith("nobody_")]:
            print(f"{file}: can be run ({told}), but {', '.join(idle)} reach{'es' * (len(idle) == 1)} nobody")
            return
    print(f"{file}: good ({told})")


def show_schema(kind: str) -> None:
    """Print the JSON Schema of a kind of file. Raises `Refusal` where there is no such kind."""
    if kind not in KINDS:
        raise unknown_name("kind of file", kind, KINDS)
    print_json(KINDS[kind].schema())
