"""Every pattern, and their statistics in one draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from avrr_sim.refusals import unknown_name
from avrr_sim.study.patterns import after_return, information, origin_and_threat, programmes
from avrr_sim.study.patterns.lives import Lives
from avrr_sim.study.patterns.pattern import Pattern
from avrr_sim.study.patterns.statistic import Statistic, statistic_of

PATTERNS: dict[str, Pattern] = {
    p.id: p
    for p in sorted(
        (*origin_and_threat.PATTERNS, *programmes.PATTERNS, *information.PATTERNS, *after_return.PATTERNS),
        key=lambda p: p.id,
    )
}
"""Every pattern by its id."""


def pattern_statistics(
    ids: Iterable[str], weights: Mapping[str, float], seed: int, draw: int, size: int
) -> dict[str, float]:
    """The statistic of each pattern asked for, by id: positive where it holds in the world of these weights,
    its tolerance taken off already.

    `weights`: every weight by name (unknown amounts of country programmes that it lacks stand at their
    medians); `seed` and `draw` key the chance; `size` units over a whole run. NaN where nobody is there to
    judge by, or where nothing in the model answers to the pattern. Runs are shared between the patterns of a
    call. Raises `Refusal` for an unknown id. See `pattern_results` for the errors.
    """
    lives = Lives(weights, seed, draw, size)
    return {name: result_of(pattern(name), lives, with_error=False).value for name in ids}


def pattern_results(
    ids: Iterable[str], weights: Mapping[str, float], seed: int, draw: int, size: int
) -> dict[str, Statistic]:
    """As `pattern_statistics`, with the standard error of each that the size of the runs leaves; `.holds` is
    the chance that it holds.
    """
    lives = Lives(weights, seed, draw, size)
    return {name: result_of(pattern(name), lives) for name in ids}


def pattern(name: str) -> Pattern:
    """A pattern by its id. Raises `Refusal` for an unknown one."""
    if name not in PATTERNS:
        raise unknown_name("pattern", name, PATTERNS)
    return PATTERNS[name]


def result_of(of: Pattern, lives: Lives, with_error: bool = True) -> Statistic:
    """The statistic of one pattern in the lives of a draw; its error is NaN where it is not asked for."""
    if of.statistic is None:
        return Statistic(float("nan"), float("nan"))
    return statistic_of(of.statistic, [lives.life(name) for name in of.needs], with_error)
