"""Every kind of study leaves tables and study.json, from which alone `avrr report` makes its page again, to
the same bytes, in a process that has simulated nothing.
"""

from __future__ import annotations

import ast
import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
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
from avrr_sim.study.summary.codebook import CODEBOOK, MEASURES_FILE, tables_in
from avrr_sim.study.summary.contract import (
    KINDS,
    load_calibration,
    load_sweep,
    load_validation,
    load_value,
    read_facts,
)
from avrr_sim.study.summary.datapackage import FILE, describe
from avrr_sim.study.summary.dictionary import entries, shared_columns, tables_of_kind
from avrr_sim.study.validation import facts as validation_facts
from avrr_sim.study.value import facts as value_facts

BASELINE = SCENARIOS / "baseline-norway.yaml"
TINY = ["--draws", "2", "--replicates", "1", "--size", "400", "--months", "24"]
FIFTY = ["--draws", "50", "--replicates", "1", "--size", "100", "--months", "24"]
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
    "ask": {"measure": "application_hazard", "above": 1},
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


def report_without_engines(folders: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    """Run `avrr report` in a process of its own, which fails where it has loaded what simulates. It makes the
    pages of all folders, so that none may depend on what was drawn before it.
    """
    program = (
        "import sys\n"
        "from avrr_sim.shell.report import rebuild\n"
        "from pathlib import Path\n"
        "for folder in sys.argv[1:]: rebuild(Path(folder), None, False)\n"
        "loaded = [n for n in sys.modules if n.startswith(('avrr_sim.engines', 'avrr_sim.study.jobs'))]\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, folders)], cwd=ROOT, capture_output=True, text=True
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
        "study-next": ["study-next", str(BASELINE), cash, *FIFTY, "--studies", "none"],
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


@pytest.fixture(scope="module")
def made_again(left, tmp_path_factory) -> Path:
    """Where pages and figures of all kinds were made again, each from a copy of what is no page."""
    home = tmp_path_factory.mktemp("again")
    names = shutil.ignore_patterns(*PAGES, "figures", "manifest.json", "recipe.json", "runs", "bank-*")
    again = report_without_engines([shutil.copytree(left(kind), home / kind, ignore=names) for kind in KINDS])
    assert again.returncode == 0, again.stderr
    return home


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_every_kind_is_made_again_from_its_folder_alone(kind, left, made_again):
    before = shown(left(kind))
    assert len(before) >= 3 and read_facts(left(kind))["kind"] == kind
    assert shown(made_again / kind) == before


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
    [
        ("sweep", load_sweep),
        ("calibrate", load_calibration),
        ("validate", load_validation),
        ("study-next", load_value),
    ],
)
def test_a_folder_that_is_not_whole_or_of_another_kind_is_refused(kind, load, left, tmp_path):
    copy = Path(shutil.copytree(left(kind), tmp_path / "copy"))
    facts = read_facts(copy)
    for wrong in ({**facts, "kind": "other"}, {k: v for k, v in facts.items() if k != "limits"}, [], "kind"):
        (copy / "study.json").write_text(json.dumps(wrong))
        with pytest.raises(Refusal, match="study.json"):
            load(copy)
    (copy / "study.json").write_text(json.dumps(facts))
    table = {"sweep": "sweep", "calibrate": "recovery", "validate": "patterns", "study-next": "value"}[kind]
    (copy / f"{table}.parquet").unlink()
    with pytest.raises(Refusal, match=f"lacks {table}.parquet"):
        load(copy)


def test_the_page_of_a_calibration_and_its_document_name_the_coercion_among_effects(left):
    page = (left("calibrate") / "report.html").read_text(encoding="utf-8")
    named, alone = calibration_document._notes(left("calibrate"), "effects")
    assert named.startswith("removal: moves coercion") and named in page and alone in page


def test_every_limit_that_a_study_may_state_has_its_sentence_and_none_is_idle():
    modules = (calibration_facts, summary_limits, validation_facts, value_facts)
    sources = [Path(module.__file__) for module in modules]
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


@pytest.mark.parametrize("kind", KINDS)
def test_no_column_of_any_table_lacks_its_line(kind, left):
    folder = left(kind)
    book = pd.read_csv(folder / f"{CODEBOOK}.csv", keep_default_na=False)
    written = {(table.name, column) for table in tables_in(folder, kind) for column in table.types}
    assert written == set(zip(book["table"], book["column"], strict=True))
    assert len(written) > 80 and {(CODEBOOK, "meaning"), (CODEBOOK, "table")} <= written
    without = book[book["meaning"] == ""]
    assert without.empty, "give these a line in study/summary/dictionary.yaml:\n" + without.to_string()


def test_no_line_is_idle(left):
    """Each column that the dictionary knows of a table is written by some study of the kind."""
    for kind in KINDS:
        found = {table.entry.name: set(table.types) for table in tables_in(left(kind), kind) if table.entry}
        for name, table in tables_of_kind(kind).items():
            assert name in found or name.startswith("figures/"), f"no {kind} writes {name}"
            if name in found and not name.startswith("figures/"):
                idle = set(table.columns) - found[name]
                assert not idle or (kind, name) in {("sweep", "points")}, f"{kind}: {name}: {idle}"
    used = {
        column
        for tables in entries().values()
        for table in tables.values()
        for column, told in table.columns.items()
        if told is None
    }
    assert used == set(shared_columns())


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_of_a_column_is_true_of_its_values(kind, left):
    for table in tables_in(left(kind), kind):
        for path in (*table.files.get("parquet", ())[:1], *table.files.get("csv", ())[:1]):
            frame = (
                pq.read_table(path).to_pandas()
                if path.suffix == ".parquet"
                else pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=str)
            )
            assert list(frame.columns) == table.columns_of(path)
            for column in table.columns:
                if column.name in frame:
                    where = f"{kind}: {path.name}: {column.name}"
                    _true_of(column, frame[column.name].dropna(), where)


def _true_of(column, values: pd.Series, where: str) -> None:
    """Raises AssertionError where values are not of the kind, or not allowed."""
    if column.kind == "text":
        allowed = {each.removeprefix("'") for each in column.enum}
        assert not allowed or {each.removeprefix("'") for each in map(str, values)} <= allowed, where
    elif column.kind == "truth":
        assert set(map(str, values)) <= {"True", "False"}, where
    elif column.kind == "numbers":
        assert values.map(lambda each: np.ndim(each) == 1).all(), where
    elif column.kind == "month":
        assert values.str.fullmatch(r"\d{4}-\d\d").all(), where
    else:
        numbers = values.astype(float)
        assert column.kind == "number" or (numbers == numbers.round()).all(), where
        low, high = (
            (*column.span, -math.inf, math.inf)[:2] if not column.span else (*column.span, math.inf)[:2]
        )
        assert numbers.between(low - 1e-9, high + 1e-9).all(), where


def test_every_measure_of_a_comparison_is_told(left):
    told = pd.read_csv(left("compare") / f"{MEASURES_FILE}.csv")
    months = set(told.loc[told["over"] == "month", "measure"])
    assert months == set(pd.read_csv(left("compare") / "bands.csv")["measure"])
    levels = set(pd.read_csv(left("compare") / "levels.csv")["measure"])
    assert levels <= set(told.loc[told["over"] == "window", "measure"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_is_a_data_package_that_names_each_table_once_and_is_written_alike_twice(kind, left):
    folder = left(kind)
    before = (folder / FILE).read_bytes()
    package = json.loads(before)
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names) and all(name == name.lower() for name in names)
    paths = [
        path
        for r in package["resources"]
        for path in ([r["path"]] if isinstance(r["path"], str) else r["path"])
    ]
    assert all((folder / path).is_file() for path in paths) and len(set(paths)) == len(paths)
    tables = {
        path.relative_to(folder).as_posix() for end in ("csv", "parquet") for path in folder.rglob(f"*.{end}")
    }
    assert tables == {path for path in paths if not path.endswith(".json")}
    for resource in package["resources"]:
        if resource["format"] == "csv":
            head = (folder / resource["path"]).read_text(encoding="utf-8").split("\n", 1)[0]
            assert ",".join(each["name"] for each in resource["schema"]["fields"]) == head.replace('"', "")
    describe(folder, read_facts(folder))
    assert (folder / FILE).read_bytes() == before


def test_a_damaged_chunk_a_pipe_and_a_link_do_no_harm_to_what_a_folder_says(left, tmp_path):
    copy = Path(shutil.copytree(left("validate"), tmp_path / "copy"))
    next((copy / "runs").glob("*.parquet")).write_bytes(b"PAR1")
    (copy / "mine.csv").write_bytes(b"\xff\xfe")
    (copy / "link.csv").symlink_to(copy / "targets.csv")
    if hasattr(os, "mkfifo"):
        os.mkfifo(copy / "pipe.csv")
    describe(copy, read_facts(copy))
    book = pd.read_csv(copy / f"{CODEBOOK}.csv")
    assert {"patterns", "targets"} <= set(book["table"]) and not {"pipe", "link"} & set(book["table"])
