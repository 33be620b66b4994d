"""Reads files of cases, whose tables may take over what stands in others (`<<: *name`), alike with every
version of the YAML library: releases differ in what wins where a table that takes over was itself made so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_MERGE = "tag:yaml.org,2002:merge"


class _Cases(yaml.SafeLoader):
    """What a table says itself goes before what it takes over, and nearer before farther."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        own, taken = [], []
        for key, value in node.value:
            if key.tag != _MERGE:
                own.append((key, value))
                continue
            for other in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                self.flatten_mapping(other)
                taken += other.value
        found = dict.fromkeys(key.value for key, _ in own)
        for key, value in taken:
            if key.value not in found:
                found[key.value] = None
                own.append((key, value))
        node.value = own


def cases_in(path: Path) -> Any:
    """The content of a file of cases."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Cases)
