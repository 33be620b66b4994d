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
from avrr_sim.documents.odd_programmes import amounts, eligibility, readings, services
from avrr_sim.documents.reading import number_text, prior_text, steps_text
from avrr_sim.evidence import load_evidence
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
from avrr_sim.places.origins import Origin
from avrr_sim.places.record.published import record
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, STATUS_NAMES, TIMING, TIMINGS
from avrr_sim.refusals import Refusal

_CONSTANT = re.compile(r"^([A-Z_]+) = (\d+)  # (.+)$")


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
            f"{number_text(lever.low)} to {number_text(lever.high)}",
            number_text(lever.default),
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
        ((name, *(number_text(plan[status]) for status in STATUS_NAMES)) for name, plan in TIMINGS.items()),
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
            (
                f"`{s.name}`",
                s.meaning,
                s.unit,
                f"{number_text(s.low)} to {number_text(s.high)}",
                s.basis,
                s.source,
            )
            for s in known_origins.SERIES.values()
        ),
    )


def _varying() -> list[str]:
    """Series that are not the same for every origin, and of which any is not read from the record."""
    known = known_origins.origins().values()
    return [
        name
        for name in known_origins.SERIES
        if len({one.series[name] for one in known}) > 1 and any(_of_file(one, name) for one in known)
    ]


def _of_file(one: Origin, name: str) -> bool:
    """Whether a series of an origin, or some months of it, stand in the origin's own file."""
    return one.bases[name] != place.BY_RECORD or name in one.own


def _value(one: Origin, name: str) -> str:
    """The steps of a series, or that it is read from the record; where both, from when which."""
    if not _of_file(one, name):
        return "record"
    if name not in one.own:
        return steps_text(one.series[name])
    first = min(step.start for step in one.own[name])
    return f"record, from {month_text(first)} on {steps_text(one.own[name])}"


def origins() -> str:
    """The values of every series for every origin, but for those that are read from the record; series that
    are alike everywhere, or all read from the record, in a sentence.
    """
    names = _varying()
    half = (len(names) + 1) // 2
    known = known_origins.origins()
    tables = [
        markdown_table(
            ("origin", *(f"`{name}`" for name in part)),
            (
                (known[key].name, *(_value(known[key], name) for name in part))
                for key in known_origins.origin_names()
            ),
        )
        for part in (names[:half], names[half:])
    ]
    alike = [
        f"`{name}` {steps_text(next(iter(known.values())).series[name])}"
        for name in known_origins.SERIES
        if name not in names and len({one.series[name] for one in known.values()}) == 1
    ]
    recorded = [
        f"`{name}`"
        for name in known_origins.SERIES
        if name not in names and len({one.series[name] for one in known.values()}) > 1
    ]
    notes = [
        f"- {known[key].name}, {name}: {text}."
        for key in known_origins.origin_names()
        for name, text in known[key].notes.items()
    ]
    said = f"The same for every origin: {', '.join(alike)}. Read from the record for every origin: " + (
        f"{', '.join(recorded)}."
    )
    return "\n\n".join([*tables, said, "\n".join(notes)])


def _host_file(name: str) -> dict[str, Any]:
    return read_yaml(Path(place.__file__).parent / "hosts" / f"{name}.yaml")


def _split_text(split: Mapping[str, float]) -> str:
    return ", ".join(f"{key} {number_text(value)}" for key, value in split.items())


def hosts() -> str:
    """What a host's file holds: arrivals, their split, households, numbers, and what it changes of its
    origins' series.
    """
    rows = []
    for name in place.host_names():
        file = _host_file(name)
        claims = ", ".join(f"{year} {number_text(n)}" for year, n in place.host(name).arrivals.items())
        source = record(file["record"]).series["applications"].source
        rows.append((name, "claims, persons a year", claims, place.BY_RECORD, source))
        part = file["unregistered_shares"]
        split = _split_text(part["shares"])
        rows.append((name, "split of the never-registered", split, part["basis"], part["source"]))
        kinds = "; ".join(
            f"{k['adults']} adults {k['minors']} minors {number_text(k['share'])}"
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
            rows.append((name, f"`{key}`, {n['unit']}", number_text(n["value"]), n["basis"], n["source"]))
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
