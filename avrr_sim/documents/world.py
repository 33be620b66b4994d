"""The tables and pictures of docs/world.md: the world that the model reads beside the world as published.

python -m avrr_sim.documents.world docs/world.md       fills the tables in place, draws into figures/ beside
                                                       it
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from avrr_sim.documents import world_gaps, world_tables
from avrr_sim.documents.markdown import filled
from avrr_sim.documents.world_pictures import pictures
from avrr_sim.refusals import Refusal

TABLES: dict[str, Callable[[], str]] = {
    "norway-claims": world_tables.norway_claims,
    "norway-decisions": world_tables.norway_decisions,
    "norway-origins": world_tables.norway_origins,
    "norway-enforcement": world_tables.norway_enforcement,
    "income-formula": world_tables.income_formula,
    "far": world_gaps.far,
    "far-origins": world_gaps.far_origins,
    "formula": world_tables.formula,
    "security-years": world_tables.security_years,
    "security-fit": world_tables.security_fit,
    "money": world_tables.money,
    "france-years": world_tables.france_years,
    "estonia-years": world_tables.estonia_years,
    "outcomes": world_tables.outcomes,
    "rows": world_tables.rows,
    "series": world_tables.series,
    "missing": world_gaps.missing,
}
"""Every table by the name that its markers carry."""


def main(arguments: Sequence[str]) -> int:
    """Fill the tables of the page named and draw its pictures. Returns 0, or 2 with one message where that
    fails.
    """
    if len(arguments) != 1:
        print("world: name the page, such as docs/world.md", file=sys.stderr)
        return 2
    path = Path(arguments[0])
    try:
        path.write_text(filled(path.read_text(encoding="utf-8"), path, tables=TABLES), encoding="utf-8")
        (path.parent / "figures").mkdir(exist_ok=True)
        pictures(path.parent / "figures")
    except (Refusal, OSError, UnicodeDecodeError) as error:
        print(f"world: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
