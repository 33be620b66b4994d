"""Reads programme files: dated amounts and eligibility, each with currency, source and locator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from avrr_sim.dates import month_number
from avrr_sim.files import read_yaml
from avrr_sim.policy import STATUS_NAMES, Step
from avrr_sim.refusals import refusal, unknown_name

_FOLDER = Path(__file__).parent / "programmes"

AMOUNTS = {
    "cash_a_adult": "Cash to each adult, applied before the obligatory date of return",
    "cash_a_minor": "Cash for each minor, applied before the obligatory date of return",
    "cash_b_adult": "Cash to each adult, applied after the obligatory date of return",
    "cash_b_minor": "Cash for each minor, applied after the obligatory date of return",
    "vulnerable_cash": "Subsistence of the vulnerable person (in kind for minors)",
    "vulnerable_accommodation": "Accommodation of the vulnerable person, in kind",
    "vulnerable_activity": "Education, training, business or job of the vulnerable person, in kind",
    "vulnerable_medical": "Medical support of the vulnerable person, in kind",
    "in_kind": "In-kind support to each person outside the vulnerable tier",
}
"""Amounts that a programme file states."""

PAID = ("cash_a_adult", "cash_a_minor", "cash_b_adult", "cash_b_minor", "vulnerable_cash", "vulnerable_in_kind", "in_kind")
"""Amounts as the rules read them, in the programme's currency."""

IN_KIND_PARTS = ("vulnerable_accommodation", "vulnerable_activity", "vulnerable_medical")
"""The amounts that add up to `vulnerable_in_kind`."""


@dataclass(frozen=True)
class Programme:
    """A programme: currency, dated amounts and eligibility (as steps), readings of ambiguous sources, references."""

    key: str
    name: str
    currency: str
    price_year: int
    amounts: Mapping[str, tuple[Step, ...]]
    eligibility: Mapping[str, tuple[Step, ...]]
    readings: tuple[str, ...]
    content: Mapping


def _dated(raw: object, content: dict, file: Path, path: tuple, low: float, high: float) -> tuple[Step, ...]:
    if not isinstance(raw, list) or not raw:
        raise refusal("must be a list of dated entries", file=file, path=path)
    steps = []
    for i, entry in enumerate(raw):
        place = (*path, i)
        if not isinstance(entry, dict):
            raise refusal("must hold from, value, reference and locator", file=file, path=place)
        for key in ("from", "value", "reference", "locator"):
            if key not in entry:
                raise refusal(f"lacks {key!r}", file=file, path=place)
        if entry["reference"] not in content["references"]:
            raise unknown_name("reference", entry["reference"], content["references"], file=file, path=(*place, "reference"))
        value = entry["value"]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise refusal(f"{value!r} is not a number from {low:g} to {high:g}", file=file, path=(*place, "value"))
        try:
            start = month_number(entry["from"])
        except ValueError as error:
            raise refusal(str(error), file=file, path=(*place, "from")) from None
        if any(step.start == start for step in steps):
            raise refusal("two entries start in the same month", file=file, path=place)
        steps.append(Step(start, float(value)))
    return tuple(steps)


def read_programme(path: Path) -> Programme:
    """A programme file. Raises `Refusal` where currency, date, value or source of an amount is missing or wrong."""
    content = read_yaml(path)
    for key in ("name", "currency", "price_year", "references", "amounts", "eligibility"):
        if key not in content:
            raise refusal(f"lacks {key!r}", file=path)
    for name in content["amounts"]:
        if name not in AMOUNTS:
            raise unknown_name("amount", name, AMOUNTS, file=path, path=("amounts",))
    for name in content["eligibility"]:
        if name not in STATUS_NAMES:
            raise unknown_name("status", name, STATUS_NAMES, file=path, path=("eligibility",))
    amounts = {name: _dated(raw, content, path, ("amounts", name), 0, 1e7) for name, raw in content["amounts"].items()}
    eligibility = {name: _dated(raw, content, path, ("eligibility", name), 0, 1) for name, raw in content["eligibility"].items()}
    return Programme(Path(path).stem, content["name"], content["currency"], content["price_year"], amounts, eligibility,
                     tuple(content.get("readings", ())), content)


def programme_names() -> list[str]:
    """Keys of the known programmes."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@cache
def programme(name: str) -> Programme:
    """A known programme."""
    return read_programme(_FOLDER / f"{name}.yaml")
