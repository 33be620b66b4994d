"""The pictures of docs/world.md."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np

from avrr_sim.documents.world_compared import compared
from avrr_sim.documents.world_input import input_years, recorded_row, series_in_year
from avrr_sim.documents.world_judged import judged_security
from avrr_sim.documents.world_tables import HOST, judged_origins
from avrr_sim.places.origins import origins
from avrr_sim.places.record import security
from avrr_sim.places.record.published import ALL, countries, record
from avrr_sim.report.figures.yearly import Panel, Words, yearly

PUBLISHED, INPUT, FORMULA = "published", "the model's input", "by formula from published series"
JUDGED = "as judged before"

CLAIMS_OF = (
    "syria afghanistan eritrea somalia iraq stateless iran ethiopia russia serbia_and_kosovo sudan nigeria"
).split()
"""Rows of Norway's record whose claims are drawn: the twelve largest of 2008 to 2018, largest first."""


def pictures(folder: Path) -> None:
    """Writes world-norway.svg, world-origins.svg and world-security.svg into `folder`."""
    drawn = {
        "world-norway": (_norway(), _NORWAY),
        "world-origins": (_origins(), _ORIGINS),
        "world-security": (_security(), _SECURITY),
    }
    with tempfile.TemporaryDirectory() as made:
        for name, (panels, words) in drawn.items():
            yearly(Path(made), name, panels, words)
            shutil.copy(Path(made) / f"{name}.svg", folder / f"{name}.svg")


_NORWAY = Words(
    "Norway: the model's input beside the published record",
    "",
    "Six panels of Norway by year, 2002 to 2018: claims, share of other, decisions, chance of a "
    "permit, pending "
    "claims and months until the last decision, published and as the model's input has them.",
    "Years 2002-2018. Pending claims are published from 2006 on, with which the input starts.",
)
_ORIGINS = Words(
    "Norway: pending claims by origin",
    "",
    (
        "Twelve panels of claims pending in Norway at year end, one an origin, published and as the model's "
        "input has them."
    ),
    "Claims pending at year end, persons; every panel has a scale of its own.",
)
_SECURITY = Words(
    "True security of origins: by formula, as the model reads it, and as judged before",
    "",
    "A panel an origin with the security index by year: by formula with its 90 per cent interval, "
    "as the model reads it, and as it was judged before.",
    "Index, 0 = general war, 1 = as safe as the host. Syria from 2011 on is an upper bound: its "
    "conflict deaths are "
    "not in the source.",
    "90 % interval of the formula",
    across=4,
)


def _norway() -> list[Panel]:
    told = compared("norway")
    return [
        Panel(
            each.title,
            each.years,
            {PUBLISHED: each.published, INPUT: each.given},
            share=each.share,
            top=1.0 if each.share else None,
        )
        for each in (told[n] for n in ("arrivals", "other", "decided", "permit_chance", "pending", "months"))
    ]


def _origins() -> list[Panel]:
    of, told = record("norway"), input_years("norway")
    claims = of.series["pending"]
    panels = []
    for row in CLAIMS_OF:
        keys = [origin for origin in dict.fromkeys(key for key, _ in told) if _row(origin) == row]
        given = tuple(sum(told[key, year].pending for key in keys) for year in of.years)
        lines = {PUBLISHED: tuple(claims.at(year, row) for year in of.years), INPUT: given}
        panels.append(Panel(of.rows[row], of.years, lines))
    return panels


def _row(origin: str) -> str:
    return origin if origin == ALL else recorded_row(origin)


def _security() -> list[Panel]:
    of = countries()
    panels = []
    for key, row in judged_origins():
        index = [of.series["security"].at(year, row) for year in of.years]
        low, high = security.interval(np.array(index, dtype=float))
        given = tuple(series_in_year(HOST, key, "security", year) for year in of.years)
        judged = tuple(judged_security(key, year) for year in of.years)
        panels.append(
            Panel(
                origins()[key].name,
                of.years,
                {FORMULA: tuple(index), INPUT: given, JUDGED: judged},
                (tuple(low), tuple(high)),
                top=1.0,
            )
        )
    return panels
