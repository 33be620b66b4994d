"""Programme files: Norway's published amounts as they stand in its file, and what a file must state of every amount."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml

from avrr_sim.dates import month_number
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.programme import AMOUNTS, PAID, programme, programme_names, read_programme
from avrr_sim.refusals import Refusal
from avrr_sim.setting import programme_table

# The published amounts in NOK, by programme table: Norway A, Norway B, Norway vulnerable.
NORWAY_A = {"cash_a_adult": 20_000, "cash_a_minor": 10_000}
NORWAY_B = {"cash_b_adult": 7_000, "cash_b_minor": 2_000}
NORWAY_VULNERABLE = {"vulnerable_cash": 8_000, "vulnerable_activity": 24_000, "vulnerable_medical": 2_000, "vulnerable_accommodation": 8_000}
VULNERABLE_TOTAL = 42_000

GOOD = {
    "name": "A programme", "currency": "NOK", "price_year": 2015, "references": {"sheet": "A factsheet"},
    "amounts": {"cash_a_adult": [{"from": "2010-01", "value": 20000, "reference": "sheet", "locator": "group A"},
                                 {"from": "2012-07", "value": 15000, "reference": "sheet", "locator": "group A, new"}]},
    "eligibility": {"pending": [{"from": "2010-01", "value": 1, "reference": "sheet", "locator": "who"}]},
}


def write(tmp_path: Path, content: dict) -> Path:
    path = tmp_path / "land.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def refused(tmp_path: Path, content: dict) -> str:
    with pytest.raises(Refusal) as caught:
        read_programme(write(tmp_path, content))
    message = str(caught.value)
    assert "land.yaml: " in message and "\n" not in message
    return message


def entry_with(**changes) -> dict:
    """The good file with its first amount changed; None takes a key away."""
    content = copy.deepcopy(GOOD)
    entry = content["amounts"]["cash_a_adult"][0]
    for key, value in changes.items():
        if value is None:
            del entry[key]
        else:
            entry[key] = value
    return content


def in_force(month: str) -> dict[str, float]:
    return {name: float(values[0]) for name, values in programme_table(programme("norway"), month_number(month), 1).items()}


def stated(name: str) -> float:
    """The one amount that Norway's file gives under a name."""
    steps = programme("norway").amounts[name]
    assert len(steps) == 1
    return steps[0].value


@pytest.mark.parametrize("table", [NORWAY_A, NORWAY_B, NORWAY_VULNERABLE], ids=["Norway A", "Norway B", "Norway vulnerable"])
def test_norway_pays_the_published_amounts(table):
    assert {name: stated(name) for name in table} == table


def test_the_vulnerable_package_adds_up():
    assert sum(NORWAY_VULNERABLE.values()) == VULNERABLE_TOTAL == sum(stated(name) for name in NORWAY_VULNERABLE)
    for month in ("2010-01", "2012-06", "2016-12"):
        paid = in_force(month)
        assert paid["vulnerable_cash"] == 8_000 and paid["vulnerable_in_kind"] == 34_000
        assert paid["vulnerable_cash"] + paid["vulnerable_in_kind"] == VULNERABLE_TOTAL


def test_norway_pays_nothing_else():
    published = {**NORWAY_A, **NORWAY_B, **NORWAY_VULNERABLE}
    assert set(programme("norway").amounts) == {*published, "in_kind"} == set(AMOUNTS)
    assert in_force("2014-01")["in_kind"] == 0
    assert set(in_force("2014-01")) == {*PAID, *(f"open_{status}" for status in STATUS_NAMES)}


def test_norway_states_currency_year_readings_and_sources():
    norway = programme("norway")
    assert norway.currency == "NOK" and norway.price_year == 2015 and len(norway.readings) >= 5
    for part in ("amounts", "eligibility"):
        for entries in norway.content[part].values():
            for entry in entries:
                assert norway.content["references"][entry["reference"]] and entry["locator"].strip()
    assert programme_names() == ["norway"]


def test_norway_is_open_to_every_status():
    assert all(in_force("2012-01")[f"open_{status}"] == 1 for status in STATUS_NAMES)


def test_nothing_is_paid_before_the_first_entry_and_a_step_holds_until_the_next(tmp_path):
    found = read_programme(write(tmp_path, GOOD))
    table = programme_table(found, month_number("2009-12"), 36)
    assert table["cash_a_adult"][0] == 0 and table["open_pending"][0] == 0
    assert table["cash_a_adult"][1] == table["cash_a_adult"][30] == 20_000
    assert table["cash_a_adult"][31] == table["cash_a_adult"][35] == 15_000
    assert table["cash_b_adult"].max() == 0 and table["open_dublin"].max() == 0


@pytest.mark.parametrize("key", ["name", "currency", "price_year", "references", "amounts", "eligibility"])
def test_a_file_without_a_part_is_refused(tmp_path, key):
    content = copy.deepcopy(GOOD)
    del content[key]
    assert f"lacks {key!r}" in refused(tmp_path, content)


@pytest.mark.parametrize("key", ["from", "value", "reference", "locator"])
def test_an_amount_without_date_value_source_or_locator_is_refused(tmp_path, key):
    message = refused(tmp_path, entry_with(**{key: None}))
    assert f"lacks {key!r}" in message and "amounts.cash_a_adult[0]" in message


@pytest.mark.parametrize("changes, message", [
    ({"reference": "shet"}, "unknown reference 'shet'; allowed: sheet; did you mean 'sheet'?"),
    ({"value": -1}, "-1 is not a number from 0 to"),
    ({"value": "20000"}, "'20000' is not a number"),
    ({"value": True}, "True is not a number"),
    ({"from": "2010"}, "'2010' is not a month"),
    ({"from": "2010-13"}, "'2010-13' is not a month"),
    ({"from": "2012-07"}, "two entries start in the same month"),
])
def test_an_amount_that_does_not_fit_is_refused(tmp_path, changes, message):
    assert message in refused(tmp_path, entry_with(**changes))


def test_unknown_amounts_and_statuses_are_refused(tmp_path):
    content = copy.deepcopy(GOOD)
    content["amounts"]["cash_a_adlt"] = content["amounts"]["cash_a_adult"]
    assert "did you mean 'cash_a_adult'?" in refused(tmp_path, content)
    content = copy.deepcopy(GOOD)
    content["eligibility"]["pendng"] = content["eligibility"]["pending"]
    assert "did you mean 'pending'?" in refused(tmp_path, content)


@pytest.mark.parametrize("entries", [[], {}, 20000, None, ["20000"]])
def test_an_amount_must_be_a_list_of_dated_entries(tmp_path, entries):
    content = copy.deepcopy(GOOD)
    content["amounts"]["cash_a_adult"] = entries
    assert "dated entries" in refused(tmp_path, content) or "must hold from" in refused(tmp_path, content)


def test_eligibility_lies_between_0_and_1(tmp_path):
    content = copy.deepcopy(GOOD)
    content["eligibility"]["pending"][0]["value"] = 2
    assert "2 is not a number from 0 to 1" in refused(tmp_path, content)
