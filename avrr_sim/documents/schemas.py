"""Writes the JSON Schemas that come with the package: `python -m avrr_sim.documents.schemas`."""

from __future__ import annotations

import json

from avrr_sim.kinds import KINDS, FileKind


def text_of(kind: FileKind) -> str:
    """The JSON Schema of a kind of file, as its file holds it."""
    return json.dumps(kind.schema(), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every schema."""
    for kind in KINDS.values():
        kind.file.parent.mkdir(exist_ok=True)
        kind.file.write_text(text_of(kind), encoding="utf-8")


if __name__ == "__main__":
    main()
