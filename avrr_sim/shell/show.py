"""What the commands that only show something print: weights, programmes, levers, places."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table

from avrr_sim.dates import month_text
from avrr_sim.evidence import Weight, load_evidence, prior_of
from avrr_sim.hypotheses import Hypothesis, load_hypotheses
from avrr_sim.places.origins import SERIES, origin_names, origins
from avrr_sim.places.place import host, host_names
from avrr_sim.policy import LEVERS, TIMING, TIMINGS
from avrr_sim.programme import Programme, country_programme_names, programme, programme_names
from avrr_sim.programmes.amounts import AMOUNTS
from avrr_sim.refusals import unknown_name
from avrr_sim.shell.printing import console, print_json
from avrr_sim.version import VERSION


def show_version() -> None:
    """Print the version of the package with the hashes of what results depend on: the model (rules, evidence,
    places, programmes) and the fitted weights.
    """
    from avrr_sim.fingerprint import model_hash
    from avrr_sim.posterior import posterior_hash, posterior_shipped, stale

    fitted = posterior_hash() if posterior_shipped() else "none"
    print(f"avrr_sim {VERSION}, model {model_hash()}, posterior {fitted}")
    if reason := stale():
        print(f"The posterior is out of date: {reason}")


def show_evidence(name: str | None, as_json: bool) -> None:
    """Print all weights, or one."""
    weights = load_evidence()
    if name in load_hypotheses() and not as_json:
        _show_hypothesis(load_hypotheses()[name])
        return
    if name is not None and name not in weights:
        raise unknown_name("weight or hypothesis", name, [*weights, *load_hypotheses()])
    chosen = [weights[name]] if name else list(weights.values())
    if as_json:
        print_json([vars(weight) for weight in chosen])
        return
    if name:
        _show_weight(chosen[0])
        return
    table = Table(
        title=f"{len(chosen)} weights; `avrr evidence NAME` for one with its reference", title_justify="left"
    )
    for column in ("name", "meaning", "unit", "central", "grade", "basis"):
        table.add_column(column, no_wrap=column == "name")
    for weight in chosen:
        table.add_row(
            weight.name, weight.meaning, weight.unit, f"{weight.central:g}", weight.grade, weight.basis
        )
    console(170).print(table)
    print(
        "\nHypotheses that a scenario may choose (`hypothesis: NAME`), with narrower priors of some weights"
    )
    for each in load_hypotheses().values():
        priors = ", ".join(f"{weight} {median:g}" for weight, (median, _) in each.priors.items())
        print(f"{each.name:<12} {each.meaning} (medians: {priors})")


def _show_weight(weight: Weight) -> None:
    transform, location, spread = prior_of(weight)
    form = {"real": "normal", "exp": "log-normal", "logistic": "logit-normal"}[transform]
    for label, value in (
        ("weight", weight.name),
        ("meaning", weight.meaning),
        ("unit", weight.unit),
        ("central", f"{weight.central:g}"),
        ("prior", f"{form}, location {location:.4g}, spread {spread:.4g}"),
        ("grade", weight.grade),
        ("direction", weight.direction),
        ("basis", weight.basis),
        ("source", weight.source),
        ("locator", weight.locator),
        *(
            (f"under {each.name}", f"median {median:g}, spread {spread:g} on the scale of the prior")
            for each in load_hypotheses().values()
            if weight.name in each.priors
            for median, spread in [each.priors[weight.name]]
        ),
    ):
        print(f"{label:<10} {value}")


def _show_hypothesis(one: Hypothesis) -> None:
    for label, value in (
        ("hypothesis", one.name),
        ("meaning", one.meaning),
        *(
            (weight, f"median {median:g}, spread {spread:g} on the scale of the prior")
            for weight, (median, spread) in one.priors.items()
        ),
        ("source", one.source),
        ("locator", one.locator),
    ):
        print(f"{label:<18} {value}")


def show_programmes(name: str | None, as_json: bool) -> None:
    """Print all programmes, or one with every amount and its source."""
    known = [*programme_names(), *country_programme_names()]
    if name is not None and name not in known:
        raise unknown_name("programme", name, known)
    if name is None:
        found = [programme(key) for key in known]
        if as_json:
            print_json([{"key": p.key, "name": p.name, "part_of": p.part_of} for p in found])
            return
        for p in found:
            print(f"{p.key:<16} {p.name} ({p.currency})" + (f", part of {p.part_of}" if p.part_of else ""))
        return
    chosen = programme(name)
    if as_json:
        print_json(chosen.content)
        return
    covers = f"; covers {', '.join(chosen.covers)}" if chosen.covers else ""
    print(f"{chosen.name}; amounts in {chosen.currency}{covers}\n")
    console(190).print(_amounts_table(chosen))
    if chosen.services:
        console(190).print(_services_table(chosen))
    print("\nReadings\n" + "\n".join(f"- {text}" for text in chosen.readings))


def _money(value: float | None, central: float, currency: str) -> str:
    return (
        f"{value:,.0f} {currency}"
        if value is not None
        else f"unknown; prior around {central:,.0f} {currency}, judgement"
    )


def _amounts_table(chosen: Programme) -> Table:
    table = Table(title="Amounts", title_justify="left")
    for column in ("amount", "value", "from", "until", "origins", "source", "locator"):
        table.add_column(column)
    for key, entries in chosen.amounts.items():
        for e in entries:
            whom = e.origins if isinstance(e.origins, str) else ", ".join(e.origins or ("all",))
            share = "" if e.share == 1 else f" (share of units: {e.share:g}, judgement)"
            table.add_row(
                AMOUNTS[key] + share,
                _money(e.value, e.central, chosen.currency),
                month_text(e.start),
                month_text(e.end - 1) if e.end else "",
                whom.replace("_", " "),
                chosen.content["references"][e.reference],
                e.locator,
            )
    return table


def _services_table(chosen: Programme) -> Table:
    table = Table(title="Services (uptake and cost are judgements)", title_justify="left")
    for column in ("service", "stage", "for", "uptake", "cost a person", "source", "locator"):
        table.add_column(column)
    for s in chosen.services:
        table.add_row(
            s.name.replace("_", " "),
            s.stage.replace("_", " "),
            s.recipients,
            f"{100 * s.uptake:.0f} %",
            _money(s.cost, s.central, chosen.currency),
            chosen.content["references"][s.reference],
            s.locator,
        )
    return table


def show_levers(as_json: bool) -> None:
    """Print every lever."""
    if as_json:
        print_json({"levers": [vars(lever) for lever in LEVERS.values()], TIMING: TIMINGS})
        return
    table = Table(title="Levers of a scenario file", title_justify="left")
    for column in ("name", "kind", "range", "default", "unit", "meaning"):
        table.add_column(column, no_wrap=column == "name")
    for lever in LEVERS.values():
        table.add_row(
            lever.name,
            lever.kind,
            f"{lever.low:g} to {lever.high:g}",
            f"{lever.default:g}",
            lever.unit,
            lever.meaning,
        )
    table.add_row(
        TIMING,
        "information",
        ", ".join(TIMINGS),
        next(iter(TIMINGS)),
        "name, or a table of intensity by status",
        "When advisors inform",
    )
    console(170).print(table)


def show_places(name: str | None, as_json: bool) -> None:
    """Print the hosts and origins, or one with every number, its basis and source."""
    from avrr_sim.files import read_yaml
    from avrr_sim.places import place

    folder = Path(place.__file__).parent
    if name is None:
        print(
            "hosts:   "
            + ", ".join(
                f"{key} ({min(host(key).arrivals)}-{max(host(key).arrivals)})" for key in host_names()
            )
        )
        print("origins: " + ", ".join(origin_names()))
        return
    if name in host_names():
        content = read_yaml(folder / "hosts" / f"{name}.yaml")
    elif name in origins():
        steps = {
            key: {month_text(s.start): s.value for s in values}
            for key, values in origins()[name].series.items()
        }
        content = {
            key: {
                "values": steps[key],
                "unit": series.unit,
                "basis": origins()[name].bases[key],
                "source": series.source,
            }
            for key, series in SERIES.items()
        }
    else:
        raise unknown_name("host or origin", name, [*host_names(), *origins()])
    print_json(content, None if as_json else 2)
