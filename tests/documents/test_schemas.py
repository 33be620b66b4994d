"""The JSON Schemas that come with the package: made of the forms, named in every shipped file, and true of
it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from avrr_sim.documents.schemas import text_of
from avrr_sim.files import read_yaml
from avrr_sim.kinds import KINDS, SCHEMAS, kind_of

jsonschema = pytest.importorskip("jsonschema")
PACKAGE = ROOT / "avrr_sim"
SHIPPED = [
    *sorted((ROOT / "scenarios").glob("*.yaml")),
    *sorted((ROOT / "experiments").glob("*.yaml")),
    *sorted((PACKAGE / "places" / "hosts").glob("*.yaml")),
    *sorted((PACKAGE / "places" / "template").glob("*.yaml")),
    *(path for path in sorted((PACKAGE / "programmes").glob("*.yaml")) if path.stem != "rates"),
]
MODELINE = "# yaml-language-server: $schema="


def folder_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def complaints(kind: str, content: object) -> list[str]:
    return [error.message for error in VALIDATORS[kind].iter_errors(content)]


VALIDATORS = {name: jsonschema.Draft202012Validator(kind.schema()) for name, kind in KINDS.items()}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_schema_that_is_shipped_is_that_of_the_form(kind):
    assert kind.file.read_text(encoding="utf-8") == text_of(kind), (
        "make it again: python -m avrr_sim.documents.schemas"
    )
    jsonschema.Draft202012Validator.check_schema(kind.schema())


@pytest.mark.parametrize("path", SHIPPED, ids=folder_of)
def test_a_shipped_file_names_the_schema_of_its_kind_and_passes_it(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(MODELINE)]
    kind = kind_of(path)
    assert [(path.parent / line.removeprefix(MODELINE)).resolve() for line in lines] == [kind.file]
    assert complaints(kind.name, read_yaml(path)) == []


def test_every_kind_is_shipped_somewhere():
    assert {kind_of(path).name for path in SHIPPED} == set(KINDS)
    assert {path.stem for path in SCHEMAS.glob("*.json")} == set(KINDS)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        (PACKAGE / "places" / "hosts" / "norway.yaml", {"currency": ""}),
        (PACKAGE / "places" / "hosts" / "norway.yaml", {"series": {"irak": {}}}),
        (PACKAGE / "places" / "hosts" / "norway.yaml", {"arrivals": {"12": {}}}),
        (PACKAGE / "places" / "hosts" / "norway.yaml", {"households": {"kinds": []}}),
        (PACKAGE / "programmes" / "norway.yaml", {"currency": "KRONER"}),
        (PACKAGE / "programmes" / "norway.yaml", {"amounts": {"cash": []}}),
        (PACKAGE / "programmes" / "norway.yaml", {"amounts": {"cash_adult": [{"from": "2010-01"}]}}),
        (PACKAGE / "programmes" / "norway.yaml", {"covers": ["irak"]}),
    ],
)
def test_the_schema_refuses_what_the_form_refuses(path, changes):
    assert complaints(kind_of(path).name, read_yaml(path) | changes)
