"""Names by which a story is told: what may have tipped a month, and what may happen in one."""

from __future__ import annotations

from avrr_sim.migrant import ABODES, OUTCOMES, STAGES
from avrr_sim.policy import LEVERS, STATUS_NAMES, TIMING

BELIEFS = {
    "awareness": ("awareness",),
    "knowledge": ("knowledge", "self_rated"),
    "trust": ("trust", "trust_official", "trust_independent", "trust_peers"),
    "hope": ("hope",),
    "security": ("security",),
    "fear": ("risk_apply", "risk_leave", "hazard_kept", "risk_kept"),
}
"""Beliefs that may have tipped a month, as fields of a row; the first one is shown."""
OTHERS, ANNOUNCED = "others", "announced"
"""What compatriots did and removals seen in the centre; a change of support that was announced."""
FACTORS = frozenset([*BELIEFS, OTHERS, ANNOUNCED, TIMING, *LEVERS])
"""What may have tipped a month, by name."""

CONTACTS = {"official_at": "official", "independent_at": "independent", "peers_at": "peers"}
"""Fields of a row that hold the month of the last contact, and of what kind it was."""
STANDING = {"status": STATUS_NAMES, "abode": ABODES, "stage": STAGES, "outcome": OUTCOMES}
"""Fields of a row that say where a life stands, and their names by number."""
NOTHING = "step nothing"
APPLIED = f"stage {STAGES[1]}"
EVENTS = frozenset(
    [
        NOTHING,
        *(f"event {name}" for name in ("arrives", "aware", "unaware", *CONTACTS.values())),
        *(f"{kind} {name}" for kind, names in STANDING.items() for name in names),
    ]
)
"""What a month may do with somebody: a kind and a name of the model, such as "stage approved"."""
