"""How commands say what a reader should know: a line each on standard error."""

from __future__ import annotations

from collections.abc import Iterable

from avrr_sim.report.words.sentences import caution_said
from avrr_sim.shell.printing import say
from avrr_sim.study.summary.contract import Remark


def say_cautions(remarks: Iterable[Remark], of: str = "") -> None:
    """Say cautions as warnings, each with the key of its scenario before it, or with `of`."""
    for each in remarks:
        name = each.get("scenario") or of
        say(f"{name}: warning: {caution_said(each)}" if name else f"warning: {caution_said(each)}")
