"""Every lever that a government can move, and every circumstance that a scenario may vary: unit, range,
default, meaning.

A lever is set in a scenario file by one number or by dated steps; `policy_table` turns the settings into one
row a month. The kind of a lever matters: levers of coercion are never optimised, ranked or counted as savings
anywhere in the package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Lever:
    """One lever: its kind, unit, range [low, high], default, meaning, and the source of the default."""

    name: str
    kind: str
    unit: str
    low: float
    high: float
    default: float
    meaning: str
    source: str


@dataclass(frozen=True)
class Step:
    """From calendar month `start` on, the lever has `value`; people know of it from month `announced` on."""

    start: int
    value: float | str | Mapping[str, float]
    announced: int | None = None


KINDS = ("support", "information", "process", "restriction", "coercion", "circumstance", "safeguard", "probe")
_FAFO = "Sonsterudbraten 2018 (Fafo)"
_J = "judgement"

LEVERS: dict[str, Lever] = {
    lever.name: lever
    for lever in (
        Lever(
            "cash_level",
            "support",
            "times the programme's cash amounts",
            0,
            10,
            1,
            "Cash on return, all tiers together",
            "programme file",
        ),
        Lever(
            "in_kind_level",
            "support",
            "times the programme's in-kind amounts",
            0,
            10,
            1,
            "Support in kind after return",
            "programme file",
        ),
        Lever(
            "exceptional_share",
            "support",
            "share of units",
            0,
            1,
            0,
            "Units granted the programme's exceptional money (France: by the director)",
            "AVR country factsheet France",
        ),
        Lever(
            "incentives_unaccompanied",
            "safeguard",
            "1 = yes, 0 = no",
            0,
            1,
            0,
            "Levels of support also change for unaccompanied minors",
            "safeguard: only if asked for by name",
        ),
        Lever(
            "incentives_trafficked",
            "safeguard",
            "1 = yes, 0 = no",
            0,
            1,
            0,
            "Levels of support also change for victims of trafficking",
            "safeguard: only if asked for by name",
        ),
        Lever(
            "advisors",
            "information",
            "share of centres",
            0,
            1,
            1,
            "Centres that have a return advisor",
            f"{_FAFO}: an advisor at each centre",
        ),
        Lever(
            "outreach",
            "information",
            "times today's contacts",
            0,
            10,
            1,
            "Contacts with people outside centres, through NGOs and others",
            _J,
        ),
        Lever(
            "channel_directorate",
            "information",
            "times today's contacts",
            0,
            10,
            1,
            "Information by the directorate to registered people",
            _FAFO,
        ),
        Lever(
            "channel_iom",
            "information",
            "times today's contacts",
            0,
            10,
            1,
            "Information by IOM, in centres and outside",
            _FAFO,
        ),
        Lever(
            "channel_noas",
            "information",
            "times today's contacts",
            0,
            10,
            1,
            "Information by NOAS to people whose claim is open or just refused",
            _FAFO,
        ),
        Lever(
            "channel_diaspora",
            "information",
            "times today's contacts",
            0,
            10,
            1,
            "Word of mouth among compatriots, helped through diaspora media and places",
            "IOM, AVRR in the EU information sheet",
        ),
        Lever(
            "online_application",
            "information",
            "share of a full online service",
            0,
            1,
            0.5,
            "Applying online or directly to IOM, without an advisor",
            "IOM Norway, Vulnerable Groups Project leaflet",
        ),
        Lever(
            "trust_building",
            "information",
            "share of the way to full trust",
            0,
            1,
            0,
            "Lasting trust in the advice, by whatever earns it",
            _J,
        ),
        Lever(
            "information_intensity",
            "information",
            "times today's contacts",
            0,
            10,
            1,
            "All advisors' contacts, in every status",
            _J,
        ),
        Lever(
            "information_quality",
            "information",
            "share",
            0,
            1,
            0.6,
            "How complete and correct the advice is",
            _J,
        ),
        Lever(
            "advisor_interest",
            "information",
            "share",
            0,
            1,
            0.3,
            "How far advisors are seen as wanting people to return",
            _J,
        ),
        Lever(
            "glossing",
            "information",
            "security index points",
            0,
            1,
            0.1,
            "How much better than the truth conditions are painted",
            _J,
        ),
        Lever(
            "contradiction",
            "information",
            "share of contacts",
            0,
            1,
            0.2,
            "Contacts in which organisations contradict one another",
            _J,
        ),
        Lever(
            "document_guidance",
            "process",
            "share",
            0,
            1,
            0.5,
            "How clear the identity-paper requirements are made to applicants",
            _J,
        ),
        Lever(
            "directorate_places",
            "process",
            "cases decided a month",
            0,
            100_000,
            350,
            "Places at the directorate, for the whole country",
            _J,
        ),
        Lever(
            "embassy_places",
            "process",
            "times the embassies' places",
            0,
            100,
            1,
            "Travel documents that embassies issue a month",
            _J,
        ),
        Lever(
            "processing_speed",
            "process",
            "times today's speed",
            0.1,
            10,
            1,
            "Speed of handling, embassy work and booking",
            _J,
        ),
        Lever(
            "work_rights",
            "restriction",
            "share of a full right to work and study",
            0,
            1,
            0.2,
            "Rights to work and study without residence",
            _J,
        ),
        Lever(
            "accommodation",
            "coercion",
            "share of full provision",
            0,
            1,
            1,
            "Housing of people whose deadline has passed",
            f"{_FAFO}: withdrawn in 2005, restored later",
        ),
        Lever(
            "allowance",
            "coercion",
            "share of full provision",
            0,
            1,
            1,
            "Subsistence money of people whose deadline has passed",
            f"{_FAFO}: withdrawn in 2005, restored later",
        ),
        Lever(
            "designated_centres",
            "coercion",
            "share of centres",
            0,
            1,
            0,
            "Centres turned into designated ones with worse conditions",
            f"{_FAFO}: tried and discontinued",
        ),
        Lever(
            "removal_level",
            "coercion",
            "times today's removal hazards",
            0,
            10,
            1,
            "Enforcement of obligations to leave",
            "host file",
        ),
        Lever(
            "reentry_ban",
            "coercion",
            "share of a full ban",
            0,
            1,
            1,
            "How far a removal closes the Schengen area afterwards",
            _FAFO,
        ),
        Lever(
            "europe_opportunity",
            "circumstance",
            "times today's opportunity",
            0,
            10,
            1,
            "Work and residence to be had elsewhere in Europe",
            _J,
        ),
        Lever(
            "security_shift",
            "circumstance",
            "security index points",
            -1,
            1,
            0,
            "Added to the true security of every origin",
            _J,
        ),
        Lever(
            "inflow_level",
            "circumstance",
            "times the arrival series",
            0,
            10,
            1,
            "People who arrive",
            "host file",
        ),
        Lever(
            "removal_news",
            "probe",
            "share",
            0,
            1,
            0,
            (
                "An experiment: residents hear of one more removal in their centre than there was; "
                "nobody is removed"
            ),
            "experiment",
        ),
        Lever(
            "threat_felt",
            "probe",
            "share",
            0,
            1,
            1,
            (
                "An experiment: how much of the perceived risk of removal enters decisions; removals "
                "are carried out as ever"
            ),
            "experiment",
        ),
        Lever(
            "true_beliefs",
            "probe",
            "1 = yes, 0 = no",
            0,
            1,
            0,
            (
                "An experiment: people know the offer, the security at the origin and the risk of "
                "removal as they truly are"
            ),
            "experiment",
        ),
    )
}

STATUS_NAMES = ("pending", "before_deadline", "after_deadline", "dublin", "unregistered")
"""Legal statuses as files and reports name them, in the order of their numbers."""

TIMING = "information_timing"
TIMINGS: dict[str, dict[str, float]] = {
    # Intensity of contacts by status. The split over the asylum path is a judgement; each plan is scaled to
    # as many contacts in the
    # Norwegian baseline as `even` (tests/model/test_policy.py), so that plans differ in timing and not in
    # volume.
    "even": {
        "pending": 1.0,
        "before_deadline": 1.0,
        "after_deadline": 1.0,
        "dublin": 1.0,
        "unregistered": 1.0,
    },
    "early": {
        "pending": 1.69,
        "before_deadline": 0.42,
        "after_deadline": 0.42,
        "dublin": 1.0,
        "unregistered": 1.0,
    },
    "gradual": {
        "pending": 0.5,
        "before_deadline": 1.0,
        "after_deadline": 1.5,
        "dublin": 1.0,
        "unregistered": 1.0,
    },
    "late": {
        "pending": 0.0,
        "before_deadline": 1.83,
        "after_deadline": 1.83,
        "dublin": 1.0,
        "unregistered": 1.0,
    },
}
TIMING_RANGE = (0.0, 10.0)

_EXTRA = (
    "next_cash_level",
    "next_in_kind_level",
    "months_to_change",
    *(f"information_{name}" for name in STATUS_NAMES),
)

POLICY = np.dtype([(name, "f8") for name in (*LEVERS, *_EXTRA)], align=True)
"""One row a month: every lever in force, the support announced for later, and the months until then (0:
nothing announced).
"""

ANNOUNCEABLE = ("cash_level", "in_kind_level")  # levers whose change may be announced


def in_force(steps: Sequence[Step], month: int, default: float | str | Mapping[str, float]):
    """The value of the latest step that has started by `month`, or the default."""
    begun = [step for step in steps if step.start <= month]
    return max(begun, key=lambda step: step.start).value if begun else default


def month_by_month(
    steps: Sequence[Step], first_month: int, base: float | np.ndarray, months: int
) -> np.ndarray:
    """Numeric steps over `months` months from calendar month `first_month`, laid over a base value or
    series.
    """
    values = (
        np.full(months, base, dtype=np.float64) if np.isscalar(base) else np.array(base, dtype=np.float64)
    )
    for step in sorted(steps, key=lambda step: step.start):
        values[max(step.start - first_month, 0) :] = step.value
    return values


def timing_plan(value: str | Mapping[str, float]) -> Mapping[str, float]:
    """Intensity by status of a named timing, or of a table that names some statuses (the others: 1)."""
    return TIMINGS[value] if isinstance(value, str) else {**TIMINGS["even"], **value}


def policy_table(levers: Mapping[str, Sequence[Step]], first_month: int, months: int) -> np.ndarray:
    """The levers month by month: record array of shape (months,) and dtype `POLICY`, from calendar month
    `first_month` on.
    """
    table = np.zeros(months, POLICY)
    for name, lever in LEVERS.items():
        table[name] = month_by_month(levers.get(name, ()), first_month, lever.default, months)
    timing = levers.get(TIMING, ())
    for status in STATUS_NAMES:
        steps = [Step(step.start, timing_plan(step.value)[status]) for step in timing]
        table[f"information_{status}"] = month_by_month(steps, first_month, TIMINGS["even"][status], months)
    for name in ANNOUNCEABLE:
        table[f"next_{name}"] = table[name]
    coming = [s for name in ANNOUNCEABLE for s in levers.get(name, ()) if s.announced is not None]
    for m in range(months) if coming else ():
        month = first_month + m
        change = min((s.start for s in coming if s.announced <= month < s.start), default=None)
        if change is not None:
            table["months_to_change"][m] = change - month
            # what is known of that month today: what has begun, and what was announced
            for name in ANNOUNCEABLE:
                known = [
                    s
                    for s in levers.get(name, ())
                    if s.start <= month or (s.announced is not None and s.announced <= month)
                ]
                table[f"next_{name}"][m] = in_force(known, change, LEVERS[name].default)
    return table.view(np.recarray)
