"""Experiment files and designs: what a file may say, which points it means, and what it is refused for."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from commands import avrr, refused
from conftest import ROOT, norway

from avrr_sim.files import read_yaml
from avrr_sim.refusals import Refusal
from avrr_sim.study.sweep.design import Factor, points_of
from avrr_sim.study.sweep.experiment import Experiment, is_experiment, json_schema, load_experiment
from avrr_sim.study.sweep.order import order_of
from experiments import experiment_file

EXPERIMENTS = ROOT / "experiments"


def test_a_factorial_holds_every_combination_once():
    factors = [Factor("levers", "a", (1, 2, 3)), Factor("levers", "b", ("x", "y"))]
    assert points_of("factorial", factors) == [(1, "x"), (1, "y"), (2, "x"), (2, "y"), (3, "x"), (3, "y")]


def test_zip_takes_values_together():
    assert points_of("zip", [Factor("levers", "a", (1, 2)), Factor("levers", "b", (5, 6))]) == [
        (1, 5),
        (2, 6),
    ]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_sampled_points_lie_once_in_every_slice_of_every_range(kind):
    factors = [
        Factor("levers", "a", low=2.0, high=6.0),
        Factor("weights", "b", low=0.01, high=100.0, scale="log"),
    ]
    points = np.array(points_of(kind, factors, 32, 7))
    shares = np.column_stack([(points[:, 0] - 2) / 4, (np.log10(points[:, 1]) + 2) / 4])
    for column in shares.T:
        assert sorted(np.floor(column * 32).astype(int)) == list(range(32)), "one point in each of 32 slices"
    assert (
        points_of(kind, factors, 32, 7) == points_of(kind, factors, 32, 7) != points_of(kind, factors, 32, 8)
    )


def test_words_can_be_sampled_each_with_an_equal_part():
    points = points_of(
        "latin_hypercube", [Factor("levers", "information_timing", ("early", "gradual", "late"))], 30, 1
    )
    assert {word: points.count((word,)) for word in ("early", "gradual", "late")} == {
        "early": 10,
        "gradual": 10,
        "late": 10,
    }


def test_the_experiments_that_are_shipped_are_good_and_say_what_they_ask(capsys):
    files = sorted(EXPERIMENTS.glob("*.yaml"))
    assert {"cash-by-timing", "security-by-information", "processing-places", "trust"} <= {
        path.stem for path in files
    }
    assert avrr(capsys, "check", *map(str, files))[0] == 0
    for path in filter(is_experiment, files):
        lines = path.read_text().splitlines()
        assert lines[0].startswith("# ") and lines[1].startswith("# ") and load_experiment(path).asks, (
            path.name
        )


def test_cash_by_timing_goes_from_none_to_four_times_by_three_timings():
    experiment = load_experiment(EXPERIMENTS / "cash-by-timing.yaml")
    cash, timing = zip(*experiment.points, strict=True)
    assert (
        {0.0, 4.0} <= set(cash)
        and set(timing) == {"early", "gradual", "late"}
        and "abode" in experiment.read_by
    )


def test_an_experiment_survives_being_written_down():
    for path in filter(is_experiment, EXPERIMENTS.glob("*.yaml")):
        experiment = load_experiment(path)
        again = Experiment.from_resolved(json.loads(json.dumps(experiment.resolved())))
        assert order_of(again).digest == order_of(experiment).digest


def test_what_a_later_version_may_have_added_to_a_stored_experiment_is_not_looked_at(tmp_path):
    text = "vary: {levers: {cash_level: [0, 2]}}\nprecision: {measure: uptake_24, below: 0.01}\n"
    experiment = load_experiment(experiment_file(tmp_path, text))
    stored = json.loads(json.dumps(experiment.resolved()))
    for table in (stored, stored["factors"][0], stored["precision"]):
        table |= {"": None, "later": [1]}
    stored["numbers"] |= {"": 6, "later": "x"}
    assert order_of(Experiment.from_resolved(stored)).digest == order_of(experiment).digest


def test_factors_reach_levers_amounts_and_weights_from_their_month_on(tmp_path):
    text = (
        "vary:\n  levers:\n    cash_level: {values: [0, 2], from: 2013-01, announced: 2012-07}\n   "
        " information_timing: [late]\n"
        "  amounts: {cash_a_adult: {values: [30000], from: 2014-01}}\n  weights: {ties: [0.1]}\n"
    )
    experiment = load_experiment(experiment_file(tmp_path, text))
    scenario, amounts = experiment.scenario_of(experiment.points[1], "second")
    step = scenario.levers["cash_level"][0]
    assert (step.value, step.start, step.announced) == (2, 2013 * 12, 2012 * 12 + 6)
    assert scenario.levers["information_timing"][0].value == "late" and scenario.weights == {"ties": 0.1}
    assert amounts == {"cash_a_adult": (2014 * 12, 30000.0)}


def test_an_amount_pays_what_it_says_from_its_month_on():
    from avrr_sim.engines.world import build_world
    from avrr_sim.evidence import central_weights

    scenario = norway()
    plain = build_world(scenario, central_weights(), 1, 0, 0, 50).origins["cash_a_adult"]
    changed = build_world(
        scenario, central_weights(), 1, 0, 0, 50, amounts={"cash_a_adult": (scenario.start + 12, 31_000.0)}
    ).origins["cash_a_adult"]
    assert (
        (changed[:, :12] == plain[:, :12]).all()
        and (changed[:, 12:] == 31_000).all()
        and (plain[:, 12:] != 31_000).all()
    )


def test_rows_of_a_csv_are_points_and_an_empty_cell_is_as_in_the_baseline(tmp_path):
    (tmp_path / "points.csv").write_text("cash_level,information_timing,weights.ties\n2,early,\n,late,0.5\n")
    experiment = load_experiment(experiment_file(tmp_path, "design: {kind: rows, file: points.csv}\n"))
    assert experiment.points == ((2.0, "early", None), (None, "late", 0.5))
    first, second = (experiment.scenario_of(point, "x")[0] for point in experiment.points)
    assert not first.weights and "cash_level" not in second.levers and second.weights == {"ties": 0.5}


LEVERS = "vary: {levers: {cash_level: [0, 1]}}\n"


@pytest.mark.parametrize(
    "text, told",
    [
        ("vary: {levers: {cash_levle: [0]}}\n", ("vary.levers", "cash_levle", "did you mean 'cash_level'")),
        ("vary: {levers: {cash_level: [0, 11]}}\n", ("vary.levers.cash_level[1]", "11", "0 to 10")),
        ("vary: {levers: {cash_level: [two]}}\n", ("vary.levers.cash_level[0]", "two", "0 to 10")),
        (
            "vary: {levers: {information_timing: [erly]}}\n",
            ("information_timing[0]", "erly", "did you mean 'early'"),
        ),
        ("vary: {weights: {tiez: [1]}}\n", ("vary.weights", "tiez", "did you mean 'ties'")),
        ("vary: {amounts: {cash_a_adlt: [1]}}\n", ("vary.amounts", "did you mean 'cash_a_adult'")),
        ("vary: {amounts: {cash_a_adult: [-1]}}\n", ("vary.amounts.cash_a_adult[0]", "-1")),
        ("vary: {cash_level: [1]}\n", ("vary", "cash_level", "did you mean 'levers: cash_level'")),
        ("vary: {}\n", ("vary",)),
        ("draws: 3\n", ("vary", "needs something to vary")),
        ("vary: {levers: {cash_level: 2}}\n", ("cash_level", "neither a list of values nor a range")),
        ("vary: {levers: {cash_level: {low: 0, high: 4}}}\n", ("factorial needs a list",)),
        ("vary: {levers: {cash_level: [1, 1]}}\n", ("twice",)),
        (
            "vary: {levers: {cash_level: {low: 4, high: 0}}}\ndesign: {kind: sobol, points: 8}\n",
            ("no range",),
        ),
        (
            "vary: {levers: {cash_level: {low: 0, high: 4, scale: log}}}\ndesign: {kind: sobol, points: 8}\n",
            ("no range on a log scale",),
        ),
        (
            "vary: {levers: {cash_level: {low: 0, high: 4}}}\ndesign: {kind: sobol, points: 9}\n",
            ("design.points", "power of two", "8 or 16"),
        ),
        (
            "vary: {levers: {cash_level: {low: 0, high: 4}}}\ndesign: {kind: sobol}\n",
            ("needs the key 'points'",),
        ),
        (
            "vary: {levers: {cash_level: {low: 0, hihg: 4}}}\ndesign: {kind: sobol, points: 8}\n",
            ("hihg", "did you mean 'high'"),
        ),
        (LEVERS + "design: factorail\n", ("design", "factorail", "did you mean 'factorial'")),
        (LEVERS + "design: {kind: factorial, points: 3}\n", ("design", "'points'")),
        (LEVERS + "design: {kind: rows, file: nowhere.csv}\n", ("vary", "rows")),
        ("design: {kind: rows, file: nowhere.csv}\n", ("nowhere.csv", "no such file")),
        (
            "vary: {levers: {cash_level: [0, 1], outreach: [0, 1, 2]}}\ndesign: zip\n",
            ("zip", "cash_level 2", "outreach 3"),
        ),
        (LEVERS + "mesures: [uptake_24]\n", ("mesures", "did you mean 'measures'")),
        (LEVERS + "measures: [uptake]\n", ("measures[0]", "uptake_24")),
        (LEVERS + "measures: [uptake_24, uptake_24]\n", ("measures[1]", "twice")),
        (LEVERS + "read_by: [country]\n", ("read_by[0]", "origin")),
        (LEVERS + "draws: 0\n", ("draws",)),
        (LEVERS + "draws:\n", ("draws", "has no value")),
        (LEVERS + "draws: 1\ndraws: 2\n", ("duplicate key",)),
        (LEVERS + "precision: {measure: uptake_24}\n", ("precision", "'below'")),
        (LEVERS + "precision: {measure: granted, below: 1}\n", ("precision.measure", "granted")),
        (LEVERS + "precision: {measure: uptake_24, below: 0}\n", ("precision.below", "0")),
        (
            "vary: {levers: {removal_level: {values: [1, 2], announced: 2012-01}}}\n",
            ("removal_level.announced",),
        ),
        ("vary: {weights: {ties: {values: [1], from: 2012-01}}}\n", ("ties.from",)),
        ("vary: {levers: {cash_level: {values: [1], from: 2031-01}}}\n", ("outside",)),
    ],
)
def test_what_is_wrong_in_an_experiment_is_refused_with_file_path_and_hint(capsys, tmp_path, text, told):
    message = refused(capsys, "sweep", str(experiment_file(tmp_path, text)), "--plan")
    assert ("mine.yaml" in message or ".csv" in message or "--draws" in message) and all(
        part in message for part in told
    ), message


@pytest.mark.parametrize(
    "content, told",
    [
        ("cash_level\n", "holds no rows"),
        ("cash_levle\n1\n", "did you mean 'cash_level'"),
        ("cash_level,cash_level\n1,2\n", "two columns"),
        ("cash_level\n1,2\n", "2 cells under 1"),
        ("cash_level\n99\n", "row 2.cash_level: 99"),
        ("cash_level\nnan\n", "'nan' is not a number"),
        ("policies.x\n1\n", "policies.x"),
    ],
)
def test_what_is_wrong_in_a_csv_is_refused_with_its_row(capsys, tmp_path, content, told):
    (tmp_path / "points.csv").write_text(content)
    assert told in refused(
        capsys, "sweep", str(experiment_file(tmp_path, "design: {kind: rows, file: points.csv}\n")), "--plan"
    )


def test_all_that_is_wrong_in_an_experiment_is_told_at_once(tmp_path):
    text = (
        "vary: {levers: {cash_level: [0, 11], cash_levle: [1]}, weights: {tiez: [1]}}\n"
        "design: factorail\nmeasures: [uptake]\nsize: small\n"
    )
    with pytest.raises(Refusal) as form:
        load_experiment(experiment_file(tmp_path, text))
    factors = ["vary.levers.cash_level[1]", "vary.levers", "vary.weights"]
    told = [line.split(": ")[1] for line in str(form.value).splitlines()]
    assert told == ["design", "size", "measures[0]", *factors]
    with pytest.raises(Refusal) as alone:
        load_experiment(experiment_file(tmp_path, text.partition("\n")[0] + "\n"))
    assert [line.split(": ")[1] for line in str(alone.value).splitlines()] == factors


def test_all_that_is_wrong_in_the_rows_of_a_csv_is_told_at_once(tmp_path):
    (tmp_path / "points.csv").write_text("cash_level,information_timing\n99,erly\n2,late\n2,late,1\n")
    with pytest.raises(Refusal) as refused:
        load_experiment(experiment_file(tmp_path, "design: {kind: rows, file: points.csv}\n"))
    assert [line.split(": ")[1] for line in str(refused.value).splitlines()] == [
        "row 2.cash_level",
        "row 2.information_timing",
        "row 4",
    ]


@pytest.mark.parametrize(
    "text, told",
    [
        ('name: "a\\x1b[2J"\n', "name: 'a\\x1b[2J' holds characters that cannot be shown"),
        ("name: [a]\n", "name: ['a'] is not what belongs here"),
        ("asks: {a: 1}\n", "asks: "),
        ("measures: [[uptake_24]]\n", "measures[0]: unknown measure ['uptake_24']"),
        ("measures: uptake_24\n", "is not a list of names"),
        ("read_by: []\n", "is not a list of names"),
        ("precision: {measure: [uptake_24], below: 1}\n", "precision.measure"),
        ("engine: mesa\nweights: posteriro\n", "did you mean 'posterior'"),
        ("draws: 1.5\n", "draws: 1.5 is not a whole number"),
        ("design: [sobol]\n", "design: ['sobol'] is not what belongs here"),
        ("design: {kind: rows, file: [points.csv]}\n", "design.file: ['points.csv'] is not a path"),
    ],
)
def test_what_is_no_text_or_number_is_refused_where_one_is_meant(tmp_path, text, told):
    levers = "" if "rows" in text else "vary: {levers: {cash_level: [0, 1]}}\n"
    with pytest.raises(Refusal) as refused:
        load_experiment(experiment_file(tmp_path, text + levers))
    assert told in str(refused.value)
    assert all(line.isprintable() for line in str(refused.value).splitlines())


@pytest.mark.parametrize(
    "factor, told",
    [
        ("[]", "is neither a list of values nor a range"),
        ("{values: 3}", "cash_level.values: 3 is not a list of values"),
        ("{values: [1], low: 0}", "is neither a list of values nor a range"),
        ("{low: 0}", "is neither a list of values nor a range"),
        ("[[1]]", "cash_level[0]: [1] is not a number"),
    ],
)
def test_a_factor_is_a_list_or_a_range(tmp_path, factor, told):
    with pytest.raises(Refusal) as refused:
        load_experiment(experiment_file(tmp_path, f"vary: {{levers: {{cash_level: {factor}}}}}\n"))
    assert told in str(refused.value)


def test_factors_stand_in_the_order_of_the_file(tmp_path):
    text = "vary: {weights: {ties: [0.1, 0.2]}, levers: {cash_level: [0, 1]}}\n"
    experiment = load_experiment(experiment_file(tmp_path, text))
    assert experiment.columns == ["weights.ties", "cash_level"]
    assert experiment.points[1] == (0.1, 1.0)


def test_rows_stand_in_a_plain_file_of_bounded_size(tmp_path, monkeypatch):
    """A pipe or a device would be read for ever."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "zero.csv").write_bytes(b"cash_level\n1\0\n")
    (tmp_path / "cell.csv").write_text(f"cash_level\n{'1' * 131_073}\n")
    for name, told in (
        ("pipe.csv", "is not a plain file"),
        ("/dev/zero", "is not a plain file"),
        ("folder.csv", "is a folder"),
        ("zero.csv", "is not text"),
        ("cell.csv", "line 2 cannot be read (field larger than field limit"),
    ):
        with pytest.raises(Refusal) as refused:
            load_experiment(experiment_file(tmp_path, f"design: {{kind: rows, file: {name}}}\n"))
        assert told in str(refused.value) and len(str(refused.value).splitlines()) == 1
    monkeypatch.setattr("avrr_sim.study.sweep.values.LARGEST_TABLE", 10)
    (tmp_path / "long.csv").write_text("cash_level\n1\n")
    with pytest.raises(Refusal, match="larger than 10 bytes"):
        load_experiment(experiment_file(tmp_path, "design: {kind: rows, file: long.csv}\n"))


def schema_errors(content: dict) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema")
    checker = jsonschema.validators.validator_for(json_schema())
    checker.check_schema(json_schema())
    return [error.message for error in checker(json_schema()).iter_errors(content)]


@pytest.mark.parametrize("path", sorted(EXPERIMENTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_json_schema_accepts_every_shipped_experiment(path):
    if is_experiment(path):
        assert schema_errors(read_yaml(path)) == []


@pytest.mark.parametrize(
    "vary, design, good",
    [
        ({"levers": {"information_timing": ["early", {"pending": 2}]}}, "factorial", True),
        ({"amounts": {"cash_a_adult": {"values": [1], "from": "2014-01"}}}, {"kind": "zip"}, True),
        (
            {"weights": {"ties": {"low": 0.1, "high": 1, "scale": "log"}}},
            {"kind": "sobol", "points": 8},
            True,
        ),
        ({"levers": {"cash_levle": [1]}}, "factorial", False),
        ({"levers": {"cash_level": [11]}}, "factorial", False),
        ({"levers": {"cash_level": 1}}, "factorial", False),
        ({"levers": {"cash_level": [1]}}, "factorail", False),
        ({"cash_level": [1]}, "factorial", False),
    ],
)
def test_the_json_schema_and_the_reader_agree(tmp_path, vary, design, good):
    content = {"baseline": "base.yaml", "vary": vary, "design": design}
    path = experiment_file(tmp_path, "")
    path.write_text(json.dumps(content))
    assert (schema_errors(content) == []) == good
    if good:
        assert load_experiment(path).points
    else:
        with pytest.raises(Refusal):
            load_experiment(path)
