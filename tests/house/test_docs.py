"""The documents are true of the code: tables are those of the data, rules and fields are described, and what
is named exists.
"""

from __future__ import annotations

import ast
import re

import pytest
from conftest import ROOT

from avrr_sim.documents import odd
from avrr_sim.documents.markdown import filled
from avrr_sim.migrant import MIGRANT
from avrr_sim.refusals import Refusal

DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
ODD = (ROOT / "docs" / "ODD.md").read_text(encoding="utf-8")
# without the generated tables
BARE = re.sub(r"<!-- generated: .*?<!-- end: .*? -->", "", ODD, flags=re.DOTALL)
FOLDERS = (
    "",
    "docs",
    "avrr_sim",
    "tests",
    "tests/cases",
    "avrr_sim/programmes",
    "avrr_sim/places",
    "avrr_sim/rules",
)
ELEMENTS = (
    "1. Purpose and patterns",
    "2. Entities, state variables and scales",
    "3. Process overview and scheduling",
    "4. Design concepts",
    "5. Initialization",
    "6. Input data",
    "7. Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)
QUESTIONS = {
    "I.i": "ab",
    "I.ii": "abcde",
    "I.iii": "a",
    "II.i": "abcde",
    "II.ii": "abcdefgh",
    "II.iii": "ab",
    "II.iv": "abcde",
    "II.v": "abc",
    "II.vi": "abcd",
    "II.vii": "ab",
    "II.viii": "ab",
    "II.ix": "a",
    "II.x": "ab",
    "III.i": "ab",
    "III.ii": "abc",
    "III.iii": "a",
    "III.iv": "abc",
}
"""Questions of ODD+D (Mueller et al. 2013) by section."""


def rules() -> set[str]:
    """Names of all rules of the rule book."""
    return {
        node.name
        for path in (ROOT / "avrr_sim" / "rules").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any(getattr(d, "id", "").startswith("rule") for d in node.decorator_list)
    }


def in_words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", text))


def test_the_tables_of_the_description_are_those_of_the_data():
    assert filled(ODD, tables=odd.TABLES) == ODD, "python -m avrr_sim.documents.odd docs/ODD.md"


def test_every_rule_is_described():
    assert rules() - in_words(BARE) == set()


def test_every_field_of_a_migrant_is_described():
    assert set(MIGRANT.names) - in_words(BARE) == set()


def test_the_description_follows_the_order_of_the_protocol():
    headings = re.findall(r"^##+ (.+)$", ODD, flags=re.MULTILINE)
    assert [h for h in headings if h in ELEMENTS] == list(ELEMENTS)
    assert [h for h in headings if h in CONCEPTS] == list(CONCEPTS)


def test_every_question_on_decisions_is_answered_once():
    answered = sorted(q for marks in re.findall(r"\*\[([IVivx., a-h]+)\]\*", BARE) for q in marks.split(", "))
    answered.remove("II.ii.b")  # the example in the introduction
    assert answered == sorted(
        f"{section}.{letter}" for section, letters in QUESTIONS.items() for letter in letters
    )


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_files_tests_and_links_that_a_document_names_exist(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("http") or (path.parent / target).exists(), target
    made = {"report.html", "sweep.html", *re.findall(r"^Write `([^`]+)`", text, flags=re.MULTILINE)}
    if path.name in ("ODD.md", "TRACE.md", "architecture.md", "CONTRIBUTING.md"):
        for name in set(re.findall(r"`([A-Za-z_./-]+(?:\.(?:py|yaml|md)|/))`", text)) - made:
            assert any((ROOT / folder / name).exists() for folder in FOLDERS), name
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text):
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{test}"


@pytest.mark.parametrize(
    "text, message",
    [
        (ODD.replace("<!-- generated: moves -->", ""), "'moves'"),
        (ODD + "<!-- generated: nothing -->\n<!-- end: nothing -->", "'nothing'"),
        (ODD + "<!-- generated: moves -->\n<!-- end: moves -->", "'moves'"),
        (ODD.replace("<!-- end: moves -->", ""), "no end"),
    ],
    ids=["missing", "unknown", "twice", "open"],
)
def test_a_text_that_cannot_be_filled_is_refused(text, message):
    with pytest.raises(Refusal, match=message):
        filled(text, tables=odd.TABLES)


def test_filling_a_file_leaves_the_rest_alone(tmp_path, capsys):
    file = tmp_path / "own.md"
    file.write_text(
        re.sub(r"(<!-- generated: \w+ -->\n).*?(<!-- end)", r"\1\2", ODD, flags=re.DOTALL), encoding="utf-8"
    )
    assert odd.main([str(file)]) == 0 and file.read_text(encoding="utf-8") == ODD
    assert odd.main([str(tmp_path / "none.md")]) == 2 and odd.main([]) == 2
    assert "none.md" in capsys.readouterr().err
