"""Sentences of docs/world.md: what the record does not hold, and where the model's input lies far from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from avrr_sim.documents.world_compared import FAR, Compared, compared, origins_compared, ratio
from avrr_sim.documents.world_input import series_in_year
from avrr_sim.documents.world_tables import times
from avrr_sim.places.origins import origin_names, origins
from avrr_sim.places.record.described import spans
from avrr_sim.places.record.published import countries, record, recorded_hosts
from avrr_sim.scenario import PROTECTION_GATE

FAR_CHANCE = 0.1  # chances of a permit further apart than this are named
FAR_SECURITY = 0.1  # points of the index
FAR_GAP = 0.3  # log points of the ratio of GDP a head
FEWEST = 300  # claims over the span below which an origin is not named

_WHY = {
    "arrivals": "Claims are read as published; this should not be.",
    "other": "Both are the same origins; this should not be.",
    "decided": "Decisions follow from the pace, and before the first published stock from an empty country.",
    "permits": "They follow from decisions and chances.",
    "permit_chance": "The input's is of the whole path, review included.",
    "closed": "The input's is of the claims of a year, the record's of its decisions.",
    "pending": "The pace is of the claims that wait together; in a year it is one for all months.",
    "months": "The input's is the mean over claims lodged, the record's that of the stock.",
}


def far() -> str:
    """One sentence for every figure of a host that lies far from the record in some year, and why."""
    return "\n".join(
        (
            f"- **{record(host).name}, {told.title[0].lower()}{told.title[1:]}**: the input is {where}. "
            f"{_WHY[name]}"
        )
        for host in ("norway", "france")
        for name, told in compared(host).items()
        if (where := _far(told))
    )


def _far(told: Compared) -> str:
    """Where the input is below or above the published figure by more than FAR, with the ratios."""
    ratios = dict(zip(told.years, told.ratios(), strict=True))
    low = {year: value for year, value in ratios.items() if value is not None and value < 1 / FAR}
    high = {year: value for year, value in ratios.items() if value is not None and value > FAR}
    parts = [
        f"{side} the published figure in {spans(list(those))} ({_range(list(those.values()))} times)"
        for side, those in (("far below", low), ("far above", high))
        if those
    ]
    return " and ".join(parts)


def _range(values: Sequence[float]) -> str:
    low, high = times(min(values)), times(max(values))
    return low if low == high else f"{low} to {high}"


def far_origins() -> str:
    """Origins of Norway whose input lies far from the record, by figure."""
    told = [each for each in origins_compared("norway") if (each.claims[1] or 0.0) >= FEWEST]
    claims = {each.name: ratio(*each.claims) for each in told}
    lines = [
        "Claims far from the published number: "
        + _listed(
            f"{name} {times(value)} times"
            for name, value in claims.items()
            if value is not None and not 1 / FAR <= value <= FAR
        ),
        "Kept in 'other' by the input, with 2,000 claims or more: "
        + _listed(
            f"{each.name} {each.claims[1]:,.0f}"
            for each in told
            if each.claims[0] is None and (each.claims[1] or 0.0) >= 2000
        ),
        f"Chance of a permit more than {100 * FAR_CHANCE:.0f} points off: "
        + _apart(((each.name, *each.permit_chance) for each in told), FAR_CHANCE),
        f"Security more than {FAR_SECURITY:g} off the formula: "
        + _apart(((each.name, *each.security) for each in told), FAR_SECURITY),
        f"Living gap more than {FAR_GAP:g} off: "
        + _apart(((each.name, *each.living_gap) for each in told), FAR_GAP),
        _gate(),
    ]
    return "\n".join(f"- {line}." for line in lines)


def _gate() -> str:
    """Which origins the protection gate closes in which years, as the model reads them."""
    closed = {
        origins()[key].name: years
        for key in origin_names()
        if (
            years := [
                year
                for year in record("norway").years
                if series_in_year("norway", key, "security", year) < PROTECTION_GATE
            ]
        )
    }
    told = "; ".join(f"{name} {spans(years)}" for name, years in closed.items()) or "no origin in any year"
    return f"Closed by the protection gate of {PROTECTION_GATE:g}: {told}"


def _apart(figures: Iterable[tuple[str, float | None, float | None]], least: float) -> str:
    return _listed(
        f"{name} {given:.2f} against {published:.2f}"
        for name, given, published in figures
        if given is not None and published is not None and abs(given - published) > least
    )


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts) or "none"


def missing() -> str:
    """What the record does not hold: years without a value by host and series, and notes of every series."""
    lines = [
        f"- **{of.name}, `{each.name}`**: {'; '.join(notes)}."
        for of in (*map(record, recorded_hosts()), countries())
        for each in of.series.values()
        if (notes := [note for note in each.notes if not note.startswith(_EVERYWHERE)])
    ]
    return "\n".join(lines)


_EVERYWHERE = ("~", "All and other", "Serbia and Kosovo", "Claims pending hold", "Other: mean")
"""Beginnings of notes that stand with many series; the page says them once."""
