"""`avrr new host`: from a template, or from UNHCR's downloads; and what a report says of such a host."""

from __future__ import annotations

import json

from commands import avrr, refused
from downloads import written

SMALL = ["--draws", "2", "--replicates", "1", "--size", "150", "--months", "24", "--weights", "prior"]


def options(files: dict) -> list[str]:
    return [word for name, path in files.items() for word in (f"--{name}", str(path))]


def test_a_host_is_made_checked_and_run_and_its_report_says_that_nothing_was_fitted_to_it(capsys, tmp_path):
    folder, out = tmp_path / "sweden", tmp_path / "out"
    code, said, _ = avrr(capsys, "new", "host", str(folder), "--country", "SWE", *options(written(tmp_path)))
    assert code == 0 and "origins of its own: Mongolia" in said and "All else is a judgement" in said
    made = sorted(path.name for path in folder.glob("*.yaml"))
    assert made == ["host.yaml", "origins.yaml", "programme.yaml", "record.yaml", "scenario.yaml"]
    code, said, err = avrr(capsys, "check", *(str(folder / name) for name in made))
    assert code == 0 and said.count(": good (") == len(made)
    code, _, err = avrr(
        capsys, "run", str(folder / "scenario.yaml"), *SMALL, "--workers", "1", "--out", str(out)
    )
    assert code == 0, err
    facts = json.loads((out / "study.json").read_text(encoding="utf-8"))
    assert facts["limits"][0] == {"key": "fitted_elsewhere", "host": "Sweden", "fitted": "Norway"}
    page = (out / "report.html").read_text(encoding="utf-8")
    first = page[: page.index('id="headlines"')]
    assert "Nothing here was fitted to figures of Sweden" in first and "Mongolia" in page
    assert 'id="fit"' not in page and "No weight is fitted here" in page and "norway.travel_money" not in page


def test_a_folder_that_is_there_is_left_as_it_is(capsys, tmp_path):
    said = refused(capsys, "new", "host", str(tmp_path), "--country", "SWE", *options(written(tmp_path)))
    assert "exists already; nothing is overwritten" in said


def test_the_three_options_go_together(capsys, tmp_path):
    said = refused(capsys, "new", "host", str(tmp_path / "a"), "--country", "SWE")
    assert "lacks --applications; allowed: --country, --applications, --decisions together" in said
    assert not (tmp_path / "a").exists()


def test_a_refused_download_leaves_no_folder(capsys, tmp_path):
    files = written(tmp_path, applications="Year;applied\n2010;5\n")
    said = refused(capsys, "new", "host", str(tmp_path / "a"), "--country", "SWE", *options(files))
    assert "semicolons" in said and not (tmp_path / "a").exists()


def test_without_options_the_template_is_written(capsys, tmp_path):
    code, said, _ = avrr(capsys, "new", "host", str(tmp_path / "a"))
    assert code == 0 and "host.yaml, programme.yaml, scenario.yaml" in said
