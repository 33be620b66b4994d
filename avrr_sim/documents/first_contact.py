"""First contact with reality: the Norwegian baseline at the medians of its priors against published figures.

    python -m avrr_sim.documents.first_contact        prints the table of docs/first-contact.md

Nothing is fitted here. Constants were set by hand so that the orders of magnitude are right; calibration is
another piece of work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from avrr_sim.outcomes import Outcomes
from avrr_sim.scenario import Scenario
from avrr_sim.simulation import simulate

FACTOR = 2.0
"""How far a figure may be off, either way, at this stage."""


@dataclass(frozen=True)
class Target:
    """A published figure (or range), what the model reports for it, and how comparable the two are."""

    id: str
    figure: str
    low: float
    high: float
    source: str
    model: str
    of: Callable[[Outcomes], float]
    note: str


def _measure(name: str) -> Callable[[Outcomes], float]:
    return lambda outcomes: outcomes.value(name)


def _year(name: str, year: int) -> Callable[[Outcomes], float]:
    """Persons of one calendar year of the window."""

    def of(outcomes: Outcomes) -> float:
        first = year * 12 - outcomes.scenario.window_from
        flow = sum(outcomes.flow(part) for part in name.split("+"))
        return float(flow[first : first + 12].sum())

    return of


def _per_rejected(year: int) -> Callable[[Outcomes], float]:
    def of(outcomes: Outcomes) -> float:
        first = year * 12 - outcomes.scenario.window_from
        return float(
            outcomes.flow("assisted")[first : first + 12].sum()
            / outcomes.flow("rejected_in_centres")[first : first + 12].mean()
        )

    return of


_SEMINAR = "IOM Norway, embassies seminar news (about 2012)"
_FAFO = "Sonsterudbraten (2018), Fafo"
_SERIES = "Directorate and statistics office, annual series"

TARGETS = (
    Target(
        "T01",
        "about 3,000 applications a year",
        3000,
        3000,
        _SEMINAR,
        "applications in 2012, persons",
        _year("applications+reapplications", 2012),
        "repeated applications count in the model; whether they do in the source is not said",
    ),
    Target(
        "T02",
        "about 1,000 of them drop out",
        1 / 3,
        1 / 3,
        _SEMINAR,
        "drop-out within 12 months",
        _measure("drop_out_12"),
        "the source gives no horizon",
    ),
    Target(
        "T04",
        "72 % got a document through an embassy",
        0.72,
        0.72,
        _SEMINAR,
        "share of assisted departures",
        _measure("embassy_document"),
        "",
    ),
    Target(
        "T05",
        "most leave within two years",
        0.5,
        0.85,
        _FAFO,
        "departed within 24 months of arrival",
        _measure("departed_within_24"),
        "the range is a reading of 'most'",
    ),
    Target(
        "T05",
        "few leave after three years",
        0.0,
        0.25,
        _FAFO,
        "departed after 36 months or more",
        _measure("departed_after_36"),
        "the range is a reading of 'few'",
    ),
    Target(
        "T09",
        "most found no lasting income",
        0.0,
        0.5,
        _FAFO,
        "lasting income after 12 months",
        _measure("income_12"),
        "weights after return are judgement alone",
    ),
    Target(
        "T11",
        "0.36 assisted returns per rejected person in a centre (2014)",
        0.36,
        0.36,
        _SERIES,
        "the same ratio, 2014",
        _per_rejected(2014),
        "an upper bound: others are in the numerator",
    ),
    Target(
        "T11",
        "0.37 (2015)",
        0.37,
        0.37,
        _SERIES,
        "the same ratio, 2015",
        _per_rejected(2015),
        "an upper bound: others are in the numerator",
    ),
    Target(
        "T15",
        "19.7 % of applicants went missing (2008-2011)",
        0.197,
        0.197,
        "Brekke (2012)",
        "missing within 24 months, arrivals from 2012",
        _measure("missing_24"),
        "another period: the baseline starts in 2010",
    ),
    Target(
        "E",
        "1,800 assisted returns (2012)",
        1800,
        1800,
        _SERIES,
        "assisted departures in 2012, persons",
        _year("assisted", 2012),
        "in tension with T01 and T02, which leave about 2,000",
    ),
    Target(
        "E",
        "1,559 forced returns, asylum category (2015)",
        1559,
        1559,
        _SERIES,
        "removals in 2015, persons",
        _year("removed", 2015),
        "used to set the removal hazard's order of magnitude",
    ),
)


def contact(scenario: Scenario, size: int = 20_000, replicates: int = 4, seed: int = 1) -> list[dict]:
    """Each target with the model's value (mean over replicates, medians of all priors), its standard error
    and the factor it is off by.

    `factor` is 1 inside the target's range, else the ratio to its nearer end (inf where the model gives 0).
    """
    runs = [simulate(scenario, None, seed, replicate=r, size=size) for r in range(replicates)]
    rows = []
    for target in TARGETS:
        values = np.array([target.of(run) for run in runs])
        value = float(values.mean())
        edge = min(max(value, target.low), target.high)
        factor = (
            1.0
            if edge == value
            else max(value / edge, edge / value)
            if value > 0 and edge > 0
            else float("inf")
        )
        rows.append(
            {
                "target": target,
                "value": value,
                "error": float(values.std(ddof=1) / np.sqrt(replicates)),
                "factor": factor,
            }
        )
    return rows


def table(rows: list[dict]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| target | published figure | source | in the model | value (s.e.) | off by a factor of | note |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        t = row["target"]
        value = (
            f"{row['value']:,.0f} ({row['error']:.0f})"
            if row["value"] > 10
            else f"{row['value']:.3f} ({row['error']:.3f})"
        )
        lines.append(
            f"| {t.id} | {t.figure} | {t.source} | {t.model} | {value} | {row['factor']:.2f} | {t.note} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    from pathlib import Path

    from avrr_sim.scenario import load_scenario

    print(table(contact(load_scenario(Path("scenarios/baseline-norway.yaml")))))
