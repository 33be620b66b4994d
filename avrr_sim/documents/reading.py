"""Numbers, priors and dated values as a reader of a document writes them."""

from __future__ import annotations

from collections.abc import Sequence

from avrr_sim.dates import month_text
from avrr_sim.evidence import Weight, prior_of, value_at
from avrr_sim.policy import Step

EDGE = 1.645
"""Standard normal quantile at the ends of a central interval of 90 per cent."""

_FORMS = {"exp": "log-normal", "logistic": "logit-normal", "real": "normal"}


def number_text(value: float) -> str:
    """A number as a reader writes it: no exponent, no trailing zeros, thousands apart from 10,000 on."""
    if abs(value) >= 10_000:
        return f"{value:,.0f}"
    text = f"{value:.4g}"
    return f"{value:.6f}".rstrip("0") if "e" in text else text


def prior_text(weight: Weight) -> str:
    """A prior as form, median and central 90 per cent: 'log-normal, 4 (2.7 to 5.9)'."""
    low, high = (number_text(float(f"{value_at(weight, z):.3g}")) for z in (-EDGE, EDGE))
    return f"{_FORMS[prior_of(weight)[0]]}, {number_text(weight.central)} ({low} to {high})"


def steps_text(steps: Sequence[Step]) -> str:
    """Dated values: the first one, then each later one with its month."""
    values = [
        number_text(step.value) if isinstance(step.value, int | float) else str(step.value) for step in steps
    ]
    later = zip(values[1:], steps[1:], strict=True)
    return ", ".join([*values[:1], *(f"{value} from {month_text(step.start)}" for value, step in later)])
