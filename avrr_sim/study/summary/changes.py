"""What a scenario changes against its baseline, as lines a reader can check; and whether that is coercion, by
one rule for tables, pages, shell and sweeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from avrr_sim.dates import month_text
from avrr_sim.places.origins import SERIES
from avrr_sim.policy import LEVERS, TIMING, TIMINGS, Step
from avrr_sim.scenario import Scenario
from avrr_sim.schema import known_weights

_WEIGHT, _SERIES = "weight ", ": "  # how lines name a weight, and an origin with its series
_TIMING_LINE = {
    "kind": "information",
    "unit": "named plan or intensity by status",
    "meaning": "When, in the asylum path, advisors inform",
    "source": "judgement; Sonsterudbraten 2018 (Fafo) reports that the best timing is disputed",
}


def steps_text(steps: Sequence[Step], default: str) -> str:
    """Dated steps as text: '2 from 2012-01, 0 from 2014-01 (announced 2013-07)'; the default where there are
    none.
    """
    parts = []
    for step in steps:
        value = (
            ", ".join(f"{k} {v:g}" for k, v in step.value.items())
            if isinstance(step.value, Mapping)
            else (step.value if isinstance(step.value, str) else f"{step.value:g}")
        )
        told = f" (announced {month_text(step.announced)})" if step.announced is not None else ""
        parts.append(f"{value} from {month_text(step.start)}{told}")
    return ", ".join(parts) or default


Line = dict[str, str]
"""What one change is: lever, kind, unit, meaning, baseline, here, source."""


def changes(baseline: Scenario, scenario: Scenario) -> list[Line]:
    """One line a change: lever, kind, unit, meaning, baseline, here, source; empty where nothing differs.

    Levers first, then aimed information, origins' series, weights and what is assumed of them, and the rest.
    """
    parts = (_levers, _information, _series, _weights, _hypothesis, _country_programmes, _protection_gate)
    return [line for part in parts for line in part(baseline, scenario)]


def _levers(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    for name in sorted(set(baseline.levers) | set(scenario.levers)):
        ours, theirs = baseline.levers.get(name, ()), scenario.levers.get(name, ())
        if list(ours) == list(theirs):
            continue
        told, default = _lever(name)
        said = {"baseline": steps_text(ours, default), "here": steps_text(theirs, default)}
        yield {"lever": name, **told, **said}


def _lever(name: str) -> tuple[Line, str]:
    """(kind, unit, meaning and source of a lever, its default as text)."""
    if name == TIMING:
        return _TIMING_LINE, next(iter(TIMINGS))
    lever = LEVERS[name]
    source = f"the value is the scenario's own; default: {lever.source}"
    told = {"kind": lever.kind, "unit": lever.unit, "meaning": lever.meaning, "source": source}
    return told, f"{lever.default:g}"


def _series(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    for origin in sorted(set(baseline.series) | set(scenario.series)):
        ours, theirs = baseline.series.get(origin, {}), scenario.series.get(origin, {})
        for name in sorted(set(ours) | set(theirs)):
            if list(ours.get(name, ())) != list(theirs.get(name, ())):
                known = steps_text(scenario.place.countries[origin].series[name], "")
                yield {
                    "lever": f"{origin}{_SERIES}{name}",
                    "kind": "circumstance",
                    "unit": SERIES[name].unit,
                    "meaning": SERIES[name].meaning,
                    "source": SERIES[name].source,
                    "baseline": steps_text(ours.get(name, ()), known),
                    "here": steps_text(theirs.get(name, ()), known),
                }


def _weights(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    weights = known_weights()
    for name in sorted(set(baseline.weights) | set(scenario.weights)):
        ours, theirs = baseline.weights.get(name), scenario.weights.get(name)
        if ours != theirs:
            said = ["drawn from its prior" if value is None else f"{value:g}" for value in (ours, theirs)]
            yield {
                "lever": f"{_WEIGHT}{name}",
                "kind": "assumption",
                "unit": weights[name].unit,
                "meaning": weights[name].meaning,
                "source": f"{weights[name].source}, {weights[name].locator}",
                "baseline": said[0],
                "here": said[1],
            }


def _information(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    if baseline.information != scenario.information:
        ours, theirs = (
            "; ".join(entry.told() for entry in s.information) or "none" for s in (baseline, scenario)
        )
        yield {
            "lever": "information",
            "kind": "information",
            "unit": "times the contacts, and trust that a contact builds",
            "meaning": "Information aimed by channel, abode, status and origin",
            "source": "the values are the scenario's own",
            "baseline": ours,
            "here": theirs,
        }


def _hypothesis(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    if baseline.hypothesis != scenario.hypothesis:
        yield {
            "lever": "hypothesis",
            "kind": "assumption",
            "unit": "named set of priors",
            "meaning": "The reading of what the literature disputes",
            "source": "judgement; Sonsterudbraten 2018 (Fafo) reports the dispute",
            "baseline": baseline.hypothesis,
            "here": scenario.hypothesis,
        }


def _country_programmes(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    if baseline.country_programmes != scenario.country_programmes:
        yield {
            "lever": "country_programmes",
            "kind": "support",
            "unit": "programmes",
            "meaning": "Country programmes beside the general one",
            "source": "programme files",
            "baseline": ", ".join(baseline.country_programmes) or "none",
            "here": ", ".join(scenario.country_programmes) or "none",
        }


def _protection_gate(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    if baseline.protection_gate != scenario.protection_gate:
        yield {
            "lever": "protection_gate",
            "kind": "safeguard",
            "unit": "security index",
            "meaning": "True security below which no return is carried out",
            "source": "judgement",
            "baseline": f"{baseline.protection_gate:g}",
            "here": f"{scenario.protection_gate:g}",
        }
