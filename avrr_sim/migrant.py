"""What is known of one migrant: the row, the statuses, stages and outcomes, and the moves that are possible.

A *migrant* is a unit that decides together: a person alone or a household with `adults` and `minors`. Rows
hold 8-byte floats, 4-byte integers, one-byte kinds, small numbers and truths, and an id of 8 bytes. Narrow
integers overflow differently compiled and not, so what they hold is bounded where it comes in: units and
centres in `population`, households in the host's file, origins by their numbers, months by the longest run;
and nothing is counted up in them. What a month reads of everybody lies together. Months inside a run count
from 0 at the scenario's start; -1 stands for "never".
"""

from __future__ import annotations

import numpy as np

from avrr_sim.records import repeated

NEVER = -1

# Legal status (order as in policy.STATUS_NAMES)
PENDING, OBLIGED_BEFORE, OBLIGED_AFTER, DUBLIN, UNREGISTERED = range(5)

# Abode
CENTRE, PRIVATE, GONE_UNDER = range(3)
ABODES = ("centre", "private", "gone_under")

# Application stage
NONE, APPLIED, APPROVED, DOCUMENTED, BOOKED = range(5)
STAGES = ("none", "applied", "approved", "documented", "booked")

# Outcome
PRESENT, ASSISTED, UNASSISTED, REMOVED, TRANSFERRED, MOVED_ON, GRANTED = range(7)
OUTCOMES = ("present", "assisted", "unassisted", "removed", "transferred", "moved_on", "granted")
"""`removed`: to the origin, by force. `transferred`: to another European state under Dublin, which is no
return.
"""

# How the first application ended
(
    OPEN,
    DEPARTED,
    WITHDRAWN,
    REFUSED,
    DOCUMENTS,
    DISAPPEARED,
    OVERTAKEN_REMOVED,
    OVERTAKEN_GRANTED,
    PROTECTED,
) = range(9)
CLOSINGS = (
    "open",
    "departed",
    "withdrawn",
    "refused",
    "documents",
    "disappeared",
    "removed",
    "granted",
    "protected",
)

# Tier of support
TIER_A, TIER_B, TIER_VULNERABLE = range(3)
TIERS = ("A", "B", "vulnerable")

# Channels of information, and after them the kinds of source whose trust a scenario may build (fields of what
# it aims, see `aim`)
DIRECTORATE, ADVISOR, IOM, NOAS, NGO, OF_OFFICIAL, OF_INDEPENDENT = range(7)
CHANNELS = ("directorate", "advisor", "iom", "noas", "ngo")
KINDS_OF_SOURCE = ("official", "independent")

# Vulnerability
NOT_VULNERABLE, TRAFFICKED, UNACCOMPANIED, AGED_OUT, MEDICAL, OTHER_VULNERABLE = range(6)
VULNERABILITIES = ("none", "trafficked", "unaccompanied", "aged_out", "medical", "other")

# Level of reintegration support that the unit takes beyond the basic one
BASIC, JOB_SUPPORT, BUSINESS_SUPPORT = range(3)

# What the in-kind support became
NO_FORM, BUSINESS, TRAINING, PLACEMENT, GOODS_SOLD, EDUCATION = range(6)
FORMS = ("none", "business", "training", "placement", "goods_sold", "education")

_MONTHS = (
    # hardly ever read while people live their months
    "serial",  # 0 .. n-1 in the order of id: ties in the office, never chance
    "applied_at",  # first application
    "closed_at",
    "obliged_at",  # since when the unit is obliged to leave: the rejection; under Dublin, the arrival
    "deadline_at",  # month in which the own deadline passes, known from the rejection on
    "offer",  # number of the offer taken with the latest application; NEVER: the programme's own terms
    # read every month
    "older_at",  # month in which a further year of the obligation is full
    "arrival",
    "centre",
    "status_since",
    "stage_since",
    "eligible_at",  # first decision in which applying was open: eligible, and the protection gate open
    "application_at",  # latest application
    "left_at",
    "ended_at",  # month of the latest drop-out (withdrawn, refused, documents, disappeared)
    "under_at",
    "missing_at",
    "stopped_at",  # month in which the protection gate first stopped a return
    # latest contact with each kind of source on return
    "official_at",
    "independent_at",
    "peers_at",
    "opened_at",  # latest month in which applying was open by an offer alone
)
_KINDS = (
    # status on arrival; status, abode and tier at the first application
    "entry",
    "applied_status",
    "applied_abode",
    "applied_tier",
    "closing",
    "closed_stage",  # of the first application
    "tier",
    "level",  # of reintegration support promised
    "form",
    "age_band",
    "origin",
    "adults",
    "minors",
    "vulnerability",
    "status",
    "abode",
    "stage",
    "outcome",
)
_FLOATS = (
    "berth",  # fixed place in (0, 1) among all residents of centres: which share of them a lever reaches
    "network",
    "links",
    "taste_return",
    "taste_moving",
    "own_security",
    "trust_start",
    "inclination",  # what age, sex, family, school and health add to applying (logit units); fixed
    "removability",  # hazard of removal against that of a single man without a passport, newly obliged
    "heed",  # awareness below which assisted return is out of mind; fixed
    "awareness",
    "knowledge",
    "self_rated",
    "trust",  # in what one was told, whoever told it
    "trust_official",
    "trust_independent",
    "trust_peers",
    "hope",  # of a permit
    "security",
    "risk_apply",
    "risk_leave",  # beliefs
    # hazard of removal ahead, when it was last another one, and the risk within a year that goes with it
    "hazard_kept",
    "risk_kept",
    "ready_at",  # when the wait of the present stage is over, in months of the run with their fraction
    # promised, in the programme's currency; months of income left after return
    "cash",
    "in_kind",
    "offer_cash",  # what of the promised cash and support in kind is beyond the programme's own terms
    "offer_in_kind",
    "cash_left",
)
_TRUTHS = (
    "female",
    "ill",
    "passport",
    "wrongly_rejected",
    "expelled",  # an expulsion order came with the rejection
    "coping",
    "coping_3",
    "coping_12",
    "income_12",
)

MIGRANT = np.dtype(
    [
        ("id", "i8"),  # fixed by cohort, origin and ordinal: the same in every scenario
        *((name, "i4") for name in _MONTHS),
        *((name, "i1") for name in _KINDS),
        *((name, "?") for name in _TRUTHS),
        *((name, "f8") for name in _FLOATS),
    ],
    align=True,
)
"""The row of one migrant."""

FIXED = (
    "id",
    "serial",
    "origin",
    "arrival",
    "adults",
    "minors",
    "age_band",
    "vulnerability",
    "centre",
    "entry",
    "berth",
    "network",
    "links",
    "taste_return",
    "taste_moving",
    "own_security",
    "trust_start",
    "inclination",
    "heed",
    "female",
    "ill",
    "passport",
)
"""Fields that never change after arrival."""

STATUS_MOVES = {
    PENDING: {OBLIGED_BEFORE},
    OBLIGED_BEFORE: {OBLIGED_AFTER},
    OBLIGED_AFTER: set(),
    DUBLIN: set(),
    UNREGISTERED: set(),
}
ABODE_MOVES = {CENTRE: {PRIVATE, GONE_UNDER}, PRIVATE: {GONE_UNDER}, GONE_UNDER: set()}
STAGE_MOVES = {
    NONE: {APPLIED, APPROVED, DOCUMENTED, BOOKED},
    APPLIED: {APPROVED, DOCUMENTED, BOOKED, NONE},
    APPROVED: {DOCUMENTED, BOOKED, NONE},
    DOCUMENTED: {BOOKED, NONE},
    BOOKED: {NONE},
}
OUTCOME_MOVES = {PRESENT: {ASSISTED, UNASSISTED, REMOVED, TRANSFERRED, MOVED_ON, GRANTED}}
"""Moves that one month may make; staying where one is is always possible, and no other pair is. An outcome is
final.
"""


def empty_rows(n: int) -> np.recarray:
    """`n` rows of zeros with every "month of" field at NEVER."""
    row = np.zeros(1, MIGRANT).view(np.recarray)
    for name in (
        "stage_since",
        "obliged_at",
        "older_at",
        "deadline_at",
        "eligible_at",
        "applied_at",
        "application_at",
        "left_at",
        "closed_at",
        "ended_at",
        "under_at",
        "missing_at",
        "stopped_at",
        "official_at",
        "independent_at",
        "peers_at",
        "closed_stage",
        "applied_status",
        "applied_abode",
        "applied_tier",
        "tier",
        "offer",
        "opened_at",
    ):
        row[name] = NEVER
    return repeated(row, n)
