"""What studies leave for themselves - manifests, what chunks say of themselves - is input like any other when
it is read again: it may come from another machine, or be damaged. Each has a form, and what does not fit it
is not used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, ValidationError

from avrr_sim.files import check_plain, read_json
from avrr_sim.forms import Form, mistakes_in
from avrr_sim.refusals import Refusal, refusal, refusal_of, shown

_MOST_TOLD = 3  # mistakes of a damaged file
AS_WRITTEN = "the file as it was written"
_AStored = TypeVar("_AStored", bound="Stored")


class Stored(Form):
    """A table of a file that a study left; a later version may have added keys."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    def known(self) -> dict[str, Any]:
        """What the table says by the keys that this version knows."""
        return {name: getattr(self, name) for name in type(self).model_fields}


def fitting(form: str) -> AfterValidator:
    """Beside a text in `Annotated`: it has this form, a regular expression."""

    def fits(text: str) -> str:
        if not re.fullmatch(form, text):
            raise refusal(f"{shown(text)} is not what belongs here")
        return text

    return AfterValidator(fits)


Digest = Annotated[str, fitting("[0-9a-f]{16}")]
Slug = Annotated[str, fitting("[a-z0-9-]{1,80}")]
"""A name that may stand in the name of a file or folder."""


class StoredFailure(Stored):
    """A run that failed."""

    error: str
    draw: int = 0
    replicate: int = 0
    scenario: str = ""


class StoredManifest(Stored):
    """What a manifest says of every kind of study."""

    digest: Digest
    identity: Annotated[dict[str, Any], Field(min_length=1)]
    kind: str | None = None
    command: str = ""
    status: str = ""
    version: str = ""
    shard: Annotated[str, fitting("[0-9]{1,6}/[0-9]{1,6}")] | None = None
    failures: list[StoredFailure] = Field(default_factory=list)


class ChunkNote(Stored):
    """What a chunk says of itself. beside: hashes of files of the study's folder, by their path in it."""

    study: Digest
    chunk: int
    failures: list[StoredFailure]
    beside: dict[Annotated[str, fitting("[a-z_]{1,40}/chunk-[0-9]{1,9}[.]parquet")], Digest] = Field(
        default_factory=dict
    )


def fit(form: type[_AStored], content: Any, file: object = None) -> _AStored:
    """Content in its form. Raises one `Refusal` of the first few things that are wrong."""
    if not isinstance(content, Mapping):
        raise refusal("must hold keys and values", file=file, allowed=AS_WRITTEN)
    try:
        return form.model_validate(content)
    except ValidationError as error:
        told = mistakes_in(error, form)[:_MOST_TOLD]
        raise refusal_of(mistake.within(file, ()) for mistake in told) from None


def read_stored(form: type[Stored], file: Path) -> dict[str, Any]:
    """What a JSON file of a study holds, as it stands there, if it has its form. Raises `Refusal`."""
    content = read_json(file)
    fit(form, content, file)
    return content


def fits(form: type[Stored], content: Any) -> bool:
    """Whether content has its form, and no text in it that a terminal would act upon."""
    try:
        check_plain(content, any_number=True)
        fit(form, content)
    except Refusal:
        return False
    return True
