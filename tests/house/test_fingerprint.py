"""Hashes of code know what it does, not how it is written."""

from __future__ import annotations

import pytest

from avrr_sim import fingerprint
from avrr_sim.fingerprint import code_files, meaning, numbers_of

PLAIN = """
def f(x, y=1):
    return x + y
"""

SAME = {
    "a docstring": 'def f(x, y=1):\n    """Says."""\n    return x + y\n',
    "annotations": "def f(x: float, y: int = 1) -> float:\n    return x + y\n",
    "a comment and line breaks": "def f(\n    x,\n    y=1,\n):\n    return (\n        x  # 1\n        + y)\n",
    "imports": (
        "from __future__ import annotations\nimport math\nfrom typing import TYPE_CHECKING\nif "
        "TYPE_CHECKING:\n    import os\n"
    )
    + PLAIN,
    "a docstring of the file": '"""Says one thing."""\n' + PLAIN,
}
OTHER = {
    "another number": "def f(x, y=2):\n    return x + y\n",
    "another operation": "def f(x, y=1):\n    return x - y\n",
    "another name that is called": "def f(x, y=1):\n    return g(x, y)\n",
    "a key": "def f(x, y='key'):\n    return x + y\n",
}


def of(tmp_path, text: str, imports: bool = False) -> str:
    file = tmp_path / "code.py"
    file.write_text(text)
    return meaning(file, imports)


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_how_code_is_written_does_not_count(tmp_path, text):
    assert of(tmp_path, text) == of(tmp_path, PLAIN)


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_what_code_does_counts(tmp_path, text):
    assert of(tmp_path, text) != of(tmp_path, PLAIN)


def test_messages_do_not_count_and_annotated_values_do(tmp_path):
    assert of(tmp_path, "fail('one thing')") == of(tmp_path, "fail('quite another')")
    assert of(tmp_path, "x: int = 1") == of(tmp_path, "x: float = 1") != of(tmp_path, "x: int = 2")


def test_imports_count_for_machine_code(tmp_path):
    one, two = ("from avrr_sim.rules.a import f\n", "from avrr_sim.rules.b import f\n")
    assert of(tmp_path, one) == of(tmp_path, two)
    assert of(tmp_path, one, imports=True) != of(tmp_path, two, imports=True)


def test_a_hash_is_kept_by_the_bytes_it_was_worked_out_from(tmp_path, monkeypatch):
    """What is no hash, or cannot be kept, is worked out anew."""
    monkeypatch.setenv("AVRR_CACHE", str(tmp_path))
    file = tmp_path / "code.py"

    def kept(text: str, hashed: str) -> str:
        file.write_text(text)
        return fingerprint._kept("code", [file], lambda: hashed)

    first, second = "1" * 16, "2" * 16
    assert (kept("a", first), kept("a", second), kept("b", second)) == (first, first, second)
    for found in (tmp_path / "avrr_sim" / "hashes").iterdir():
        found.write_text("damaged")
    assert kept("a", second) == second
    (tmp_path / "avrr_sim").chmod(0o777)  # others could have put it there
    assert kept("a", first) == first


def test_words_in_data_do_not_count_and_numbers_and_months_do():
    entry = {"value": 0.5, "from": "2016-01", "source": "a report"}
    assert numbers_of([entry]) == numbers_of([{**entry, "source": "another report"}])
    for change in ({"value": 0.6}, {"from": "2016-02"}, {"share": 1}):
        assert numbers_of([entry]) != numbers_of([{**entry, **change}])


@pytest.mark.parametrize(
    "names",
    [fingerprint.COMPILED, fingerprint.FITTED, fingerprint.STATISTICS],
    ids=["compiled", "fitted", "statistics"],
)
def test_every_name_that_is_hashed_is_a_file_or_a_folder_with_code(names):
    for name in names:
        assert code_files([name]), name


def test_every_file_that_holds_a_rule_is_hashed_for_machine_code():
    """Machine code is kept by this hash alone, so a file that it leaves out would be run as it once was."""
    known = set(code_files(fingerprint.COMPILED))
    for path in fingerprint._PACKAGE.rglob("*.py"):
        assert path in known or "\n@rule\n" not in path.read_text(encoding="utf-8"), path


def test_what_is_not_the_model_is_there():
    root = fingerprint._PACKAGE
    for name in fingerprint.NOT_THE_MODEL:
        assert (root / name).is_dir() or (root / f"{name}.py").is_file(), name
