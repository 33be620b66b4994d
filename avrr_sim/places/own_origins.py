"""Origins of the user's own, which stand in a file beside a host's: the same series as those of the package,
each with its basis and source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from avrr_sim.files import parse_yaml, read_text
from avrr_sim.forms import Form, Text, Whole, read_form
from avrr_sim.places import from_record
from avrr_sim.places.from_record import Row
from avrr_sim.places.host_form import Changed, Changes
from avrr_sim.places.origins import LARGEST_NUMBER, OWN, OWN_PREFIX, SERIES, Origin, Steps, defaults, over
from avrr_sim.places.record.published import Record
from avrr_sim.refusals import Refusals, refusal

FIRST_NUMBER = LARGEST_NUMBER + 1
LAST_NUMBER = 127
"""Numbers of a user's own origins, apart from those of the package: with a bit more, seven bits of an id."""

_BY_DEFAULT = "judgement"
_BY_RECORD = "estimated"


class _OwnOriginForm(Form):
    """An origin of the user's own: what its file says of it, and the row of the host's record it reads."""

    number: Annotated[int, Whole(FIRST_NUMBER, LAST_NUMBER)] = Field(
        description=f"part of every migrant's id, from {FIRST_NUMBER} to {LAST_NUMBER}, never to change"
    )
    name: Text = Field(description="the origin's name, as reports print it")
    row: Text | None = Field(None, description="its row in the host's record; left out: the key without own_")
    series: Annotated[dict[str, Changed], Changes()] = Field(
        description="dated series, each with steps, basis and source; security and income at the least"
    )


_Key = Annotated[str, Field(pattern=OWN)]


class _OwnOriginsForm(Form):
    own_origins: dict[_Key, _OwnOriginForm] = Field(
        min_length=1, description=f"origins by keys that begin with {OWN_PREFIX}"
    )


@dataclass(frozen=True)
class OwnOriginsFile:
    """A file of origins of the user's own, as it stands by itself: `name` says which."""

    name: str


def read_own_file(path: Path) -> OwnOriginsFile:
    """A file of origins by itself, apart from a host and its record. Raises `Refusal` as `read_own_origins`,
    but for series that a record may have.
    """
    form = read_form(_OwnOriginsForm, parse_yaml(read_text(path), path), file=path)
    return OwnOriginsFile(", ".join(each.name for each in form.own_origins.values()))


def read_own_origins(text: str, path: Path, of: Record | None) -> dict[str, Origin]:
    """The origins in the text of a file, which stands at `path`; `of` is the record of their host, which
    gives what it has of them.

    Raises `Refusal` where a key does not begin with `own_`, a number is one of the package's or stands twice,
    or an origin lacks a series that neither the record nor the defaults have (security and income).
    """
    form = read_form(_OwnOriginsForm, parse_yaml(text, path), file=path)
    wrong = Refusals()
    read = [wrong.attempt(_origin, key, each, of, path) for key, each in form.own_origins.items()]
    wrong.raise_any()
    found = {origin.key: origin for origin in read if origin}
    if len({origin.number for origin in found.values()}) < len(found):
        raise refusal("two origins have the same number", file=path, path=("own_origins",))
    return found


def _origin(key: str, form: _OwnOriginForm, of: Record | None, file: Path) -> Origin:
    row = form.row or key.removeprefix(OWN_PREFIX)
    own = {name: each.steps for name, each in form.series.items()}
    recorded = _recorded(row, of)
    below: dict[str, Steps] = {**defaults(), **recorded}
    series = {name: _laid(name, own, recorded) or below.get(name) for name in SERIES}
    lacking = [name for name, steps in series.items() if steps is None]
    if lacking:
        problem = f"lacks the series {lacking[0]!r}"
        needed = f"{', '.join(lacking)}, each with steps, basis and source"
        raise refusal(problem, file=file, path=("own_origins", key, "series"), allowed=needed)
    bases = dict.fromkeys(SERIES, _BY_DEFAULT) | dict.fromkeys(recorded, _BY_RECORD)
    bases |= {name: each.basis for name, each in form.series.items()}
    whole = {name: steps for name, steps in series.items() if steps is not None}
    above = {name: steps for name, steps in own.items() if name in recorded}
    return Origin(key, form.number, form.name, whole, bases, above, {}, Row(row))


def _recorded(row: str, of: Record | None) -> dict[str, Steps]:
    """Series of a row that the records of countries and of the host have."""
    found = from_record.of_country(row) | (from_record.of_host(of, row) if of else {})
    return {name: steps for name, steps in found.items() if name in SERIES}


def _laid(name: str, own: Mapping[str, Steps], recorded: Mapping[str, Steps]) -> Steps | None:
    if name not in own:
        return None
    return over(recorded[name], own[name]) if name in recorded else own[name]
