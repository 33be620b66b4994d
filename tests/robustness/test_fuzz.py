"""No file of any kind, and none that a study left, ends in a traceback, however it is spoiled; what passes
`check` can be run.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from fuzz import JUNK, SHIPPED, often, shipped, spoiled, spoiled_bytes, written
from hypothesis import given
from hypothesis import strategies as st
from studies import STUDIES, finished

from avrr_sim.kinds import KINDS, kind_of
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import Scenario
from avrr_sim.setting import setting_tables
from avrr_sim.shell.report import rebuild
from avrr_sim.study.folder.chunks import Chunks
from avrr_sim.study.folder.order import Execution
from avrr_sim.study.folder.run_folder import recognise
from avrr_sim.study.summary.cautions import cautions_of
from avrr_sim.study.sweep.experiment import Experiment, load_experiment
from avrr_sim.study.sweep.merge import order_in
from avrr_sim.study.sweep.order import order_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder in which the files that shipped ones name stand beside."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "scenarios").mkdir()
    (folder / "experiments").mkdir()
    for path in SHIPPED["scenario"]:
        shutil.copy(path, folder / "scenarios" / path.name)
    return folder


def checked(path: Path) -> object:
    """What `avrr check` reads a file as, ready to be run; None where it refuses."""
    try:
        read = kind_of(path).read(path)
        if isinstance(read, Experiment):
            order_of(read)
        elif isinstance(read, Scenario):
            cautions_of(read)
    except Refusal as error:
        assert str(error) and all(letter.isprintable() or letter == "\n" for letter in str(error))
        return None
    return read


@pytest.mark.parametrize("kind", KINDS)
def test_spoiled_content_is_refused_or_fine(folder, kind):
    place = "scenarios" if kind == "scenario" else "experiments"

    @often(40)
    @given(spoiled(shipped(kind)))
    def tried(content):
        read = checked(written(content, folder / place / "mine.yaml"))
        if isinstance(read, Scenario):
            setting_tables(read)

    tried()


@pytest.mark.parametrize("kind", KINDS)
def test_spoiled_bytes_are_refused_or_fine(folder, kind):
    place = "scenarios" if kind == "scenario" else "experiments"
    whole = st.sampled_from([path.read_bytes() for path in SHIPPED[kind]])

    @often(30)
    @given(whole.flatmap(spoiled_bytes))
    def tried(data):
        (folder / place / "mine.yaml").write_bytes(data)
        checked(folder / place / "mine.yaml")

    tried()


CELLS = st.sampled_from(
    ["0", "1", "", "early", "1e400", "nan", "-1", "=1", "\x1b", '"', "0.5", " ", "x" * 200]
)
HEADS = st.sampled_from(
    ["cash_level", "information_timing", "weights.ties", "amounts.cash_adult", "no.x", "", "="]
)


@often(40)
@given(
    heads=st.lists(HEADS, max_size=4),
    rows=st.lists(st.lists(CELLS, max_size=4), max_size=4),
    ends=st.sampled_from(["\n", "\r\n", "\r", "\x00", "\n\n"]),
)
def test_any_rows_of_a_design_are_refused_or_fine(tmp_path_factory, heads, rows, ends):
    folder = tmp_path_factory.mktemp("rows", numbered=True)
    shutil.copy(SHIPPED["scenario"][0].parent / "baseline-norway.yaml", folder / "base.yaml")
    text = ends.join(",".join(each) for each in [heads, *rows])
    (folder / "rows.csv").write_text(text, encoding="utf-8", newline="")
    (folder / "mine.yaml").write_text("baseline: base.yaml\ndesign: {kind: rows, file: rows.csv}\n")
    read = checked(folder / "mine.yaml")
    if isinstance(read, Experiment):
        assert len(order_of(read).plan.scenarios) == len(read.points) + 1


@often(40)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(["factorial", "zip", "latin_hypercube", "sobol", "rows", "x"]) | JUNK,
            "points": st.integers(-2, 40) | JUNK,
            "seed": st.integers(-2, 40) | JUNK,
            "file": JUNK,
        },
    ),
    st.lists(st.floats(0, 3) | st.integers(-1, 4) | JUNK, max_size=4) | JUNK,
    st.fixed_dictionaries(
        {}, optional={"low": st.floats(-1, 3) | JUNK, "high": st.floats(0, 5) | JUNK, "scale": JUNK}
    ),
)
def test_any_design_is_refused_or_gives_its_points(folder, design, values, span):
    content = {
        "baseline": "../scenarios/baseline-norway.yaml",
        "vary": {"levers": {"cash_level": values}, "weights": {"ties": span}},
        "design": design,
    }
    read = checked(written(content, folder / "experiments" / "mine.yaml"))
    if isinstance(read, Experiment):
        again = Experiment.from_resolved(json.loads(json.dumps(read.resolved())))
        assert again.points == read.points and load_experiment(folder / "experiments" / "mine.yaml") == read


# --- what studies left
# ----------------------------------------------------------------------------------------------------------


def bare(folder: Path, to: Path) -> Path:
    """A copy of a study's folder without its runs and figures."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    for file in folder.iterdir():
        if file.is_file():
            shutil.copy(file, to / file.name)
    return to


@pytest.mark.parametrize("kind", STUDIES)
def test_spoiled_facts_are_refused_or_fine(home, tmp_path, kind):
    copy = bare(finished(kind, home), tmp_path / "a")
    whole = json.loads((copy / "study.json").read_text(encoding="utf-8"))

    @often(6)
    @given(spoiled(st.builds(lambda: json.loads(json.dumps(whole)))))
    def tried(content):
        written(content, copy / "study.json")
        shutil.rmtree(tmp_path / "page", ignore_errors=True)
        try:
            rebuild(copy, tmp_path / "page", True)
        except Refusal as error:
            assert str(error)

    tried()


@pytest.mark.parametrize("kind", STUDIES)
def test_spoiled_manifests_are_refused_or_fine(home, tmp_path, kind):
    copy, order = bare(finished(kind, home), tmp_path / "a"), STUDIES[kind].make()
    whole = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))

    @often(30)
    @given(spoiled(st.builds(lambda: json.loads(json.dumps(whole)))))
    def tried(content):
        written(content, copy / "manifest.json")
        for read in (lambda: recognise(copy, order), lambda: order_in(copy)):
            try:
                read()
            except Refusal as error:
                assert str(error)

    tried()


@pytest.mark.parametrize("file", ["study.json", "manifest.json", "patterns.parquet", "targets.parquet"])
def test_spoiled_bytes_of_a_study_are_refused_or_fine(home, tmp_path, file):
    copy = bare(finished("validate", home), tmp_path / "a")
    whole = (copy / file).read_bytes()

    @often(12)
    @given(spoiled_bytes(whole))
    def tried(data):
        (copy / file).write_bytes(data)
        shutil.rmtree(tmp_path / "page", ignore_errors=True)
        try:
            recognise(copy, STUDIES["validate"].make())
            rebuild(copy, tmp_path / "page", True)
        except Refusal as error:
            assert str(error)

    tried()


def test_spoiled_bytes_of_a_chunk_never_pass(home, tmp_path):
    source = finished("sweep", home)
    study = json.loads((source / "manifest.json").read_text())["digest"]
    chunks, whole = Chunks(tmp_path, study), (source / "runs" / "chunk-000000.parquet").read_bytes()
    chunks.folder.mkdir()

    @often(100)
    @given(spoiled_bytes(whole))
    def tried(data):
        chunks.path(0).write_bytes(data)
        found = chunks.find()
        assert (set(found.good) == {0}) == (data == whole)

    tried()


def test_a_study_goes_on_over_spoiled_chunks(home, tmp_path):
    """To the bytes of one that nobody spoiled."""
    copy = Path(shutil.copytree(finished("sweep", home), tmp_path / "a"))
    for number, path in enumerate(sorted((copy / "runs").iterdir())):
        data = bytearray(path.read_bytes())
        data[(number * 977) % len(data)] ^= 4
        path.write_bytes(data)
    STUDIES["sweep"].perform(STUDIES["sweep"].make(), Execution(copy, resume=True))
    for path in (copy / "runs").iterdir():
        assert path.read_bytes() == (finished("sweep", home) / "runs" / path.name).read_bytes()
