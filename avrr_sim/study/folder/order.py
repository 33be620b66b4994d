"""What a study is to do, and how it is carried out: all that the frame has to know of any kind of study."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from avrr_sim.refusals import refusal, shown
from avrr_sim.study.folder.identity import digest_of
from avrr_sim.study.jobs.numbers import whole_number

if TYPE_CHECKING:
    from avrr_sim.study.folder.chunks import Chunks, Failure

NOUNS = {
    "run": "a run",
    "compare": "a comparison",
    "sweep": "a sweep",
    "calibrate": "a calibration",
    "validate": "a validation",
    "study-next": "a study of the value of information",
    "predict": "a forecast",
}
"""Kinds of study, as a message names them."""

Told = Callable[[int], None]
Progress = Callable[[str, int], AbstractContextManager[Told]]
"""Given what is counted and how many there are, a context whose value is told of those that are done."""
Say = Callable[[str], None]


def no_progress(what: str, total: int) -> AbstractContextManager[Told]:
    """Progress that nobody looks at."""
    return nullcontext(lambda done: None)


def say_nothing(text: str) -> None:
    """Messages that nobody reads."""


class Order(ABC):
    """What a study is to do. Each kind of study has an order of its own, with what is particular to it."""

    kind: str
    command: str

    @property
    @abstractmethod
    def identity(self) -> dict[str, Any]:
        """Everything that the results depend on, by name."""

    @cached_property
    def digest(self) -> str:
        """Hash of the identity: what the study is known by."""
        return digest_of(self.identity)

    @property
    def part(self) -> str | None:
        """The part i/n of the study that is to be done; None: all of it."""
        return None

    @property
    def home(self) -> Path:
        """Where folders of this study stand unless another place is named."""
        return Path("results") / self.kind

    @property
    def folder_end(self) -> str:
        """How the name of such a folder ends, after the time at which it was made."""
        return f"-{self.digest}" + (f"-{self.part.replace('/', 'of')}" if self.part else "")

    def chunks_in(self, folder: Path) -> Chunks:
        """The chunks by which a folder without a manifest is known for one of this study."""
        from avrr_sim.study.folder.chunks import Chunks  # a plan needs no tables

        return Chunks(folder, self.digest)

    @abstractmethod
    def manifest(self, status: str, failures: Sequence[Failure], kept: int) -> dict[str, Any]:
        """What the manifest says beside kind, digest and identity; `kept`: runs that stand on disk."""


@dataclass(frozen=True)
class Execution:
    """How a study is carried out: nothing that its results depend on.

    out: its folder (None: one under results/); resume: go on with what stands there (without `out`: in the
    newest folder of this very study); workers: runs side by side (None: one a processor); cluster: address of
    a Dask scheduler, to run there instead. Raises `Refusal` for values that make no sense.
    """

    out: Path | None = None
    resume: bool = False
    workers: int | None = None
    cluster: str | None = None
    progress: Progress = no_progress
    say: Say = say_nothing

    def __post_init__(self) -> None:
        if self.workers is not None:
            whole_number("workers", self.workers)
        if self.cluster is not None and not (isinstance(self.cluster, str) and self.cluster.strip()):
            raise refusal(f"--cluster {shown(self.cluster)}", allowed="an address such as tcp://host:8786")


@contextmanager
def library_execution(
    out: str | Path | None, resume: bool, workers: int | None, cluster: str | None
) -> Iterator[Execution]:
    """How a study is carried out from a notebook: in `out`, or, where nothing is to be kept, in a folder that
    is gone afterwards. Raises `Refusal` for values that make no sense.
    """
    if out is None and resume:
        raise refusal("resume without a folder", allowed="out: the folder of the study to go on with")
    with TemporaryDirectory() if out is None else nullcontext(out) as folder:
        yield Execution(Path(folder), resume, workers, cluster)
