"""Named hypotheses: readings of what the literature disputes, each a set of narrower priors of a few weights.

A hypothesis does not draw anew. A weight keeps the quantile that its value has in its wide prior and takes
the value at that quantile of the narrower one. So a draw under a hypothesis and the same draw without stay a
pair, all other weights and all chance the same; and a draw of the posterior, whose figures were fitted
without the hypothesis, is carried over as well as one of the prior: what the fit learned of the weight's
place within its prior is kept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from avrr_sim.evidence import Weight, central_weights, load_evidence, prior_of
from avrr_sim.files import read_yaml
from avrr_sim.forms import Form, Number, Text, read_form
from avrr_sim.refusals import refusal, unknown_name

MIXTURE = "mixture"
"""The default: no hypothesis, the wide priors of evidence.yaml."""

_FILE = Path(__file__).with_name("hypotheses.yaml")


class _PriorForm(Form):
    median: Number
    spread: Number


class _HypothesisForm(Form):
    meaning: Text
    source: Text
    locator: Text
    priors: dict[str, _PriorForm]


@dataclass(frozen=True)
class Hypothesis:
    """A reading: what it says, where it stands, and the priors that it puts in place: weight -> (median in
    the weight's unit, spread on its scale).
    """

    name: str
    meaning: str
    source: str
    locator: str
    priors: Mapping[str, tuple[float, float]]


def read_hypotheses(path: Path = _FILE) -> dict[str, Hypothesis]:
    """Every hypothesis in a file, by name. Raises `Refusal`."""
    return {name: _hypothesis(name, raw, path) for name, raw in read_yaml(path).items()}


@cache
def load_hypotheses() -> dict[str, Hypothesis]:
    """The hypotheses that the package ships."""
    return read_hypotheses()


def hypothesis_names() -> list[str]:
    """What a scenario may choose: the mixture, and every hypothesis."""
    return [MIXTURE, *load_hypotheses()]


def under(name: str, values: Mapping[str, float]) -> dict[str, float]:
    """Drawn weights under a hypothesis: those that it names, at the same quantiles of its narrower priors."""
    if name == MIXTURE:
        return dict(values)
    weights = load_evidence()
    return dict(values) | {
        weight: carried_over(weights[weight], values[weight], median, spread)
        for weight, (median, spread) in load_hypotheses()[name].priors.items()
    }


def medians(name: str, pinned: Mapping[str, float]) -> dict[str, float]:
    """Every weight at the median of its prior under a hypothesis, but for the pinned ones."""
    return under(name, central_weights()) | dict(pinned)


def carried_over(weight: Weight, value: float, median: float, spread: float) -> float:
    """The value of a narrower prior at the quantile that `value` has in the weight's own."""
    transform, location, wide = prior_of(weight)
    z = (_to_normal(transform, value) - location) / wide
    return _from_normal(transform, _to_normal(transform, median) + spread * z)


def _to_normal(transform: str, value: float) -> float:
    if transform == "exp":
        return math.log(max(value, 1e-300))
    if transform == "logistic":
        share = min(max(value, 1e-15), 1.0 - 1e-15)
        return math.log(share / (1.0 - share))
    return value


def _from_normal(transform: str, x: float) -> float:
    if transform == "exp":
        return math.exp(min(max(x, -700.0), 700.0))
    return 1.0 / (1.0 + math.exp(min(max(-x, -700.0), 700.0))) if transform == "logistic" else x


def _hypothesis(name: str, raw: object, path: Path) -> Hypothesis:
    if not isinstance(raw, dict):
        raise refusal("must hold meaning, source, locator and priors", file=path, path=(name,))
    form = read_form(_HypothesisForm, raw, file=path, at=(name,))
    priors = {}
    for weight, prior in form.priors.items():
        if weight not in load_evidence():
            raise unknown_name("weight", weight, load_evidence(), file=path, path=(name, "priors"))
        if prior.spread <= 0:
            raise refusal("a spread is above 0", file=path, path=(name, "priors", weight, "spread"))
        priors[weight] = (float(prior.median), float(prior.spread))
    return Hypothesis(name, form.meaning, form.source, form.locator, priors)
