"""What a scenario changes against its baseline, as lines a reader can check; and whether that is coercion, by
one rule for tables, pages, shell and sweeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

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
    parts = [
        f"{value_text(step.value)} from {month_text(step.start)}{announced_text(step.announced)}"
        for step in steps
    ]
    return ", ".join(parts) or default


def value_text(value: float | str | Mapping[str, float]) -> str:
    """A value of a lever or series as text."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {each:g}" for key, each in value.items())
    return value if isinstance(value, str) else f"{value:g}"


def announced_text(month: int | None) -> str:
    """When a change was announced, as text behind it; empty where it was not."""
    return f" (announced {month_text(month)})" if month is not None else ""


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


@dataclass(frozen=True)
class _Told:
    """What is told of a thing that may change, whatever it changes to."""

    kind: str
    unit: str
    meaning: str
    source: str

    def line(self, name: str, baseline: str, here: str) -> Line:
        return {"lever": name, **asdict(self), "baseline": baseline, "here": here}


_INFORMATION = _Told(
    "information",
    "times the contacts, and trust that a contact builds",
    "Information aimed by channel, abode, status and origin",
    "the values are the scenario's own",
)
_HYPOTHESIS = _Told(
    "assumption",
    "named set of priors",
    "The reading of what the literature disputes",
    "judgement; Sonsterudbraten 2018 (Fafo) reports the dispute",
)
_PROGRAMME = _Told("support", "programme", "The general programme of assisted return", "programme files")
_COUNTRY = _Told("support", "programmes", "Country programmes beside the general one", "programme files")
_GATE = _Told(
    "safeguard", "security index", "True security below which no return is carried out", "judgement"
)


def _levers(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    for name in sorted(set(baseline.levers) | set(scenario.levers)):
        ours, theirs = baseline.levers.get(name, ()), scenario.levers.get(name, ())
        if list(ours) != list(theirs):
            told, default = _lever(name)
            yield told.line(name, steps_text(ours, default), steps_text(theirs, default))


def _lever(name: str) -> tuple[_Told, str]:
    """(what is told of a lever, its default as text)."""
    if name == TIMING:
        return _Told(**TIMING_TOLD), next(iter(TIMINGS))
    lever = LEVERS[name]
    source = f"the value is the scenario's own; default: {lever.source}"
    return _Told(lever.kind, lever.unit, lever.meaning, source), f"{lever.default:g}"


def _series(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    for origin in sorted(set(baseline.series) | set(scenario.series)):
        ours, theirs = baseline.series.get(origin, {}), scenario.series.get(origin, {})
        for name in sorted(set(ours) | set(theirs)):
            if list(ours.get(name, ())) != list(theirs.get(name, ())):
                known = steps_text(scenario.place.countries[origin].series[name], "")
                told = _Told("circumstance", SERIES[name].unit, SERIES[name].meaning, SERIES[name].source)
                said = (steps_text(each.get(name, ()), known) for each in (ours, theirs))
                yield told.line(f"{origin}{_SERIES}{name}", *said)


def _weights(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    weights = known_weights()
    for name in sorted(set(baseline.weights) | set(scenario.weights)):
        ours, theirs = baseline.weights.get(name), scenario.weights.get(name)
        if ours != theirs:
            weight = weights[name]
            told = _Told("assumption", weight.unit, weight.meaning, f"{weight.source}, {weight.locator}")
            yield told.line(f"{_WEIGHT}{name}", weight_text(ours), weight_text(theirs))


def weight_text(value: float | None) -> str:
    """A weight as a scenario has it, as text; None: not pinned."""
    return "drawn from its prior" if value is None else f"{value:g}"


def _information(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    if baseline.information != scenario.information:
        said = ("; ".join(aim.told() for aim in s.information) or "none" for s in (baseline, scenario))
        yield _INFORMATION.line("information", *said)


def _hypothesis(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    if baseline.hypothesis != scenario.hypothesis:
        yield _HYPOTHESIS.line("hypothesis", baseline.hypothesis, scenario.hypothesis)


def _programme(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    ours, theirs = baseline.general_programme, scenario.general_programme
    if ours != theirs:
        yield _PROGRAMME.line("programme", ours.name, theirs.name)


def _country_programmes(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    if baseline.country_programmes != scenario.country_programmes:
        said = (", ".join(s.country_programmes) or "none" for s in (baseline, scenario))
        yield _COUNTRY.line("country_programmes", *said)


def _amounts(baseline: Scenario, scenario: Scenario) -> Iterator[Line]:
    for name in sorted(set(baseline.amounts) | set(scenario.amounts)):
        ours, theirs = baseline.amounts.get(name, ()), scenario.amounts.get(name, ())
        if ours != theirs:
            source = "the change is the scenario's own; amounts: programme files"
            told = _Told("support", scenario.general_programme.currency, AMOUNTS[name], source)
            said = (", ".join(map(amount_text, steps)) or AS_STATED for steps in (ours, theirs))
            yield told.line(f"{_AMOUNT}{name}", *said)


AS_STATED = "as in the programme's file"
"""What is said of an amount that a scenario leaves alone."""


def amount_text(step: AmountStep) -> str:
    """A change of an amount as text: '10,000 more from 2014-01 (announced 2013-07), for iraq'."""
    whom = f", for {', '.join(step.origins)}" if step.origins else ""
    told = announced_text(step.announced)
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
            currency = scenario.general_programme.currency
            told = _Told("support", currency, "An offer beside the programme", "the scenario's own")
            said = (offer_text(each[name]) if name in each else "none" for each in (ours, theirs))
            yield told.line(f"{_OFFER}{name}", *said)


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
    ours, theirs = baseline.protection_gate, scenario.protection_gate
    if ours != theirs:
        yield _GATE.line("protection_gate", f"{ours:g}", f"{theirs:g}")
