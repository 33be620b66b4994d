"""`avrr validate`: verdicts in a folder that a stopped run goes on with to the same bytes; refusals; tables
that a page can read.
"""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pandas as pd
import pytest
from commands import avrr, refused

from avrr_sim.study.folder.order import Execution
from avrr_sim.study.patterns.catalogue import PATTERNS
from avrr_sim.study.summary.tables import FRAMES
from avrr_sim.study.validation import validate
from avrr_sim.study.validation.check_figures import CHECKS
from avrr_sim.study.validation.order import order_of
from avrr_sim.study.validation.tables import predictive
from avrr_sim.study.validation.verdicts import VERDICTS

pytestmark = pytest.mark.slow

SMALL = ("--draws", "3", "--size", "300", "--weights", "prior")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """The folder of a validation that nobody stopped."""
    folder = tmp_path_factory.mktemp("whole") / "a"
    validate.perform(
        order_of(
            {"draws": 3, "size": 300, "weights": "prior"},
            "avrr validate --draws 3 --size 300 --seed 1 --weights prior",
        ),
        Execution(folder, workers=1),
    )
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Every file but the one that says how long it took."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "timings.json"
    }


def go_on(capsys, folder: Path) -> str:
    code, _, err = avrr(
        capsys, "validate", *SMALL, "--seed", "1", "--out", str(folder), "--resume", "--workers", "2"
    )
    assert code == 0 and "Traceback" not in err, err
    return err


def only_tables(folder: Path) -> dict[str, bytes]:
    """What a validation writes before its page, which adds figures to what a folder says of itself."""
    return {
        name: data
        for name, data in content(folder).items()
        if not name.startswith("figures") and name not in ("report.html", "codebook.csv", "datapackage.json")
    }


def test_the_tables_have_a_row_for_every_pattern_and_check(whole):
    patterns, targets, statistics = (
        pd.read_parquet(whole / f"{name}.parquet") for name in ("patterns", "targets", "statistics")
    )
    assert (
        list(patterns["id"]) == list(PATTERNS)
        and set(FRAMES["patterns"]) <= set(patterns)
        and set(FRAMES["targets"]) <= set(targets)
    )
    assert set(patterns["verdict"]) <= set(VERDICTS) and set(targets["verdict"]) <= {
        "inside",
        "outside",
        "not tested",
    }
    assert (
        set(targets["id"]) == {"T03", "T06", "T08"}
        and (targets["role"] == "check").all()
        and len(targets) == len(CHECKS)
    )
    known = patterns[patterns["id"] != "P23"]
    assert (known["draws"] == 3).all() and known["probability"].between(known["low"], known["high"]).all()
    lost = patterns[patterns["id"] == "P23"].iloc[0]
    assert lost["verdict"] == "not decidable" and math.isnan(lost["probability"]) and lost["draws"] == 0
    assert set(patterns["verdict"]) == {"not decidable"}, "three draws are too few for any verdict"
    for row in known.to_dict("records"):
        mine = statistics[(statistics["kind"] == "pattern") & (statistics["id"] == row["id"])]
        assert list(mine["draw"]) == [0, 1, 2] and row["probability"] == pytest.approx(mine["holds"].mean())
    manifest = json.loads((whole / "manifest.json").read_text())
    assert (
        manifest["status"] == "done"
        and manifest["identity"]["statistics_hash"]
        and "manifest" not in manifest
    )
    assert pd.read_csv(whole / "patterns.csv")["id"].tolist() == list(PATTERNS)
    assert json.loads((whole / "study.json").read_text())["limits"]


def test_a_validation_that_was_stopped_goes_on_to_the_same_bytes(whole, tmp_path, capsys, monkeypatch):
    """Stopped after the first draw by the interrupt that Ctrl-C is; with a damaged chunk besides; on another
    number of workers.
    """
    order = order_of(
        {"draws": 3, "size": 300, "weights": "prior"},
        "avrr validate --draws 3 --size 300 --seed 1 --weights prior",
    )
    plain = validate.run_draw

    def stops(task):
        if task.draw == 1:
            raise KeyboardInterrupt
        return plain(task)

    monkeypatch.setattr(validate, "run_draw", stops)
    with pytest.raises(KeyboardInterrupt):
        validate.perform(order, Execution(tmp_path / "b", workers=1))
    monkeypatch.setattr(validate, "run_draw", plain)
    assert json.loads((tmp_path / "b" / "manifest.json").read_text())["status"] == "interrupted"
    assert len(list((tmp_path / "b" / "runs").glob("chunk-*"))) == 1
    said = go_on(capsys, tmp_path / "b")
    assert "1 chunks of runs are there already" in said
    assert only_tables(tmp_path / "b") == only_tables(whole)
    chunk = tmp_path / "b" / "runs" / "chunk-000001.parquet"
    chunk.write_bytes(chunk.read_bytes()[:200])
    before = content(tmp_path / "b") | {
        "runs/chunk-000001.parquet": (whole / "runs" / "chunk-000001.parquet").read_bytes()
    }
    assert "done again" in go_on(capsys, tmp_path / "b")
    assert content(tmp_path / "b") == before


def test_a_draw_that_fails_is_named_and_tried_again(whole, tmp_path, capsys, monkeypatch):
    plain = validate.run_draw

    def fails(task):
        if task.draw == 1:
            raise ValueError("no luck")
        return plain(task)

    monkeypatch.setattr(validate, "run_draw", fails)
    code, _, err = avrr(capsys, "validate", *SMALL, "--out", str(tmp_path / "c"), "--workers", "1")
    assert code == 1 and "1 of 3 draws failed" in err and "no luck" in err
    assert (pd.read_parquet(tmp_path / "c" / "patterns.parquet").set_index("id").loc["P01", "draws"]) == 2
    monkeypatch.setattr(validate, "run_draw", plain)
    assert "tried again" in go_on(capsys, tmp_path / "c")
    assert only_tables(tmp_path / "c") == only_tables(whole)


def test_the_command_prints_verdicts_or_json_and_leaves_pictures(whole, tmp_path, capsys):
    copy = Path(shutil.copytree(whole, tmp_path / "copy"))
    code, out, _ = avrr(capsys, "validate", *SMALL, "--out", str(copy), "--resume", "--json", "--quiet")
    found = json.loads(out)
    assert (
        code == 0
        and [row["id"] for row in found["patterns"]] == list(PATTERNS)
        and len(found["targets"]) == len(CHECKS)
    )
    assert Path(found["report"]).exists()
    for kind in ("svg", "csv"):
        assert (copy / "figures" / f"patterns.{kind}").exists()
    page = Path(found["report"]).read_text()
    assert "the only hits that can speak for the model" in page and all(
        pattern.statement[:30] in page for pattern in PATTERNS.values()
    )
    assert (
        "https://" not in page
        and "http://" not in page.replace("http://www.w3.org", "")
        and (copy / "report.html").stat().st_size < 2_000_000
    )
    code, out, _ = avrr(capsys, "report", str(copy), "--out", str(tmp_path / "again"))
    assert (
        code == 0 and (tmp_path / "again" / "report.html").read_bytes() == (copy / "report.html").read_bytes()
    )
    svg = (copy / "figures" / "patterns.svg").read_text()
    assert "aria-label" in svg and "P28" in svg and "nothing in the model answers to it" in svg


def test_what_is_wrong_is_refused(whole, tmp_path, capsys):
    assert "is in use already" in refused(capsys, "validate", *SMALL, "--out", str(whole))
    copy = Path(shutil.copytree(whole, tmp_path / "copy"))
    assert "seed 1 -> 2" in refused(capsys, "validate", *SMALL, "--seed", "2", "--out", str(copy), "--resume")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("x")
    assert "no folder of a validation" in refused(
        capsys, "validate", *SMALL, "--out", str(tmp_path / "other"), "--resume"
    )
    assert "nothing to go on with" in refused(
        capsys, "validate", *SMALL, "--out", str(tmp_path / "none"), "--resume"
    )
    assert "--draws 0" in refused(capsys, "validate", "--draws", "0", "--weights", "prior")
    assert "--workers 0" in refused(capsys, "validate", *SMALL, "--workers", "0")
    assert "--ship" in refused(capsys, "validate", *SMALL, "--ship")
    assert "'guess'" in refused(capsys, "validate", "--weights", "guess")


def test_a_plan_runs_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = avrr(capsys, "validate", "--weights", "prior", "--plan", "--json")
    plan = json.loads(out)
    assert (
        code == 0
        and plan["draws"] == 100
        and plan["runs"] == 100 * len(plan["worlds"])
        and not list(tmp_path.iterdir())
    )


def test_predictions_hold_the_error_of_the_figure_too():
    """With one and the same figure in every draw, what is left is error and discrepancy: T03, 361 of 2,000
    persons, nine tenths of it on the log scale.
    """
    check = CHECKS[0]
    low, median, high = predictive(check, [2000.0] * 4000, 1)
    off = math.exp(1.645 * math.hypot(200, 300) / 2000)
    assert (low, median, high) == pytest.approx((2000 / off, 2000, 2000 * off), rel=0.02)
    assert all(math.isnan(v) for v in predictive(check, [], 1))
