"""What a study is known by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from avrr_sim.refusals import shown

_IN_WORDS = {
    "evidence_hash": "the evidence",
    "model_hash": "the rules or data of the model",
    "fingerprint": "the rules, data or evidence of the model",
    "statistics_hash": "the statistics",
}


def digest_of(identity: dict[str, Any]) -> str:
    """Hash of an identity: what a study is known by."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


def changed_since(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs between the identities of two studies, in words."""
    told = []
    for key, value in now.items():
        before = then.get(key)
        if before == value:
            continue
        if key == "scenario_hashes" and isinstance(before, Mapping):
            names = [name for name in {**before, **value} if before.get(name) != value.get(name)]
            told.append(f"scenarios ({', '.join(names[:5])}{', ...' if len(names) > 5 else ''})")
        else:
            told.append(_IN_WORDS.get(key, f"{key} {shown(before)} -> {shown(value)}"))
    return told
