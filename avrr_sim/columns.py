"""Which counts of a run each measure is made of; `outcomes` makes them."""

from __future__ import annotations

from avrr_sim import counts
from avrr_sim.measures import OBLIGED_LATER, OBLIGED_SOON
from avrr_sim.migrant import TIERS

RATIOS = (
    ("uptake_24", counts.COHORT_APPLIED, counts.COHORT),
    ("drop_out_12", counts.DROP_OUT, counts.APPLICANTS),
    ("ended_withdrawn", counts.S_WITHDRAWN, counts.APPLICANTS),
    ("ended_refused", counts.S_REFUSED, counts.APPLICANTS),
    ("ended_documents", counts.S_DOCUMENTS, counts.APPLICANTS),
    ("ended_disappeared", counts.S_DISAPPEARED, counts.APPLICANTS),
    ("ended_removed", counts.S_REMOVED, counts.APPLICANTS),
    ("ended_granted", counts.S_GRANTED, counts.APPLICANTS),
    ("ended_protected", counts.S_PROTECTED, counts.APPLICANTS),
    ("ended_departed", counts.S_DEPARTED, counts.APPLICANTS),
    ("ended_open", counts.S_OPEN, counts.APPLICANTS),
    ("missing_24", counts.MISSING, counts.MISSING_BASE),
    ("months_to_apply", counts.MONTHS_TO_APPLY, counts.APPLICANTS),
    ("months_in_process", counts.MONTHS_IN_PROCESS, counts.PROCESSED),
    ("departed_within_24", counts.EARLY, counts.S_ASSISTED),
    ("departed_after_36", counts.LATE, counts.S_ASSISTED),
    ("embassy_document", counts.EMBASSY, counts.S_ASSISTED),
    ("coping_3", counts.COPING_3, counts.CHECKED_3),
    ("coping_12", counts.COPING_12, counts.CHECKED_12),
    ("income_12", counts.INCOME_12, counts.CHECKED_12),
    ("months_obliged", counts.SINCE_OBLIGED, counts.REJECTED_MONTHS),
    *(
        (f"obliged_{months}_{end}", column + i, base)
        for months, column, base in (
            (OBLIGED_SOON, counts.ENDS_EARLY, counts.OBLIGED_EARLY),
            (OBLIGED_LATER, counts.ENDS_LATE, counts.OBLIGED_LATE),
        )
        for i, end in enumerate(counts.OBLIGED_ENDS)
    ),
)
"""Measures that are one count over another (columns of `counts`): (measure, above, below)."""
_TIERS = tuple(tier.lower() for tier in TIERS)
FLOWS = (
    ("assisted_departures", "assisted"),
    ("unassisted_returns", "unassisted"),
    ("removals", "removed"),
    ("transferred", "transferred"),
    ("moved_on", "moved_on"),
    ("gone_under", "gone_under"),
    ("missing", "missing"),
    ("missing_pending", "missing_pending"),
    ("missing_rejected", "missing_rejected"),
    *((f"applications_{tier}", f"applications_{tier}") for tier in _TIERS),
    *((f"departures_{tier}", f"assisted_{tier}") for tier in _TIERS),
    ("protection_needs", "stopped"),
    ("granted", "granted"),
    ("wrongly_rejected_returns", "wrong_returns"),
    ("contacts_official", "contacts_official"),
    ("contacts_independent", "contacts_independent"),
    ("contacts_peers", "contacts_peers"),
)
"""Measures that are a flow a year: (measure, column of the monthly series)."""
_BELIEFS = (
    "knowledge",
    "trust",
    "self_rated",
    "aware",
    "trust_official",
    "trust_independent",
    "trust_peers",
)
STOCKS = tuple((what, place) for what in _BELIEFS for place in ("centre", "private"))
"""Beliefs in places: (what, where) of columns of the monthly series."""
WHO = tuple(
    (who, kind)
    for who in ("women", "minors")
    for kind in ("assisted", "unassisted", "removed", "transferred")
)
"""Who leaves how: (women or minors, kind of departure) of columns of the monthly series."""

OF_EVERYBODY = (
    *(name for name, _ in FLOWS),
    "applications",
    "returns",
    "present",
    "rejected_in_centres",
    "returns_per_rejected",
    "support_paid",
    "programme_cost",
    *(f"{what}_{place}" for what, place in STOCKS),
    "pending",
    "rejected",
    *(f"{who}_{kind}" for who, kind in WHO),
)
"""Measures that are told of everybody only, in the order in which they are worked out."""
