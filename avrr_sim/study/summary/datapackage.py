"""`datapackage.json`: a study's folder as a Data Package (Frictionless, specs.frictionlessdata.io), which
tools of other houses read: every table with its columns, their types, units and allowed values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from avrr_sim.study.folder.manifest import read_manifest
from avrr_sim.study.folder.whole import no_formula, write_whole
from avrr_sim.study.summary.codebook import Column, Found, write_codebook
from avrr_sim.version import VERSION

FILE = "datapackage.json"
_TYPES = {
    "text": "string",
    "number": "number",
    "whole": "integer",
    "truth": "boolean",
    "month": "yearmonth",
    "numbers": "array",
}
_TRUTHS = {"trueValues": ["True"], "falseValues": ["False"]}
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_PROSE = (
    ("study.json", "What a page says beside the tables: title, scenarios, measures, limits, provenance"),
    ("manifest.json", "What was run, with which versions, seeds and hashes, and how it ended"),
)


def describe(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write what a folder says of itself: codebook.csv, measures.csv and datapackage.json. `facts`: what
    study.json says, or will.
    """
    tables = write_codebook(folder, facts)
    told = json.dumps(_package(folder, facts, tables), indent=1, ensure_ascii=False)
    write_whole(folder / FILE, told + "\n")


def _package(folder: Path, facts: Mapping[str, Any], tables: list[Found]) -> dict[str, Any]:
    manifest = read_manifest(folder) or {}
    digest, date = manifest.get("digest", ""), manifest.get("date", "")
    return {
        "profile": "data-package",
        "name": "-".join(part for part in ("avrr-sim", facts["kind"], digest) if part),
        "title": title_of(facts),
        "description": "A study by avrr_sim, an agent-based simulation of assisted voluntary return. Numbers "
        "are of the model: read them with limits and certainty, in the report. Columns: codebook.csv.",
        **({"created": f"{date}T00:00:00Z"} if date else {}),
        "software": {"name": "avrr_sim", "version": manifest.get("version") or VERSION},
        "resources": [*_of_tables(folder, tables), *_of_prose()],
    }


def title_of(facts: Mapping[str, Any]) -> str:
    """The title of a study, or the names of its scenarios where it has none."""
    scenarios = [scenario["name"] for scenario in facts.get("scenarios", ())]
    return facts.get("title") or "; ".join(scenarios) or f"avrr {facts['kind']}"


def _of_tables(folder: Path, tables: list[Found]) -> Iterator[dict[str, Any]]:
    for table in tables:
        for ending, paths in table.files.items():
            if table.name.startswith("figures/"):
                for path in paths:
                    yield _resource(folder, table, ending, [path], path.stem)
            else:
                yield _resource(folder, table, ending, paths, "")


def _resource(folder: Path, table: Found, ending: str, paths: list[Path], figure: str) -> dict[str, Any]:
    """A table as a resource: one file with its size and hash, or the chunks of a folder."""
    name = f"figures/{figure}" if figure else table.name.rstrip("/") + ("-chunks" * table.name.endswith("/"))
    inside = [path.relative_to(folder).as_posix() for path in paths]
    alone = len(inside) == 1 and not table.name.endswith("/")
    return {
        "name": name.lower() + ("" if ending == "csv" else f".{ending}"),
        "path": inside[0] if alone else inside,
        "profile": "tabular-data-resource",
        "format": ending,
        "mediatype": _MEDIA[ending],
        **({"encoding": "utf-8"} if ending == "csv" else {}),
        **({"description": f"{table.entry.meaning}; {table.entry.rows}"} if table.entry else {}),
        **(_size(paths[0]) if alone and table.name != "codebook" else {}),
        "schema": {"fields": _fields(table, ending, paths[0]), "missingValues": [""]},
    }


def _size(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def _fields(table: Found, ending: str, path: Path) -> list[dict[str, Any]]:
    known = {column.name: column for column in table.columns}
    names = table.columns_of(path)
    return [_field(known[name], ending) for name in names]


def _field(column: Column, ending: str) -> dict[str, Any]:
    enum = [no_formula(value) if ending == "csv" else value for value in column.enum]
    limits: dict[str, Any] = {"enum": enum} if enum and column.kind == "text" else {}
    limits |= dict(zip(("minimum", "maximum"), column.span, strict=False))
    return {
        "name": column.name,
        "type": _TYPES[column.kind],
        **({"description": column.meaning} if column.meaning else {}),
        **({"unit": column.unit} if column.unit else {}),
        **(_TRUTHS if column.kind == "truth" and ending == "csv" else {}),
        **({"constraints": limits} if limits else {}),
    }


def _of_prose() -> Iterator[dict[str, Any]]:
    """The files that are no tables; none of a size, for they are written last."""
    for name, meaning in _PROSE:
        yield {
            "name": name,
            "path": name,
            "format": "json",
            "mediatype": "application/json",
            "description": meaning,
        }
