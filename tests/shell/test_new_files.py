"""`avrr new scenario` and `avrr new experiment`: files that are valid at once, that name every key there is,
and whose every switched-off line is valid too.
"""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
from commands import avrr, refused
from conftest import SCENARIOS

from avrr_sim.files import parse_yaml
from avrr_sim.kinds import KINDS
from avrr_sim.offers.form import OfferForm, RecipientsForm
from avrr_sim.offers.offer import OFFERED
from avrr_sim.policy import LEVERS
from avrr_sim.scenario import load_scenario
from avrr_sim.scenario_form import AimedForm, ScenarioForm
from avrr_sim.shell.templates import scenario_text
from avrr_sim.study.sweep.experiment_form import (
    KEPT,
    DesignForm,
    ExperimentForm,
    FactorForm,
    PrecisionForm,
)

NAMED = {
    "scenario": (ScenarioForm, AimedForm, OfferForm, RecipientsForm),
    "experiment": (ExperimentForm, FactorForm, DesignForm, PrecisionForm),
}


@pytest.fixture
def made(tmp_path, capsys) -> dict[str, Path]:
    """A new file of each kind; the experiment varies the scenario."""
    files = {kind: tmp_path / "with blanks" / f"my {kind}.yaml" for kind in NAMED}
    files["scenario"].parent.mkdir()
    assert avrr(capsys, "new", "scenario", str(files["scenario"]))[0] == 0
    code, said, _ = avrr(
        capsys, "new", "experiment", str(files["experiment"]), "--baseline", str(files["scenario"])
    )
    assert code == 0 and f"avrr sweep {files['experiment']}" in said
    return files


def switched_on(text: str) -> str:
    """A file with every line that is switched off, but for the file that it might extend."""
    return re.sub(r"^( *)#(?=\S)(?!extends: )", r"\1", text, flags=re.MULTILINE)


def test_new_files_are_good_and_change_nothing(made, capsys):
    code, said, err = avrr(capsys, "check", *map(str, made.values()))
    assert code == 0 and said.count(": good (") == 2 and "warning" not in err
    mine, baseline = load_scenario(made["scenario"]), load_scenario(SCENARIOS / "baseline-norway.yaml")
    assert mine.vary(levers={}).window_from == baseline.window_from and mine.start == baseline.start
    assert set(mine.levers) == {"cash_level"} and mine.levers["cash_level"][0].value == 1


@pytest.mark.parametrize("kind", NAMED)
def test_every_key_stands_in_the_template_with_what_is_allowed(kind, made):
    text = made[kind].read_text(encoding="utf-8")
    for form in NAMED[kind]:
        for key, allowed in form.keys().items():
            assert re.search(rf"^ *#? ?(- )?{key}: ", text, re.MULTILINE) or f"\n{key}:" in text, key
            assert " ".join(allowed.split())[:30] in " ".join(text.replace("#", "").split()), key
    for name in LEVERS if kind == "scenario" else KEPT:
        assert f"# {name}: " in text, name


@pytest.mark.parametrize("kind", NAMED)
def test_every_line_that_is_switched_off_is_valid(kind, made, capsys):
    text = switched_on(made[kind].read_text(encoding="utf-8"))
    assert text.count("#") < made[kind].read_text(encoding="utf-8").count("#")
    jsonschema.validate(parse_yaml(text, made[kind]), KINDS[kind].schema())
    made[kind].write_text(text, encoding="utf-8")
    code, said, err = avrr(capsys, "check", str(made[kind]))
    assert code == 0 and ": good (" in said, err


def test_a_scenario_may_extend_another_and_an_experiment_brings_one(tmp_path, capsys):
    mine, more = tmp_path / "mine.yaml", tmp_path / "more.yaml"
    code, said, _ = avrr(
        capsys, "new", "scenario", str(mine), "--extends", str(SCENARIOS / "baseline-norway.yaml")
    )
    assert code == 0 and "baseline-norway.yaml" in said
    assert load_scenario(mine).host == "norway"
    assert avrr(capsys, "new", "experiment", str(more))[0] == 0
    code, said, _ = avrr(capsys, "check", str(more), str(tmp_path / "more-baseline.yaml"))
    assert code == 0 and "3 points" in said


def test_new_files_overwrite_nothing_and_say_what_is_wrong(tmp_path, capsys):
    there = tmp_path / "there.yaml"
    there.write_text("name: Mine\n")
    assert "nothing is overwritten" in refused(capsys, "new", "scenario", str(there))
    assert "NAME.yaml" in refused(capsys, "new", "scenario", str(tmp_path / "mine.txt"))
    nowhere = tmp_path / "no" / "mine.yaml"
    assert "cannot be written" in refused(capsys, "new", "experiment", str(nowhere), "--baseline", BASELINE)
    assert "no such file" in refused(
        capsys, "new", "scenario", str(tmp_path / "a.yaml"), "--extends", str(tmp_path / "none.yaml")
    )
    assert there.read_text() == "name: Mine\n" and not (tmp_path / "a.yaml").exists()


BASELINE = str(SCENARIOS / "baseline-norway.yaml")


def test_a_new_scenario_names_every_amount_of_an_offer_and_says_which_ends_count(tmp_path):
    text = scenario_text(tmp_path / "mine.yaml", None)
    begins = text.index("# offers:")
    offers = " ".join(text[begins : text.index("# information:", begins)].replace("#", " ").split())
    assert [name for name in OFFERED if name not in offers] == []
    assert "gives.cash_unit: Cash to a unit, whatever its size" in offers
    assert "both ends included: more than 12 is {from: 13}" in offers
    assert "an advisor informs in centres alone" in " ".join(text.replace("#", " ").split())
