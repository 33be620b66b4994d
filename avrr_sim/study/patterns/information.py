"""P16 to P20 and P28: knowledge, timing, trust, and what is misunderstood."""

from __future__ import annotations

import math

from avrr_sim.migrant import CENTRE, OBLIGED_AFTER, PENDING, PRIVATE
from avrr_sim.rules.advice import receptivity
from avrr_sim.study.patterns.pattern import IMPOSED, Pattern
from avrr_sim.study.patterns.statistic import CLEARLY, PRESUMED, View, least, log_ratio

MUCH_BETTER = math.log(1.25)
"""Tolerance of "well informed while they know little": self-rating at least a quarter above knowledge. A
reading.
"""
LOW = 0.5
"""Tolerance of "low" receptivity: under a half. A reading."""


def centres_know_more(base: View) -> float:
    """P16: log ratio of mean knowledge in centres to that in private abode, less the tolerance."""
    return log_ratio(base.mean("knowledge", CENTRE), base.mean("knowledge", PRIVATE)) - CLEARLY


def overrated(base: View) -> float:
    """P17: log ratio of self-rated information to knowledge, the smaller of both abodes, less the
    tolerance.
    """
    return (
        least(
            [
                log_ratio(base.mean("self_rated", abode), base.mean("knowledge", abode))
                for abode in (CENTRE, PRIVATE)
            ]
        )
        - MUCH_BETTER
    )


def receptivity_is_low(base: View, early: View, gradual: View) -> float:
    """P18: what is left of a half above the larger receptivity, before the decision and after it."""
    return LOW - max(receptivity(status, base.weights) for status in (PENDING, OBLIGED_AFTER))


def early_beats_gradual(base: View, early: View, gradual: View) -> float:
    """Log ratio of hazards of applying, early information to gradual."""
    return log_ratio(early.hazard(), gradual.hazard())


def credibility_falls(base: View, glossing: View, interest: View) -> float:
    """P19: least log fall of trust, over glossing over and perceived interest, in centres and in private
    abode, less the tolerance.
    """
    return (
        least(
            [
                log_ratio(base.mean("trust", abode), changed.mean("trust", abode))
                for changed in (glossing, interest)
                for abode in (CENTRE, PRIVATE)
            ]
        )
        - CLEARLY
    )


def contradiction_costs_more_outside(same: View, contradicting: View) -> float:
    """P20: the smaller of the log fall of trust in centres less the tolerance, and by how much the fall
    outside exceeds it.
    """
    inside, outside = (
        log_ratio(same.mean("trust", abode), contradicting.mean("trust", abode))
        for abode in (CENTRE, PRIVATE)
    )
    return least([inside - CLEARLY, outside - inside])


def papers_fail(base: View, clear: View) -> float:
    """P28: log ratio of the shares of applications that fail over documents, today's guidance to full, less
    the tolerance.
    """
    (failed, applied), (failed_clear, applied_clear) = (
        [float(view[name]) for name in ("failed_documents", "applicants")] for view in (base, clear)
    )
    if not failed and not failed_clear:
        return -CLEARLY
    share = log_ratio(failed, failed_clear, PRESUMED) - log_ratio(applied, applied_clear, PRESUMED)
    return share - CLEARLY


PATTERNS = (
    Pattern(
        "P16",
        "People in centres know more about assisted return than people living on their own",
        IMPOSED,
        ("baseline-norway",),
        centres_know_more,
        "log ratio of mean knowledge; tolerance 1 per cent",
        "median contact rates are higher in centres; over draws a likelihood, not a certainty",
    ),
    Pattern(
        "P17",
        "People call themselves well informed while they know little",
        IMPOSED,
        ("baseline-norway",),
        overrated,
        "log ratio of self-rated information to knowledge; tolerance a quarter",
        (
            "in centres and outside; where self-rating starts, and that any contact raises it, were "
            "put in. That who feels informed asks for less is a weight, `informed_asks_less`"
        ),
    ),
    Pattern(
        "P18",
        "Receptivity is low before the decision and after it; the best timing is disputed",
        IMPOSED,
        ("baseline-norway", "information-early", "information-gradual"),
        receptivity_is_low,
        "a half less the larger receptivity",
        (
            "the level of receptivity and its ratio after to before are weights with wide priors, so this "
            "reads the weights and no more; "
            "that the best timing is open shows in the share of draws"
        ),
        ("early information brings more applications than gradual", early_beats_gradual),
    ),
    Pattern(
        "P19",
        "Glossing over, or a perceived interest in return, lowers the credibility of all information",
        IMPOSED,
        ("baseline-norway", "more glossing over", "more interest in return"),
        credibility_falls,
        "log fall of trust, the least of four; tolerance 1 per cent",
        (
            "trust is in what one was told, whoever told it; that a contact can cost trust in its kind "
            "of source was put in"
        ),
    ),
    Pattern(
        "P20",
        "Advisors who contradict one another lower credibility, more so outside centres",
        IMPOSED,
        ("as many contacts outside", "as many contacts outside, contradicting"),
        contradiction_costs_more_outside,
        "log fall of trust, and what it is more outside, the smaller; tolerance 1 per cent",
        (
            "at as many contacts outside as in centres, as far as outreach goes; "
            "`contradiction_outside` cannot be negative, contacts and trust to lose are free"
        ),
    ),
    Pattern(
        "P28",
        "Misunderstandings about identity papers make applications fail",
        IMPOSED,
        ("baseline-norway", "clear papers"),
        papers_fail,
        "log ratio of the share that fails; tolerance 1 per cent",
        "fewer fail where the requirements are made fully clear; by form",
    ),
)
