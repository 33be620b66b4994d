"""The posterior that comes with the package: draws of the weights after fitting, what was learned, and
whether they still belong to this model.

    calibration/posterior.parquet   one row a draw, a column a weight, in the unit of the weight
    calibration/drivers.csv         every weight before and after, and whether figures informed it
    calibration/targets.csv         published figures against what the posterior predicts
    calibration/again.parquet       a few points of the priors with what the model said there
    calibration/patterns.csv        verdicts on the patterns of the literature
    calibration/recipe.json         command, date, targets, hash of the runs, fingerprint of the model

All are written by `avrr calibrate --ship` and `avrr validate --ship`; docs/calibration.md says how.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from avrr_sim.evidence import Weight, draw_weights, load_evidence, prior_of
from avrr_sim.fingerprint import fitted_hashes

FOLDER = Path(__file__).with_name("calibration")
FITTED_HOST = "norway"
"""The host whose figures the shipped posterior was fitted to."""

TABLES = ("drivers", "targets", "patterns")


def posterior_shipped() -> bool:
    """Whether the package holds a posterior."""
    return (FOLDER / "posterior.parquet").is_file()


@cache
def _draws() -> Any:
    import pandas as pd

    return pd.read_parquet(FOLDER / "posterior.parquet")


@cache
def recipe() -> dict[str, Any]:
    """Where the posterior comes from; empty where none is shipped."""
    file = FOLDER / "recipe.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@cache
def posterior_hash() -> str:
    """Hash of the shipped draws."""
    return hashlib.sha256((FOLDER / "posterior.parquet").read_bytes()).hexdigest()[:16]


@cache
def _order(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng([seed, count]).permutation(count)


def posterior_weights(
    seed: int,
    draw: int,
    pinned: Mapping[str, float] | None = None,
    unknowns: Mapping[str, Weight] | None = None,
) -> dict[str, float]:
    """One draw of all weights from the posterior; those that were not fitted, such as amounts of other
    programmes, from their priors.

    Draws of one seed go through the shipped rows in an order of their own, each row once, and then begin
    anew. Rows are independent and equally likely, and none stands there twice; only more draws than there are
    rows repeat them (see `rows_of` and `worth`). Raises FileNotFoundError where no posterior is shipped.
    """
    table = _draws()
    row = table.iloc[int(_order(seed, len(table))[draw % len(table)])].to_dict()
    values = draw_weights(seed, draw, None, unknowns)
    return values | {name: float(row[name]) for name in row if name in values} | dict(pinned or {})


@cache
def _distinct() -> np.ndarray:
    return np.unique(_draws().to_numpy(), axis=0, return_inverse=True)[1].ravel()


def rows_of(seed: int, draws: Iterable[int]) -> np.ndarray:
    """For each draw of a seed a number that only draws with the same fitted weights share. Raises
    FileNotFoundError where no posterior is shipped.
    """
    order = _order(seed, len(_distinct()))
    return np.array([_distinct()[order[draw % len(order)]] for draw in draws], int)


def worth() -> float:
    """How many independent, equally likely draws the shipped posterior is worth: its rows; infinite where its
    recipe does not say.
    """
    return float(recipe().get("effective", np.inf))


def learned() -> dict[str, Any]:
    """Tables (DataFrames) of what was learned: drivers, targets, patterns; those that are not shipped are
    left out.
    """
    import pandas as pd

    return {
        name: pd.read_csv(FOLDER / f"{name}.csv") for name in TABLES if (FOLDER / f"{name}.csv").is_file()
    }


def stale() -> str | None:
    """Why the posterior does not belong to this model any more, in words; None where it does, or where none
    is shipped.
    """
    if not posterior_shipped():
        return None
    then, now = recipe().get("fingerprint", {}), fingerprint()
    changed = [name for name in now if then.get(name) != now[name]]
    return f"since it was fitted, the {' and the '.join(changed)} changed" if changed else None


@cache
def fingerprint() -> dict[str, str]:
    """Hashes of what the posterior depends on: rules, priors, data. Wording, comments, types and references
    do not count.
    """
    priors = hashlib.sha256(
        json.dumps([[name, *prior_of(weight)] for name, weight in load_evidence().items()]).encode()
    )
    return {**fitted_hashes(), "priors": priors.hexdigest()[:16]}
