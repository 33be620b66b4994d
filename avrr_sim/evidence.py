"""The weights: what they mean, where they come from, how sure we are, and how sets of them are drawn.

The one visible place where grade and basis become a prior is `prior_of` with the two tables above it.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from avrr_sim.files import read_yaml
from avrr_sim.quantiles import normal_quantile
from avrr_sim.refusals import refusal, unknown_name

FILE = Path(__file__).with_name("evidence.yaml")

WIDTH = {"estimated": 0.25, "elicited": 0.5, "judgement": 0.8}
"""Basis -> standard deviation of the prior, on the log scale (positive), the logit scale (share) or in logit
units (real).
"""

_SURE = 0.8  # that a probable effect has its sign
EXPECTED_SIGN = {"confirmed": 1.0, "probable": _SURE, "inconclusive": 0.5, "ungraded": None}
"""Grade -> probability that the effect has the expected sign. `None`: the grade says nothing of a sign, the
scale decides.
"""

GRADES = tuple(EXPECTED_SIGN)
BASES = tuple(WIDTH)
SCALES = ("real", "positive", "share", "signed")
DIRECTIONS = ("raises", "lowers", "none")
_KEYS = ("meaning", "unit", "scale", "grade", "direction", "basis", "reference")


@dataclass(frozen=True)
class Weight:
    """One weight of the model. `central` is the prior's median; `size` the standard deviation where the prior
    centres on zero.
    """

    name: str
    meaning: str
    unit: str
    central: float
    size: float
    scale: str
    grade: str
    direction: str
    basis: str
    source: str
    locator: str


def prior_of(weight: Weight) -> tuple[str, float, float]:
    """The prior as (transform, location, spread): a normal variable z gives location + spread x z, then the
    transform.

    - confirmed: the sign is fixed, so the prior is log-normal; width by basis
    - probable: a normal with four fifths of its mass on the expected side, so the spread is |central| / 0.84,
      whatever the basis: how sure the sign is says how wide it is
    - inconclusive: a normal centred on zero, its standard deviation the weight's `spread`
    - ungraded: normal, log-normal or logit-normal as the scale says; width by basis
    """
    width = WIDTH[weight.basis]
    if weight.grade == "inconclusive":
        return "real", 0.0, weight.size
    if weight.grade == "probable":
        return "real", weight.central, abs(weight.central) / NormalDist().inv_cdf(_SURE)
    if weight.scale == "positive":
        return "exp", float(np.log(weight.central)), width
    if weight.scale == "share":
        return "logistic", float(np.log(weight.central / (1.0 - weight.central))), width
    return "real", weight.central, width


def _weight(name: str, raw: object, path: Path) -> Weight:
    if not isinstance(raw, dict):
        raise refusal(
            "must hold meaning, unit, central, scale, grade, direction, basis and reference",
            file=path,
            path=(name,),
        )
    _check_words(name, raw, path)
    number = _number(name, raw, path)
    _check_sign(name, raw, number, path)
    inconclusive = raw["grade"] == "inconclusive"
    return Weight(
        name,
        raw["meaning"],
        raw["unit"],
        0.0 if inconclusive else number,
        number if inconclusive else 0.0,
        raw["scale"],
        raw["grade"],
        raw["direction"],
        raw["basis"],
        raw["reference"]["source"],
        raw["reference"]["locator"],
    )


def _check_words(name: str, raw: Mapping[str, Any], path: Path) -> None:
    """Refuse an entry that lacks a part, or whose parts are no texts or no known names."""
    for key in _KEYS:
        if not raw.get(key):
            raise refusal(f"lacks {key!r}", file=path, path=(name,))
        if key != "reference" and not isinstance(raw[key], str):
            raise refusal(f"{raw[key]!r} is not text", file=path, path=(name, key))
    for key, known in (("scale", SCALES), ("grade", GRADES), ("direction", DIRECTIONS), ("basis", BASES)):
        if raw[key] not in known:
            raise unknown_name(key, raw[key], known, file=path, path=(name, key))
    reference = raw["reference"]
    if not isinstance(reference, dict) or not reference.get("source") or not reference.get("locator"):
        raise refusal("needs a source and a locator", file=path, path=(name, "reference"))


def _number(name: str, raw: Mapping[str, Any], path: Path) -> float:
    """The central value, or the spread of an inconclusive effect."""
    key = "spread" if raw["grade"] == "inconclusive" else "central"
    unknown = set(raw) - {*_KEYS, key}
    if unknown:
        raise unknown_name("key", sorted(unknown)[0], [*_KEYS, key], file=path, path=(name,))
    number = raw.get(key)
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise refusal(f"needs a number as {key!r}", file=path, path=(name,))
    positive = raw["scale"] == "positive" or key == "spread"
    if (positive and number <= 0) or (raw["scale"] == "share" and not 0 < number < 1):
        raise refusal(f"{number!r} does not fit the scale {raw['scale']!r}", file=path, path=(name, key))
    return float(number)


def _check_sign(name: str, raw: Mapping[str, Any], number: float, path: Path) -> None:
    """Refuse a scale or direction that does not go with the grade, which says how sure the sign is."""
    grade, signed, problem = raw["grade"], raw["scale"] == "signed", None
    if grade == "inconclusive" and not signed:
        problem = "an inconclusive effect must be able to take either sign: scale 'signed'"
    elif grade == "confirmed" and raw["scale"] != "positive":
        problem = "a confirmed effect has a fixed sign: scale 'positive'"
    elif (grade in ("probable", "inconclusive")) != signed:
        problem = "probable and inconclusive effects, and only they, may take either sign: scale 'signed'"
    if problem:
        raise refusal(problem, file=path, path=(name, "scale"))
    if grade == "probable" and (number == 0 or raw["direction"] != ("raises" if number > 0 else "lowers")):
        raise refusal(
            "a probable effect needs a central value other than 0 whose sign agrees with its direction",
            file=path,
            path=(name, "direction"),
        )


def read_evidence(path: Path = FILE) -> dict[str, Weight]:
    """Every weight in a file, by name. Raises `Refusal` where an entry lacks a part or a part is not
    known.
    """
    return {name: _weight(name, raw, Path(path)) for name, raw in read_yaml(path).items()}


@cache
def load_evidence() -> dict[str, Weight]:
    """The weights that the package ships."""
    return read_evidence()


def weight_names() -> list[str]:
    """Names of all weights, in the order of the file."""
    return list(load_evidence())


@cache
def evidence_hash() -> str:
    """Hash of the evidence file that this process reads, kept with every result."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:16]


def value_at(weight: Weight, z: float) -> float:
    """The weight at a standard normal quantile `z` of its prior."""
    transform, location, spread = prior_of(weight)
    x = location + spread * z
    if transform == "exp":
        return float(np.exp(x))
    return float(1.0 / (1.0 + np.exp(-x))) if transform == "logistic" else float(x)


def parameter_record(values: Mapping[str, float]) -> np.record:
    """Weights as the record that rules read: one 8-byte float a weight, in the order of the file."""
    return np.array([tuple(values[name] for name in weight_names())], _record_type()).view(np.recarray)[0]


@cache
def _record_type() -> np.dtype:
    return np.dtype([(name, "f8") for name in weight_names()])


def central_weights(
    pinned: Mapping[str, float] | None = None, unknowns: Mapping[str, Weight] | None = None
) -> dict[str, float]:
    """Every weight at the median of its prior, but for the pinned ones; `unknowns`: amounts that no source
    gives, treated alike.
    """
    return {name: weight.central for name, weight in _all(unknowns)} | dict(pinned or {})


def draw_weights(
    seed: int,
    draw: int,
    pinned: Mapping[str, float] | None = None,
    unknowns: Mapping[str, Weight] | None = None,
) -> dict[str, float]:
    """One draw of all weights from their priors, independent of one another; `unknowns`: amounts that no
    source gives, treated alike.

    Keyed by (seed, draw, the weight's name): adding a weight or a draw changes no other.
    """
    from avrr_sim.chance import WEIGHTS, block, run_key

    key0, key1 = run_key(seed, draw, 0)
    values = {}
    for name, weight in _all(unknowns):
        u, _, _, _ = block(zlib.crc32(name.encode()), draw, WEIGHTS, key0, key1)
        values[name] = value_at(weight, normal_quantile(float(u)))
    return values | dict(pinned or {})


def _all(unknowns: Mapping[str, Weight] | None) -> list[tuple[str, Weight]]:
    return [*load_evidence().items(), *(unknowns or {}).items()]
