"""What a comparison cannot tell, in sentences."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from avrr_sim.posterior import worth
from avrr_sim.study.jobs.plan import Plan

LIMITS = [
    "The people are synthetic. Nothing here is about a real person, and nothing may be used to judge one.",
    (
        "The stage at which applicants drop out is not identified by any published figure; the split "
        "by stage is an assumption."
    ),
    (
        "That most leave within two years can come from growing ties, from lasting differences between "
        "people, or from a shrinking group at risk; the data cannot tell these apart."
    ),
    (
        "Life after return has not been studied empirically for these people; its figures rest on "
        "judgement alone."
    ),
    (
        "Security at the origin stands on an index set by judgement. Return may be refused to people "
        "who need protection, and a rejection can be wrong: both are counted, neither is measured."
    ),
    (
        "Figures are averages over the whole measured window, also where a change starts in the middle "
        "of it; the curves over time show when it bites."
    ),
    (
        "Money counts support, travel and services for those who depart. What contacts, outreach, "
        "trust or offices cost is not counted."
    ),
    (
        "The ends of an interval rest on the outer draws and move from seed to seed; with fewer than "
        "20 draws they are not to be used."
    ),
    (
        "Unaccompanied minors and victims of trafficking keep today's support in every scenario, "
        "unless a scenario asks for them by name."
    ),
    (
        "Levers of coercion are studied for their consequences. They are not ranked, optimised, or "
        "costed as savings."
    ),
]
"""What every report says it cannot tell, beside a sentence on its weights (`ON_WEIGHTS`) and, as they apply,
those below.
"""
ON_WEIGHTS = {
    "posterior": (
        "The weights were fitted to a small number of published figures of one country. Most of them "
        "are hardly narrowed by these and remain judgements with wide priors, whose widths the "
        "intervals restate."
    ),
    "prior": (
        "The weights of this study were not fitted to data: most sizes are judgements with wide "
        "priors, and the intervals restate those widths."
    ),
    "central": (
        "This study has one set of weights, the medians of their priors, most of them judgements. It "
        "shows nothing of how uncertain its figures are."
    ),
}
WITH_TWINS = [
    "The shares who apply under pressure or misinformed come from running the same people again "
    "without threat or restrictions, or with true beliefs. They are the model's answer, as "
    "uncertain as its weights, and no count of real people; "
    "other pressure, such as poverty or want of anywhere else to go, is not in them. Read no "
    "uptake figure as a measure of free choice.",
    (
        "In those twin runs removals go on as before: the threat is taken out of people's minds, not "
        "out of the world."
    ),
]
WITHOUT_TWINS = [
    (
        "The share of applicants who apply under pressure, and the share who would not have applied "
        "with true beliefs, were not computed in this study; read no uptake figure as a measure of "
        "free choice."
    )
]
BEYOND_WORTH = (
    "The fitted weights are worth about {worth:.0f} independent draws, and this study takes "
    "{draws}: many of these are copies of one another. More draws tell nothing more of "
    "the weights, and Monte Carlo errors over draws are too small."
)
PAIRED = (
    "Who changes from one outcome to another is assumed: the same person is taken to have the same "
    "luck under both policies. How many end in each outcome does not rest on that; the bounds beside "
    "each flow show what is left without it."
)


def limits_of(plan: Plan, host_origins: Collection[str], names: Sequence[str]) -> list[str]:
    """What a run or a comparison cannot tell. `host_origins`: all origins of its host, by key; `names` of
    those that it simulates.
    """
    narrower = set(plan.scenarios[0].origins) != set(host_origins)
    some = (
        f"Only people from these origins are simulated: {', '.join(names)}. Counts are for them, not for "
        "the whole country."
    )
    return [
        *([some] if narrower else []),
        LIMITS[0],
        ON_WEIGHTS[plan.weights],
        *on_draws(plan),
        *LIMITS[1:-1],
        *(WITH_TWINS if plan.twinned else WITHOUT_TWINS),
        *([PAIRED] if len(plan.keys) > 1 else []),
        LIMITS[-1],
    ]


def on_draws(plan: Plan) -> list[str]:
    """What a study has to say where it takes more draws than the posterior is worth; else nothing."""
    return [BEYOND_WORTH.format(worth=worth(), draws=plan.draws)] if plan.beyond_worth else []
