"""The project's way to a posterior beside that of an independent library, emcee, on a small case with all
that a fit has: a series with a shared discrepancy, a share, a range, bent figures, a weight that acts on
nothing.

emcee is no dependency, so it has an environment of its own (Python 3.11 or later):

    python3.11 -m venv crossenv
    crossenv/bin/pip install emcee==3.1.6 --editable .
    crossenv/bin/python tests/crosscheck.py [--into docs/crosscheck.md]

The density that emcee is given is written down from the figures anew (`crosscheck_posterior.log_density`),
so that the likelihood is checked as well as the sampler. Ends with an error where a median or an end of an
interval is further off than the chance of both explains.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from crosscheck_posterior import ENDS, WEIGHTS, Posterior, ours, theirs
from scipy import stats

DRAWS, WALKERS, STEPS, SEED = 20_000, 64, 20_000, 1
FAR = 4.5
"""Standard errors of both together beyond which they differ."""
BEGIN, END = "<!-- crosscheck: begin -->", "<!-- crosscheck: end -->"


def standard_errors(found: Posterior, end: float) -> np.ndarray:
    """(weights,) of a quantile, as of a normal posterior."""
    density = stats.norm.pdf(stats.norm.ppf(end))
    return found.sd * np.sqrt(end * (1 - end) / found.draws) / density


def compared(one: Posterior, other: Posterior) -> tuple[list[str], float]:
    """(rows of a table, one a weight, and the largest difference in standard errors of both together)."""
    rows, most = [], 0.0
    parts = ("low", "median", "high")
    for j in range(WEIGHTS):
        cells = []
        for found in (one, other):
            low, median, high = (getattr(found, part)[j] for part in parts)
            cells.append(f"{median:+.3f} ({low:+.3f} to {high:+.3f})")
        off = [
            (getattr(one, part)[j] - getattr(other, part)[j])
            / np.hypot(standard_errors(one, end)[j], standard_errors(other, end)[j])
            for part, end in zip(parts, ENDS, strict=True)
        ]
        most = max(most, *map(abs, off))
        differences = ", ".join(f"{each:+.1f}" for each in off)
        rows.append(f"| {j + 1} | {cells[0]} | {cells[1]} | {differences} |")
    return rows, float(most)


def as_text(one: Posterior, other: Posterior) -> tuple[str, bool]:
    """(the section of the document, whether both agree)."""
    rows, most = compared(one, other)
    agree = most <= FAR
    return "\n".join(
        [
            f"emcee {version('emcee')}; ours {one.draws:,.0f} draws, emcee's worth {other.draws:,.0f}.",
            "",
            "| weight | ours | emcee | differences of low, median and high, standard errors |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            f"Largest difference {most:.1f} standard errors of both together: "
            + ("they agree." if agree else "**they differ.**"),
        ]
    ), agree


def main() -> int:
    parser = argparse.ArgumentParser(description="The project's posterior beside emcee's, on a small case.")
    parser.add_argument("--into", type=Path, help="document whose section is written anew")
    asked = parser.parse_args()
    text, agree = as_text(ours(DRAWS, SEED), theirs(WALKERS, STEPS, SEED))
    print(text)
    if asked.into:
        whole = asked.into.read_text(encoding="utf-8")
        before, after = whole.split(BEGIN)[0], whole.split(END)[1]
        asked.into.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
