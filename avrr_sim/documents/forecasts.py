"""The tables of docs/forecasts.md, from the frozen forecasts in experiments/predictions/ and the figures
that came.

python -m avrr_sim.documents.forecasts docs/forecasts.md      makes them anew in place

The figures that came for NAME.json stand beside it in NAME.actuals.csv.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.ledger.actuals import read_actuals
from avrr_sim.study.ledger.forecast import Forecast, read_forecast
from avrr_sim.study.ledger.scored import score_rows, summed_up

PREDICTIONS = Path("experiments") / "predictions"


def forecasts_in(folder: Path) -> Iterator[tuple[Path, Forecast]]:
    """Every forecast in a folder, the oldest first. Raises `Refusal`."""
    found = [(file, read_forecast(file)) for file in sorted(folder.glob("*.json"))]
    yield from sorted(found, key=lambda each: (each[1].date, each[0].name))


def actuals_of(file: Path) -> Path:
    """Where the figures that came for a forecast stand."""
    return file.with_name(f"{file.stem}.actuals.csv")


def forecast_table(folder: Path) -> str:
    """What was forecast: a row a series and year."""
    rows = [
        (
            file.name,
            forecast.date,
            series.label,
            year,
            f"{each.median:,.0f}",
            _span(each.interval_50),
            _span(each.interval_90),
        )
        for file, forecast in forecasts_in(folder)
        for series in forecast.series.values()
        for year, each in series.years.items()
    ]
    return markdown_table(("file", "date", "series", "year", "median", "50 %", "90 %"), rows)


def made_table(folder: Path) -> str:
    """With what forecasts were made."""
    rows = [
        (
            file.name,
            forecast.digest,
            forecast.scenario["key"],
            forecast.made_with["weights"],
            forecast.made_with.get("posterior_hash", "-"),
            forecast.made_with["model_hash"],
            forecast.made_with["data_hash"],
            forecast.made_with["draws"],
        )
        for file, forecast in forecasts_in(folder)
    ]
    heads = ("file", "digest", "scenario", "weights", "posterior", "model", "data", "draws")
    return markdown_table(heads, rows)


def known_list(folder: Path) -> str:
    """What later facts each forecast was allowed to know, and its note."""
    lines = []
    for file, forecast in forecasts_in(folder):
        lines.append(f"**{file.name}**, {forecast.date}. {forecast.note}".rstrip() + "\n")
        lines += [f"- {fact}" for fact in forecast.knows]
        lines += [
            f"- Fitted, with a window that reaches into the years: {each}" for each in forecast.fitted_into
        ]
        lines.append("")
    return "\n".join(lines).rstrip()


def score_table(folder: Path) -> str:
    """Every score: a row a figure that came, and one a forecast that sums it up."""
    rows = []
    for file, forecast in forecasts_in(folder):
        if not actuals_of(file).is_file():
            rows.append((file.name, forecast.date, "no figure has been set beside it yet", *[""] * 7))
            continue
        scores = score_rows(forecast, read_actuals(actuals_of(file), forecast))
        for each in scores.to_dict("records"):
            inside = ("yes" if each[f"inside_{mass}"] else "no" for mass in (50, 90))
            numbers = (f"{each[name]:,.0f}" for name in ("interval_score_50", "interval_score_90", "crps"))
            label = forecast.series[each["series"]].label
            came = f"{each['actual']:,.0f}"
            rows.append((file.name, forecast.date, label, each["year"], came, *inside, *numbers))
        total = summed_up(scores)
        shares = (f"{100 * total[f'coverage_{mass}']:.0f} %" for mass in (50, 90))
        crps = f"{100 * total['relative_crps']:.0f} % of the figure"
        rows.append(
            (file.name, forecast.date, "all", "", f"{total['figures']:.0f} figures", *shares, "", "", crps)
        )
    heads = (
        "file",
        "date",
        "series",
        "year",
        "came",
        "in 50 %",
        "in 90 %",
        "interval score 50 %",
        "interval score 90 %",
        "CRPS",
    )
    return markdown_table(heads, rows)


def _span(ends: list[float]) -> str:
    return f"{ends[0]:,.0f} to {ends[1]:,.0f}"


def page(text: str, folder: Path, file: object = None) -> str:
    """The page with its tables made anew. Raises `Refusal`."""
    tables = {
        "forecasts": forecast_table,
        "made-with": made_table,
        "known": known_list,
        "scores": score_table,
    }
    return filled(text, file, tables={name: partial(make, folder) for name, make in tables.items()})


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_whole(target, page(target.read_text(encoding="utf-8"), PREDICTIONS, target))
