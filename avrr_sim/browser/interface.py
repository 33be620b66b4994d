"""How a page talks to the module: the layout of every table and the arguments of every function, read from
the types that they are compiled for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from avrr_sim.browser.exports import EXPORTS, flat
from avrr_sim.browser.machine_code import Compiled
from avrr_sim.chance import DEALT
from avrr_sim.columns import FLOWS, RATIOS, STOCKS, WHO
from avrr_sim.counts import COLUMNS, HOUSEHOLDS, OBLIGED_ENDS, PENDING_MONTHS, REJECTED_MONTHS, SEEN
from avrr_sim.engines.table import TOGETHER
from avrr_sim.migrant import ABODES, CHANNELS, CLOSINGS, FORMS, OUTCOMES, STAGES, TIERS, VULNERABILITIES
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, POLICY, STATUS_NAMES
from avrr_sim.rules.tally import MILLION, SERIES


def of_record(dtype: np.dtype) -> dict[str, Any]:
    """The layout of a record: its bytes, and of each field the kind and the place."""
    assert dtype.names is not None and dtype.fields is not None
    fields = {name: [dtype.fields[name][0].str.lstrip("<|"), dtype.fields[name][1]] for name in dtype.names}
    return {"size": dtype.itemsize, "fields": fields}


def of_value(value: Any) -> dict[str, Any]:
    """What an argument is: a number, a record, or an array of numbers or of records."""
    if isinstance(value, np.ndarray):
        dtype = value.dtype.base
        record = of_record(dtype) if dtype.names else None
        kind = "record" if record else dtype.str.lstrip("<|")
        told = {"array": kind, "dimensions": value.ndim, "size": dtype.itemsize}
        return told | ({"record": record} if record else {})
    if isinstance(value, (np.record, np.void)):
        return {"record": of_record(value.dtype)}
    return {"number": "f8" if isinstance(value, float) else "i8"}


def interface(compiled: Mapping[str, Compiled], values: Mapping[str, Any]) -> dict[str, Any]:
    """All that a page has to know to call the functions: {"tables": what is given to them by name,
    "functions": the names of each one's arguments in their order, and what it returns, "names": the words
    that numbers in tables stand for, "counts": which columns make which measure, and lengths of room}.
    """
    names = sorted({name for export in EXPORTS.values() for name in flat(export.takes)})
    return {
        "tables": {name: of_value(values[name]) for name in names},
        "functions": {
            name: {"takes": list(flat(EXPORTS[name].takes)), "returns": _returned(each)}
            for name, each in compiled.items()
        },
        "names": _names(),
        "counts": _counts(),
        "dealt": DEALT,
        "together": TOGETHER,
    }


def _returned(each: Compiled) -> str | None:
    found = {"int64": "i8", "float64": "f8", "none": None}
    return found[str(each.result)]


def _names() -> dict[str, list[str]]:
    return {
        "levers": list(LEVERS),
        "policy": list(POLICY.names or ()),
        "announceable": list(ANNOUNCEABLE),
        "status": list(STATUS_NAMES),
        "abode": list(ABODES),
        "stage": list(STAGES),
        "outcome": list(OUTCOMES),
        "closing": list(CLOSINGS),
        "tier": list(TIERS),
        "household": list(HOUSEHOLDS),
        "vulnerability": list(VULNERABILITIES),
        "form": list(FORMS),
        "channel": list(CHANNELS),
        "obliged_ends": list(OBLIGED_ENDS),
        "series": list(SERIES),
    }


def _counts() -> dict[str, Any]:
    """What measures are made of (see `columns` and `outcomes`)."""
    return {
        "columns": COLUMNS,
        "ratios": [list(each) for each in RATIOS],
        "flows": [list(each) for each in FLOWS],
        "stocks": [list(each) for each in STOCKS],
        "who": [list(each) for each in WHO],
        "seen": SEEN,
        "pending_months": PENDING_MONTHS,
        "rejected_months": REJECTED_MONTHS,
        "million": MILLION,
    }
