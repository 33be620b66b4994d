"""Files of origins and hosts for tests: the shipped ones as content, and content written and refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from avrr_sim.places import place
from avrr_sim.refusals import Refusal

FOLDER = Path(place.__file__).parent


# the first nine
ORIGINS = ["iraq", "afghanistan", "ethiopia", "somalia", "kosovo", "nigeria", "russia", "syria", "other"]


# append only
LATER = (
    "albania bosnia china algeria ukraine georgia belarus bangladesh eritrea iran sudan stateless pakistan "
    "sri_lanka turkey serbia burundi azerbaijan libya uzbekistan bulgaria slovakia armenia"
).split()


HOSTS = ["estonia", "france", "norway"]


def raw_origins() -> dict:
    return yaml.safe_load((FOLDER / "origins.yaml").read_text(encoding="utf-8"))


def small_origins() -> dict:
    """A small file of origins that is complete."""
    meaning = {
        "meaning": "True security",
        "unit": "index",
        "low": 0,
        "high": 1,
        "basis": "judgement",
        "source": "No source",
    }
    income = {
        "meaning": "Income",
        "unit": "NOK a month",
        "low": 1,
        "high": 100000,
        "basis": "judgement",
        "source": "No source",
    }
    return {
        "series": {"security": meaning, "income": income},
        "origins": {
            "here": {
                "number": 1,
                "name": "Here",
                "security": {"2002-01": 0.5, "2004-06": 0.7},
                "income": {"2002-01": 1000},
            },
            "there": {
                "number": 2,
                "name": "There",
                "security": {"2002-01": 0.4},
                "income": {"2002-01": 2000},
            },
        },
    }


def write(folder: Path, what: dict) -> Path:
    path = folder / "land.yaml"
    path.write_text(yaml.safe_dump(what), encoding="utf-8")
    return path


def refused(read, folder: Path, what: dict) -> str:
    with pytest.raises(Refusal) as caught:
        read(write(folder, what))
    message = str(caught.value)
    assert all("land.yaml: " in line for line in message.splitlines())
    return message


def raw_host(name: str = "norway") -> dict:
    return yaml.safe_load((FOLDER / "hosts" / f"{name}.yaml").read_text(encoding="utf-8"))


def host_by_shares() -> dict:
    """Norway as a host whose claims are not known by origin: arrivals by year, and shares."""
    content = raw_host()
    del content["record"]
    source = {"basis": "estimated", "source": "Made up, an example"}
    persons = {"2009": 17226, "2010": 10064, "2011": 9053}
    shares = {"iraq": 0.06, "afghanistan": 0.1, "other": 0.84}
    return {
        **content,
        "arrivals": {year: {"persons": each, **source} for year, each in persons.items()},
        "arrival_shares": {**source, "by_year": {"2009": dict(shares), "2011": {"iraq": 0.5, "other": 0.5}}},
    }


def host_by_claims() -> dict:
    """Norway as a host that says its claims and pending claims by origin in its own file."""
    content = raw_host()
    del content["record"]
    source = {"basis": "estimated", "source": "Made up, an example"}
    claims = {"2010": {"iraq": 460, "other": 1000}, "2011": {"iraq": 357}}
    return {
        **content,
        "claims": {**source, "by_year": claims},
        "pending": {**source, "by_year": {"2009": {"iraq": 1769}}},
    }
