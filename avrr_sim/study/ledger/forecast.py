"""A frozen forecast: what stands in its file, and how it is written and read.

    form, date, note, digest          the digest is of everything else in the file scenario, years, until
    what is forecast, and its scenario in full made_with                         versions, hashes of model,
    data and posterior, seed, draws, size, weights, command knows, fitted_into                what later
    facts the forecast was allowed to know; figures whose windows reach into
                                      the years that are forecast
    series                            by name: label, what is counted, measure, unit, error with its basis,
    what was last
                                      published, and for each year median, mean, intervals, quantiles and
                                      every draw

Draws are of what would be published: what a run says, times an error of observation that is the same for
all years of a series in a draw, since definitions last; `model_90` is the interval without that error.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from avrr_sim.files import read_json
from avrr_sim.refusals import refusal
from avrr_sim.study.folder.stored import AS_WRITTEN, Stored, fit
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.ledger.scores import INTERVALS

FORM = "avrr forecast 1"
QUANTILES = tuple(q / 100 for q in (5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 95))
_Ends = Annotated[list[float], Field(min_length=2, max_length=2)]


class YearForecast(Stored):
    """The forecast of one year of a series."""

    median: float
    mean: float
    interval_50: _Ends
    interval_90: _Ends
    model_90: _Ends
    quantiles: dict[str, float]
    draws: Annotated[list[float], Field(min_length=1)]


class LastPublished(Stored):
    """The last figure of a series that the fit knew."""

    year: int
    value: float
    source: str


class SeriesForecast(Stored):
    """The forecast of one series."""

    label: str
    counted: str
    measure: str
    unit: str
    error: float
    basis: str
    last_published: LastPublished | None
    years: Annotated[dict[str, YearForecast], Field(min_length=1)]


class Forecast(Stored):
    """A forecast as its file holds it."""

    form: str
    date: str
    note: str
    scenario: dict[str, Any]
    years: list[int]
    until: str
    made_with: dict[str, Any]
    knows: list[str]
    fitted_into: list[str]
    series: Annotated[dict[str, SeriesForecast], Field(min_length=1)]
    digest: str


def told(values: np.ndarray) -> dict[str, Any]:
    """What a file says of the draws (draws,) of one year, in persons to one decimal."""
    low_high = {
        f"interval_{100 * mass:.0f}": [_rounded(q) for q in _ends(values, mass)] for mass in INTERVALS
    }
    quantiles = np.quantile(values, QUANTILES)
    return {
        "median": _rounded(float(np.median(values))),
        "mean": _rounded(float(np.mean(values))),
        **low_high,
        "quantiles": {f"{q:.2f}": _rounded(float(v)) for q, v in zip(QUANTILES, quantiles, strict=True)},
        "draws": [_rounded(float(value)) for value in values],
    }


def model_interval(values: np.ndarray) -> list[float]:
    """The 90 % interval of what runs say, without the error of observation."""
    return [_rounded(q) for q in _ends(values, INTERVALS[-1])]


def _ends(values: np.ndarray, mass: float) -> list[float]:
    return [float(q) for q in np.quantile(values, [(1.0 - mass) / 2.0, (1.0 + mass) / 2.0])]


def _rounded(value: float) -> float:
    return round(float(value), 1)


def digest_of(content: Mapping[str, Any]) -> str:
    """Hash of all that a forecast says but its digest."""
    kept = {key: value for key, value in content.items() if key != "digest"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]


def write_forecast(content: Mapping[str, Any], file: Path) -> None:
    """Freeze a forecast. Raises `Refusal` where the file is there already, or cannot be written."""
    if file.exists():
        raise refusal(
            "is there already; a forecast is never overwritten", file=file, allowed="a new file (--out)"
        )
    sealed = {**content, "digest": digest_of(content)}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, _text(sealed))
    except OSError as error:
        raise refusal(
            f"cannot be written ({error.strerror or error})",
            file=file,
            allowed="a file you may write to (--out)",
        ) from None


def _text(content: Mapping[str, Any]) -> str:
    """JSON with a line a value, but lists of numbers on one line."""
    text = json.dumps(content, indent=1, ensure_ascii=False)
    return re.sub(r"\[[-0-9.,\s]+\]", lambda found: " ".join(found[0].split()), text) + "\n"


def read_forecast(file: Path) -> Forecast:
    """The forecast in a file. Raises `Refusal` where it is none, or was changed since it was frozen."""
    content = read_json(file)
    form = content.get("form")
    if form != FORM:
        raise refusal("is no forecast that this version reads", file=file, allowed="a file of `avrr predict`")
    fit(Forecast, content, file)
    if content["digest"] != digest_of(content):
        raise refusal("was changed since it was frozen: its digest is another", file=file, allowed=AS_WRITTEN)
    return Forecast.model_validate(content)
