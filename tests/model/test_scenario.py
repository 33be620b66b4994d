"""Scenario files: what they mean, how they extend one another, and that nothing but a scenario or a refusal
comes of them.
"""

from __future__ import annotations

import copy
import json
import pickle
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import SCENARIOS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import JUNK, scenario_files, spoiled_files

from avrr_sim.dates import month_number
from avrr_sim.evidence import weight_names
from avrr_sim.places.origins import origin_names
from avrr_sim.policy import LEVERS, TIMING, Step, policy_table
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import MINIMUM_CELL, PROTECTION_GATE, Scenario, load_scenario
from avrr_sim.scenario_form import ScenarioForm, json_schema

FILES = sorted(SCENARIOS.glob("*.yaml"))
NAMES = (
    "baseline-norway cash-cut-announced cash-doubled cash-half cash-none contradicting-advisors "
    "designated-centres europe-opens information-early information-gradual information-late "
    "removal-doubled removal-halved restrictions-none restrictions-withdrawn security-improves "
    "security-worsens trusted-information"
).split()
BOUNDED = settings(
    derandomize=True, max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@pytest.fixture
def shipped() -> Scenario:
    return load_scenario(SCENARIOS / "baseline-norway.yaml")


def load_text(text: str, name: str = "case.yaml") -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        return load_scenario(path)


def test_the_shipped_scenarios_are_all_there():
    assert set(NAMES) <= {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_scenario_says_what_it_asks_and_loads(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert (
        lines[0].startswith("# ")
        and lines[1].startswith("# ")
        and lines[2].startswith("# yaml-language-server: ")
        and not lines[3].startswith("#")
        and "?" in lines[0]
    )
    scenario = Scenario.load(path)
    assert scenario.key == path.stem and scenario.file == path.name and scenario.asks.endswith("?")
    if any(
        LEVERS[name].kind == "coercion" or name == "designated_centres"
        for name in scenario.levers
        if name in LEVERS
    ):
        assert "studied for its consequences" in lines[1] or path.stem == "restrictions-none"


def test_the_baseline_is_norway_2012_to_2016(shipped: Scenario):
    assert (shipped.host, shipped.programme, shipped.months) == ("norway", "norway", 132)
    assert (shipped.start, shipped.window_from, shipped.window_to) == tuple(
        map(month_number, ("2006-01", "2012-01", "2016-12"))
    )
    assert shipped.origins == tuple(origin_names())
    assert (shipped.protection_gate, shipped.minimum_cell) == (PROTECTION_GATE, MINIMUM_CELL) == (0.12, 10)
    assert not shipped.levers and not shipped.series and not shipped.weights


def test_every_other_scenario_differs_from_the_baseline_only_by_levers(shipped: Scenario):
    for path in FILES:
        content = load_scenario(path).resolved()
        if path.stem in NAMES:
            assert {**content, "levers": {}, "name": shipped.name, "asks": shipped.asks} == shipped.resolved()
            assert bool(content["levers"]) == (path.stem != "baseline-norway")


def test_a_bare_number_holds_from_the_windows_start_on():
    doubled = load_scenario(SCENARIOS / "cash-doubled.yaml")
    assert doubled.levers["cash_level"] == (Step(month_number("2012-01"), 2.0),)
    table = policy_table(doubled.levers, doubled.start, doubled.months)
    assert list(table.cash_level) == [1.0] * 72 + [2.0] * 60


def test_an_announced_cut_is_known_ahead():
    cut = load_scenario(SCENARIOS / "cash-cut-announced.yaml")
    assert cut.levers["cash_level"] == (Step(month_number("2014-01"), 0.25, month_number("2013-07")),)
    table = policy_table(cut.levers, cut.start, cut.months)
    ahead = table.months_to_change[month_number("2013-06") - cut.start : month_number("2014-02") - cut.start]
    assert list(ahead) == [0, 6, 5, 4, 3, 2, 1, 0]


def test_a_child_overrides_key_by_key(tmp_path: Path):
    (tmp_path / "base.yaml").write_text("""
name: The base
asks: Something?
host: norway
programme: norway
start: 2010-01
window: {from: 2012-01, to: 2014-12}
origins: [somalia, iraq]
levers: {cash_level: 2, advisors: [{from: 2013-06, value: 0.5}, {from: 2013-01, value: 0}]}
series: {iraq: {security: 0.3}, somalia: {security: 0.2}}
protection_gate: 0.2
minimum_cell: 5
""")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "My Child.yaml").write_text("""
extends: ../base.yaml
window: {from: 2013-01}
origins: [iraq]
levers: {glossing: 0, cash_level: [{from: 2011-01, value: 0}]}
series: {iraq: {practicability: 0.5}}
minimum_cell: 20
""")
    base, child = load_scenario(tmp_path / "base.yaml"), load_scenario(tmp_path / "sub" / "My Child.yaml")
    assert base.origins == ("iraq", "somalia")
    assert (child.name, child.asks, child.key, child.file) == ("my-child", "", "my-child", "My Child.yaml")
    assert child.window_from == month_number("2013-01") and child.window_to == base.window_to
    assert (
        child.origins == ("iraq",)
        and set(child.series) == {"iraq"}
        and set(child.series["iraq"]) == {"security", "practicability"}
    )
    assert child.levers["cash_level"] == (Step(month_number("2011-01"), 0.0),)
    assert [step.value for step in child.levers["advisors"]] == [0.0, 0.5]
    assert child.levers["glossing"][0].start == month_number("2013-01")
    assert (child.protection_gate, child.minimum_cell) == (0.2, 20)


def test_information_timing_takes_a_table(shipped: Scenario):
    varied = shipped.vary(information_timing={"pending": 3, "dublin": 0})
    assert varied.levers[TIMING][0].value == {"dublin": 0.0, "pending": 3.0}
    assert policy_table(varied.levers, varied.start, varied.months).information_pending[-1] == 3


def test_vary_makes_checked_variants(shipped: Scenario):
    weight = weight_names()[0]
    varied = shipped.vary(
        cash_level=np.float64(2),
        weights={weight: np.int64(0)},
        origins=("iraq",),
        series={"iraq": {"security": 0.5}},
    )
    assert (
        varied.levers["cash_level"][0].value == 2.0
        and varied.weights == {weight: 0.0}
        and varied.origins == ("iraq",)
    )
    assert (
        varied.file is None and varied.key.startswith("norway-as-it-was-cash-level-2") and not shipped.levers
    )
    again = varied.vary(
        glossing=0, name="Both", cash_level=[{"from": "2013-01", "value": 3, "announced": "2012-06"}]
    )
    assert (
        again.name == again.key.title() == "Both"
        and set(again.levers) == {"cash_level", "glossing"}
        and again.weights == varied.weights
    )
    assert len(shipped.vary(asks="Hm?", **{name: lever.high for name, lever in LEVERS.items()}).name) <= 120


def test_with_window_moves_only_the_end(shipped: Scenario):
    assert shipped.with_window(60) == shipped
    short = load_scenario(SCENARIOS / "cash-cut-announced.yaml").with_window(6)
    assert (
        short.months == 78
        and short.window_to == month_number("2012-06")
        and short.levers["cash_level"][0].value == 0.25
    )
    assert short.with_window(60).months == 132
    for months in (0, -1, True, 2.5, "6", 85, 10_000):
        with pytest.raises(Refusal):
            shipped.with_window(months)


def test_a_scenario_is_frozen_hashable_and_travels(shipped: Scenario):
    varied = shipped.vary(cash_level=2, series={"iraq": {"security": 0.5}})
    with pytest.raises(TypeError):
        varied.levers["cash_level"] = ()
    with pytest.raises(TypeError):
        varied.series["iraq"]["security"] = ()
    for twin in (pickle.loads(pickle.dumps(varied)), copy.deepcopy(varied)):
        assert twin == varied and hash(twin) == hash(varied)
    assert len({shipped, varied, shipped.vary(name=shipped.name, cash_level=2)}) == 3


def test_resolved_content_is_stable_and_loads_again(tmp_path: Path):
    for source in FILES:
        scenario = load_scenario(source)
        text = json.dumps(scenario.resolved(), ensure_ascii=False)
        assert (
            text == json.dumps(scenario.resolved(), ensure_ascii=False, sort_keys=True)
            and str(SCENARIOS) not in text
        )
        (tmp_path / source.name).write_text(text, encoding="utf-8")
        assert load_scenario(tmp_path / source.name) == scenario


def test_names_in_other_scripts_are_kept_and_their_keys_are_plain():
    scenario = load_text("name: 'Zurück nach ایران 🙂'\nasks: >\n  A\n  b?\n" + BASE, "سناریو.yaml")
    assert (scenario.name, scenario.asks) == ("Zurück nach ایران 🙂", "A b?")
    assert re.fullmatch("scenario-[0-9a-f]{6}", scenario.key), "a hash stands for letters of other scripts"
    assert re.fullmatch("zuruck-nach-[0-9a-f]{6}", scenario.vary(cash_level=1, name=scenario.name).key)
    assert load_text(json.dumps(scenario.resolved(), ensure_ascii=False)).name == scenario.name


BASE = "host: norway\nprogramme: norway\nstart: 2010-01\nwindow: {from: 2012-01, to: 2016-12}\n"


class Checker:
    """The JSON Schema at work; its own class, because Hypothesis would write out a validator in full."""

    def __init__(self) -> None:
        jsonschema = pytest.importorskip("jsonschema")
        content = json_schema()
        jsonschema.Draft202012Validator.check_schema(content)
        validator = jsonschema.Draft202012Validator(content)
        self.is_valid, self.validate = validator.is_valid, validator.validate


@pytest.fixture(scope="module")
def schema() -> Checker:
    return Checker()


def test_the_schema_is_plain_json_and_says_what_levers_mean():
    content = json.loads(json.dumps(json_schema()))
    levers = content["properties"]["levers"]["properties"]
    assert (
        set(levers) == {*LEVERS, TIMING}
        and LEVERS["cash_level"].meaning in levers["cash_level"]["description"]
    )
    assert "announced" in json.dumps(levers["cash_level"]) and "announced" not in json.dumps(
        levers["advisors"]
    )
    assert "anyOf" in content and set(content["$defs"]) == {"series", "amount"}
    assert set(content["properties"]["series"]["properties"]) == set(origin_names())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_schema_accepts_what_a_shipped_scenario_resolves_to(path: Path, schema):
    schema.validate(load_scenario(path).resolved())


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"extends": "a.yaml", "lever": {}},
        {"extends": 5},
        {"extends": "a.yaml", "levers": {"cash_level": 11}},
        {"extends": "a.yaml", "levers": {"cash_level": True}},
        {"extends": "a.yaml", "levers": {"cash_level": []}},
        {"extends": "a.yaml", "levers": {"cash_level": None}},
        {"extends": "a.yaml", "levers": {"cash": 1}},
        {"extends": "a.yaml", "levers": {"cash_level": [{"from": "2014-13", "value": 1}]}},
        {"extends": "a.yaml", "levers": {"cash_level": [{"value": 1}]}},
        {"extends": "a.yaml", "origins": []},
        {
            "extends": "a.yaml",
            "levers": {"advisors": [{"from": "2014-01", "value": 1, "announced": "2013-01"}]},
        },
        {"extends": "a.yaml", "levers": {"information_timing": "erly"}},
        {"extends": "a.yaml", "levers": {"information_timing": {}}},
        {"extends": "a.yaml", "origins": ["irak"]},
        {"extends": "a.yaml", "series": {"iraq": {"security": 2}}},
        {"extends": "a.yaml", "weights": {"no_such_weight": 1}},
        {"extends": "a.yaml", "protection_gate": 2},
        {"extends": "a.yaml", "minimum_cell": 0},
        {"host": "norway", "programme": "norway", "start": "2010-01", "window": {"from": "2012-01"}},
        {
            "host": "norwya",
            "programme": "norway",
            "start": "2010-01",
            "window": {"from": "2012-01", "to": "2012-02"},
        },
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(content: dict, schema, tmp_path: Path):
    assert not schema.is_valid(content)
    (tmp_path / "a.yaml").write_text(BASE)
    (tmp_path / "case.yaml").write_text(json.dumps(content))
    with pytest.raises(Refusal):
        load_scenario(tmp_path / "case.yaml")


def outcome(make) -> Scenario | None:
    """The scenario, or None where it is refused; any other error fails the test."""
    try:
        found = make()
    except Refusal as error:
        assert error.mistakes and all(line.isprintable() for line in str(error).splitlines())
        return None
    assert isinstance(found, Scenario)
    return found


@BOUNDED
@given(scenario_files())
def test_what_is_accepted_stays_itself_and_passes_the_schema(schema, content: dict):
    scenario = outcome(lambda: Scenario.from_mapping(content))
    if scenario is None:
        return
    assert schema.is_valid(content) and schema.is_valid(scenario.resolved())
    again = load_text(json.dumps(scenario.resolved(), ensure_ascii=False))
    assert again.resolved() == scenario.resolved()
    assert len(policy_table(scenario.levers, scenario.start, scenario.months)) == scenario.months


def test_generated_files_are_mostly_accepted():
    accepted = []

    @settings(BOUNDED, max_examples=60)
    @given(scenario_files())
    def count(content: dict) -> None:
        accepted.append(outcome(lambda: Scenario.from_mapping(content)) is not None)

    count()
    assert 0.7 < sum(accepted) / len(accepted)


@BOUNDED
@given(spoiled_files())
def test_a_spoiled_scenario_is_accepted_or_refused(schema, content: dict):
    scenario = outcome(lambda: Scenario.from_mapping(content))
    assert scenario is None or schema.is_valid(content)
    try:
        text = yaml.safe_dump(content, allow_unicode=True)
    except (yaml.YAMLError, ValueError):
        return
    outcome(lambda: load_text(text))


@BOUNDED
@given(JUNK)
def test_any_yaml_is_accepted_or_refused(content):
    try:
        text = yaml.safe_dump(content)
    except (yaml.YAMLError, ValueError):
        return
    assert outcome(lambda: load_text(text)) is None


@BOUNDED
@given(
    st.text(alphabet="abhost: -{}[],&*!<>|?'\"\n\t#%@`~0129.\\xu\ud83d\x00é", max_size=60)
    | st.binary(max_size=40)
)
def test_any_text_or_bytes_are_accepted_or_refused(data: str | bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        path.write_bytes(data if isinstance(data, bytes) else (BASE + data).encode("utf-8", "surrogatepass"))
        outcome(lambda: load_scenario(path))


@BOUNDED
@given(
    st.dictionaries(
        st.sampled_from(["cash_level", TIMING, *ScenarioForm.model_fields]), JUNK, min_size=1, max_size=3
    )
)
def test_any_variation_is_accepted_or_refused(changes: dict):
    base = load_scenario(SCENARIOS / "baseline-norway.yaml")
    outcome(lambda: base.vary(**changes))


@BOUNDED
@given(JUNK.filter(lambda value: isinstance(value, str)) | st.text(max_size=30))
def test_any_extends_is_accepted_or_refused(target: str):
    outcome(lambda: load_text(yaml.safe_dump({"extends": target})))
