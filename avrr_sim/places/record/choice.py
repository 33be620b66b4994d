"""Which origins get a row of their own in a host's record, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from avrr_sim.places.record.formulas import UNKNOWN, published
from avrr_sim.places.record.tables import Tables

LARGEST_OTHER = 0.15
"""Share of a year's applications below which the origins without a row of their own stay together."""

NAMED = (
    "IRQ AFG ETH SOM SRB NGA RUS SYR ALB BIH CHN DZA UKR GEO BLR BGD "  # rows of the model's origins
    "ERI IRN SDN XXA PAK LKA TUR"
).split()
"""Origins (ISO codes) with a row wherever anybody from there applied."""

_NAMES = {
    "SRB": ("serbia_and_kosovo", "Serbia and Kosovo"),
    "RUS": ("russia", "Russia"),
    "SYR": ("syria", "Syria"),
    "BIH": ("bosnia", "Bosnia-Herzegovina"),
    "IRN": ("iran", "Iran"),
    "TUR": ("turkey", "Turkey"),
    "COD": ("congo_kinshasa", "Congo (Kinshasa)"),
    "COG": ("congo_brazzaville", "Congo (Brazzaville)"),
    "MDA": ("moldova", "Moldova"),
    "CIV": ("ivory_coast", "Ivory Coast"),
    "MKD": ("macedonia", "North Macedonia"),
    "TZA": ("tanzania", "Tanzania"),
    "VEN": ("venezuela", "Venezuela"),
}

# in country_year.csv; where a country stands under two names its series are laid together
_IN_COUNTRY_YEAR = {
    "SRB": ("Serbia",),
    "BIH": ("Bosnia and Herzegovina",),
    "CIV": ("Cote d'Ivoire",),
    "COG": ("Congo",),
    "RUS": ("Russia",),
    "SYR": ("Syria",),
    "IRN": ("Iran",),
    "TUR": ("Turkey",),
    "COD": ("Democratic Republic of Congo",),
    "VNM": ("Vietnam",),
    "MKD": ("North Macedonia", "Macedonia"),
    "MDA": ("Moldova",),
    "CAF": ("Central African Republic",),
    "PSE": ("Palestine",),
    "CPV": ("Cape Verde",),
    "TZA": ("Tanzania",),
    "VEN": ("Venezuela",),
    "BOL": ("Bolivia",),
    "LAO": ("Laos",),
    "PRK": ("North Korea",),
    "KOR": ("South Korea",),
    "TLS": ("Timor",),
}


_AS_HOSTS = {"GBR": "United Kingdom", "ISL": "Iceland", "NLD": "Netherlands", "USA": "United States"}
"""Countries that few ask for asylum from, by their names in country_year.csv; their GDP is that of a host."""


def names_of(tables: Tables) -> dict[str, tuple[str, str]]:
    """Key and name of every origin by ISO code."""
    rows = tables.applications.drop_duplicates("origin").sort_values("origin")
    return {
        iso3: key_and_name(iso3, name) for iso3, name in zip(rows["origin"], rows["origin_name"], strict=True)
    }


def world_names(tables: Tables) -> dict[str, tuple[str, str]]:
    """ISO code and name of every country that anybody comes from or that may be a host, by ISO code."""
    known = {iso3: name for iso3, (_, name) in names_of(tables).items()} | _AS_HOSTS
    return {iso3: (iso3, known[iso3]) for iso3 in sorted(known)}


def key_and_name(iso3: str, name: str) -> tuple[str, str]:
    """Key and name of an origin: short ones where they are written here, else the publisher's `name`."""
    return _NAMES.get(iso3, (re.sub(r"[^a-z]+", "_", name.lower()).strip("_"), name))


def country_names(iso3: str, names: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """The names under which country_year.csv may hold an origin."""
    return _IN_COUNTRY_YEAR.get(iso3, (names[iso3][1],))


def rows_of(claims: pd.DataFrame) -> list[str]:
    """Origins (ISO codes) with a row of their own, from applications by origin and year.

    Those that are NAMED, then one by one the origin that brings the rest nearest to LARGEST_OTHER of the
    applications in the years in which it is above, until it is below in every year.
    """
    counts = published(claims).drop(index=UNKNOWN, errors="ignore")
    totals = published(claims).sum(axis=0)
    shares = counts / totals.where(totals > 0.0)
    chosen = [origin for origin in NAMED if origin in counts.index]
    left = [origin for origin in counts.index if origin not in chosen]

    def above(origins: list[str]) -> float:
        rest = 1.0 - shares.loc[origins].sum(axis=0).where(totals > 0.0)
        return float((rest - LARGEST_OTHER).clip(lower=0.0).sum() + 1e-9 * (rest >= LARGEST_OTHER).sum())

    while left and above(chosen) > 0.0:
        nearest = min(left, key=lambda origin: (above([*chosen, origin]), origin))
        chosen.append(nearest)
        left.remove(nearest)
    return chosen
