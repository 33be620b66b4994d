"""Programme files that are refused, and what the message says."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from programme_files import GOOD, SERVICE, UNKNOWN, amount, write, written

from avrr_sim.programme import (
    read_programme,
)
from avrr_sim.refusals import Refusal


def refused(tmp_path: Path, content: dict) -> str:
    with pytest.raises(Refusal) as caught:
        read_programme(write(tmp_path, content))
    message = str(caught.value)
    assert all("land.yaml: " in line for line in message.splitlines())
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


@pytest.mark.parametrize("key", ["name", "currency", "price_year", "references", "amounts"])
def test_a_file_without_a_part_is_refused(tmp_path, key):
    content = copy.deepcopy(GOOD)
    del content[key]
    assert f"land.yaml: lacks {key!r}" in refused(tmp_path, content)


@pytest.mark.parametrize(
    "key, value, message",
    [
        ("name", "", "name: '' is not text"),
        ("name", 5, "name: 5 is not text"),
        (
            "currency",
            "NKO",
            "currency: unknown currency 'NKO'; allowed: NOK, EUR, or another one beside `rate: {",
        ),
        ("currency", ["NOK"], "currency: ['NOK'] is no code of a currency"),
        ("currency", "SEK", "currency: unknown currency 'SEK'; allowed: NOK, EUR, or another one"),
        ("currency", "kroner", "currency: 'kroner' is no code of a currency"),
        ("rate", {"nok": 1, "source": "me"}, "rate: NOK has a rate already, 1 NOK; allowed: no rate here"),
        ("rate", {"nok": 0, "source": "me"}, "rate.nok: 0 is not a number from"),
        ("rate", {"nok": 1}, "rate: lacks 'source'"),
        ("price_year", "2015", "price_year: '2015' is not a year"),
        ("price_year", True, "price_year: True is not a year"),
        ("references", ["A factsheet"], "references: must hold keys and values"),
        ("references", {"sheet": ""}, "references.sheet: '' is not text"),
        ("amounts", [], "amounts: must hold keys and values"),
        ("eligibility", 1, "eligibility: must hold keys and values"),
        ("services", ["escort"], "services: must hold keys and values"),
        ("amount", {}, "unknown key 'amount'; allowed: "),
    ],
)
def test_a_part_that_does_not_fit_is_refused(tmp_path, key, value, message):
    assert f"land.yaml: {message}" in refused(tmp_path, copy.deepcopy(GOOD) | {key: value})


@pytest.mark.parametrize("key", ["from", "value", "reference", "locator"])
def test_an_amount_without_date_value_source_or_locator_is_refused(tmp_path, key):
    message = refused(tmp_path, entry_with(**{key: None}))
    assert f"lacks {key!r}" in message and "amounts.cash_a_adult[0]" in message


@pytest.mark.parametrize(
    "changes, message",
    [
        (
            {"reference": "shet"},
            "[0].reference: unknown reference 'shet'; allowed: sheet; did you mean 'sheet'?",
        ),
        ({"reference": ""}, "[0].reference: '' is not text"),
        ({"reference": ["sheet"]}, "[0].reference: ['sheet'] is not text"),
        ({"locator": " "}, "[0].locator: ' ' is not text"),
        ({"value": -1}, "[0].value: -1 is not a number from 0 to"),
        ({"value": "20000"}, "[0].value: '20000' is not a number"),
        ({"value": "unknwon"}, "[0].value: 'unknwon' is not a number"),
        ({"value": True}, "[0].value: True is not a number"),
        ({"from": "2010"}, "[0].from: '2010' is not a month"),
        ({"from": "2010-13"}, "[0].from: '2010-13' is not a month"),
        ({"from": "2012-07"}, "[1]: starts in the same month as entry [0]"),
        ({"to": "2009-12"}, "[0].to: ends before it begins"),
        ({"to": "2010"}, "[0].to: '2010' is not a month"),
        ({"to": "2012-07"}, "[1]: overlaps with entry [0]"),
        ({"to": "2015-12"}, "[1]: overlaps with entry [0]"),
        ({"until": "2011-12"}, "[0]: unknown key 'until'"),
        ({"share": 1.5}, "[0].share: 1.5 is not a number from 0 to 1"),
        ({"share": True}, "[0].share: True is not a number from 0 to 1"),
        (
            {"origins": "visa"},
            "[0].origins: unknown group of origins 'visa'; allowed: visa_free, visa_required",
        ),
        ({"value": "unknown"}, "[0]: an unknown amount needs `central` and `basis: judgement`"),
        (
            {"value": "unknown", "central": 5000},
            "[0]: an unknown amount needs `central` and `basis: judgement`",
        ),
        (
            {"value": "unknown", "basis": "judgement"},
            "[0]: an unknown amount needs `central` and `basis: judgement`",
        ),
        (
            {"value": "unknown", "central": 5000, "basis": "estimated"},
            "[0]: an unknown amount needs `central` and `basis: judgement`",
        ),
        (
            {"value": "unknown", "central": 0, "basis": "judgement"},
            "[0].central: the central value of an unknown amount must be above 0",
        ),
        (
            {"value": "unknown", "central": "5000", "basis": "judgement"},
            "[0].central: '5000' is not a number",
        ),
    ],
)
def test_an_amount_that_does_not_fit_is_refused(tmp_path, changes, message):
    assert f"land.yaml: amounts.cash_a_adult{message}" in refused(tmp_path, entry_with(**changes))


def test_two_unknown_entries_of_one_amount_are_refused(tmp_path):
    """They would be drawn as one weight."""
    entries = [amount(**UNKNOWN, to="2011-12"), amount(**UNKNOWN, **{"from": "2012-01"})]
    message = refused(tmp_path, copy.deepcopy(GOOD) | {"amounts": {"cash_adult": entries}})
    assert "land.yaml: amounts.cash_adult: two unknown entries of one amount would share one prior" in message


def test_entries_that_only_meet_or_are_for_others_do_not_overlap(tmp_path):
    assert read_programme(write(tmp_path, entry_with(to="2012-06")))  # the last month before the next entry
    assert written(
        tmp_path, amounts={"travel_money": [amount(origins="visa_free"), amount(origins="visa_required")]}
    )


@pytest.mark.parametrize("key", ["stage", "for", "uptake", "value", "reference", "locator"])
def test_a_service_without_a_part_is_refused(tmp_path, key):
    service = {k: v for k, v in SERVICE.items() if k != key}
    assert f"land.yaml: services.escort: lacks {key!r}" in refused(
        tmp_path, copy.deepcopy(GOOD) | {"services": {"escort": service}}
    )


@pytest.mark.parametrize(
    "changes, message",
    [
        (
            {"stage": "departur"},
            (
                ".stage: unknown stage 'departur'; allowed: after_arrival, before_departure, "
                "departure; did you mean 'departure'?"
            ),
        ),
        ({"for": "everybody"}, ".for: unknown for 'everybody'"),
        ({"reference": "shet"}, ".reference: unknown reference 'shet'"),
        ({"locator": ""}, ".locator: '' is not text"),
        ({"stage": 1}, ".stage: unknown stage 1; allowed: after_arrival, "),
        ({"uptake": 1.1}, ".uptake: 1.1 is not a number from 0 to 1"),
        ({"value": -1}, ".value: -1 is not a number from 0 to"),
        ({"value": "unknown"}, ": an unknown amount needs `central` and `basis: judgement`"),
        (
            {"value": "unknown", "central": 0, "basis": "judgement"},
            ".central: the central value of an unknown amount must be above 0",
        ),
    ],
)
def test_a_service_that_does_not_fit_is_refused(tmp_path, changes, message):
    assert f"land.yaml: services.escort{message}" in refused(
        tmp_path, copy.deepcopy(GOOD) | {"services": {"escort": SERVICE | changes}}
    )


def test_a_service_must_be_a_table(tmp_path):
    assert "land.yaml: services.escort: must hold stage" in refused(
        tmp_path, copy.deepcopy(GOOD) | {"services": {"escort": ["departure"]}}
    )


def test_unknown_amounts_and_statuses_are_refused(tmp_path):
    content = copy.deepcopy(GOOD)
    content["amounts"]["cash_a_adlt"] = content["amounts"]["cash_a_adult"]
    assert "did you mean 'cash_a_adult'?" in refused(tmp_path, content)
    content = copy.deepcopy(GOOD)
    content["eligibility"]["pendng"] = content["eligibility"]["pending"]
    assert "did you mean 'pending'?" in refused(tmp_path, content)


@pytest.mark.parametrize("entries", [[], {}, 20000, ["20000"]])
def test_an_amount_must_be_a_list_of_dated_entries(tmp_path, entries):
    content = copy.deepcopy(GOOD)
    content["amounts"]["cash_a_adult"] = entries
    assert "dated entries" in refused(tmp_path, content) or "must hold from" in refused(tmp_path, content)


def test_eligibility_lies_between_0_and_1(tmp_path):
    content = copy.deepcopy(GOOD)
    content["eligibility"]["pending"][0]["value"] = 2
    assert "2 is not a number from 0 to 1" in refused(tmp_path, content)


@pytest.mark.parametrize(
    "path, value, place",
    [
        (("covers",), "somalia", "covers"),
        (("covers",), ["somali"], "covers"),
        (("covers",), 5, "covers"),
        (("part_of",), 5, "part_of"),
        (("readings",), "All is clear.", "readings"),
        (("amounts", "cash_a_adult", 0, "origins"), ["kosvo"], "amounts.cash_a_adult[0].origins"),
        (("amounts", "cash_a_adult", 0, "origins"), [], "amounts.cash_a_adult[0].origins"),
        (("amounts", "cash_a_adult", 0, "origins"), 5, "amounts.cash_a_adult[0].origins"),
        (("eligibility", "pending", 0), amount(**UNKNOWN | {"central": 1}), "eligibility.pending[0]"),
        (("eligibility", "pending", 0, "origins"), "visa_required", "eligibility.pending[0].origins"),
        (("services",), {"escort": SERVICE | {"origins": ["iraq"]}}, "services.escort"),
    ],
    ids=[
        "covers a text",
        "covers an unknown origin",
        "covers a number",
        "part of a number",
        "readings a text",
        "unknown origin",
        "no origin",
        "origins a number",
        "unknown eligibility",
        "eligibility by visa rule",
        "unknown key of a service",
    ],
)
def test_what_a_programme_cannot_mean_is_refused(tmp_path, path, value, place):
    content = copy.deepcopy(GOOD)
    at = content
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    assert f"land.yaml: {place}" in refused(tmp_path, content)
