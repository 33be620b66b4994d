"""Makes the record's files from public tables.

    python -m avrr_sim.places.record.make FOLDER [TARGET]

FOLDER holds the five tables that `tables` names. Writes countries.yaml, world.yaml and hosts/*.yaml into
TARGET (where the package keeps them, unless told otherwise): the same bytes from the same tables.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from avrr_sim.places.record.choice import names_of, world_names
from avrr_sim.places.record.country_series import Safety, country_frames, described_countries
from avrr_sim.places.record.described import Described, yaml_text
from avrr_sim.places.record.host_counts import HOSTS, Rows, described_counts, host_counts
from avrr_sim.places.record.host_derived import described_chances, described_others, described_paces
from avrr_sim.places.record.tables import Tables, country_series, read_tables
from avrr_sim.refusals import Refusal

_HERE = Path(__file__).parent
OF_THE_WORLD = ("security", "gdp_ppp", "gdp_usd")
"""Series of world.yaml."""


def texts(tables: Tables) -> dict[str, str]:
    """Every file that is made, by its path in the record."""
    names = names_of(tables)
    countries = country_frames(tables, names)
    found: dict[str, str] = {}
    chosen: dict[str, None] = {}
    for host, (iso3, name) in HOSTS.items():
        own_gdp = country_series(tables, (name,), "gdp_per_capita_2011usd")
        rows, series = host_series(tables, iso3, names, countries, own_gdp)
        found[f"hosts/{host}.yaml"] = yaml_text(host, name, rows.named(), series)
        chosen |= dict.fromkeys(rows.chosen)
    own = {names[iso3][0]: names[iso3][1] for iso3 in chosen}
    series = described_countries(countries, list(chosen), names)
    found["countries.yaml"] = yaml_text("countries", "Countries of origin", own, series)
    return {**found, "world.yaml": _world(tables)}


def _world(tables: Tables) -> str:
    """What a host of the user's own needs of countries that no host of the package has a row for."""
    names = world_names(tables)
    series = described_countries(country_frames(tables, names), list(names), names)
    needed = [each for each in series if each.name in OF_THE_WORLD]
    return yaml_text("world", "Countries by ISO code", dict(names.values()), needed)


def host_series(
    tables: Tables,
    iso3: str,
    names: Mapping[str, tuple[str, str]],
    countries: Safety,
    own_gdp: pd.Series,
) -> tuple[Rows, list[Described]]:
    """Rows and series of a host (ISO code); `own_gdp`: its GDP a head by year."""
    counts = host_counts(tables, iso3)
    rows = Rows.of(counts, names)
    return rows, [
        *described_counts(tables, iso3, counts, rows),
        *described_paces(counts, rows),
        *described_chances(counts, rows),
        *described_others(counts, rows, countries, own_gdp),
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the record. Returns 0, or 2 with one message where the tables are not as they must be."""
    if not 1 <= len(arguments) <= 2:
        print("make: name the folder of the tables, and where to write", file=sys.stderr)
        return 2
    try:
        target = Path(arguments[1]) if len(arguments) > 1 else _HERE
        for name, text in texts(read_tables(Path(arguments[0]))).items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except (Refusal, OSError) as error:
        print(f"make: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
