"""Every measure by name, defined once: label, unit, what it is a kind of, window and horizon, meaning.

How each is counted stands in `outcomes`, in study/summary/effects.py (against a baseline) and in
study/jobs/twins.py (with twin runs).
"""

from __future__ import annotations

from dataclasses import dataclass

UPTAKE_MONTHS = 24  # horizon of the cumulative incidence of applying
DROP_OUT_MONTHS = 12  # horizon of the cumulative incidence of drop-out
# months of being able to apply within which an application counts in the shares under pressure and
# misinformed
PRESSURE_MONTHS = 12
EARLY_MONTHS, LATE_MONTHS = 24, 36  # "within two years", "after three years" (Sonsterudbraten 2018)


@dataclass(frozen=True)
class Measure:
    """One measure: label, unit, what it is a kind of, window and horizon, meaning."""

    name: str
    label: str
    unit: str
    per: str
    window: str
    meaning: str


_WINDOW = "measured window"
_COHORT = f"arrivals of the window followed for {UPTAKE_MONTHS} months"
_FIRST = f"first applications of the window followed for {DROP_OUT_MONTHS} months"
_EARLY = (
    f"people able to apply from within the window on, followed for {PRESSURE_MONTHS} months; applicants "
    "within these"
)
_AFTER = "assisted departures of the window, followed after return"

MEASURES: dict[str, Measure] = {
    m.name: m
    for m in (
        Measure(
            "uptake_24",
            "Uptake within 24 months",
            "share of the cohort",
            "share",
            _COHORT,
            (
                "Cumulative incidence of applying for assisted return; the whole cohort counts, "
                "whatever else happens to it"
            ),
        ),
        Measure(
            "application_hazard",
            "Hazard of applying",
            "per 100 person-years at risk",
            "rate",
            _WINDOW,
            "Applications over the time that people were present, eligible and not applying",
        ),
        Measure(
            "drop_out_12",
            "Drop-out within 12 months",
            "share of applicants",
            "share",
            _FIRST,
            "Withdrawn, refused, failed over documents or disappeared",
        ),
        *(
            Measure(
                f"ended_{name}",
                f"Applications that ended: {text}",
                "share of applicants",
                "share",
                _FIRST,
                "How the first application ended",
            )
            for name, text in (
                ("withdrawn", "withdrawn"),
                ("refused", "refused"),
                ("documents", "failed over documents"),
                ("disappeared", "disappeared"),
                ("removed", "removed by force"),
                ("granted", "granted residence"),
                ("protected", "closed by the protection gate"),
                ("departed", "departed"),
                ("open", "still open"),
            )
        ),
        Measure(
            "applications",
            "Applications",
            "persons a year",
            "count",
            _WINDOW,
            "All applications, repeated ones included",
        ),
        Measure(
            "assisted_departures",
            "Assisted departures",
            "persons a year",
            "count",
            _WINDOW,
            "Departures with the programme",
        ),
        Measure(
            "unassisted_returns",
            "Unassisted returns",
            "persons a year",
            "count",
            _WINDOW,
            "Returns to the origin without the programme",
        ),
        Measure("removals", "Removals", "persons a year", "count", _WINDOW, "Returns to the origin by force"),
        Measure(
            "transferred",
            "Dublin transfers",
            "persons a year",
            "count",
            _WINDOW,
            "Transfers to another European state, which are no returns",
        ),
        Measure(
            "returns",
            "Returns of every kind",
            "persons a year",
            "count",
            _WINDOW,
            "Assisted, unassisted and forced returns to the origin",
        ),
        Measure(
            "moved_on",
            "Moved on in Europe",
            "persons a year",
            "count",
            _WINDOW,
            "Moved on to another European country by own choice",
        ),
        Measure(
            "gone_under",
            "Gone under",
            "persons a year",
            "count",
            _WINDOW,
            "Went out of the authorities' sight in the country",
        ),
        Measure(
            "missing",
            "Missing from centres",
            "persons a year",
            "count",
            _WINDOW,
            "Left a centre unannounced: moved on or gone under from it",
        ),
        Measure(
            "missing_24",
            "Missing within 24 months",
            "share of asylum arrivals",
            "share",
            _COHORT,
            "Left a centre unannounced",
        ),
        Measure(
            "granted",
            "Granted residence",
            "persons a year",
            "count",
            _WINDOW,
            "Protection or residence on another ground",
        ),
        Measure(
            "protection_needs",
            "Stopped by the protection gate",
            "persons a year",
            "count",
            _WINDOW,
            (
                "People whose return, wished for or forced, the protection gate stopped for the first "
                "time; it counts attempts, so more wishes to return raise it"
            ),
        ),
        Measure(
            "wrongly_rejected_returns",
            "Returns after a wrong rejection",
            "persons a year",
            "count",
            _WINDOW,
            "Returns of every kind of people who may have been wrongly rejected",
        ),
        Measure(
            "present", "Present", "persons", "count", "end of the window", "In the country without residence"
        ),
        Measure(
            "rejected_in_centres",
            "Rejected people in centres",
            "persons",
            "count",
            "mean of the window's months",
            "Living in a centre after a rejection",
        ),
        Measure(
            "returns_per_rejected",
            "Assisted departures per rejected person in a centre",
            "per person and year",
            "rate",
            _WINDOW,
            "Assisted departures of a year over the mean stock of rejected people in centres",
        ),
        Measure(
            "months_to_apply",
            "Time to the first application",
            "months since arrival",
            "months",
            _FIRST,
            "Mean among those who applied",
        ),
        Measure(
            "months_in_process",
            "Time in process",
            "months",
            "months",
            _AFTER,
            "From the application to the departure, mean",
        ),
        Measure(
            "departed_within_24",
            "Departed within two years of arrival",
            "share of assisted departures",
            "share",
            _WINDOW,
            "Length of residence at departure",
        ),
        Measure(
            "departed_after_36",
            "Departed after three years or more",
            "share of assisted departures",
            "share",
            _WINDOW,
            "Length of residence at departure",
        ),
        Measure(
            "embassy_document",
            "Document through an embassy",
            "share of assisted departures",
            "share",
            _WINDOW,
            "Departed with a travel document obtained in the process",
        ),
        Measure(
            "knowledge_centre",
            "Knowledge in centres",
            "index, 0 to 1",
            "index",
            _WINDOW,
            "Mean true knowledge of assisted return",
        ),
        Measure(
            "knowledge_private",
            "Knowledge in private abode",
            "index, 0 to 1",
            "index",
            _WINDOW,
            "Mean true knowledge of assisted return",
        ),
        Measure(
            "trust_centre", "Trust in centres", "index, 0 to 1", "index", _WINDOW, "Mean trust in advice"
        ),
        Measure(
            "trust_private",
            "Trust in private abode",
            "index, 0 to 1",
            "index",
            _WINDOW,
            "Mean trust in advice",
        ),
        Measure(
            "self_rated_centre",
            "Self-rated information in centres",
            "index, 0 to 1",
            "index",
            _WINDOW,
            "How informed people think they are",
        ),
        Measure(
            "self_rated_private",
            "Self-rated information in private abode",
            "index, 0 to 1",
            "index",
            _WINDOW,
            "How informed people think they are",
        ),
        Measure(
            "coping_3",
            "Coping after 3 months",
            "share of assisted returnees",
            "share",
            _AFTER,
            "Livelihood at the first monitoring",
        ),
        Measure(
            "coping_12",
            "Coping after 12 months",
            "share of assisted returnees",
            "share",
            _AFTER,
            "Livelihood at the last monitoring",
        ),
        Measure(
            "income_12",
            "Lasting income after 12 months",
            "share of assisted returnees",
            "share",
            _AFTER,
            "From a job or a business",
        ),
        Measure(
            "support_paid",
            "Support paid",
            "currency of the programme a year",
            "NOK",
            _WINDOW,
            "Cash and support in kind of those who departed",
        ),
        Measure(
            "programme_cost",
            "Cost of the programme",
            "currency of the programme a year",
            "NOK",
            _WINDOW,
            "Support paid, travel and services; their costs are judgements",
        ),
        # From twin runs of the same people (see study/jobs/twins.py)
        Measure(
            "pressure_dependent",
            "Applied under pressure",
            "share of early applicants",
            "share",
            _EARLY,
            (
                "Of those who apply within 12 months of being able to, those who would not have "
                "without both the threat of removal and the restrictions, the same people and chance "
                "run again"
            ),
        ),
        Measure(
            "pressure_dependent_net",
            "Applied under pressure, net",
            "share of early applicants",
            "share",
            _EARLY,
            "The same, less those who apply only where both are gone: how many fewer would apply",
        ),
        Measure(
            "pressure_threat",
            "Applied under the threat of removal",
            "share of early applicants",
            "share",
            _EARLY,
            "Those who would not have applied had they felt no threat of removal; removals go on as ever",
        ),
        Measure(
            "pressure_threat_net",
            "Applied under the threat of removal, net",
            "share of early applicants",
            "share",
            _EARLY,
            "The same, less those who apply only where no threat is felt",
        ),
        Measure(
            "pressure_restrictions",
            "Applied under restrictions",
            "share of early applicants",
            "share",
            _EARLY,
            "Those who would not have applied with full rights to work, housing and subsistence",
        ),
        Measure(
            "pressure_restrictions_net",
            "Applied under restrictions, net",
            "share of early applicants",
            "share",
            _EARLY,
            "The same, less those who apply only with full rights",
        ),
        Measure(
            "misinformed",
            "Applied misinformed",
            "share of early applicants",
            "share",
            _EARLY,
            (
                "Those who would not have applied had they known the offer, the security at the origin "
                "and the risk of removal as they truly are"
            ),
        ),
        Measure(
            "misinformed_net",
            "Applied misinformed, net",
            "share of early applicants",
            "share",
            _EARLY,
            "The same, less those who apply only when they hold true beliefs",
        ),
        # Against a baseline only
        Measure(
            "additional_returns",
            "Additional returns",
            "persons over the window",
            "count",
            _WINDOW,
            "Returns of every kind by the window's end, scenario less baseline",
        ),
        Measure(
            "additional_assisted",
            "Additional assisted departures",
            "persons over the window",
            "count",
            _WINDOW,
            "Of the additional returns, those with the programme",
        ),
        Measure(
            "additional_unassisted",
            "Additional unassisted returns",
            "persons over the window",
            "count",
            _WINDOW,
            "Of the additional returns, those without the programme",
        ),
        Measure(
            "additional_removed",
            "Additional removals",
            "persons over the window",
            "count",
            _WINDOW,
            "Of the additional returns, those by force",
        ),
        Measure(
            "deadweight",
            "Deadweight",
            "share of paid departures",
            "share",
            _WINDOW,
            "One less additional returns over assisted departures: support paid without an additional return",
        ),
        Measure(
            "pulled_forward",
            "Pulled forward",
            "share",
            "share",
            _WINDOW,
            "One less additional returns at the end over their largest value on the way",
        ),
        Measure(
            "cost_per_additional",
            "Cost per additional return",
            "currency of the programme",
            "NOK",
            _WINDOW,
            (
                "Added cost over additional returns. Not estimable unless the interval of additional "
                "returns lies above zero; a draw without additional returns counts as a price without "
                "end"
            ),
        ),
    )
}
"""Every measure by name."""

COMPARATIVE = (
    "additional_returns",
    "additional_assisted",
    "additional_unassisted",
    "additional_removed",
    "deadweight",
    "pulled_forward",
    "cost_per_additional",
)
"""Measures that exist against a baseline only (see study/comparison/compare.py)."""

TWIN_MEASURES = tuple(
    f"{name}{net}"
    for name in ("pressure_dependent", "pressure_threat", "pressure_restrictions", "misinformed")
    for net in ("", "_net")
)
"""Measures that need twin runs (see study/jobs/twins.py)."""
