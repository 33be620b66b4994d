"""What a forecast was allowed to know of the years that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.posterior import FITTED_HOST, recipe
from avrr_sim.scenario import Scenario
from avrr_sim.study.ledger.series import Series

_IN_WORDS = {
    "grant_share": "chance of a permit",
    "closed_share": "share of claims closed on formal grounds",
    "decision_months": "months to a decision",
    "living_gap": "gap in living standards",
    "security": "security of origins",
    "income": "income at origins",
}


def later_facts(scenario: Scenario, first: int) -> list[str]:
    """What the input of a scenario says of the time from calendar month `first` on, in sentences."""
    place, year, found = scenario.place, first // 12, []
    for label, years in (
        ("Claims for asylum by origin", place.claims),
        ("Pending claims by origin", place.pending),
    ):
        later = [each for each in years if each >= year]
        if later:
            found.append(f"{label} of {place.name}, as recorded, {later[0]} to {max(later)}")
    found += [
        f"{name}, by origin and year, as recorded, until {until // 12}"
        for name, until in _later_series(scenario, first)
    ]
    amounts = {
        (programme.name, name)
        for programme in scenario.programmes
        for name, steps in programme.amounts.items()
        if any(_start(step) >= first for step in steps)
    }
    found += [f"Amounts of {name}: {amount}" for name, amount in sorted(amounts)]
    levers = [name for name, steps in scenario.levers.items() if any(_start(s) >= first for s in steps)]
    found += [f"The policy lever {name}, as the scenario sets it" for name in sorted(levers)]
    return found


def _start(step: Any) -> int:
    return int(getattr(step, "start", 0))


def _later_series(scenario: Scenario, first: int) -> Iterator[tuple[str, int]]:
    """(series in words, last month in which it changes) of those that change from `first` on."""
    last: dict[str, int] = {}
    for name, steps in _steps(scenario):
        latest = max((_start(step) for step in steps), default=0)
        if latest >= first:
            last[name] = max(last.get(name, 0), latest)
    for name, month in sorted(last.items()):
        words = _IN_WORDS.get(name, name.replace("_", " "))
        yield words[:1].upper() + words[1:], month


def _steps(scenario: Scenario) -> Iterator[tuple[str, Sequence[Any]]]:
    """Every series of every origin, with its steps."""
    place = scenario.place
    tables: list[Mapping[str, Mapping[str, Sequence[Any]]]] = [
        {origin: place.countries[origin].series for origin in scenario.origins},
        place.published,
        place.series,
        scenario.series,
    ]
    for table in tables:
        for origin in scenario.origins:
            yield from table.get(origin, {}).items()


def fitted_into(first: int) -> list[str]:
    """Figures of the shipped posterior whose windows reach beyond the month before `first`."""
    return [
        f"{each['id']}: {each['figure']} (until {month_text(int(each['last']))})"
        for each in recipe().get("targets", [])
        if int(each["last"]) >= first and each["role"] == "fit"
    ]


def last_published(series: Iterable[Series], host: str, first: int) -> dict[str, dict[str, Any] | None]:
    """The last figure of a whole year before `first` that the fit knew, by series: year, value, source."""
    known: dict[str, dict[str, Any] | None] = {}
    for one in series:
        years = [
            each
            for each in (recipe().get("targets", []) if host == FITTED_HOST else [])
            if each["measure"] == one.measure
            and list(each["group"]) == ["all", "all"]
            and int(each["last"]) - int(each["first"]) == 11
            and int(each["last"]) < first
            and each["low"] == each["high"]
        ]
        latest = max(years, key=lambda each: int(each["last"]), default=None)
        known[one.name] = latest and {
            "year": int(latest["last"]) // 12,
            "value": float(latest["low"]),
            "source": str(latest["source"]),
        }
    return known
