"""What a scenario changes against its baseline, as lines a reader can check; and whether that is coercion, by
one rule for tables, pages, shell and sweeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from avrr_sim.dates import month_text
from avrr_sim.offers.offer import AmountStep, Change, Offer
from avrr_sim.places.origins import SERIES
from avrr_sim.policy import LEVERS, TIMING, TIMINGS, Step
from avrr_sim.programmes.amounts import AMOUNTS
from avrr_sim.scenario import Scenario
from avrr_sim.schema import known_weights

# how lines name a weight, an amount, an offer, and an origin with its series
_WEIGHT, _AMOUNT, _OFFER, _SERIES = "weight ", "amount ", "offer ", ": "
TIMING_TOLD = {
    "kind": "information",
    "unit": "named plan or intensity by status",
    "meaning": "When, in the asylum path, advisors inform",
    "source": "judgement; Sonsterudbraten 2018 (Fafo) reports that the best timing is disputed",
}
"""What is told of the timing of information, which is no number and no lever of its own."""


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

    Levers first, then aimed information, origins' series, weights and what is assumed of them, programmes,
    amounts and offers, and the protection gate.
    """
    first = (_levers, _information, _series, _weights, _hypothesis)
    parts = (*first, _programme, _country_programmes, _amounts, _offers, _protection_gate)
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
        return TIMING_TOLD, next(iter(TIMINGS))
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


def _programme(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    if baseline.general_programme != scenario.general_programme:
        yield {
            "lever": "programme",
            "kind": "support",
            "unit": "programme",
            "meaning": "The general programme of assisted return",
            "source": "programme files",
            "baseline": baseline.general_programme.name,
            "here": scenario.general_programme.name,
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


def _amounts(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    for name in sorted(set(baseline.amounts) | set(scenario.amounts)):
        ours, theirs = baseline.amounts.get(name, ()), scenario.amounts.get(name, ())
        if ours != theirs:
            yield {
                "lever": f"{_AMOUNT}{name}",
                "kind": "support",
                "unit": scenario.general_programme.currency,
                "meaning": AMOUNTS[name],
                "source": "the change is the scenario's own; amounts: programme files",
                "baseline": ", ".join(map(amount_text, ours)) or "as in the programme's file",
                "here": ", ".join(map(amount_text, theirs)) or "as in the programme's file",
            }


def amount_text(step: AmountStep) -> str:
    """A change of an amount as text: '10,000 more from 2014-01 (announced 2013-07), for iraq'."""
    told = f" (announced {month_text(step.announced)})" if step.announced is not None else ""
    whom = f", for {', '.join(step.origins)}" if step.origins else ""
    return f"{change_text(step.change)} from {month_text(step.start)}{told}{whom}"


def change_text(change: Change) -> str:
    """What becomes of an amount, as text: '25,000', '10,000 more', '1.5 times'."""
    if change.times == 0.0:
        return f"{change.add:,g}"
    if change.times == 1.0:
        return f"{abs(change.add):,g} {'less' if change.add < 0 else 'more'}"
    return f"{change.times:g} times"


def _offers(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    ours, theirs = ({o.name: o for o in s.offers} for s in (baseline, scenario))
    for name in dict.fromkeys([*ours, *theirs]):
        if ours.get(name) != theirs.get(name):
            yield {
                "lever": f"{_OFFER}{name}",
                "kind": "support",
                "unit": scenario.general_programme.currency,
                "meaning": "An offer beside the programme",
                "source": "the scenario's own",
                "baseline": offer_text(ours[name]) if name in ours else "none",
                "here": offer_text(theirs[name]) if name in theirs else "none",
            }


def offer_text(offer: Offer) -> str:
    """An offer as text: what it gives, to whom, and when."""
    written = offer.written()
    parts = [", ".join(f"{name} {change_text(change)}" for name, change in offer.gives)]
    parts += [f"for {_plain(written['for'])}"] if "for" in written else []
    parts += [f"{key} {written[key]}" for key in ("from", "until", "announced") if key in written]
    if offer.first is not None:
        parts.append(f"for the first {offer.first:,} {offer.counted}")
    if offer.within is not None:
        parts.append(f"to be claimed within {offer.within} months of {offer.since}")
    return "; ".join([*parts, *(["opens the programme"] if offer.opens else [])])


def _plain(said: Mapping[str, object]) -> str:
    """Whom an offer is for, as text."""
    return ", ".join(
        f"{name.replace('_', ' ')} {' or '.join(value) if isinstance(value, list) else _ends(value)}"
        for name, value in said.items()
    )


def _ends(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(f"{key} {end}" for key, end in value.items()) if isinstance(value, dict) else str(value)


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
