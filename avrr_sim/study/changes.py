"""What a scenario changes against its baseline, as lines a reader can check; and whether that is coercion, by one rule for tables, pages, shell and sweeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from avrr_sim.dates import month_text
from avrr_sim.places.place import SERIES, origins
from avrr_sim.policy import LEVERS, TIMING, TIMINGS, Step
from avrr_sim.schema import known_weights

_WEIGHT, _SERIES = "weight ", ": "  # how lines name a weight, and an origin with its series
_TIMING_LINE = {"kind": "information", "unit": "named plan or intensity by status", "meaning": "When, in the asylum path, advisors inform",
                "source": "judgement; Sonsterudbraten 2018 (Fafo) reports that the best timing is disputed"}

COERCIVE_KINDS = ("coercion", "restriction")
"""Kinds of levers that press people."""
COERCIVE_SERIES = ("practicability",)
"""Series of origins that set how many can be removed."""
COERCIVE_WEIGHTS = frozenset({"removal_after_deadline", "removal_dublin", "removal_unregistered", "private_from_removal", "hidden_from_removal"})
"""Weights that set how often people are removed or transferred: moving one is moving removal."""
REACTION_WEIGHTS = frozenset({"threat_apply", "threat_move", "threat_under", "ban", "risk_ahead_pending", "risk_ahead_deadline", "witness", "witness_other", "peer_removal",
                              "ordered_departure", "livelihood", "housing_share", "housing_lost", "private_means", "hidden_means"})
"""Weights that speak of removal or withdrawn rights and say only how people take them: assumptions about people, no act of a state."""

COERCION = "{names}: moves coercion or restrictions, studied for the consequences only. It is never ranked, recommended or costed as a saving."
EFFECTS_ALONE = ("The shares who apply under pressure or misinformed are not worked out here: a rise in uptake is no measure of free choice. "
                 "`avrr compare` works them out.")
"""Said beside effects on uptake that stand without those shares."""


def steps_text(steps: Sequence[Step], default: str) -> str:
    """Dated steps as text: '2 from 2012-01, 0 from 2014-01 (announced 2013-07)'; the default where there are none."""
    parts = []
    for step in steps:
        value = ", ".join(f"{k} {v:g}" for k, v in step.value.items()) if isinstance(step.value, Mapping) else (
            step.value if isinstance(step.value, str) else f"{step.value:g}")
        told = f" (announced {month_text(step.announced)})" if step.announced is not None else ""
        parts.append(f"{value} from {month_text(step.start)}{told}")
    return ", ".join(parts) or default


def changes(baseline, scenario) -> list[dict]:
    """One dict a change: lever, kind, unit, meaning, baseline, here, source; empty where nothing differs.

    Levers first, then origins' series, pinned weights, and the protection gate.
    """
    lines = []
    for name in sorted(set(baseline.levers) | set(scenario.levers)):
        ours, theirs = baseline.levers.get(name, ()), scenario.levers.get(name, ())
        if list(ours) == list(theirs):
            continue
        if name == TIMING:
            line, default = _TIMING_LINE, next(iter(TIMINGS))
        else:
            lever = LEVERS[name]
            line, default = {"kind": lever.kind, "unit": lever.unit, "meaning": lever.meaning,
                             "source": f"the value is the scenario's own; default: {lever.source}"}, f"{lever.default:g}"
        lines.append({"lever": name, **line, "baseline": steps_text(ours, default), "here": steps_text(theirs, default)})
    for origin in sorted(set(baseline.series) | set(scenario.series)):
        ours, theirs = baseline.series.get(origin, {}), scenario.series.get(origin, {})
        for name in sorted(set(ours) | set(theirs)):
            if list(ours.get(name, ())) != list(theirs.get(name, ())):
                known = steps_text(origins()[origin].series[name], "")
                lines.append({"lever": f"{origin}{_SERIES}{name}", "kind": "circumstance", "unit": SERIES[name].unit, "meaning": SERIES[name].meaning,
                              "source": SERIES[name].source, "baseline": steps_text(ours.get(name, ()), known), "here": steps_text(theirs.get(name, ()), known)})
    weights = known_weights()
    for name in sorted(set(baseline.weights) | set(scenario.weights)):
        ours, theirs = baseline.weights.get(name), scenario.weights.get(name)
        if ours != theirs:
            said = ["drawn from its prior" if value is None else f"{value:g}" for value in (ours, theirs)]
            lines.append({"lever": f"{_WEIGHT}{name}", "kind": "assumption", "unit": weights[name].unit, "meaning": weights[name].meaning,
                          "source": f"{weights[name].source}, {weights[name].locator}", "baseline": said[0], "here": said[1]})
    if baseline.country_programmes != scenario.country_programmes:
        said = [", ".join(names) or "none" for names in (baseline.country_programmes, scenario.country_programmes)]
        lines.append({"lever": "country_programmes", "kind": "support", "unit": "programmes", "meaning": "Country programmes beside the general one",
                      "source": "programme files", "baseline": said[0], "here": said[1]})
    if baseline.protection_gate != scenario.protection_gate:
        lines.append({"lever": "protection_gate", "kind": "safeguard", "unit": "security index", "meaning": "True security below which no return is carried out",
                      "source": "judgement", "baseline": f"{baseline.protection_gate:g}", "here": f"{scenario.protection_gate:g}"})
    return lines


def is_coercion(place: str, name: str) -> bool:
    """Whether a lever, an origin's series or a weight (`place`: levers, series or weights) presses people; all else (amounts) does not."""
    if place == "levers":
        return name in LEVERS and LEVERS[name].kind in COERCIVE_KINDS
    return name in {"series": COERCIVE_SERIES, "weights": COERCIVE_WEIGHTS}.get(place, ())


def presses(line: Mapping) -> bool:
    """Whether a line of `changes`, also one that was stored, moves coercion or a restriction."""
    if line["kind"] in COERCIVE_KINDS:
        return True
    if line["lever"].startswith(_WEIGHT):
        return is_coercion("weights", line["lever"].removeprefix(_WEIGHT))
    return _SERIES in line["lever"] and is_coercion("series", line["lever"].rpartition(_SERIES)[2])


def moves_coercion(baseline, scenario) -> bool:
    """Whether a scenario moves coercion or a restriction, by lever, weight or series: then no sum of money is set against its effects."""
    return any(map(presses, changes(baseline, scenario)))


def notes_on_effects(baseline, scenarios: Sequence, shown: Collection[str]) -> list[str]:
    """What must stand beside effects of those `scenarios` whose keys are `shown`, where shares of pressure are not: which are coercion, and what is missing."""
    pressing = [s.key.replace("-", " ") for s in scenarios if s.key in shown and moves_coercion(baseline, s)]
    return [*([COERCION.format(names=", ".join(pressing))] if pressing else []), EFFECTS_ALONE]


def may_be_costed(baseline, scenario) -> bool:
    """Whether a cost per additional return means anything: only measures that a government pays for are moved, and no coercion."""
    return all(line["kind"] in ("support", "information", "process") for line in changes(baseline, scenario))
