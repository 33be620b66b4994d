"""Kinds of single values that files of experiments and of targets share, to stand in `Annotated` beside their
type, and scenario files that are named in another file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator

from avrr_sim.files import is_file
from avrr_sim.forms import JsonSchema, Kind
from avrr_sim.refusals import Refusal, Refusals, nearest, refusal, refusal_of, shown
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.schema import Given, read_number

_Read = TypeVar("_Read")
_ANYWHERE = Given(None, ("value",), None, 0)


JOINERS = "\u200c\u200d"
"""What joins or parts letters within words of some scripts, and cannot be seen."""


@dataclass(frozen=True)
class Words(Kind):
    """Text of up to `longest` characters, as one line; nothing in it that a terminal would act upon."""

    longest: int
    blank: bool = True

    def read(self, value: Any) -> str:
        text = " ".join(value.split()) if isinstance(value, str) else ""
        visible = all(letter.isprintable() or letter in JOINERS for letter in text)
        if not isinstance(value, str) or len(text) > self.longest or not visible:
            raise self._refused(value)
        if not text and not self.blank:
            raise self._refused(value)
        return text

    def _refused(self, value: object) -> Refusal:
        allowed = f"text of up to {self.longest} characters, without control characters"
        return refusal(f"{shown(value)} is not what belongs here", allowed=allowed)

    def schema(self) -> JsonSchema:
        return {"type": "string"} if self.blank else {"type": "string", "pattern": r"\S"}


@dataclass(frozen=True)
class Quantity(Kind):
    """A finite number in [low, high] of a unit, with a word of help for one that is written as text."""

    low: float
    high: float
    unit: str

    def read(self, value: Any) -> float:
        try:
            return read_number(_ANYWHERE, value, self.low, self.high, self.unit, "value")
        except Refusal as error:  # the form knows where it stands
            raise refusal_of(replace(mistake, path=()) for mistake in error.mistakes) from None

    def schema(self) -> JsonSchema:
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class APath(Kind):
    """The path of a file, from the one that names it; `what` says of which."""

    what: str

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise refusal(f"{shown(value)} is not a path", allowed=self.what)
        return value

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": r"\S"}


SCENARIO_FILE = "a scenario file, by its path from this one"
ScenarioFile = Annotated[str, APath(SCENARIO_FILE)]


def _each_once(values: list[str] | None) -> list[str] | None:
    for i, value in enumerate(values or ()):
        if values and value in values[:i]:
            raise refusal(f"{shown(value)} stands there twice", path=(i,))
    return values


EachOnce = AfterValidator(_each_once)
"""Beside a list of names in `Annotated`: none may stand there twice."""


def every(reads: Iterable[Callable[[], _Read]]) -> list[_Read]:
    """What each of some functions reads. Raises one `Refusal` of all that they refuse."""
    found, wrong = [], Refusals()
    for read in reads:
        try:
            found.append(read())
        except Refusal as error:
            wrong.add(error)
    wrong.raise_any()
    return found


def scenario_beside(name: str, file: Path | None, path: Sequence[str | int]) -> Scenario:
    """The scenario in a file that another one names, by its path from there; `path`: where it is named.
    Raises `Refusal`, with the nearest file beside it where there is none of the name.
    """
    there = file.parent / name if file else Path(name)
    if not is_file(there):
        readable = "\0" not in name and there.parent.is_dir()
        found = there.parent.glob("*.yaml") if readable else ()
        beside = [each.name for each in found if each != file]
        raise refusal(
            f"there is no file {shown(name)}",
            file=file,
            path=path,
            allowed=SCENARIO_FILE,
            suggestion=nearest(there.name, beside),
        )
    return load_scenario(there)
