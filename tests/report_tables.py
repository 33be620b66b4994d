"""Made-up tables of a plausible size and shape, for tests of the report; nothing in them comes from the
model.
"""

from __future__ import annotations

import numpy as np
from report_answer_tables import answer_tables
from report_fit_tables import fit_tables

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
    one = draws == 1
    levels, differences = _levels_and_differences(scenarios, groups, one)
    keys = [key for key, *_ in scenarios]
    rows = {
        "bands": [row for i, key in enumerate(keys) for row in _bands(key, i, one)],
        "endings": [row for i, key in enumerate(keys) for row in _endings(key, i, one)],
        "waits": [row for i, key in enumerate(keys) for row in _waits(key, i, one)],
        "flows": [row for i, key in enumerate(keys) if i for row in _flows(key, i, one)],
        "crossings": [row for i, key in enumerate(keys) if i for row in _crossings(key, i, one)],
        "spread": [row for i, key in enumerate(keys) if i and not one for row in _spread(key, i)],
    }
    rows["draws"] = [] if one else [row for i, key in enumerate(keys) if i for row in _draws(key, i, draws)]
    return StudyTables(
        title="What a cash level buys",
        scenarios=[_scenario(*s) for s in scenarios],
        measures=_measures(),
        levels=framed("levels", levels),
        differences=framed("differences", differences),
        provenance=_provenance(keys, draws),
        limits=[remark("synthetic_people"), remark("as_written", text="Weights of process are judgement.")],
        **{name: framed(name, found) for name, found in rows.items()},
        **answer_tables(keys, one),
        **(fit_tables() if fitted else {}),
    )


def _measures() -> dict[str, dict]:
    window = "measured 2012-01 to 2016-12"
    return {
        m: dict(label=label, unit=unit, per=per, window=window, meaning=f"What {m} means")
        for m, (label, unit, per, _) in MEASURES.items()
    }


def _provenance(keys: list[str], draws: int) -> dict:
    return dict(
        command=f"avrr compare {' '.join(keys)} --draws {draws} --seed 1",
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
        scenario_hashes={key: "cd" * 32 for key in keys},
        libraries={"numpy": "2.4.0", "numba": "0.68"},
        weights="prior",
    )


def _levels_and_differences(scenarios, groups: bool, one: bool) -> tuple[list[dict], list[dict]]:
    chance = np.random.default_rng(7)
    levels, differences = [], []
    for i, (key, *_) in enumerate(scenarios):
        for by, group, part in _cells(groups):
            for measure, (_, _, per, base) in MEASURES.items():
                where = dict(scenario=key, group_by=by, group=group, measure=measure)
                if measure in CONTRASTS:
                    if i and by == "all":
                        differences.append({**where, **_contrast(measure, i, one)})
                    continue
                same = i == 0 or (i == 3 and measure.startswith("knowledge"))
                level, difference = _told(
                    chance, base * (part if per in ("count", "NOK") else 1.0), same, one
                )
                small = by == "origin" and group == "Somalia"
                levels.append({**where, **level, "cell": 5 if small else 900, "suppressed": small})
                if i:
                    differences.append({**where, **difference, "suppressed": small})
    return levels, differences


def _told(chance: np.random.Generator, base: float, same: bool, one: bool) -> tuple[dict, dict]:
    """(a level, its difference from `base`) of one measure; `same`: nothing changes; `one`: a single draw."""
    shift = 0.0 if same else base * chance.normal(0.06, 0.1)
    spread = abs(shift) * chance.uniform(0.5, 1.6)
    mc, value = np.nan if one else spread * 0.12, base + shift
    low, high = (np.nan, np.nan) if one else (value * 0.8, value * 1.22)
    level = {"value": value, "low": low, "high": high, "mc_error": mc + value * 0.002}
    ends = (np.nan, np.nan) if one else (shift - spread, shift + 1.1 * spread)
    sure = np.nan if one else float(np.clip(0.5 + abs(shift) / (spread * 3 + 1e-9), 0.5, 1))
    difference = {"difference": shift, "low": ends[0], "high": ends[1], "mc_error": mc, "sign_share": sure}
    return level, {"baseline": base, "value": value, **difference}


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
            difference=0.06 * v if i else np.nan,
            difference_low=-0.02 * v if i and not one else np.nan,
            difference_high=0.11 * v if i and not one else np.nan,
        )
        for measure, curve in curves.items()
        for m, v in enumerate(curve)
    ]


def _draws(key: str, i: int, draws: int) -> list[dict]:
    chance = np.random.default_rng(i)
    return [
        dict(scenario=key, draw=d, measure="uptake_24", baseline=0.07, value=0.07 + x, difference=x)
        for d, x in enumerate(chance.normal(0.004 * (i - 2), 0.006, draws))
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
