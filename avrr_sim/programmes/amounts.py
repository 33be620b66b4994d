"""What a programme's file may state, what the rules read of it, and what currencies are worth."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from avrr_sim.files import read_yaml

_RATES = Path(__file__).with_name("rates.yaml")

AMOUNTS = {
    "cash_a_adult": "Cash to each adult, applied before the obligatory date of return",
    "cash_a_minor": "Cash for each minor, applied before the obligatory date of return",
    "cash_b_adult": "Cash to each adult, applied after the obligatory date of return",
    "cash_b_minor": "Cash for each minor, applied after the obligatory date of return",
    "cash_adult": "Cash to each adult, whenever applied",
    "cash_minor": "Cash for each minor, whenever applied",
    "travel_money": "Travel money for each person",
    "exceptional": "More travel money for each person, in exceptional cases",
    "vulnerable_cash": "Subsistence of the vulnerable person (in kind for minors)",
    "vulnerable_accommodation": "Accommodation of the vulnerable person, in kind",
    "vulnerable_activity": "Education, training, business or job of the vulnerable person, in kind",
    "vulnerable_medical": "Medical support of the vulnerable person, in kind",
    "medical_extra": "More for returnees with severe medical needs",
    "in_kind": "In-kind support to each person outside the vulnerable tier",
    "job": "Employment with training, for a unit that takes it, in kind",
    "business": "Business start-up, for a unit that takes it, in kind",
}
"""Amounts that a programme file may state."""

PAID = (
    "cash_a_adult",
    "cash_a_minor",
    "cash_b_adult",
    "cash_b_minor",
    "exceptional",
    "vulnerable_cash",
    "vulnerable_in_kind",
    "medical_extra",
    "in_kind",
    "job",
    "business",
    "job_share",
    "business_share",
)
"""What the rules read of a programme: amounts in its currency, and the shares of units that take employment
or business support.
"""

CHANGEABLE = tuple(
    name for name in PAID if name not in ("exceptional", "medical_extra", "job_share", "business_share")
)
OWN = tuple(f"own_{name}" for name in CHANGEABLE)
"""The same as the programme itself pays it, whatever a scenario changes of it: for people whom incentives
leave out. Exceptional money and that for severe medical needs never reach these.
"""

STAGES = ("before_departure", "departure", "after_arrival")
RECIPIENTS = ("all", "vulnerable", "trafficked", "unaccompanied", "aged_out", "medical", "other")
VISA = ("visa_free", "visa_required")


@cache
def rates() -> dict[str, tuple[float, str]]:
    """Currency -> (NOK for one unit, source). Used to compare money across programmes, and to value it at the
    origin.
    """
    return {currency: (float(raw["nok"]), raw["source"]) for currency, raw in read_yaml(_RATES).items()}
