"""What is said of files that are nearly right: of another kind or encoding, with commas in numbers or
semicolons between cells; and of a list that was forgotten. All mistakes of a file are told at once.
"""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import pytest
import yaml
from commands import avrr, refused
from conftest import ROOT, SCENARIOS, norway

from avrr_sim import compare, simulate, sweep
from avrr_sim.files import parse_yaml
from avrr_sim.mistaken import MARKS
from avrr_sim.places.host_form import HostForm
from avrr_sim.programmes.form import ProgrammeForm
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import load_scenario
from avrr_sim.scenario_form import ScenarioForm
from avrr_sim.shell.check import check_files
from avrr_sim.study.calibration.target_form import TargetsForm
from avrr_sim.study.sweep.experiment import load_experiment
from avrr_sim.study.sweep.experiment_form import ExperimentForm
from avrr_sim.study.value.study_form import StudiesForm

BASE = SCENARIOS / "baseline-norway.yaml"
EXPERIMENT = ROOT / "experiments" / "cash-by-timing.yaml"
HOST = ROOT / "avrr_sim" / "places" / "hosts" / "norway.yaml"
PROGRAMME = ROOT / "avrr_sim" / "programmes" / "norway.yaml"
TARGETS = ROOT / "experiments" / "calibration-norway.yaml"


@pytest.fixture
def base(tmp_path) -> Path:
    """A folder with a baseline beside which files are written."""
    (tmp_path / "base.yaml").write_bytes(BASE.read_bytes())
    return tmp_path


def said_of(folder: Path, capsys, text: str, name: str = "mine.yaml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return refused(capsys, "check", str(folder / name))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sweep", str(BASE)], "is a scenario, where an experiment is wanted; allowed: `avrr run`"),
        (["run", str(EXPERIMENT)], "is an experiment, where a scenario is wanted; allowed: `avrr sweep`"),
        (["compare", str(BASE), str(HOST)], "is a host, where a scenario is wanted"),
        (["diff", str(BASE), str(PROGRAMME)], "is a programme, where a scenario is wanted"),
        (["sweep", str(TARGETS)], "is a file of targets, where an experiment is wanted"),
        (["calibrate", "--targets", str(BASE)], "is a scenario, where a file of targets is wanted"),
    ],
)
def test_a_file_of_another_kind_is_named_once_with_what_takes_it(words, told, capsys):
    said = refused(capsys, *words)
    assert told in said and said.count("\n") == 1


def test_every_file_that_is_shipped_is_of_its_kind_and_marks_are_keys_of_forms():
    forms = {
        "scenario": ScenarioForm,
        "experiment": ExperimentForm,
        "targets": TargetsForm,
        "studies": StudiesForm,
        "host": HostForm,
        "programme": ProgrammeForm,
    }
    for kind, marks in MARKS.items():
        assert marks.keys <= set(forms[kind].keys()), kind
    for file in (ROOT / "experiments").glob("*.yaml"):
        keys = yaml.safe_load(file.read_text(encoding="utf-8"))
        most = max(MARKS, key=lambda kind: len(MARKS[kind].keys.intersection(keys)))
        assert most == next((kind for kind in ("targets", "studies") if kind in keys), "experiment"), file


@pytest.mark.parametrize(
    ("levers", "told"),
    [
        ("{cash_level: 1,5}", "levers.5: has no value (a decimal comma? write 1.5, not 1,5)"),
        ("\n  cash_level: 1,5", "'1,5' is not a number (write a point, not a comma)"),
        ("\n  directorate_places: 20,000", "'20,000' is not a number (write 20000, with nothing between"),
        ("\n  directorate_places: 20 000", "'20 000' is not a number (write 20000, with nothing between"),
        ("{directorate_places: 20,000}", "has no value (a comma in a number? write 20000"),
        ("\n  work_rights: 50%", "(write 0.5, not 50 %)"),
    ],
)
def test_commas_and_blanks_in_numbers_are_recognised(base, capsys, levers, told):
    said = said_of(base, capsys, f"extends: base.yaml\nlevers: {levers}\n")
    assert told in said and said.count("\n") == 1


def test_numbers_of_forms_say_so_too(base, capsys):
    said = said_of(
        base, capsys, 'extends: base.yaml\nweights: {ties: "0,5"}\namounts: {cash_adult: "20 000"}\n'
    )
    assert "weights.ties: '0,5' is not what belongs here (write a point, not a comma)" in said
    assert "'20 000' is not a number from 0 to 1e+07 (write 20000" in said


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("amounts: {cash_adult: [{value: 15.000}]}", "amounts.cash_adult[0].value"),
        ("amounts: {cash_adult: [{add: 15.000}]}", "amounts.cash_adult[0].add"),
        ("offers: [{name: A, from: 2014-01, gives: {cash_unit: 15.000}}]", "offers[0].gives.cash_unit"),
        (
            "offers: [{name: A, from: 2014-01, gives: {cash_unit: {add: 15.000}}}]",
            "offers[0].gives.cash_unit",
        ),
        ("levers: {directorate_places: 15.000}", "levers.directorate_places"),
    ],
)
def test_thousands_parted_by_a_point_are_not_taken_for_decimals(base, capsys, text, place):
    said = said_of(base, capsys, f"extends: base.yaml\n{text}\n")
    allowed = "allowed: 15000, with nothing between the thousands, or 15"
    assert f"{place}: 15.000 is 15 with decimals, not thousands; {allowed}" in said and said.count("\n") == 1


def test_decimals_that_may_be_meant_are_taken(base, capsys):
    text = "amounts: {cash_adult: [{times: 1.500}]}\nlevers: {cash_level: 1.250}\nweights: {ties: 1.125}\n"
    (base / "mine.yaml").write_text(f"extends: base.yaml\n{text}", encoding="utf-8")
    check_files([base / "mine.yaml"])
    read = load_scenario(base / "mine.yaml").resolved()
    assert read["weights"]["ties"] == 1.125 and yaml.safe_load(yaml.safe_dump(read)) == read
    assert "good" in capsys.readouterr().out


def test_a_number_keeps_how_it_is_written_through_copies_and_is_written_as_any_other():
    number = parse_yaml("a: 15.000", "a.yaml")["a"]
    for same in (number, pickle.loads(pickle.dumps(number)), copy.deepcopy(number)):
        assert same == 15.0 and same.text == "15.000" and json.dumps(same) == "15.0"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("latin-1", "is text in another encoding than UTF-8 (Latin-1"), ("utf-16", "is text in UTF-16")],
)
def test_other_encodings_are_named(base, capsys, encoding, told):
    (base / "mine.yaml").write_bytes("extends: base.yaml\nname: Søknad på retur\n".encode(encoding))
    said = refused(capsys, "check", str(base / "mine.yaml"))
    assert told in said and "allowed: the same text, saved as UTF-8" in said


def rows(folder: Path, text: str, name: str = "points.csv"):
    (folder / name).write_text(text, encoding="utf-8")
    return load_experiment({"baseline": norway(), "design": {"kind": "rows", "file": str(folder / name)}})


def test_semicolons_decimal_commas_tabs_and_notes_are_read_and_said(tmp_path, capsys, base):
    plain = rows(tmp_path, "note,cash_level,weights.ties\nas is,1.5,0.2\n,2,\n")
    assert plain.points == ((1.5, 0.2), (2.0, None)) and plain.columns == ["cash_level", "weights.ties"]
    assert plain.read_as == ""
    comma = rows(tmp_path, "cash_level;Note;weights.ties\n1,5;ja, takk;0,2\n2;;\n")
    assert comma.points == plain.points and comma.read_as == "cells parted by semicolons, decimal commas"
    assert rows(tmp_path, "cash_level\tweights.ties\n1.5\t0.2\n2\t\n").read_as == "cells parted by tabs"
    (base / "mine.yaml").write_text("baseline: base.yaml\ndesign: {kind: rows, file: points.csv}\n")
    (base / "points.csv").write_text("cash_level;weights.ties\n1,5;0,2\n")
    code, said, _ = avrr(capsys, "check", str(base / "mine.yaml"))
    assert code == 0 and "1 points, cells parted by semicolons, decimal commas" in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "cash_level;weights.ties\n1,5;0,2\n2.000;0,1\n",
            "'2.000' has a point where other cells have decimal",
        ),
        (
            "cash_level,outreach\n1,5,2\n",
            "3 cells under 2 columns; allowed: a cell a column; a decimal comma",
        ),
        ("note\nmine\n", "has no column but notes"),
        ("cash;cash_level\n1;x\n", "unknown lever 'cash'"),
    ],
)
def test_rows_that_cannot_be_read_say_why(tmp_path, text, told):
    with pytest.raises(Refusal) as stop:
        rows(tmp_path, text)
    assert told in str(stop.value)


def test_all_mistakes_of_an_experiment_are_told_at_once(base, capsys):
    told = said_of(
        base,
        capsys,
        "baseline: base.yaml\nvary: {levers: {cash_level: [0, 50], chanel: [1]}}\n"
        "design: factoral\ndraws: 0\nmeasures: [uptake]\n",
    )
    for each in ("unknown design", "draws: 0", "unknown measure", "50 is out of range", "unknown lever"):
        assert each in told, each
    told = said_of(
        base,
        capsys,
        "baseline: bass.yaml\nvary: {levers: {cash_level: [0]}}\nprecision: {measure: x, below: 1}\n",
    )
    assert "there is no file 'bass.yaml'" in told and "unknown measure of the experiment 'x'" in told
    told = said_of(base, capsys, "baseline: bass.yaml\nvary: {levers: {cash_level: []}}\ndraws: 0\n")
    assert "there is no file" in told and "draws: 0" in told


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: compare(norway(), draws=2),
            "alone is no list of scenarios; allowed: a list such as [baseline",
        ),
        (lambda: compare(str(BASE)), "alone is no list of scenarios"),
        (lambda: compare({"a": norway()}), "alone is no list of scenarios"),
        (lambda: compare([norway(), 3]), "3 is no scenario"),
        (lambda: sweep([norway()]), "is no experiment; allowed: a file, or a mapping"),
        (lambda: simulate(str(BASE)), "is no scenario; allowed: load_scenario"),
    ],
)
def test_a_list_that_is_forgotten_in_the_library_is_said(call, told):
    with pytest.raises(Refusal) as stop:
        call()
    assert told in str(stop.value)
