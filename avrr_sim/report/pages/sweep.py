"""The page of a sweep, in the frame of all pages: what moved, what was varied, figures, points, limits and
provenance. No point is ranked.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from avrr_sim.policy import LEVERS
from avrr_sim.report.figures import responses
from avrr_sim.report.html import page
from avrr_sim.report.html.elements import (
    DASH,
    Block,
    Cell,
    Column,
    Items,
    Note,
    Picture,
    Section,
    Table,
    Text,
)
from avrr_sim.report.pages import drivers_and_fit, numbers
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.comparison.limits import LIMITS, on_draws
from avrr_sim.study.folder.provenance import library_versions, source_commit
from avrr_sim.study.sweep.design import Factor
from avrr_sim.study.sweep.experiment import Experiment
from avrr_sim.study.sweep.precision import NEVER_NARROWS
from avrr_sim.study.sweep.sweep import Sweep

MOST_ROWS = 120  # points that a table on the page holds
MOST_MEASURES = 6  # told in the headlines and the table of points


def write_sweep(folder: Path, result: Sweep, learned: Mapping[str, pd.DataFrame] | None = None) -> Path:
    """Write the pictures and `sweep.html` of a sweep; returns the page's path. `learned`: drivers, targets,
    patterns, where there are such.
    """
    folder = Path(folder)
    experiment = result.experiment
    drawn = responses.draw_sweep(folder / "figures", experiment, result.table)
    table = result.table.replace([np.inf, -np.inf], np.nan)
    whole = table[(table["group_by"] == "all") & (table["scenario"] != "baseline")]
    fit = (
        drivers_and_fit.sections(
            folder / "figures", learned["drivers"], learned["targets"], learned["patterns"]
        )
        if learned
        else []
    )
    sections = [
        Section("headlines", say("short.title"), _headlines(experiment, whole, result.plan.draws)),
        Section("changes", say("sweep.varied"), [_factors(experiment)]),
        Section("figures", say("sweep.pictures"), [Picture(figure) for figure in drawn]),
        Section("numbers", say("sweep.points"), [_points(experiment, whole)]),
        *fit,
        page.limits([*LIMITS, *on_draws(result.plan)]),
        page.provenance(result.command, _facts(result), say("sweep.files")),
    ]
    return page.write_page(folder, experiment.name, sections, lead=_lead(result), name="sweep.html")


def _lead(result: Sweep) -> list[Any]:
    experiment, plan = result.experiment, result.plan
    draws = say("lead.draw") if plan.draws == 1 else say("lead.draws", n=plan.draws)
    replicates = say("lead.replicate") if plan.replicates == 1 else say("lead.replicates", n=plan.replicates)
    known = {"prior": "lead.prior", "posterior": "lead.posterior", "central": "lead.central"}
    weights = say(known[plan.weights]) if plan.weights in known else say("lead.weights", weights=plan.weights)
    parts: list[Any] = [Text(experiment.asks, small=True)] if experiment.asks else []
    named = sentences.say_names(
        "sweep.lead", points=len(experiment.points), baseline=experiment.baseline.name
    )
    parts.append(
        Text(named + Markup(" ") + say("lead.made", draws=draws, replicates=replicates, weights=weights))
    )
    if plan.draws == 1:
        parts.append(Note(say("lead.one_draw")))
    if result.failures:
        parts.append(Note(say("sweep.failed", failed=len(result.failures))))
    if responses.coercive(experiment):
        parts.append(Note(catalogue.SWEEP_COERCION))
    return parts


def _measures(experiment: Experiment, whole: pd.DataFrame) -> list[str]:
    return [m for m in experiment.measures if m in set(whole["measure"])][:MOST_MEASURES]


def _headlines(experiment: Experiment, whole: pd.DataFrame, draws: int) -> list[Any]:
    """One sentence a measure: how far the difference runs over the points, and where its sign is open."""
    said = []
    for measure in _measures(experiment, whole):
        info = responses.info_of(measure)
        rows = whole[(whole["measure"] == measure) & whole["difference"].notna()]
        if rows.empty:
            said.append(say("sweep.none", label=info["label"]))
            continue
        places = sentences.decimals(info["per"], *rows["difference"])
        low, high = (
            sentences.number(v, info["per"], places, signed=True)
            for v in (rows["difference"].min(), rows["difference"].max())
        )
        open_ = int(((rows["difference_low"] <= 0) & (rows["difference_high"] >= 0)).sum())
        key = "sweep.headline_one_draw" if draws == 1 else "sweep.headline"
        said.append(
            say(
                key,
                label=info["label"],
                low=low,
                high=high,
                unit=sentences.unit(info, True),
                open=open_,
                points=len(rows),
            )
        )
    return [Items(said), Text(say("sweep.beside")), Text(NEVER_NARROWS, small=True)]


def _factors(experiment: Experiment) -> Table:
    """What was varied: kind, values or range, unit, meaning and source."""
    columns = [
        Column(say(key), numeric=False)
        for key in ("sweep.factor", "changes.kind", "sweep.values", "changes.unit", "changes.source")
    ]
    return Table(say("sweep.factors_caption"), columns, [Block([_factor(f) for f in experiment.factors])])


def _factor(factor: Factor) -> list[Cell]:
    values = ", ".join(responses.value_text(v) for v in factor.values) if factor.values else ""
    if not values and factor.low is not None:
        values = say("sweep.range", low=factor.low, high=factor.high, scale=factor.scale)
    lever = LEVERS.get(factor.name) if factor.place == "levers" else None
    if lever is not None:
        return [
            Cell(factor.column, lever.meaning),
            Cell(lever.kind),
            Cell(values),
            Cell(lever.unit),
            Cell(lever.source),
        ]
    # the timing of information is no number, and stands apart from the other levers
    if factor.place == "levers":
        return [
            Cell(factor.column),
            Cell(say("sweep.timing")),
            Cell(values),
            Cell(say("sweep.plan")),
            Cell(DASH),
        ]
    kind = {"amounts": say("sweep.amount"), "weights": say("sweep.weight")}.get(factor.place, factor.place)
    return [Cell(factor.column), Cell(kind), Cell(values), Cell(DASH), Cell(DASH)]


def _points(experiment: Experiment, whole: pd.DataFrame) -> Any:
    """A row a point: what it sets, and its differences from the baseline."""
    if len(experiment.points) > MOST_ROWS:
        return Text(say("sweep.points_many", points=f"{len(experiment.points):,}"))
    measures = _measures(experiment, whole)
    at = {(r["scenario"], r["measure"]): r for r in whole.to_dict("records")}
    columns = [
        Column(c, numeric=i > 0 and pd.api.types.is_numeric_dtype(whole[c]))
        for i, c in enumerate(experiment.columns)
    ]
    infos = [responses.info_of(m) for m in measures]
    columns += [Column(info["label"], sentences.unit(info, True)) for info in infos]
    rows = []
    for key in dict.fromkeys(whole["scenario"]):
        own = [at.get((key, m)) for m in measures]
        first = next(r for r in own if r is not None)
        cells = [
            Cell(
                responses.value_text(first[c]), value=first[c] if isinstance(first[c], (int, float)) else None
            )
            for c in experiment.columns
        ]
        for row, info in zip(own, infos, strict=True):
            cells.append(Cell(DASH) if row is None else _difference(row, info["per"]))
        rows.append(cells)
    return Table(say("sweep.points_caption"), columns, [Block(rows)], compact=True)


def _difference(row: Mapping[str, Any], per: str) -> Cell:
    if row["difference_suppressed"]:
        return Cell(sentences.TOO_FEW)
    value, interval = sentences.shown(
        row["difference"], row["difference_low"], row["difference_high"], per, signed=True
    )
    spans = [f"({interval})"] if interval else []
    if sentences.known(row["difference_mc_error"]):
        spans.append(say("monte_carlo_short", error=sentences.error(row["difference_mc_error"], per)))
    return Cell(value, " ".join(spans), row["difference"] if sentences.known(row["difference"]) else None)


def _facts(result: Sweep) -> list[tuple[str, str]]:
    plan = result.plan
    known = {
        "version": None,
        "commit": source_commit(),
        "seed": plan.seed,
        "draws": plan.draws,
        "replicates": plan.replicates,
        "size": plan.size,
        "engine": plan.engine,
        "weights": plan.weights,
        "libraries": library_versions(),
    }
    facts = [*numbers.facts(known, []), (say("sweep.study"), result.digest)]
    return facts if result.reached is None else [*facts, (say("sweep.precision_term"), result.reached.text())]
