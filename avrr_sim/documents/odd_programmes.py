"""The tables of the model's description that come from programme files: amounts, eligibility, services, and
how their sources are read.
"""

from __future__ import annotations

from collections.abc import Sequence

from avrr_sim.dates import month_text
from avrr_sim.documents.markdown import markdown_table
from avrr_sim.documents.reading import number_text, prior_text
from avrr_sim.programme import AMOUNTS, Entry, country_programme_names, programme, programme_names, rates


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
                    f"{number_text(e.value)} {one.currency}"
                    if e.value is not None
                    else f"unknown; {prior_text(one.unknowns()[f'{name}.{key}'])} {one.currency}"
                )
                share = f", {number_text(100 * e.share)} % of units" if e.share < 1 else ""
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
                f"{number_text(s.cost)} {one.currency}"
                if s.cost is not None
                else f"unknown; {prior_text(one.unknowns()[f'{name}.service.{s.name}'])} {one.currency}"
            )
            rows.append(
                (
                    name,
                    s.name.replace("_", " "),
                    s.stage.replace("_", " "),
                    s.recipients,
                    f"{number_text(100 * s.uptake)} %",
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
                f"- *{currency}*: 1 {currency} = {number_text(rate)} NOK; {source}."
                for currency, (rate, source) in rates().items()
            ),
        ]
    )
