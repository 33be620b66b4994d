"""A file of one kind given where another is wanted: recognised by its keys, and said with what takes it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from avrr_sim.refusals import refusal


@dataclass(frozen=True)
class Marks:
    """A kind of file as a message names it, keys that hardly another kind has, and what is done with it."""

    noun: str
    keys: frozenset[str]
    use: str


MARKS = {
    "scenario": Marks(
        "a scenario",
        frozenset(
            {
                "extends",
                "host",
                "programme",
                "country_programmes",
                "window",
                "start",
                "levers",
                "offers",
                "information",
                "hypothesis",
                "protection_gate",
            }
        ),
        "`avrr run` or `avrr compare` take it; an experiment names it as its baseline",
    ),
    "experiment": Marks(
        "an experiment",
        frozenset({"vary", "design", "baseline", "read_by", "precision"}),
        "`avrr sweep` takes it",
    ),
    "targets": Marks(
        "a file of targets",
        frozenset({"targets", "effects", "points"}),
        "`avrr calibrate --targets` takes it",
    ),
    "studies": Marks("a file of studies", frozenset({"studies"}), "`avrr study-next --studies` takes it"),
    "host": Marks(
        "a host",
        frozenset({"arrivals", "arrival_shares", "households", "numbers", "record", "unregistered_shares"}),
        "a scenario names it: `host: FILE`",
    ),
    "programme": Marks(
        "a programme",
        frozenset({"eligibility", "references", "price_year", "services", "readings", "part_of", "covers"}),
        "a scenario names it: `programme: FILE`",
    ),
}
"""Kinds of file by name."""


def refuse_other_kind(keys: Collection[str], wanted: str, file: object = None) -> None:
    """Refuse a file that has more keys of another kind than of the one that is wanted (of MARKS)."""
    found = {kind: len(marks.keys.intersection(keys)) for kind, marks in MARKS.items()}
    kind = max(found, key=lambda each: (found[each], each == wanted))
    if found[kind] > found[wanted]:
        raise refusal(
            f"is {MARKS[kind].noun}, where {MARKS[wanted].noun} is wanted", file=file, allowed=MARKS[kind].use
        )
