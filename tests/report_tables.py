"""Made-up tables of a plausible size and shape, for tests of the report; nothing in them comes from the
model.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from avrr_sim.study.summary.contract import remark
from avrr_sim.study.summary.tables import StudyTables, framed

MEASURES = {  # name: label, unit, per, a plausible baseline level
    "uptake_24": ("Uptake within 24 months", "", "share", 0.0724),
    "pressure_dependent": ("Pressure-dependent share", "", "share", 0.383),
    "pressure_threat": ("Dependent on the threat of removal", "", "share", 0.312),
    "pressure_restrictions": ("Dependent on restrictions", "", "share", 0.121),
    "misinformed": ("Misinformed share", "", "share", 0.046),
    "application_hazard": ("Application hazard", "per 100 person-years", "rate", 4.13),
    "drop_out_12": ("Drop-out within 12 months", "", "share", 0.313),
    "assisted_departures": ("Assisted departures", "persons a year", "count", 1420.0),
    "unassisted_returns": ("Unassisted returns", "persons a year", "count", 610.0),
    "removals": ("Removals", "persons a year", "count", 2890.0),
    "transferred": ("Dublin transfers", "persons a year", "count", 1240.0),
    "moved_on": ("Moved on within Europe", "persons a year", "count", 1730.0),
    "gone_under": ("Gone under", "persons a year", "count", 960.0),
    "missing": ("Missing", "persons a year", "count", 402.0),
    "knowledge_centre": ("Knowledge, in centres", "index 0 to 1", "index", 0.61),
    "knowledge_private": ("Knowledge, outside centres", "index 0 to 1", "index", 0.34),
    "trust_centre": ("Trust, in centres", "index 0 to 1", "index", 0.48),
    "trust_private": ("Trust, outside centres", "index 0 to 1", "index", 0.41),
    "protection_needs": ("Returned with a protection need", "persons a year", "count", 31.0),
    "wrongly_rejected_returns": ("Returned though perhaps wrongly rejected", "persons a year", "count", 88.0),
    "coping_3": ("Coping after 3 months", "", "share", 0.61),
    "coping_12": ("Coping after 12 months", "", "share", 0.44),
    "income_12": ("Lasting income after 12 months", "", "share", 0.19),
    "support_paid": ("Support paid", "NOK of 2015 a year", "NOK", 24_600_000.0),
    "additional_returns": ("Additional returns", "persons by the horizon", "count", np.nan),
    "additional_assisted": ("Additional assisted departures", "persons by the horizon", "count", np.nan),
    "additional_unassisted": ("Additional unassisted returns", "persons by the horizon", "count", np.nan),
    "additional_removed": ("Additional removals", "persons by the horizon", "count", np.nan),
    "deadweight": ("Deadweight", "", "share", np.nan),
    "pulled_forward": ("Pulled forward", "", "share", np.nan),
    "cost_per_additional": ("Cost per additional return", "NOK of 2015", "NOK", np.nan),
}
CONTRASTS = (
    "additional_returns",
    "additional_assisted",
    "additional_unassisted",
    "additional_removed",
    "deadweight",
    "pulled_forward",
    "cost_per_additional",
)
GROUPS = {
    "origin": ("Afghanistan", "Iraq", "Somalia"),
    "abode": ("centre", "private", "gone_under"),
    "tier": ("A", "B"),
}
SCENARIOS = (
    ("baseline-norway", "Norway as it was, 2012-2016", None),
    ("double-cash", "Twice the cash", ("cash_level", "support")),
    (
        "advice-outside",
        "Advice outside the centres, through organisations that people trust",
        ("outreach", "information"),
    ),
    ("fast-embassies", "Embassies that answer within a month", ("embassy_places", "process")),
    ("more-removal", "Twice the places for removal", ("removal_places", "coercion")),
)
NASTY = (
    ("plain", "<script>alert('x')</script> & \"quotes\" $5 $x^2$", None),
    (
        "arabic",
        "\u0627\u0644\u0639\u0648\u062f\u0629 \u0627\u0644\u0637\u0648\u0639\u064a\u0629",
        ("cash_level", "support"),
    ),
    ("chinese", "\u81ea\u613f\u8fd4\u56de\u652f\u6301\u52a0\u500d", ("cash_level", "support")),
    (
        "dari-and-long",
        "\u00c6\u00f8\u00e5 \u010d\u0161\u017e <b>bold</b> " + "Donaudampfschifffahrtsgesellschaft" * 3,
        ("outreach", "information"),
    ),
)


def _scenario(key: str, name: str, lever: tuple[str, str] | None) -> dict:
    changes = []
    if lever:
        source = "Sonsterudbraten 2018 (Fafo), <section 4>"
        texts = dict(
            unit="times today's", meaning="What it sets", baseline="1", here="2 from 2013-01", source=source
        )
        changes = [dict(lever=lever[0], kind=lever[1], **texts)]
    coercion = bool(lever) and lever[1] == "coercion"
    asks = "What would it do, and for whom?"
    return dict(key=key, name=name, asks=asks, coercion=coercion, changes=changes)


def make_tables(
    scenarios=SCENARIOS, draws: int = 40, groups: bool = True, fitted: bool = False
) -> StudyTables:
    """Tables of these scenarios; `fitted`: also of drivers, targets and patterns."""
    chance = np.random.default_rng(7)
    levels, differences, bands, endings = [], [], [], []
    one = draws == 1
    more: dict[str, list[dict]] = {"waits": [], "flows": [], "crossings": [], "spread": []}
    for i, (key, *_) in enumerate(scenarios):
        for by, group, part in _cells(groups):
            for measure, (_, _, per, base) in MEASURES.items():
                small = by == "origin" and group == "Somalia"
                where = dict(scenario=key, group_by=by, group=group, measure=measure)
                size = part if per in ("count", "NOK") else 1.0
                if measure in CONTRASTS:
                    if i and by == "all":
                        differences.append({**where, **_contrast(measure, i, one)})
                    continue
                shift = (
                    0.0
                    if (i == 0 or (i == 3 and measure.startswith("knowledge")))
                    else base * size * chance.normal(0.06, 0.1)
                )
                spread = abs(shift) * chance.uniform(0.5, 1.6)
                mc = np.nan if one else spread * 0.12
                value = base * size + shift
                low, high = (np.nan, np.nan) if one else (value * 0.8, value * 1.22)
                cell = {"cell": 5 if small else 900, "suppressed": small}
                levels.append(
                    {
                        **where,
                        "value": value,
                        "low": low,
                        "high": high,
                        "mc_error": mc + value * 0.002,
                        **cell,
                    }
                )
                if i:
                    ends = (np.nan, np.nan) if one else (shift - spread, shift + 1.1 * spread)
                    sure = np.nan if one else float(np.clip(0.5 + abs(shift) / (spread * 3 + 1e-9), 0.5, 1))
                    differences.append(
                        {
                            **where,
                            "baseline": base * size,
                            "value": value,
                            "difference": shift,
                            "low": ends[0],
                            "high": ends[1],
                            "mc_error": mc,
                            "sign_share": sure,
                            "suppressed": small,
                        }
                    )
        more["waits"] += _waits(key, i, one)
        more["flows"] += _flows(key, i, one) if i else []
        more["crossings"] += _crossings(key, i, one) if i else []
        more["spread"] += _spread(key, i) if i and not one else []
        bands += _bands(key, i, one)
        endings += _endings(key, i, one)
    measures = {
        m: dict(
            label=label, unit=unit, per=per, window="measured 2012-01 to 2016-12", meaning=f"What {m} means"
        )
        for m, (label, unit, per, _) in MEASURES.items()
    }
    provenance = dict(
        command=f"avrr compare {' '.join(s[0] for s in scenarios)} --draws {draws} --seed 1",
        version="0.1.0",
        commit="0123abc",
        seed=1,
        draws=draws,
        replicates=2,
        size=20000,
        units_represented=161000,
        months=60,
        interval=0.9,
        created_by="avrr compare",
        evidence_hash="ab" * 32,
        scenario_hashes={s[0]: "cd" * 32 for s in scenarios},
        libraries={"numpy": "2.4.0", "numba": "0.68"},
        weights="prior",
    )
    return StudyTables(
        "What a cash level buys",
        [_scenario(*s) for s in scenarios],
        measures,
        framed("levels", levels),
        framed("differences", differences),
        framed("bands", bands),
        framed("endings", endings),
        provenance,
        [remark("synthetic_people"), remark("as_written", text="Weights of process are judgement.")],
        **{name: framed(name, rows) for name, rows in more.items()},
        **(fit_tables() if fitted else {}),
    )


def _cells(groups: bool):
    yield "all", "all", 1.0
    for by, names in GROUPS.items() if groups else ():
        for group in names:
            yield by, group, 1 / len(names)


def _contrast(measure: str, i: int, one: bool) -> dict:
    cost = np.nan if i == 2 else 183_000.0
    value = {
        "additional_returns": 140.0 * i,
        "additional_assisted": 190.0 * i,
        "additional_unassisted": -60.0 * i,
        "additional_removed": 10.0 * i,
        "deadweight": 0.71,
        "pulled_forward": 0.12,
        "cost_per_additional": cost,
    }[measure]
    ends = (np.nan, np.nan) if one else (value * 0.4, value * 1.7)
    return dict(
        baseline=np.nan,
        value=value,
        difference=value,
        low=ends[0],
        high=ends[1],
        mc_error=np.nan if one else value * 0.05,
        sign_share=np.nan,
        suppressed=False,
    )


def _bands(key: str, i: int, one: bool) -> list[dict]:
    t = np.arange(60)
    low, high = (np.nan, np.nan) if one else (0.8, 1.25)
    curves = {
        "applications": 180 + 20 * np.sin(t / 6) + 12 * i,
        "assisted": 118 + 15 * np.sin(t / 6 - 1) + 9 * i,
        "drop_outs": 50 + 4 * np.sin(t / 5) + i,
        "knowledge_centre": 0.55 + 0.002 * t,
        "knowledge_private": 0.31 + 0.001 * t + 0.03 * i,
        "trust_centre": 0.46 - 0.0005 * t,
        "trust_private": 0.42 + 0.01 * i - 0.0003 * t,
        "uptake_cumulative": (0.09 + 0.008 * i) * (1 - np.exp(-t / 20)),
        "drop_out_rate": 0.31 + 0.02 * np.sin(t / 7) - 0.008 * i,
    }
    return [
        dict(
            scenario=key,
            month=f"{2012 + m // 12}-{m % 12 + 1:02d}",
            measure=measure,
            value=v,
            low=v * low,
            high=v * high,
        )
        for measure, curve in curves.items()
        for m, v in enumerate(curve)
    ]


def _endings(key: str, i: int, one: bool) -> list[dict]:
    weights = {
        ("booked", "departed"): 55 + i,
        ("applied", "withdrawn"): 7,
        ("approved", "withdrawn"): 5,
        ("documented", "withdrawn"): 2,
        ("booked", "withdrawn"): 1.5,
        ("applied", "refused"): 6,
        ("approved", "documents"): 8 - i,
        ("applied", "disappeared"): 3,
        ("approved", "disappeared"): 4,
        ("documented", "disappeared"): 1,
        ("applied", "removed"): 2,
        ("applied", "granted"): 1.2,
        ("applied", "protected"): 0.4,
        ("approved", "open"): 5,
        ("documented", "open"): 2,
    }
    total = sum(weights.values())
    return [
        dict(
            scenario=key,
            stage=s,
            closing=c,
            share=w / total,
            low=np.nan if one else 0.8 * w / total,
            high=np.nan if one else 1.2 * w / total,
        )
        for (s, c), w in weights.items()
    ]


def _waits(key: str, i: int, one: bool) -> list[dict]:
    quantiles = {"to_apply": (2, 5, 11, 19, 31), "in_process": (1, 2, 4, 6, 10)}
    return [
        dict(
            scenario=key,
            what=what,
            group_by="all",
            group="all",
            quantile=q,
            value=v - 0.2 * i,
            low=np.nan if one else 0.8 * v,
            high=np.nan if one else 1.3 * v,
            suppressed=False,
        )
        for what, values in quantiles.items()
        for q, v in zip((0.1, 0.25, 0.5, 0.75, 0.9), values, strict=True)
    ]


FLOWS = {
    ("present", "assisted"): 6.1,
    ("removed", "assisted"): 1.3,
    ("unassisted", "assisted"): 2.2,
    ("assisted", "present"): 3.4,
    ("moved_on", "assisted"): 1.1,
    ("present", "removed"): 0.4,
    ("granted", "present"): 0.2,
    ("assisted", "moved_on"): 0.6,
}


def _flows(key: str, i: int, one: bool) -> list[dict]:
    moved = {pair: v * (0.6 + 0.2 * i) for pair, v in FLOWS.items()}
    stay = dict(
        present=420.0, assisted=71.0, unassisted=33.0, removed=140.0, transferred=62.0, moved_on=151.0
    )
    stay["granted"] = 1000 - sum(moved.values()) - sum(stay.values())
    rows = {**{(o, o): v for o, v in stay.items()}, **moved}
    return [
        dict(
            scenario=key,
            baseline_outcome=a,
            outcome=b,
            per_1000=v,
            low=np.nan if one else 0.5 * v,
            high=np.nan if one else 1.7 * v,
            mc_error=np.nan if one else 0.05 * v,
            frechet_low=0.0,
            frechet_high=min(1000.0, 9 * v),
        )
        for (a, b), v in rows.items()
    ]


def _crossings(key: str, i: int, one: bool) -> list[dict]:
    values = {"net": 330.0 + 20 * i, "gained": 690.0 + 20 * i, "lost": 360.0, "displaced_in_queue": 281.0}
    return [
        dict(
            scenario=key,
            item=item,
            value=v,
            low=np.nan if one else 0.4 * v,
            high=np.nan if one else 1.5 * v,
            mc_error=np.nan if one else 11.0,
            frechet_low=v if item == "net" else 0.0,
            frechet_high=v if item == "net" else 7 * v,
        )
        for item, v in values.items()
    ]


def _spread(key: str, i: int) -> list[dict]:
    shares = {
        "confirmed": 0.02,
        "probable": 0.36,
        "inconclusive": 0.21,
        "ungraded": 0.29,
        "chance": 0.08,
        "lack_of_fit": 0.04,
    }
    r2 = 0.62 if i == 2 else 0.91
    return [
        dict(scenario=key, measure=measure, component=c, share=s, r2=r2, shown=r2 >= 0.8)
        for measure in ("uptake_24", "drop_out_12", "additional_returns")
        for c, s in shares.items()
    ]


def fit_tables() -> dict[str, pd.DataFrame]:
    """Made-up drivers, targets and patterns."""
    chance = np.random.default_rng(3)
    drivers, targets = [], []
    for k in range(24):
        middle, width = float(chance.normal(0, 1)), float(chance.uniform(0.3, 2))
        contraction = float(np.clip(chance.normal(0.15, 0.2), 0, 0.9))
        part, fitted = width * (1 - contraction), k < 20
        drivers.append(
            dict(
                weight=f"weight_{k}",
                meaning=f"What weight {k} does <to people>",
                unit="log odds",
                grade=("confirmed", "probable", "inconclusive", "ungraded")[k % 4],
                basis="judgement",
                source="Sonsterudbraten 2018 (Fafo), section 4",
                prior_low=middle - width,
                prior_median=middle,
                prior_high=middle + width,
                posterior_low=middle - part if fitted else np.nan,
                posterior_median=middle + 0.1 * part if fitted else np.nan,
                posterior_high=middle + part if fitted else np.nan,
                contraction=contraction if fitted else np.nan,
                threshold=0.31 if fitted else np.nan,
                informed=contraction > 0.31 if fitted else None,
            )
        )
    for k in range(9):
        value = float(chance.uniform(0.1, 900))
        middle = value * float(chance.uniform(0.6, 1.6))
        verdict = "not tested" if k == 8 else "inside" if 0.7 < middle / value < 1.3 else "outside"
        targets.append(
            dict(
                id=f"T{k:02d}",
                figure="share of applicants who withdraw",
                measure="ended_withdrawn",
                window="2012 to 2015",
                source="a report, page 7",
                role="fit" if k < 6 else "check",
                value=value,
                standard_error=0.05 * value,
                discrepancy=0.1 * value,
                predictive_low=np.nan if k == 8 else 0.7 * middle,
                predictive_median=np.nan if k == 8 else middle,
                predictive_high=np.nan if k == 8 else 1.4 * middle,
                verdict=verdict,
                note="of another period",
            )
        )
    patterns = [
        dict(
            id=f"P{k}",
            statement="Applications rise before an announced cut",
            label=("imposed", "calibrated", "emerging", "-")[k % 4],
            verdict=("hit", "missed", "not decidable")[k % 3],
            probability=0.93 - 0.2 * (k % 3),
            draws=200,
            reading="rises in the three months before",
        )
        for k in range(7)
    ]
    return {
        "drivers": framed("drivers", drivers),
        "targets": framed("targets", targets),
        "patterns": framed("patterns", patterns),
    }
