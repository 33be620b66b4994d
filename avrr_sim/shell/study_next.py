"""What `avrr study-next` does and prints, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from avrr_sim.compiled import announce_compilation
from avrr_sim.files import is_file
from avrr_sim.measures import MEASURES
from avrr_sim.refusals import refusal
from avrr_sim.report.pages.value import answer_of
from avrr_sim.report.words import catalogue
from avrr_sim.scenario import load_scenario
from avrr_sim.shell.cautions import say_cautions
from avrr_sim.shell.options import Manner, command_of
from avrr_sim.shell.printing import console, print_json, print_plan, say, table_of, tell_failures
from avrr_sim.shell.report import write_page
from avrr_sim.study.calibration.targets import Targets, load_targets
from avrr_sim.study.summary.cautions import cautions_of_posterior
from avrr_sim.study.summary.contract import load_value
from avrr_sim.study.value.figure_runs import REPLICATES
from avrr_sim.study.value.order import ValueOrder, order_in, order_of
from avrr_sim.study.value.studies import NO_STUDIES, Studies, load_studies
from avrr_sim.study.value.study_next import ValueOfInformation, perform

STUDIES = Path("experiments") / "studies-norway.yaml"
TARGETS = Path("experiments") / "calibration-norway.yaml"
NONE = "none"
FEW_DRAWS = 200
_PRINTED = {"study": 12, "figure": 5, "part": 3, "weight": 8}  # candidates of each kind that the shell prints


def run_study_next(
    sources: list[Path],
    numbers: dict[str, Any],
    measures: list[str],
    studies: str | None,
    targets: str | None,
    manner: Manner,
) -> None:
    """Run a study of the value of information, or take the jobs of a comparison's folder, and print what
    would settle each difference. Raises SystemExit(1) where a run failed.
    """
    how = manner.execution()
    order = _order(sources, numbers, measures, studies, targets)
    if manner.only_plan:
        print_plan(_plan_facts(order), manner.as_json)
        return
    _warn(order)
    if not manner.quiet:
        announce_compilation()
    result = perform(order, how, write_page)
    _tell(result, manner.as_json)
    tell_failures(result.failures, "runs")


def _order(
    sources: list[Path],
    numbers: dict[str, Any],
    measures: list[str],
    studies: str | None,
    targets: str | None,
) -> ValueOrder:
    folder = sources[0] if len(sources) == 1 and sources[0].is_dir() else None
    given = {name: value for name, value in numbers.items() if value is not None}
    more: dict[str, Any] = {
        "measures": measures,
        "studies": _studies(studies),
        "targets": _targets(targets),
        "command": command_of("study-next", *sources, **numbers, studies=studies, targets=targets)
        + "".join(f" --measure {name}" for name in measures),
    }
    if folder is not None:
        if given:
            raise refusal(
                f"--{next(iter(given))} with the folder of a comparison",
                allowed="the folder alone: its numbers are those of the comparison",
            )
        return order_in(folder, **more)
    return order_of([load_scenario(file) for file in sources], {**DEFAULTS, **given}, **more)


DEFAULTS: dict[str, Any] = {"draws": 500, "replicates": 2}
"""Where the command does not say otherwise; the other numbers are those of `compare`."""


def _studies(name: str | None) -> Studies:
    if name == NONE or (name is None and not is_file(STUDIES)):
        return NO_STUDIES
    return load_studies(name or STUDIES)


def _targets(name: str | None) -> Targets | None:
    if name == NONE or (name is None and not is_file(TARGETS)):
        return None
    return load_targets(name or TARGETS)


def _plan_facts(order: ValueOrder) -> dict[str, Any]:
    plan = order.plan
    figures = REPLICATES * plan.draws if order.targets else 0
    return {
        "study": "study-next",
        "scenarios": list(plan.keys),
        "differences": [plan.keys[k] for k in order.asked],
        "measures": list(order.measures),
        "studies": [study.name for study in order.possible[0]],
        "draws": plan.draws,
        "replicates": plan.replicates,
        "runs": (0 if order.source else plan.runs) + figures,
        "size": plan.size,
        "weights": plan.weights,
        "seed": plan.seed,
    }


def _warn(order: ValueOrder) -> None:
    if order.plan.draws < FEW_DRAWS:
        say(f"warning: {order.plan.draws} draws tell little apart; {FEW_DRAWS} and more are better")
    if order.plan.replicates == 1:
        say("warning: with one replicate chance cannot be told from what is not known")
    say_cautions(cautions_of_posterior(order.plan))
    for study in order.possible[1]:
        say(f"warning: {study.name} is left out: an arm of it is not among the scenarios")


def _tell(result: ValueOfInformation, as_json: bool) -> None:
    """What would settle each difference, on standard output."""
    folder = result.folder
    assert folder is not None
    if as_json:
        rows = result.tables["value"].to_json(orient="records")
        beside = result.tables["differences"].to_json(orient="records")
        facts = {"folder": str(folder), "report": str(folder / "report.html")}
        print_json({**facts, "differences": json.loads(beside), "value": json.loads(rows)})
        return
    tables = load_value(folder)
    for difference in tables.differences[tables.differences["ranked"]].to_dict("records"):
        _tell_one(result, difference["scenario"], difference["measure"])
        print(f"{answer_of(tables, difference)}\n")
    print(f"Folder: {folder}\nReport: {folder / 'report.html'}")


def _tell_one(result: ValueOfInformation, scenario: str, measure: str) -> None:
    value = result.value
    rows = value[(value["scenario"] == scenario) & (value["measure"] == measure)]
    table = table_of(
        f"{scenario}, {MEASURES[measure].label}: share of the variance that would be removed",
        [
            ("kind", "left"),
            ("candidate", "left"),
            ("share", "right"),
            ("error", "right"),
            ("null line", "right"),
        ],
    )
    for kind, most in _PRINTED.items():
        for row in rows[rows["kind"] == kind].head(most).to_dict("records"):
            numbers = (f"{100 * row[name]:.0f} %" for name in ("share", "error", "line"))
            table.add_row(
                catalogue.KNOWN[kind], row["label"] + ("" if row["above"] else " (chance?)"), *numbers
            )
    console().print(table)
