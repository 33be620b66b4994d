"""The tables of the model's description, made from the same data that the rules read, so that the description
cannot drift.

    python -m avrr_sim.documents.odd docs/ODD.md        writes every table between its markers, in place

A table stands between `<!-- generated: NAME -->` and `<!-- end: NAME -->`; all other text is left as it is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from avrr_sim import chance
from avrr_sim.dates import month_text
from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.evidence import Weight, load_evidence, prior_of, value_at
from avrr_sim.files import read_yaml
from avrr_sim.measures import COMPARATIVE, MEASURES, TWIN_MEASURES
from avrr_sim.migrant import (
    ABODE_MOVES,
    ABODES,
    CLOSINGS,
    OUTCOME_MOVES,
    OUTCOMES,
    STAGE_MOVES,
    STAGES,
    STATUS_MOVES,
)
from avrr_sim.places import origins as known_origins
from avrr_sim.places import place
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, STATUS_NAMES, TIMING, TIMINGS, Step
from avrr_sim.programme import Entry, country_programme_names, programme, programme_names
from avrr_sim.programmes.amounts import AMOUNTS, rates
from avrr_sim.refusals import Refusal

EDGE = 1.645
"""Standard normal quantile at the ends of a central interval of 90 per cent."""

_FORMS = {"exp": "log-normal", "logistic": "logit-normal", "real": "normal"}
_CONSTANT = re.compile(r"^([A-Z_]+) = (\d+)  # (.+)$")


def _number(value: float) -> str:
    """A number as a reader writes it: no exponent, no trailing zeros, thousands apart from 10,000 on."""
    if abs(value) >= 10_000:
        return f"{value:,.0f}"
    text = f"{value:.4g}"
    return f"{value:.6f}".rstrip("0") if "e" in text else text


def prior_text(weight: Weight) -> str:
    """A prior as form, median and central 90 per cent: 'log-normal, 4 (2.7 to 5.9)'."""
    low, high = (_number(float(f"{value_at(weight, z):.3g}")) for z in (-EDGE, EDGE))
    return f"{_FORMS[prior_of(weight)[0]]}, {_number(weight.central)} ({low} to {high})"


def _steps_text(steps: Sequence[Step]) -> str:
    """Dated values: the first one, then each later one with its month."""
    values = [
        _number(step.value) if isinstance(step.value, int | float) else str(step.value) for step in steps
    ]
    later = zip(values[1:], steps[1:], strict=True)
    return ", ".join([*values[:1], *(f"{value} from {month_text(step.start)}" for value, step in later)])


def weights() -> str:
    """Every weight of evidence.yaml."""
    return markdown_table(
        (
            "weight",
            "meaning",
            "unit",
            "prior: median (90 %)",
            "grade",
            "expected direction",
            "basis",
            "source",
        ),
        (
            (
                f"`{w.name}`",
                w.meaning,
                w.unit,
                prior_text(w),
                w.grade,
                w.direction,
                w.basis,
                f"{w.source}: {w.locator}",
            )
            for w in load_evidence().values()
        ),
    )


def levers() -> str:
    """Every lever, with kind, range, default and the source of the default; the timing of information
    apart.
    """
    rows = [
        (
            f"`{lever.name}`",
            lever.kind,
            lever.meaning,
            lever.unit,
            f"{_number(lever.low)} to {_number(lever.high)}",
            _number(lever.default),
            "yes" if lever.name in ANNOUNCEABLE else "",
            lever.source,
        )
        for lever in LEVERS.values()
    ]
    rows.append(
        (
            f"`{TIMING}`",
            "information",
            "When in the asylum path advisors make contact",
            "a named plan, or an intensity by status",
            ", ".join(TIMINGS),
            next(iter(TIMINGS)),
            "",
            "judgement",
        )
    )
    return markdown_table(
        ("lever", "kind", "meaning", "unit", "range", "default", "can be announced", "source of the default"),
        rows,
    )


def timings() -> str:
    """Intensity of contacts by status under each named timing."""
    return markdown_table(
        ("timing", *STATUS_NAMES),
        ((name, *(_number(plan[status]) for status in STATUS_NAMES)) for name, plan in TIMINGS.items()),
    )


def _programmes() -> list[str]:
    return [name for general in programme_names() for name in (general, *country_programme_names(general))]


def _whom(entry: Entry, covers: Sequence[str]) -> str:
    if isinstance(entry.origins, str):
        return entry.origins.replace("_", " ")
    return ", ".join(entry.origins or covers) or "all"


def amounts() -> str:
    """Every amount of every programme, with its dates and its source."""
    rows = []
    for name in _programmes():
        one = programme(name)
        for key, entries in one.amounts.items():
            for e in entries:
                value = (
                    f"{_number(e.value)} {one.currency}"
                    if e.value is not None
                    else f"unknown; {prior_text(one.unknowns()[f'{name}.{key}'])} {one.currency}"
                )
                share = f", {_number(100 * e.share)} % of units" if e.share < 1 else ""
                until = month_text(e.end - 1) if e.end is not None else "open"
                rows.append(
                    (
                        name,
                        f"`{key}`",
                        AMOUNTS[key] + share,
                        value,
                        f"{month_text(e.start)} to {until}",
                        _whom(e, one.covers),
                        f"{one.content['references'][e.reference]}: {e.locator}",
                    )
                )
    return markdown_table(("programme", "amount", "meaning", "value", "in force", "origins", "source"), rows)


def eligibility() -> str:
    """Whom each general programme is open to, by legal status; a country programme adds amounts and is open
    where the general one is.
    """
    rows = []
    for name in programme_names():
        one = programme(name)
        for status, entries in one.eligibility.items():
            for e in entries:
                until = month_text(e.end - 1) if e.end is not None else "open"
                rows.append(
                    (
                        name,
                        status,
                        "open" if e.value else "closed",
                        f"{month_text(e.start)} to {until}",
                        _whom(e, one.covers),
                        f"{one.content['references'][e.reference]}: {e.locator}",
                    )
                )
    return markdown_table(("programme", "status", "open", "in force", "origins", "source"), rows)


def services() -> str:
    """Every service of every programme; uptake and cost are judgements."""
    rows = []
    for name in _programmes():
        one = programme(name)
        for s in one.services:
            cost = (
                f"{_number(s.cost)} {one.currency}"
                if s.cost is not None
                else f"unknown; {prior_text(one.unknowns()[f'{name}.service.{s.name}'])} {one.currency}"
            )
            rows.append(
                (
                    name,
                    s.name.replace("_", " "),
                    s.stage.replace("_", " "),
                    s.recipients,
                    f"{_number(100 * s.uptake)} %",
                    cost,
                    f"{one.content['references'][s.reference]}: {s.locator}",
                )
            )
    return markdown_table(
        ("programme", "service", "stage", "for", "uptake", "cost a person", "source of the service"), rows
    )


def readings() -> str:
    """How ambiguous or silent sources are read, programme by programme; and the rates of exchange."""
    lines = [f"- *{name}*: {reading}" for name in _programmes() for reading in programme(name).readings]
    return "\n".join(
        [
            *lines,
            *(
                f"- *{currency}*: 1 {currency} = {_number(rate)} NOK; {source}."
                for currency, (rate, source) in rates().items()
            ),
        ]
    )


def moves() -> str:
    """States and the moves that one month may make."""
    parts = (
        ("legal status", STATUS_NAMES, STATUS_MOVES),
        ("abode", ABODES, ABODE_MOVES),
        ("application", STAGES, STAGE_MOVES),
        ("outcome", OUTCOMES, OUTCOME_MOVES),
    )
    rows = [
        (part, name, ", ".join(names[i] for i in sorted(moves.get(value, ()))) or "none")
        for part, names, moves in parts
        for value, name in enumerate(names)
    ]
    return markdown_table(("part", "value", "may become within a month"), rows) + (
        f"\n\nWays in which a first application ends: {', '.join(CLOSINGS[1:])}; or it is still "
        f"{CLOSINGS[0]}."
    )


def purposes() -> str:
    """Purposes of chance: number, name, what its words decide."""
    found = [_CONSTANT.match(line) for line in Path(chance.__file__).read_text(encoding="utf-8").splitlines()]
    return markdown_table(
        ("number", "purpose", "what its words decide"), ((m[2], f"`{m[1]}`", m[3]) for m in found if m)
    )


def measures() -> str:
    """Every measure: unit, window and horizon, meaning."""
    needs = dict.fromkeys(COMPARATIVE, " (against a baseline only)") | dict.fromkeys(
        TWIN_MEASURES, " (from twin runs)"
    )
    return markdown_table(
        ("measure", "label", "unit", "window and horizon", "meaning"),
        (
            (f"`{m.name}`{needs.get(m.name, '')}", m.label, m.unit, m.window, m.meaning)
            for m in MEASURES.values()
        ),
    )


def series() -> str:
    """The dated series of origins: meaning, unit, range, basis, source."""
    return markdown_table(
        ("series", "meaning", "unit", "range", "basis", "source"),
        (
            (f"`{s.name}`", s.meaning, s.unit, f"{_number(s.low)} to {_number(s.high)}", s.basis, s.source)
            for s in known_origins.SERIES.values()
        ),
    )


def _varying() -> list[str]:
    """Series that are not the same for every origin."""
    return [
        name
        for name in known_origins.SERIES
        if len({one.series[name] for one in known_origins.origins().values()}) > 1
    ]


def origins() -> str:
    """The values of every series for every origin; series that are alike everywhere in a sentence."""
    names = _varying()
    half = (len(names) + 1) // 2
    known = known_origins.origins()
    tables = [
        markdown_table(
            ("origin", *(f"`{name}`" for name in part)),
            (
                (known[key].name, *(_steps_text(known[key].series[name]) for name in part))
                for key in known_origins.origin_names()
            ),
        )
        for part in (names[:half], names[half:])
    ]
    alike = [
        f"`{name}` {_steps_text(next(iter(known.values())).series[name])}"
        for name in known_origins.SERIES
        if name not in names
    ]
    notes = [
        f"- {known[key].name}, {name}: {text}."
        for key in known_origins.origin_names()
        for name, text in known[key].notes.items()
    ]
    return "\n\n".join([*tables, f"The same for every origin: {', '.join(alike)}.", "\n".join(notes)])


def _host_file(name: str) -> dict[str, Any]:
    return read_yaml(Path(place.__file__).parent / "hosts" / f"{name}.yaml")


def _split_text(split: Mapping[str, float]) -> str:
    return ", ".join(f"{key} {_number(value)}" for key, value in split.items())


def hosts() -> str:
    """What a host's file holds: arrivals, their split, households, numbers, and what it changes of its
    origins' series.
    """
    rows = []
    for name in place.host_names():
        file = _host_file(name)
        sources = dict.fromkeys((a["basis"], a["source"]) for a in file["arrivals"].values())
        for basis, source in sources:
            those = ", ".join(
                f"{year} {_number(a['persons'])}"
                for year, a in file["arrivals"].items()
                if (a["basis"], a["source"]) == (basis, source)
            )
            rows.append((name, "arrivals, persons a year", those, basis, source))
        for key, what in (
            ("arrival_shares", "split by origin from"),
            ("unregistered_shares", "split of the never-registered"),
        ):
            part = file[key]
            for year, split in part.get("by_year", {"": part.get("shares")}).items():
                rows.append(
                    (name, f"{what} {year}".strip(), _split_text(split), part["basis"], part["source"])
                )
        kinds = "; ".join(
            f"{k['adults']} adults {k['minors']} minors {_number(k['share'])}"
            for k in file["households"]["kinds"]
        )
        rows.append(
            (
                name,
                "households, share of units",
                kinds,
                file["households"]["basis"],
                file["households"]["source"],
            )
        )
        for key, n in file["numbers"].items():
            rows.append((name, f"`{key}`, {n['unit']}", _number(n["value"]), n["basis"], n["source"]))
        for origin, changed in file.get("series", {}).items():
            for key, s in changed.items():
                rows.append(
                    (
                        name,
                        f"`{key}` of {origin}, instead of the origin's own",
                        _split_text(s["steps"]),
                        s["basis"],
                        s["source"],
                    )
                )
    return markdown_table(("host", "what", "value", "basis", "source"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "weights": weights,
    "levers": levers,
    "timings": timings,
    "amounts": amounts,
    "eligibility": eligibility,
    "services": services,
    "readings": readings,
    "moves": moves,
    "purposes": purposes,
    "measures": measures,
    "series": series,
    "origins": origins,
    "hosts": hosts,
}
"""Every table by the name that its markers carry."""


def main(arguments: Sequence[str]) -> int:
    """Fill the tables of the files named. Returns 0, or 2 with one message where a file cannot be filled."""
    if not arguments:
        print("odd: name a file, such as docs/ODD.md", file=sys.stderr)
        return 2
    for name in arguments:
        path = Path(name)
        try:
            path.write_text(filled(path.read_text(encoding="utf-8"), path, tables=TABLES), encoding="utf-8")
        except (Refusal, OSError, UnicodeDecodeError) as error:
            print(f"odd: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
