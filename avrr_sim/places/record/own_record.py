"""The record of a host of the user's own: what UNHCR's downloads say of it, beside what the package's record
knows of every country.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from avrr_sim.places.record.choice import key_and_name
from avrr_sim.places.record.country_series import Safety
from avrr_sim.places.record.described import yaml_text
from avrr_sim.places.record.downloads import Downloads
from avrr_sim.places.record.make import OF_THE_WORLD, host_series
from avrr_sim.places.record.published import world
from avrr_sim.places.record.tables import UNHCR, YEARS, Tables

MADE = "by `avrr new host` from files of UNHCR's Refugee Data Finder"


@dataclass(frozen=True)
class OwnRecord:
    """The text of the record's file, and its origins with a row of their own: ISO code -> key and name."""

    text: str
    origins: Mapping[str, tuple[str, str]]


def own_record(given: Downloads, iso3: str, key: str, name: str, files: Sequence[str]) -> OwnRecord:
    """The record of a host (ISO code), called `key` and `name`, from its downloads out of `files`."""
    names, known = _names(given.tables), safety()
    gdp = known.gdp_ppp
    own_gdp = gdp.loc[iso3] if iso3 in gdp.index else pd.Series(float("nan"), index=list(YEARS))
    rows, series = host_series(given.tables, iso3, names, known, own_gdp)
    source = f"UNHCR Refugee Data Finder, as downloaded in {', '.join(files)}; CC BY 4.0"
    told = [replace(each, source=each.source.replace(UNHCR, source)) for each in series]
    told[0] = replace(told[0], notes=(*told[0].notes, *given.notes))
    text = yaml_text(key, name, rows.named(), told, MADE)
    return OwnRecord(text, {origin: names[origin] for origin in rows.chosen})


def safety() -> Safety:
    """What the record has of every country (ISO codes) by year."""
    of = world()
    frames = (
        pd.DataFrame({iso3: [of.series[name].at(year, iso3) for year in YEARS] for iso3 in of.rows}, YEARS)
        for name in OF_THE_WORLD
    )
    return Safety(*(frame.T.astype(float) for frame in frames))


def _names(given: Tables) -> dict[str, tuple[str, str]]:
    """Key and name of every origin of the tables by ISO code: the record's, or else the publisher's."""
    rows = pd.concat([given.applications, given.decisions, given.pending]).drop_duplicates("origin")
    known = world().rows
    return {
        iso3: key_and_name(iso3, known.get(iso3, name))
        for iso3, name in zip(rows["origin"], rows["origin_name"], strict=True)
    }
