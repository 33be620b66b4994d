"""What `avrr predict` and `avrr score` do and print, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.compiled import announce_compilation
from avrr_sim.dates import month_number
from avrr_sim.forms import MONTH_FORM
from avrr_sim.refusals import refusal, shown
from avrr_sim.scenario import load_scenario
from avrr_sim.shell.cautions import say_cautions
from avrr_sim.shell.options import Manner, command_of
from avrr_sim.shell.printing import console, print_json, print_plan, table_of
from avrr_sim.study.folder.manifest import today
from avrr_sim.study.ledger.actuals import read_actuals, template
from avrr_sim.study.ledger.forecast import Forecast, read_forecast
from avrr_sim.study.ledger.order import PredictionOrder, order_of
from avrr_sim.study.ledger.predict import check_date, predict
from avrr_sim.study.ledger.scored import score_rows, summed_up
from avrr_sim.study.summary.cautions import cautions_of_posterior


def run_predict(
    scenario: Path,
    months: tuple[str | None, str],
    numbers: dict[str, Any],
    file: Path,
    date: str | None,
    note: str,
    manner: Manner,
) -> None:
    """Make a forecast, freeze it in a file, and print it. Raises RunsFailed where a run failed."""
    how = manner.execution()
    first, until = months
    command = command_of("predict", scenario, **{"from": first}, until=until, **numbers)
    order = order_of(
        load_scenario(scenario),
        None if first is None else _month("--from", first),
        _month("--until", until),
        numbers,
        command,
    )
    day = date or today()
    check_date(day)
    if manner.only_plan:
        print_plan(_plan_facts(order, file, day), manner.as_json)
        return
    say_cautions(cautions_of_posterior(order.plan))
    if not manner.quiet:
        announce_compilation()
    predict(order, how, file, day, note)
    _tell(read_forecast(file), file, manner.as_json)


def _month(option: str, text: str) -> int:
    if not re.fullmatch(MONTH_FORM, text):
        raise refusal(f"{option} {shown(text)}", allowed="a month, written YYYY-MM")
    return month_number(text)


def _plan_facts(order: PredictionOrder, file: Path, date: str) -> dict[str, Any]:
    plan = order.plan
    return {
        "study": "predict",
        "scenario": plan.keys[0],
        "years": [str(year) for year in order.years],
        "file": str(file),
        "date": date,
        "draws": plan.draws,
        "runs": plan.runs,
        "size": plan.size,
        "weights": plan.weights,
        "seed": plan.seed,
    }


def _tell(forecast: Forecast, file: Path, as_json: bool) -> None:
    if as_json:
        told = {
            name: {year: each.model_dump(exclude={"draws"}) for year, each in series.years.items()}
            for name, series in forecast.series.items()
        }
        print_json({"file": str(file), "date": forecast.date, "digest": forecast.digest, "series": told})
        return
    table = table_of(
        f"Forecast of {forecast.date}, frozen as {forecast.digest}",
        [("series", "left"), ("year", "left"), ("median", "right"), ("50 %", "right"), ("90 %", "right")],
    )
    for series in forecast.series.values():
        for year, each in series.years.items():
            spans = (_span(each.interval_50), _span(each.interval_90))
            table.add_row(series.label, year, f"{each.median:,.0f}", *spans)
    console().print(table)
    print(f"File: {file}")


def _span(ends: list[float]) -> str:
    return f"{ends[0]:,.0f} to {ends[1]:,.0f}"


def run_score(file: Path, actuals: Path | None, only_template: bool, as_json: bool) -> None:
    """Score a forecast against figures that came, or print an empty file for these. Raises `Refusal`."""
    forecast = read_forecast(file)
    if only_template:
        print(template(forecast), end="")
        return
    if actuals is None:
        raise refusal(
            "score needs the figures that came",
            allowed="a CSV file of them; `avrr score FILE --template` prints an empty one",
        )
    scores = score_rows(forecast, read_actuals(actuals, forecast))
    summary = summed_up(scores)
    if as_json:
        rows = json.loads(scores.to_json(orient="records"))
        told = {name: None if math.isnan(value) else value for name, value in summary.items()}
        print_json({"file": str(file), "digest": forecast.digest, "scores": rows, "summary": told})
        return
    _tell_scores(forecast, scores, summary)


def _tell_scores(forecast: Forecast, scores: pd.DataFrame, summary: dict[str, float]) -> None:
    heads = ("series", "year", "came", "forecast, 90 %", "in 50 %", "in 90 %", "interval score, 90 %", "CRPS")
    table = table_of(
        f"Scores of the forecast of {forecast.date} ({forecast.digest})",
        [(head, "left" if n < 2 else "right") for n, head in enumerate(heads)],
    )
    for row in scores.to_dict("records"):
        table.add_row(
            str(row["series"]),
            str(row["year"]),
            f"{row['actual']:,.0f}",
            f"{row['median']:,.0f} ({_span([row['low_90'], row['high_90']])})",
            "yes" if row["inside_50"] else "no",
            "yes" if row["inside_90"] else "no",
            f"{row['interval_score_90']:,.0f}",
            f"{row['crps']:,.0f}",
        )
    console().print(table)
    print(
        f"{summary['figures']:.0f} figures; inside the 50 % interval {100 * summary['coverage_50']:.0f} %, "
        f"inside the 90 % interval {100 * summary['coverage_90']:.0f} %; CRPS "
        f"{100 * summary['relative_crps']:.0f} % of the figures on average"
    )
    if summary["compared"]:
        print(
            f"Of the {summary['compared']:.0f} with a figure known before: CRPS "
            f"{100 * summary['relative_crps_compared']:.0f} %, of a forecast that nothing changes "
            f"{100 * summary['relative_crps_unchanged']:.0f} %"
        )
