"""First contact with reality: the model at the medians of its priors against every published figure.

    python -m avrr_sim.documents.first_contact docs/first-contact.md        fills the tables of the page

The figures are those of the calibration and of the package, each over its own window; nothing is fitted here.
Constants were set by hand so that the orders of magnitude are right. What the model says over draws of the
weights, with verdicts, is in docs/calibration.md and docs/validation.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from avrr_sim.documents.levels import departures
from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.engines import table
from avrr_sim.engines.world import World, build_world
from avrr_sim.hypotheses import medians
from avrr_sim.measures import MEASURES
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.calibration.runs import figures_of
from avrr_sim.study.calibration.targets import Targets, load_targets
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.study.published.package import package_figures

FACTOR = 2.0
"""How far a figure may be off, either way, at this stage."""
TARGETS = Path("experiments/calibration-norway.yaml")
SCENARIOS = Path("scenarios")
SIZE, REPLICATES, SEED = 20_000, 4, 1


@dataclass(frozen=True)
class Contact:
    """A published figure, and what the model says of it: mean over replicates, with its standard error."""

    figure: PublishedFigure
    value: float
    error: float

    @property
    def factor(self) -> float:
        """By how much the model is off (see `PublishedFigure.factor_off`)."""
        return self.figure.factor_off(self.value)


def contact(targets: Targets, size: int = SIZE, replicates: int = REPLICATES) -> list[Contact]:
    """Every figure of a file of targets against its scenario at the medians of all priors."""
    found = [figures_of(world, targets.targets) for world in _worlds(targets.scenario, size, replicates)]
    values = [[each[figure.id] for each in found] for figure in targets.targets]
    return _contacts(targets.targets, values)


def contact_by_origin(folder: Path, size: int = SIZE, replicates: int = REPLICATES) -> list[Contact]:
    """Every published count by origin that comes with the package against its scenario (a file of `folder`),
    in the same way.
    """
    contacts: list[Contact] = []
    figures = [figure for figure in package_figures() if figure.series]
    for name in dict.fromkeys(figure.scenario for figure in figures):
        mine = [figure for figure in figures if figure.scenario == name]
        worlds = _worlds(load_scenario(folder / f"{name}.yaml"), size, replicates)
        contacts += _contacts(mine, np.transpose([departures(world, mine) for world in worlds]))
    return contacts


def _worlds(scenario: Scenario, size: int, replicates: int) -> Iterable[World]:
    """The worlds of a scenario at the medians of all priors, lived to their ends."""
    weights = medians(scenario.hypothesis, scenario.weights)
    return (table.run(build_world(scenario, weights, SEED, 0, r, size)) for r in range(replicates))


def _contacts(
    figures: Sequence[PublishedFigure], values: Iterable[Sequence[float] | np.ndarray]
) -> list[Contact]:
    return [
        Contact(figure, float(np.mean(said)), float(np.std(said, ddof=1) / np.sqrt(len(said))))
        for figure, said in zip(figures, values, strict=True)
    ]


def figures_table(contacts: Iterable[Contact]) -> str:
    """The figures of the calibration as a Markdown table."""
    head = ("target", "published figure", "source", "in the model", "window", "value (s.e.)", "off by")
    return markdown_table(
        [*head, "note"],
        (
            [
                each.figure.id,
                each.figure.figure,
                each.figure.source,
                MEASURES[each.figure.measure].label,
                each.figure.window,
                _value(each),
                f"{each.factor:.2f}",
                each.figure.note,
            ]
            for each in contacts
        ),
    )


def origins_table(contacts: Iterable[Contact]) -> str:
    """The counts by origin as a Markdown table."""
    return markdown_table(
        ("figure", "role", "origin", "published", "value (s.e.)", "off by"),
        (
            [
                each.figure.series,
                each.figure.role,
                str(each.figure.origin).capitalize(),
                f"{each.figure.low:.0f}",
                _value(each),
                f"{each.factor:.2f}",
            ]
            for each in contacts
        ),
    )


def _value(each: Contact) -> str:
    digits = 0 if each.value > 10 else 3
    return f"{each.value:,.{digits}f} ({each.error:,.{digits}f})"


def main(page: Path) -> None:
    """Fill the tables of the page."""
    tables = {
        "figures": lambda: figures_table(contact(load_targets(TARGETS))),
        "origins": lambda: origins_table(contact_by_origin(SCENARIOS)),
    }
    page.write_text(filled(page.read_text(encoding="utf-8"), page, tables=tables), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
