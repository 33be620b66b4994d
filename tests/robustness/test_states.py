"""What `avrr list` says of a study is what can be seen of it, not what it last said of itself."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from commands import avrr, refused
from studies import finished

from avrr_sim.study.folder.chunks import Lock


def states(capsys, folder: Path) -> dict[str, str]:
    code, out, _ = avrr(capsys, "list", str(folder), "--json")
    assert code == 0
    return {Path(each["folder"]).name: each["state"] for each in json.loads(out)}


def test_states_are_what_can_be_seen(capsys, home, tmp_path):
    source = finished("validate", home)
    for name in ("drawn", "bare", "killed", "failed", "damaged", "busy"):
        shutil.copytree(source, tmp_path / "deeper" / name)
    folder = tmp_path / "deeper"
    (folder / "drawn" / "report.html").write_text("")
    for name, status in (("killed", "unfinished"), ("failed", "failed"), ("busy", "unfinished")):
        manifest = json.loads((folder / name / "manifest.json").read_text())
        (folder / name / "manifest.json").write_text(json.dumps({**manifest, "status": status}))
    (folder / "damaged" / "manifest.json").write_text("{")
    (tmp_path / "no-study").mkdir()
    with Lock(folder / "busy"):
        assert states(capsys, tmp_path) == {
            "drawn": "done",
            "bare": "without a page",
            "killed": "stopped",
            "failed": "failed",
            "damaged": "damaged",
            "busy": "running",
        }
    assert states(capsys, tmp_path)["busy"] == "stopped"
    code, out, _ = avrr(capsys, "list", str(tmp_path))
    assert code == 0 and "damaged" in out and "avrr validate" not in out.splitlines()[0]


def test_hostile_folders_are_listed_without_harm(capsys, tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path)
    for number in range(30):
        (tmp_path / "/".join(["deep"] * (number + 1))).mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "manifest.json").mkdir()
    if hasattr(os, "mkfifo"):
        (tmp_path / "pipe").mkdir()
        os.mkfifo(tmp_path / "pipe" / "manifest.json")
    assert set(states(capsys, tmp_path).values()) == {"damaged"}
    assert "is no folder" in refused(capsys, "list", str(tmp_path / "none"))
    code, out, err = avrr(capsys, "list", str(tmp_path / "deep"))
    assert code == 0 and out == "" and "no study stands here" in err
