"""The six kinds of file that the commands read: how each is told from the others, read, and described to
editors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from avrr_sim import scenario_form
from avrr_sim.files import read_yaml
from avrr_sim.forms import JsonSchema
from avrr_sim.places import host_form
from avrr_sim.places.own_origins import read_own_file
from avrr_sim.places.place import read_host
from avrr_sim.places.record.published import read_record
from avrr_sim.programme import read_programme
from avrr_sim.programmes import form as programme_form
from avrr_sim.refusals import nearest, refusal
from avrr_sim.scenario import load_scenario
from avrr_sim.study.calibration import targets
from avrr_sim.study.sweep import experiment
from avrr_sim.study.value import studies, study_form

SCHEMAS = Path(__file__).with_name("schemas")


class Named(Protocol):
    """What every kind of file is read as: something with a name."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Part:
    """A file that another one names, without a schema. `keys`: those that only such files have, by which they
    are recognised; `read` raises `Refusal`.
    """

    name: str
    keys: frozenset[str]
    read: Callable[[Path], Named]


@dataclass(frozen=True)
class FileKind(Part):
    """One kind of file. `schema` makes its JSON Schema, which is shipped in `file`."""

    schema: Callable[[], JsonSchema]

    @property
    def file(self) -> Path:
        """The JSON Schema that comes with the package."""
        return SCHEMAS / f"{self.name}.json"


_SCENARIO = FileKind("scenario", frozenset(), load_scenario, scenario_form.json_schema)

KINDS: dict[str, FileKind] = {
    kind.name: kind
    for kind in (
        _SCENARIO,
        FileKind(
            "experiment",
            frozenset({"vary", "design"}),
            experiment.load_experiment,
            experiment.json_schema,
        ),
        FileKind("studies", frozenset({"studies"}), studies.load_studies, study_form.json_schema),
        FileKind("targets", frozenset({"targets"}), targets.load_targets, targets.json_schema),
        FileKind(
            "host",
            frozenset({"arrivals", "arrival_shares", "households", "numbers"}),
            read_host,
            host_form.json_schema,
        ),
        FileKind(
            "programme",
            frozenset({"eligibility", "references", "price_year", "currency"}),
            read_programme,
            programme_form.json_schema,
        ),
    )
}
"""Every kind by its name, as `avrr schema` takes it."""


PARTS = (
    Part("record", frozenset({"rows", "years"}), read_record),
    Part("own origins", frozenset({"own_origins"}), read_own_file),
)
"""What a host's file may name: a record and origins of the user's own."""


def kind_of(path: str | Path) -> Part:
    """The kind of a file, by its keys; what has none of another kind is meant as a scenario.

    Raises `Refusal` where it cannot be read, or has no key of a scenario and most of its keys are not even
    like one.
    """
    keys = read_yaml(path).keys()
    kinds: list[Part] = [*KINDS.values(), *PARTS]
    for kind in kinds:
        if kind.keys & keys:
            return kind
    known = scenario_form.ScenarioForm.model_fields
    strange = [key for key in keys if not nearest(key, known)]
    if not keys & known.keys() and 2 * len(strange) > len(keys):
        raise refusal(
            "is none of the six kinds of file: no key of it is one of theirs",
            file=path,
            allowed=f"{', '.join(KINDS)}; `avrr schema KIND` says what each holds",
        )
    return _SCENARIO
