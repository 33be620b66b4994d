"""What a study left is input like any other: a turned bit is noticed, what is damaged or forged is refused
in one message, nothing is read or written outside the folder.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import refused
from conftest import SCENARIOS
from folders import content
from studies import STUDIES, finished

from avrr_sim.files import read_json
from avrr_sim.refusals import Refusal
from avrr_sim.shell.brief import make_brief
from avrr_sim.shell.report import rebuild
from avrr_sim.study.folder.chunks import Chunks
from avrr_sim.study.folder.order import Execution
from avrr_sim.study.folder.run_folder import read_manifest
from avrr_sim.study.folder.sealed import Damaged, checked_bytes, read_checked, write_parquet
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.sweep.merge import order_in
from avrr_sim.study.sweep.sweep import perform

KINDS = list(STUDIES)
FLIPS = 400


# --- turned bits
# ----------------------------------------------------------------------------------------------------------


def test_every_turned_bit_of_a_table_is_noticed(tmp_path):
    path = tmp_path / "a.parquet"
    table = pd.DataFrame({"name": ["one", "two"], "value": [1.5, float("nan")]})
    write_parquet(table, path)
    data = path.read_bytes()
    assert checked_bytes(path) == (data, True)
    for place in range(8 * len(data)):
        turned = bytearray(data)
        turned[place // 8] ^= 1 << place % 8
        path.write_bytes(turned)
        try:
            _, sealed = checked_bytes(path)
        except Damaged:
            continue
        assert not sealed, "a bit of the seal's own mark: then it is one without a seal"


def test_a_sealed_table_is_an_ordinary_one(tmp_path):
    table = pd.DataFrame({"name": ["one", None], "value": [1.5, 2.0], "truth": [True, False]})
    write_parquet(table, tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), table)
    pd.testing.assert_frame_equal(read_checked(tmp_path / "a.parquet").to_pandas(), table)


def test_a_table_of_an_older_version_is_read_and_a_word_said(capsys, home, tmp_path):
    copy = Path(shutil.copytree(finished("validate", home), tmp_path / "a"))
    before = pd.read_parquet(copy / "targets.parquet")
    before.to_parquet(copy / "targets.parquet", index=False)
    rebuild(copy, tmp_path / "page", False)
    assert "targets.parquet carry no checksum" in capsys.readouterr().err
    pd.testing.assert_frame_equal(read_checked(copy / "targets.parquet").to_pandas(), before)


def test_a_turned_bit_in_a_chunk_never_passes(home, tmp_path):
    source = finished("sweep", home) / "runs" / "chunk-000000.parquet"
    study = json.loads((finished("sweep", home) / "manifest.json").read_text())["digest"]
    chunks, data, chance = Chunks(tmp_path, study), source.read_bytes(), Random(1)
    chunks.folder.mkdir()
    for place in [*range(0, 64), *(chance.randrange(8 * len(data)) for _ in range(FLIPS))]:
        turned = bytearray(data)
        turned[place // 8] ^= 1 << place % 8
        chunks.path(0).write_bytes(turned)
        found = chunks.find()
        assert set(found.damaged) == {0} and not found.good


def test_a_chunk_without_a_checksum_is_made_again(home, tmp_path):
    source = finished("sweep", home) / "runs" / "chunk-000000.parquet"
    study = json.loads((finished("sweep", home) / "manifest.json").read_text())["digest"]
    chunks = Chunks(tmp_path, study)
    chunks.folder.mkdir()
    table = pq.read_table(source)
    told = {key: value for key, value in table.schema.metadata.items() if key == b"avrr_sim"}
    pq.write_table(table.replace_schema_metadata(told), chunks.path(0))
    assert "carries no checksum" in chunks.find().damaged[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_table_is_refused_by_the_report(home, tmp_path, kind):
    copy = Path(shutil.copytree(finished(kind, home), tmp_path / "a"))
    table = next(
        path for path in sorted(copy.glob("*.parquet")) if path.stem not in ("weights", "posterior", "again")
    )
    data = bytearray(table.read_bytes())
    for damage in (data[: len(data) // 2], b"", b"PAR1", bytes(reversed(data))):
        table.write_bytes(damage)
        with pytest.raises(Refusal):
            rebuild(copy, tmp_path / "page", False)


# --- damaged and forged metadata
# ----------------------------------------------------------------------------------------------------------


def emptied(value: dict[str, Any]) -> Any:
    return {key: type(item)() if isinstance(item, (list, dict)) else item for key, item in value.items()}


DAMAGE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "nothing": lambda _: {},
    "a list": lambda _: [],
    "null": lambda _: None,
    "lists where tables stand": lambda old: {key: [] for key in old},
    "null where values stand": lambda old: {key: None for key in old},
    "numbers where values stand": lambda old: {key: 7 for key in old},
    "empty lists and tables": emptied,
    "tables in lists of texts": lambda old: {**old, "limits": [{"key": []}], "identity": None},
    "a sentence that is none": lambda old: {**old, "limits": [{"key": "no such"}], "digest": 3},
    "a place without its value": lambda old: {**old, "limits": [{"key": "beyond_worth"}], "digest": "x"},
    "what acts on terminals": lambda old: {**old, "title": "\x1b[31m", "command": "\x1b[31m"},
}
RAW = {"brackets": b"[" * 200_000, "half": b'{"kind": "ru', "binary": b"\x00\xff", "empty": b""}


def spoiled(folder: Path, file: str, how: str) -> None:
    path = folder / file
    if how == "a pipe":
        path.unlink()
        os.mkfifo(path)
    elif how == "a folder":
        path.unlink()
        path.mkdir()
    elif how in RAW:
        path.write_bytes(RAW[how])
    else:
        old = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(DAMAGE[how](old)), encoding="utf-8")


HOW = [*DAMAGE, *RAW, "a folder", *(["a pipe"] if hasattr(os, "mkfifo") else [])]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("kind", ["compare", "sweep", "calibrate", "validate"])
def test_a_report_from_damaged_facts_is_refused_in_one_message(capsys, home, tmp_path, kind, how):
    folder = tmp_path / "a"
    folder.mkdir()
    for file in finished(kind, home).iterdir():
        if file.is_file():
            shutil.copy(file, folder / file.name)
    spoiled(folder, "study.json", how)
    refused(capsys, "report", str(folder), "--out", str(tmp_path / "page"))


def test_a_sweep_without_measures_is_refused_by_the_report(capsys, home, tmp_path):
    copy = Path(shutil.copytree(finished("sweep", home), tmp_path / "a"))
    facts = json.loads((copy / "study.json").read_text(encoding="utf-8"))
    (copy / "study.json").write_text(json.dumps({**facts, "measures": {}}), encoding="utf-8")
    assert "no page can be made" in refused(capsys, "report", str(copy), "--out", str(tmp_path / "page"))


@pytest.mark.parametrize("how", HOW)
def test_shards_with_damaged_manifests_are_refused_in_one_message(capsys, home, tmp_path, how):
    copy = Path(shutil.copytree(finished("sweep", home), tmp_path / "a"))
    spoiled(copy, "manifest.json", how)
    before = sorted(tmp_path.rglob("*"))
    refused(capsys, "merge", str(copy), "--out", str(tmp_path / "merged"))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("how", [each for each in HOW if each != "what acts on terminals"])
def test_a_damaged_manifest_is_written_anew_or_refused(home, tmp_path, how):
    """By a study that goes on: its chunks say what they belong to."""
    copy = Path(shutil.copytree(finished("sweep", home), tmp_path / "a"))
    spoiled(copy, "manifest.json", how)
    if how == "a folder":
        with pytest.raises((Refusal, OSError)):
            perform(STUDIES["sweep"].make(), Execution(copy, resume=True))
        return
    perform(STUDIES["sweep"].make(), Execution(copy, resume=True))
    assert content(copy) == content(finished("sweep", home))


def test_a_forged_manifest_names_no_place_outside(home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    copy = Path(shutil.copytree(finished("sweep", home), tmp_path / "a"))
    manifest = json.loads((copy / "manifest.json").read_text())
    for key in ("../../x", "/tmp/x", "a/b", "..", "", "x" * 300, "a\nb"):
        manifest["experiment"]["key"] = key
        (copy / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(Refusal, match="experiment|key|belongs"):
            order_in(copy)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("factors", 0, "name"), "no_such_lever"),
        (("factors", 0, "place"), "__class__"),
        (("points", "p0001"), ["1e999"]),
        (("points", "p0001"), [1e9]),
        (("points", "p0001"), []),
        (("points",), {}),
        (("numbers", "draws"), -1),
        (("measures",), []),
        (("measures",), ["no_such"]),
        (("baseline", "host"), "/dev/zero"),
        (("baseline", "host"), "../../x.yaml"),
        (("baseline", "levers"), 3),
        (("own_files",), {"norway": "x"}),
        (("precision",), {"measure": "applications", "below": 0}),
    ],
)
def test_so_is_what_a_forged_manifest_asks_for(home, tmp_path, place, value):
    copy = Path(shutil.copytree(finished("sweep", home), tmp_path / "a"))
    manifest = json.loads((copy / "manifest.json").read_text())
    inner: Any = manifest["experiment"]
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Refusal):
        order_in(copy)


@pytest.mark.parametrize(
    "note",
    [
        {"beside": {"../../../etc/passwd": "0" * 16}},
        {"beside": {"series/../../x.parquet": "0" * 16}},
        {"chunk": "0"},
        {"chunk": None},
        {"failures": {}},
        {"failures": [{"draw": "x", "error": "\x1b[31m"}]},
        {"study": ["x"]},
    ],
)
def test_what_a_chunk_says_of_itself_is_checked(tmp_path, note):
    chunks = Chunks(tmp_path, "0" * 16)
    chunks.write(0, pa.table({"a": [1]}), [])
    assert chunks.find().good == {0: []}
    said = {"study": "0" * 16, "chunk": 0, "failures": [], **note}
    from avrr_sim.study.folder.sealed import write_sealed

    forged = pa.table({"a": [1]}).replace_schema_metadata({b"avrr_sim": json.dumps(said).encode()})
    write_sealed(forged, chunks.path(0))
    assert not chunks.find().good


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_what_stands_in_place_of_a_chunk_is_not_waited_for(tmp_path):
    chunks = Chunks(tmp_path, "0" * 16)
    chunks.folder.mkdir()
    os.mkfifo(chunks.path(0))
    with pytest.raises(Refusal, match="not a plain file"):
        chunks.find()


def test_a_link_that_lies_in_wait_is_not_written_through(tmp_path):
    (tmp_path / "precious").write_text("mine")
    (tmp_path / ".manifest.json.part").symlink_to(tmp_path / "precious")
    (tmp_path / "study.json").symlink_to(tmp_path / "precious")
    write_whole(tmp_path / "manifest.json", "theirs")
    write_whole(tmp_path / "study.json", "theirs")
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_page_and_its_pictures_are_not_written_through_links(home, tmp_path):
    """Every file that a report leaves, in place of which a link lay in wait."""
    source = finished("validate", home)
    rebuild(source, tmp_path / "page", False, png=True)
    left = [path.relative_to(tmp_path / "page") for path in (tmp_path / "page").rglob("*") if path.is_file()]
    assert any(path.suffix == ".png" for path in left) and len(left) >= 4
    (tmp_path / "precious").write_text("mine")
    shutil.copytree(source, tmp_path / "trap")
    for path in left:
        (tmp_path / "trap" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "trap" / path).unlink(missing_ok=True)
        (tmp_path / "trap" / path).symlink_to(tmp_path / "precious")
        (tmp_path / "trap" / path).with_name(f".{path.name}.part").symlink_to(tmp_path / "precious")
    rebuild(tmp_path / "trap", None, False, png=True)
    assert (tmp_path / "precious").read_text() == "mine"
    for path in left:
        assert (tmp_path / "trap" / path).read_bytes() == (tmp_path / "page" / path).read_bytes()


def test_pages_are_written_over_nothing_but_pages_of_their_study(home, tmp_path):
    """Not over another study's, nor what somebody keeps there, nor among a study's chunks; again over its
    own.
    """
    both = ("run", "compare")
    source, other = (Path(shutil.copytree(finished(kind, home), tmp_path / kind)) for kind in both)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "report.html").write_text("my own page")
    for place in (other, other / "runs", source / "runs", tmp_path / "mine"):
        before = content(place)
        for make in (rebuild, make_brief):
            with pytest.raises(Refusal, match="holds something else than pages of this study"):
                make(source, place, True)
        assert content(place) == before
    for kind in (*KINDS, *KINDS):
        rebuild(finished(kind, home), tmp_path / f"page of {kind}", True)
    make_brief(finished("run", home), tmp_path / "page of run", True)


def test_a_manifest_is_read_as_it_was_written(home):
    for kind in KINDS:
        folder = finished(kind, home)
        assert read_manifest(folder) == json.loads((folder / "manifest.json").read_text())
        assert read_json(folder / "study.json")["kind"] == kind


# --- identity from content
# ----------------------------------------------------------------------------------------------------------


def test_an_own_host_is_known_by_its_content_wherever_it_lies(tmp_path, monkeypatch):
    from avrr_sim.scenario import load_scenario
    from avrr_sim.shell.new import new_host
    from avrr_sim.study.jobs.plan import make_plan
    from avrr_sim.study.sweep.order import order_of

    new_host(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    told = {"vary": {"levers": {"cash_level": [0, 2]}}, "size": 100, "draws": 1, "weights": "prior"}
    for folder in ("one", "other"):
        (tmp_path / folder / "mine.yaml").write_text(json.dumps({"baseline": "scenario.yaml", **told}))
    digests, plans = set(), set()
    for here, file in ((tmp_path, "one/mine.yaml"), (tmp_path / "one", "mine.yaml"), (SCENARIOS, None)):
        monkeypatch.chdir(here)
        path = Path(file) if file else tmp_path / "other" / "mine.yaml"
        digests.add(order_of(path).digest)
        scenario = load_scenario(path.with_name("scenario.yaml"))
        plans.add(json.dumps(make_plan([scenario], weights="prior").scenario_hashes()))
    assert len(digests) == len(plans) == 1
    text = (tmp_path / "other" / "host.yaml").read_text(encoding="utf-8")
    (tmp_path / "other" / "host.yaml").write_text(f"{text}\n# other\n", encoding="utf-8")
    assert order_of(tmp_path / "other" / "mine.yaml").digest not in digests


def test_shards_with_an_own_host_merge_where_the_host_is_not(tmp_path, monkeypatch):
    from avrr_sim.shell.new import new_host
    from avrr_sim.study.sweep.merge import merge
    from avrr_sim.study.sweep.order import order_of

    new_host(tmp_path / "own")
    told = {"vary": {"levers": {"cash_level": [0, 2]}}, "size": 100, "draws": 8, "weights": "prior"}
    content_of = {"baseline": "scenario.yaml", "replicates": 2, "measures": ["applications"], **told}
    (tmp_path / "own" / "mine.yaml").write_text(json.dumps(content_of))
    monkeypatch.chdir(tmp_path / "own")
    for part in (1, 2):
        perform(order_of(Path("mine.yaml"), shard=(part, 2)), Execution(tmp_path / f"shard{part}"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    shutil.rmtree(tmp_path / "own")
    done = merge([tmp_path / "shard1", tmp_path / "shard2"], tmp_path / "merged")
    assert len(done.table) and not done.failures
