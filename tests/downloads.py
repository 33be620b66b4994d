"""Made-up files as UNHCR's Refugee Data Finder gives them, and hosts made of them."""

from __future__ import annotations

from pathlib import Path

from avrr_sim.evidence import load_evidence
from avrr_sim.places.own_host import OwnHost, own_host

WHO = "Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO)"
APPLICATIONS = f"{WHO},Authority,Application type,Stage of procedure,Cases / Persons,applied"
DECISIONS = (
    f"{WHO},Authority,Stage of procedure,Cases / Persons,Recognized decisions,Complementary protection,"
    "Rejected decisions,Otherwise closed,Total decisions"
)
PENDING = f"{WHO},Refugees under UNHCR's mandate,Asylum-seekers"
PREAMBLE = "Extracted from the Refugee Data Finder\n\n"

YEARS = range(2010, 2016)
PEOPLE = {"IRQ": ("Iraq", 600), "MNG": ("Mongolia", 900), "SOM": ("Somalia", 240), "UNK": ("Unknown", 12)}
"""Origins with the persons that apply each year."""


def applications(host: str = "SWE", years=YEARS, kind: str = "N", stage: str = "FI", unit: str = "P") -> str:
    rows = [
        f'{year},"{name}",{iso3},Sweden,{host},G,{kind},{stage},{unit},{persons}'
        for year in years
        for iso3, (name, persons) in PEOPLE.items()
    ]
    return PREAMBLE + "\n".join([APPLICATIONS, *rows]) + "\n"


def decisions(host: str = "SWE", years=YEARS, stage: str = "FI") -> str:
    """A tenth is recognised, a fifth gets other protection, half is rejected, a fifth closed."""
    rows = [
        f"{year},{name},{iso3},Sweden,{host},G,{stage},P,"
        f"{persons // 10},{persons // 5},{persons // 2},{persons // 5},{persons}"
        for year in years
        for iso3, (name, persons) in PEOPLE.items()
    ]
    return "\n".join([DECISIONS, *rows]) + "\n"


def pending(host: str = "SWE", years=YEARS) -> str:
    rows = [
        f"{year},{name},{iso3},Sweden,{host},100,{persons}"
        for year in (years[0] - 1, *years)
        for iso3, (name, persons) in PEOPLE.items()
    ]
    return "\n".join([PENDING, *rows]) + "\n"


def written(folder: Path, **texts: str | bytes) -> dict[str, Path]:
    """The three files in a folder, those of `texts` replaced."""
    found = {}
    given = {"applications": applications(), "decisions": decisions(), "pending": pending(), **texts}
    for name, text in given.items():
        found[name] = folder / f"{name}.csv"
        found[name].write_bytes(text if isinstance(text, bytes) else text.encode())
    return found


def made(folder: Path, country: str = "SWE", **texts: str | bytes) -> OwnHost:
    """The files of a host that are made of downloads."""
    files = written(folder, **texts)
    unregistered = load_evidence()["unregistered_inflow"].central
    return own_host(country, files["applications"], files["decisions"], files["pending"], unregistered)


def put(folder: Path, host: OwnHost) -> Path:
    """The host's files in a folder; the path of its scenario."""
    for name, text in host.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "scenario.yaml"
