"""What the page of a study of the value of information says and its tables do not hold, as study.json has
it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from avrr_sim.measures import MEASURES
from avrr_sim.study.folder.manifest import read_manifest
from avrr_sim.study.summary.coercion import moves_coercion
from avrr_sim.study.summary.contract import Remark, remark
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.value.material import Material
from avrr_sim.study.value.order import ValueOrder
from avrr_sim.study.value.tables import BESIDE


def facts_of(order: ValueOrder, material: Material, folder: Path) -> dict[str, Any]:
    """The facts of a finished study; see `study.summary.contract.ValueTables`."""
    plan, first = order.plan, order.plan.scenarios[0]
    manifest = read_manifest(folder) or {}
    asked = [(plan.keys[k], plan.scenarios[k]) for k in order.asked]
    return {
        "kind": "study-next",
        "baseline": first.name,
        "scenarios": [
            {"key": key, "name": each.name, "asks": each.asks, "coercion": moves_coercion(first, each)}
            for key, each in asked
        ],
        "measures": {
            name: {key: getattr(MEASURES[name], key) for key in ("label", "unit", "per", "window", "meaning")}
            for name in dict.fromkeys((*order.measures, *BESIDE))
        },
        "not_run": [study.name for study in order.possible[1]],
        "limits": _limits(order, material),
        "provenance": {
            "command": order.command,
            "seed": plan.seed,
            "draws": len(material.draws),
            "replicates": plan.replicates,
            "size": plan.size,
            "weights": plan.weights,
            "interval": INTERVAL,
            "studies": order.studies.name,
            "figures": order.targets.name if order.targets else "",
            "evidence_hash": manifest.get("evidence_hash", ""),
            "version": manifest.get("version", ""),
            "commit": manifest.get("commit", ""),
            "libraries": manifest.get("libraries", {}),
        },
    }


def _limits(order: ValueOrder, material: Material) -> list[Remark]:
    """What such a study cannot tell."""
    distinct = len(set(material.rows.tolist()))
    limits = [
        remark("value_of_the_model"),
        remark("value_not_of_money"),
        remark("value_few_draws", draws=distinct),
    ]
    if order.plan.replicates == 1:
        limits.append(remark("value_one_replicate"))
    if order.studies.studies:
        limits.append(remark("value_studies_judged"))
    if order.targets is not None:
        limits.append(remark("value_figures_by_draws"))
    return limits
