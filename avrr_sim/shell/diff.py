"""What `avrr diff` prints: what differs between two scenarios, field by field and month by month."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.shell.printing import console, print_json, table_of
from avrr_sim.study.summary.contrast import Contrast, contrasts


def show_diff(one: Path, other: Path, as_json: bool) -> None:
    """Print what differs between the scenarios of two files. Raises `Refusal` where one cannot be read."""
    scenarios = load_scenario(one), load_scenario(other)
    found = contrasts(*scenarios)
    if as_json:
        files = {"one": str(one), "other": str(other)}
        print_json({**files, "differences": [asdict(each) for each in found]})
    elif not found:
        print(f"{one} and {other}: no difference in what is simulated{_words(*scenarios)}")
    else:
        _print(found, [scenario.name for scenario in scenarios], one, other)


def _words(one: Scenario, other: Scenario) -> str:
    return "" if (one.name, one.asks) == (other.name, other.asks) else "; names or questions differ"


def _print(found: list[Contrast], names: list[str], one: Path, other: Path) -> None:
    if names[0] == names[1]:
        names = [str(one), str(other)]
    table = table_of(
        f"{names[0]} | {names[1]}", [(name, "left") for name in ("field", "months", *names, "unit")]
    )
    for each in found:
        months = each.first if each.first == each.last else f"{each.first} to {each.last}"
        table.add_row(each.field, months, each.one, each.other, each.unit)
    console().print(table)
