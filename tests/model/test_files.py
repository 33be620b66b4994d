"""What is no scenario file, files that extend one another, and how plain words are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from bad_scenarios import BASE, refused
from conftest import ROOT

from avrr_sim import files
from avrr_sim.files import check_plain, read_yaml
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import Scenario


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "is empty"),
        (b"# nothing\n", "is empty"),
        (b"null", "is empty"),
        (b"[1, 2]", "must hold keys and values"),
        (b"only words", "must hold keys and values"),
        (b"\x00\x01\x02", "a binary file?"),
        (b"\xff\xfe\x00", "a binary file?"),
        (b"\x89PNG\r\n\x1a\n", "a binary file?"),
        (b"name: \x07", "not valid YAML"),
        (b"a: 1\n" * 300_000, "is larger than"),
        (b"\t- : :", "not valid YAML"),
    ],
)
def test_what_is_no_scenario_file_is_refused(data: bytes, part: str, tmp_path: Path):
    path = tmp_path / "case.yaml"
    path.write_bytes(data)
    message = refused(path)
    assert message.startswith(str(path)) and part in message


def test_a_missing_file_is_refused(tmp_path: Path):
    assert refused(tmp_path / "none.yaml") == f"{tmp_path}/none.yaml: no such file"
    assert "is a folder" in refused(tmp_path)
    assert "cannot be read" in refused(tmp_path / ("n" * 400))
    assert "no such file" in refused(f"{tmp_path}/zero\0byte.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "not a plain file" in refused(tmp_path / "pipe.yaml")


def write(folder: Path, **extends: str) -> None:
    for name, target in extends.items():
        (folder / f"{name}.yaml").write_text(f"extends: {target}\n")


def test_an_extends_cycle_is_refused_with_its_chain(tmp_path: Path):
    write(tmp_path, a="b.yaml", b="./c.yaml", c="a.yaml", alone="alone.yaml")
    message = refused(tmp_path / "a.yaml")
    assert (
        message.startswith(f"{tmp_path}/c.yaml: extends: ")
        and "a.yaml -> b.yaml -> c.yaml -> a.yaml" in message
    )
    assert "circle (alone.yaml -> alone.yaml)" in refused(tmp_path / "alone.yaml")


def test_a_cycle_through_a_link_is_refused(tmp_path: Path):
    write(tmp_path, a="linked.yaml")
    (tmp_path / "linked.yaml").symlink_to(tmp_path / "a.yaml")
    assert "in a circle" in refused(tmp_path / "a.yaml")


def test_an_extends_to_nowhere_is_refused_with_the_nearest_file(tmp_path: Path):
    write(tmp_path, child="middle.yaml", middle="baseline-norwy.yaml")
    (tmp_path / "baseline-norway.yaml").write_text(BASE)
    message = refused(tmp_path / "child.yaml")
    assert message.startswith(f"{tmp_path}/middle.yaml: extends: there is no file 'baseline-norwy.yaml'")
    assert (
        "child.yaml -> middle.yaml -> baseline-norwy.yaml" in message
        and "did you mean 'baseline-norway.yaml'?" in message
    )


@pytest.mark.parametrize(
    ("target", "part"),
    [
        (".", "there is no file '.'"),
        ("..", "there is no file"),
        ("/etc/hostname", "not a path from this file"),
        ("''", "is not what belongs here"),
        ("5", "5 is not what belongs here"),
        ("[a.yaml, b.yaml]", "is not what belongs here"),
        ('"\\0"', "cannot be shown"),
        ("n" * 5000, "there is no file"),
        ("'C:\\x.yaml'", "not a path from this file"),
        ("", "has no value"),
    ],
)
def test_an_extends_to_what_is_no_scenario_is_refused(target: str, part: str, tmp_path: Path):
    write(tmp_path, child=target)
    message = refused(tmp_path / "child.yaml")
    assert message.startswith(f"{tmp_path}/child.yaml: extends: ") and part in message


def test_a_long_chain_is_refused(tmp_path: Path):
    write(tmp_path, **{f"f{i}": f"f{i + 1}.yaml" for i in range(40)})
    assert "more than 20 files" in refused(tmp_path / "f0.yaml")


def test_a_message_names_the_file_that_holds_the_mistake(tmp_path: Path):
    (tmp_path / "base.yaml").write_text(BASE + "levers: {cash_level: 99}")
    (tmp_path / "child.yaml").write_text("extends: base.yaml\nlevers: {advisors: 0}")
    assert refused(tmp_path / "child.yaml").startswith(f"{tmp_path}/base.yaml: levers.cash_level: 99")
    (tmp_path / "child.yaml").write_text("extends: base.yaml\nlevers: {cash_level: 98}")
    assert refused(tmp_path / "child.yaml").startswith(f"{tmp_path}/child.yaml: levers.cash_level: 98")


def test_a_mapping_cannot_extend_a_file():
    with pytest.raises(Refusal, match="only a file can extend another"):
        Scenario.from_mapping({"extends": "a.yaml"})


def test_a_structure_that_holds_itself_is_refused():
    held: dict = {}
    held["levers"] = held
    with pytest.raises(Refusal, match="contains itself"):
        check_plain(held)
    with pytest.raises(Refusal):
        Scenario.from_mapping(held)


def test_plain_words_are_read_as_editors_read_them(tmp_path: Path):
    path = tmp_path / "words.yaml"
    path.write_text(
        "no: no\n2012: 1_000\ndate: 2012-01-01\ntime: 1:30\nfloat: 1e-05\nhex: 0x1F\ntruth: "
        "true\nnothing: ~\nbig: -1E3\n"
    )
    assert read_yaml(path) == {
        "no": "no",
        "2012": 1000,
        "date": "2012-01-01",
        "time": "1:30",
        "float": 1e-05,
        "hex": "0x1F",
        "truth": True,
        "nothing": None,
        "big": -1000.0,
    }
    path.write_bytes(b"\xef\xbb\xbfname: with a byte order mark")
    assert read_yaml(path) == {"name": "with a byte order mark"}


def test_files_of_the_package_are_read_the_quick_way_as_the_strict_one_reads_them():
    shipped = sorted((ROOT / "avrr_sim").rglob("*.yaml"))
    assert len(shipped) > 20
    for path in shipped:
        text = path.read_text(encoding="utf-8")
        quick, strict = (yaml.load(text, Loader=each) for each in (files._QuickLoader, files._StrictLoader))
        assert repr(quick) == repr(strict), path
