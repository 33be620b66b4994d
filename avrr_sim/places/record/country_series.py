"""Series of the countries of origin: rights, conflict deaths, true security, GDP a head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from avrr_sim.places.record import security, tables
from avrr_sim.places.record.choice import country_names
from avrr_sim.places.record.described import Described, without
from avrr_sim.places.record.tables import YEARS, Tables, country_series, gdp_usd

PER = 100_000.0  # heads that deaths are given by

JUDGED_POPULATION = {"SOM": 11e6, "ERI": 4e6, "SSD": 10e6}
"""Inhabitants where the population table has no row: orders of magnitude, recalled and not verified. Twice as
many raise the index of a country at war by less than 0.07.
"""

NO_DEATHS_IN_SOURCE = {"SYR": 2011}
"""Countries that the source of deaths leaves out, and the year from which that hides a war. From then on the
worst death rate of any other origin stands in for theirs: a judgement, and an upper bound of their security.
"""

_MAKER = "avrr_sim.places.record.country_series"
_RATE, _INDEX = f"{_MAKER}: death_rate", "avrr_sim.places.record.security: security"
_SERBIA = "Serbia and Kosovo: the row of Serbia, which stands for both"


@dataclass(frozen=True)
class Safety:
    """Countries (ISO codes) by years, as a host's record needs them: security, and GDP a head in 2011
    international and in current US dollars.
    """

    security: pd.DataFrame
    gdp_ppp: pd.DataFrame
    gdp_usd: pd.DataFrame


@dataclass(frozen=True)
class CountryFrames(Safety):
    """And what security is worked out from: rights score, conflict deaths per 100,000."""

    rights: pd.DataFrame
    deaths: pd.DataFrame


def country_frames(given: Tables, names: Mapping[str, tuple[str, str]]) -> CountryFrames:
    """The series of every country that `names` knows by its ISO code."""

    def frame(column: str) -> pd.DataFrame:
        rows = {iso3: country_series(given, country_names(iso3, names), column) for iso3 in names}
        return pd.DataFrame(rows).T.reindex(columns=list(YEARS)).astype(float)

    rights = frame("human_rights_protection").round(3)
    deaths = death_rate(frame("conflict_deaths"), frame("population")).where(rights.notna()).round(3)
    index = security.security(rights.to_numpy(), assumed_deaths(deaths).to_numpy())
    money = pd.DataFrame({iso3: gdp_usd(given, iso3) for iso3 in names}).T.astype(float)
    return CountryFrames(
        pd.DataFrame(index, index=rights.index, columns=rights.columns),
        frame("gdp_per_capita_2011usd"),
        money,
        rights,
        deaths,
    )


def death_rate(deaths: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Conflict deaths per 100,000. No row of deaths is none recorded, but for the countries that the source
    leaves out; NaN for those, and where there were deaths and no population is known.
    """
    heads = population.copy()
    for iso3, number in JUDGED_POPULATION.items():
        if iso3 in heads.index:
            heads.loc[iso3] = heads.loc[iso3].fillna(number)
    counted = deaths.fillna(0.0)
    rate = (PER * counted / heads).where(counted > 0.0, 0.0)
    return rate.drop(index=list(NO_DEATHS_IN_SOURCE), errors="ignore").reindex(index=deaths.index)


def assumed_deaths(rate: pd.DataFrame) -> pd.DataFrame:
    """Death rates as the formula takes them: what the source leaves out is none before its war and the worst
    rate of any other country from then on.
    """
    found = rate.copy()
    for iso3, since in NO_DEATHS_IN_SOURCE.items():
        if iso3 in found.index:
            found.loc[iso3] = [float(rate.max().max()) if year >= since else 0.0 for year in YEARS]
    return found


@dataclass(frozen=True)
class _Rows:
    """The countries (ISO codes) that countries.yaml has a row for, and every origin's key and name."""

    chosen: Sequence[str]
    names: Mapping[str, tuple[str, str]]

    def described(
        self,
        name: str,
        meaning: str,
        unit: str,
        source: str,
        maker: str,
        frame: pd.DataFrame,
        decimals: int,
        *notes: str,
    ) -> Described:
        """A series of the rows, with a note on those that have no value in any year."""
        keys = {iso3: self.names[iso3][0] for iso3 in self.chosen}
        own = frame.reindex(list(self.chosen)).rename(index=keys)
        empty = without(own, {self.names[iso3][0]: self.names[iso3][1] for iso3 in self.chosen})
        basis = "derived" if maker in (_RATE, _INDEX) else "published"
        return Described(
            name,
            meaning,
            unit,
            basis,
            source,
            maker,
            own,
            decimals,
            (*notes, _SERBIA, *([empty] if empty else [])),
        )


def described_countries(
    frames: CountryFrames, chosen: Sequence[str], names: Mapping[str, tuple[str, str]]
) -> list[Described]:
    """The series of countries.yaml, for the origins (ISO codes) that have a row in some host's record."""
    rows = _Rows(chosen, names)
    return [*_danger(frames, rows), *_money(frames, rows)]


def _danger(frames: CountryFrames, rows: _Rows) -> list[Described]:
    judged = ", ".join(
        f"{rows.names[iso3][1]} {heads / 1e6:g} million"
        for iso3, heads in JUDGED_POPULATION.items()
        if iso3 in rows.chosen
    )
    return [
        rows.described(
            "rights",
            "Latent score of the protection of physical integrity; higher is better, about -3 to +5",
            "score",
            tables.RIGHTS,
            _MAKER,
            frames.rights,
            3,
        ),
        rows.described(
            "conflict_deaths",
            "Violent deaths in conflict and one-sided violence",
            "deaths per 100,000 inhabitants a year",
            tables.DEATHS,
            _RATE,
            frames.deaths,
            3,
            "No row in the source is none recorded",
            "The source leaves Syria out",
            f"Population by judgement, for the table has none: {judged}",
        ),
        rows.described(
            "security",
            f"True general security by formula: logit = {security.LEVEL:g} + {security.RIGHTS:g} x rights - "
            f"{security.DEATHS:g} x ln(1 + conflict deaths)",
            "index, 0 = general war, 1 = as safe as the host",
            f"{tables.RIGHTS}; {tables.DEATHS}",
            _INDEX,
            frames.security,
            3,
            f"Uncertainty: standard deviation {security.SPREAD:g} on the logit, about 0.07 of the index",
            "Syria from 2011 on: judgement; the worst death rate of any other country stands in for the "
            "unpublished one, so the index is an upper bound",
        ),
    ]


def _money(frames: CountryFrames, rows: _Rows) -> list[Described]:
    return [
        rows.described(
            "gdp_ppp",
            "GDP a head at purchasing power",
            "2011 international dollars a year",
            tables.GDP_PPP,
            _MAKER,
            frames.gdp_ppp,
            0,
        ),
        rows.described(
            "gdp_usd",
            "GDP a head at exchange rates",
            "current US dollars a year",
            tables.GDP_USD,
            _MAKER,
            frames.gdp_usd,
            0,
        ),
    ]
