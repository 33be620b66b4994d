"""Every kind of study leaves tables and study.json, from which alone `avrr report` makes its page again, to
the same bytes, in a process that has simulated nothing.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, SCENARIOS

import avrr_sim.report
from avrr_sim.documents import calibration as calibration_document
from avrr_sim.refusals import Refusal
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import limits_said
from avrr_sim.study.calibration import facts as calibration_facts
from avrr_sim.study.summary import limits as summary_limits
from avrr_sim.study.summary.contract import KINDS, load_calibration, load_sweep, load_validation, read_facts
from avrr_sim.study.validation import facts as validation_facts

BASELINE = SCENARIOS / "baseline-norway.yaml"
TINY = ["--draws", "2", "--replicates", "1", "--size", "400", "--months", "24"]
PAGES = ("report.html", "sweep.html")
CONTRACT = {"avrr_sim.study.summary.tables", "avrr_sim.study.summary.contract"}
WRITING = {"avrr_sim.study.folder.whole"}  # how a file is there whole or not at all, for studies and pages

EXPERIMENT = {
    "name": "Cash by timing",
    "asks": "How does uptake respond?",
    "baseline": str(BASELINE),
    "vary": {"levers": {"cash_level": [0, 2], "information_timing": ["early", "late"]}},
    "draws": 2,
    "replicates": 1,
    "size": 300,
    "months": 18,
    "measures": ["application_hazard", "assisted_departures"],
    "read_by": ["origin"],
}
TARGETS = {
    "name": "Mine",
    "scenario": str(SCENARIOS / "estonia-2010-2016.yaml"),
    "waves": 2,
    "points": 64,
    "size": 300,
    "close_points": 64,
    "close_size": 300,
    "seed": 4,
    "effects": ["removal.yaml"],
    "series": {
        "assisted": {
            "figure": "assisted returns",
            "measure": "assisted_departures",
            "years": {"2012": 25, "2013": 25, "2014": 30},
            "standard_error": 5,
            "discrepancy": {"shared": 0.3, "own": 0.3},
            "ratios": [[2014, 2012]],
            "source": "somebody",
        }
    },
    "targets": {
        "departures": {
            "figure": "about 25 a year",
            "measure": "assisted_departures",
            "window": {"from": "2011-01", "to": "2015-12"},
            "value": 25,
            "standard_error": 2,
            "discrepancy": 8,
            "source": "somebody",
        },
        "check": {
            "figure": "told and not fitted",
            "measure": "drop_out_12",
            "window": {"from": "2011-01", "to": "2015-12"},
            "value": 0.3,
            "standard_error": 0.05,
            "discrepancy": 0.1,
            "source": "somebody",
            "role": "check",
        },
    },
}
REMOVAL = {
    "name": "More removal",
    "asks": "What if?",
    "levers": {"removal_level": 2},
}


def avrr(*words: str) -> None:
    """Run a command as a user would. Raises AssertionError with what it said where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "avrr_sim.cli", *words, "--quiet"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def report_without_engines(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `avrr report` in a process of its own, which fails where it has loaded what simulates."""
    program = (
        "import sys\n"
        "from avrr_sim.shell.report import rebuild\n"
        "from pathlib import Path\n"
        "rebuild(Path(sys.argv[1]), None, False)\n"
        "loaded = [n for n in sys.modules if n.startswith(('avrr_sim.engines', 'avrr_sim.study.jobs'))]\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(folder)], cwd=ROOT, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def left(tmp_path_factory) -> Callable[[str], Path]:
    """The folder that a small study of a kind left; each is run once, when it is first asked for."""
    home = tmp_path_factory.mktemp("kinds")
    (home / "experiment.yaml").write_text(yaml.safe_dump(EXPERIMENT))
    (home / "targets.yaml").write_text(yaml.safe_dump(TARGETS))
    removal = {**REMOVAL, "extends": os.path.relpath(str(TARGETS["scenario"]), home)}
    (home / "removal.yaml").write_text(yaml.safe_dump(removal))
    cash = str(SCENARIOS / "cash-doubled.yaml")
    orders = {
        "run": ["run", str(BASELINE), *TINY],
        "compare": ["compare", str(BASELINE), cash, *TINY],
        "sweep": ["sweep", str(home / "experiment.yaml")],
        "calibrate": ["calibrate", "--targets", str(home / "targets.yaml")],
        "validate": ["validate", "--draws", "2", "--size", "300", "--weights", "prior"],
    }

    @cache
    def folder(kind: str) -> Path:
        avrr(*orders[kind], "--out", str(home / kind))
        return home / kind

    return folder


def shown(folder: Path) -> dict[str, bytes]:
    """The page and the figures of a folder."""
    files = [*folder.glob("figures/*"), *(folder / name for name in PAGES if (folder / name).is_file())]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_every_kind_is_made_again_from_its_folder_alone(kind, left, tmp_path):
    folder = left(kind)
    before = shown(folder)
    assert len(before) >= 3 and read_facts(folder)["kind"] == kind
    names = shutil.ignore_patterns(*PAGES, "figures", "manifest.json", "recipe.json", "runs", "bank-*")
    copy = Path(shutil.copytree(folder, tmp_path / "copy", ignore=names))
    again = report_without_engines(copy)
    assert again.returncode == 0, again.stderr
    assert shown(copy) == before


@pytest.mark.parametrize("kind", KINDS)
def test_study_json_holds_keys_of_limits_and_pages_say_their_sentences(kind, left):
    facts = read_facts(left(kind))
    page = next(text for name, text in shown(left(kind)).items() if name in PAGES).decode()
    assert facts["limits"] and facts["provenance"]["command"]
    for remark, sentence in zip(facts["limits"], limits_said(facts["limits"]), strict=True):
        assert sentence not in json.dumps(facts, ensure_ascii=False), remark
        assert sentence.replace("'", "&#39;") in page, remark


@pytest.mark.parametrize(
    ("kind", "load"),
    [("sweep", load_sweep), ("calibrate", load_calibration), ("validate", load_validation)],
)
def test_a_folder_that_is_not_whole_or_of_another_kind_is_refused(kind, load, left, tmp_path):
    copy = Path(shutil.copytree(left(kind), tmp_path / "copy"))
    facts = read_facts(copy)
    for wrong in ({**facts, "kind": "other"}, {k: v for k, v in facts.items() if k != "limits"}, [], "kind"):
        (copy / "study.json").write_text(json.dumps(wrong))
        with pytest.raises(Refusal, match="study.json"):
            load(copy)
    (copy / "study.json").write_text(json.dumps(facts))
    table = {"sweep": "sweep", "calibrate": "recovery", "validate": "patterns"}[kind]
    (copy / f"{table}.parquet").unlink()
    with pytest.raises(Refusal, match=f"lacks {table}.parquet"):
        load(copy)


def test_the_page_of_a_calibration_and_its_document_name_the_coercion_among_effects(left):
    page = (left("calibrate") / "report.html").read_text(encoding="utf-8")
    named, alone = calibration_document._notes(left("calibrate"), "effects")
    assert named.startswith("removal: moves coercion") and named in page and alone in page


def test_every_limit_that_a_study_may_state_has_its_sentence_and_none_is_idle():
    sources = [Path(module.__file__) for module in (calibration_facts, summary_limits, validation_facts)]
    texts = [
        node.value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    weights = {f"weights_{kind}" for kind in ("posterior", "prior", "central")}
    of_older_folders = {"as_written"}
    assert set(catalogue.LIMITS) == (set(catalogue.LIMITS) & set(texts)) | weights | of_older_folders
    keys = {*summary_limits.ALWAYS, *calibration_facts.LIMITS, *validation_facts.LIMITS}
    assert keys <= set(catalogue.LIMITS)


def test_pages_know_of_studies_only_what_the_contract_says():
    for path in Path(avrr_sim.report.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("avrr_sim.study"):
                assert node.module in CONTRACT | WRITING, f"{path.name}:{node.lineno}: {node.module}"
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("avrr_sim."):
                inner = ("avrr_sim.report", "avrr_sim.study", "avrr_sim.files")
                assert node.module.startswith(inner), f"{path.name}:{node.lineno}: {node.module}"
