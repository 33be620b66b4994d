"""What a study is known by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from avrr_sim.refusals import shown

if TYPE_CHECKING:
    pass


def digest_of(identity: dict[str, Any]) -> str:
    """Hash of an identity: what a study is known by."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


def changed_since(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs between the identities of two studies, in words."""
    told = []
    for key in now:
        if key == "scenario_hashes":
            keys = [
                name
                for name in {**then.get(key, {}), **now[key]}
                if then.get(key, {}).get(name) != now[key].get(name)
            ]
            told += [f"scenarios ({', '.join(keys[:5])}{', ...' if len(keys) > 5 else ''})"] if keys else []
        elif then.get(key) != now[key]:
            what = {
                "evidence_hash": "the evidence",
                "model_hash": "the rules or data of the model",
                "statistics_hash": "the statistics",
            }
            told.append(what.get(key, f"{key} {shown(then.get(key))} -> {shown(now[key])}"))
    return told
