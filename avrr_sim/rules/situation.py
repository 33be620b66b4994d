"""The situation: what a month holds for everybody of one origin, legal status, abode and source of advice.

Rules are of two kinds, and their arguments say which. A rule about the *situation* takes no migrant: it reads
a status, an abode, whether an advisor is at hand, the month of the origin and the levers, and is asked once a
month for each situation. A rule about the *person* takes the migrant first, and then the situation that the
migrant is in and the news among compatriots. The first kind is gathered here.
"""

from __future__ import annotations

import numpy as np

from avrr_sim.compiled import rule
from avrr_sim.migrant import ABODES, CENTRE, OF_INDEPENDENT, OF_OFFICIAL
from avrr_sim.records import bits
from avrr_sim.rules.advice import (
    earned,
    independent_rate,
    offered,
    official_rate,
    peer_chance,
    receptivity,
)
from avrr_sim.rules.application import leaving_chance
from avrr_sim.rules.beliefs import (
    claimed_security,
    hope_alone,
    permit_chance,
    removals_heard,
    reports_of_returned,
    view_of_media,
)
from avrr_sim.rules.drivers import (
    access,
    destitution,
    eligible,
    has_advisor,
    livelihood_here,
    missing_papers,
    residence_ties,
    stake_in_staying,
)
from avrr_sim.rules.legal import hazard_ahead, next_step_chance, removal_hazard, share_ahead, true_risk

STATUSES = 5
ALONE, ADVISED = range(2)
"""Sources of advice: no advisor at hand, or one."""

SITUATION = np.dtype(
    [
        ("open", "?"),  # whether the programme is open to the status
        *(
            (name, "f8")
            for name in (
                # chances within the month
                "next_step",  # on the legal path
                # of being offered a contact by those who inform on return, by kind
                "official",
                "independent",
                "to_private",  # leaving a centre for private abode
                # removal: hazard a month now and ahead, share of it felt ahead, true risk within a year
                "hazard",
                "hazard_ahead",
                "share_ahead",
                "true_risk",
                # chance of a permit: as people see it who are told nothing, and as it is
                "hope",
                "permit",
                # openness to information; trust that one contact builds; others' views of the origin
                "receptivity",
                "earned_official",
                "earned_independent",
                "claimed",
                "media",
                # parts of utilities
                "staying",  # but for hope, which is the person's, and ties, which grow with residence
                "access",
                "papers",  # where they are missing
                "destitute_apply",
                "destitute_move",
                "destitute_under",
                "ban",  # on re-entry after removal
                "europe",  # what other European countries offer
            )
        ),
    ],
    align=True,
)
"""One situation: it changes only when a dated series or a lever does."""

NEWS = np.dtype([(name, "f8") for name in ("contact", "reports", "removals")], align=True)
"""What goes round among an origin's people in a month: chance of hearing from compatriots who applied or
returned, how much safer the origin sounds for what returned peers report, and the jump of the perceived risk
at removals. It changes every month.
"""


def empty_situations(origins: int) -> np.recarray:
    """Situations not yet worked out: (origins, statuses, abodes, sources of advice), dtype SITUATION."""
    return np.zeros((origins, STATUSES, len(ABODES), 2), SITUATION).view(np.recarray)


def empty_news(origins: int) -> np.recarray:
    """News not yet heard: (origins,), dtype NEWS."""
    return np.zeros(origins, NEWS).view(np.recarray)


def months_of_change(policy: np.ndarray, origins: np.ndarray, aimed: np.ndarray) -> np.ndarray:
    """Whether each of some months in a row needs its situations worked out anew, because a lever, a series or
    what is aimed differs from the month before; the first one always: (months,).

    `policy`: the months' levers, (months,); `origins`: their series, (origins, months); `aimed`: see
    `aimed.aimed_table`.
    """
    changed = np.ones(len(policy), bool)
    changed[1:] = _differ(policy) | _differ(origins).any(axis=0)
    changed[1:] |= (aimed[:, 1:] != aimed[:, :-1]).any(axis=(0, 2, 3, 4))
    return changed


def _differ(records: np.ndarray) -> np.ndarray:
    """Whether each record differs from the one before it along the last axis, bit by bit."""
    found = bits(records)
    return (found[..., 1:, :] != found[..., :-1, :]).any(axis=-1)


@rule
def ties_by_month(ties, w):
    """Fill in the utility of ties after 0, 1, .. months of residence."""
    for months in range(ties.shape[0]):
        ties[months] = residence_ties(months, w)


@rule
def situation_of(migrant, situations, lever):
    """The situation that a migrant is in, of those of the origin: (statuses, abodes, sources of advice)."""
    return situations[migrant.status, migrant.abode, ADVISED if has_advisor(migrant, lever) else ALONE]


@rule
def survey_place(situation, status, abode, here, aims, lever, now, w):
    """What everybody of an origin shares who has this status and abode, whoever advises them."""
    situation.open = eligible(status, here)
    situation.next_step = next_step_chance(status, here, w)
    situation.hazard = removal_hazard(status, abode, here, lever, w)
    situation.to_private = leaving_chance(status, lever, w)
    situation.hazard_ahead = hazard_ahead(status, abode, here, lever, now, w)
    situation.share_ahead = share_ahead(status, w)
    situation.true_risk = true_risk(status, abode, here, lever, now, w)
    situation.hope = hope_alone(status, here, w)
    situation.permit = permit_chance(status, here, w)
    situation.independent = offered(independent_rate(status, abode, here, aims, lever, w), here, now)
    situation.receptivity = receptivity(status, w)
    situation.earned_official = earned(status, abode, OF_OFFICIAL, aims, w)
    situation.earned_independent = earned(status, abode, OF_INDEPENDENT, aims, w)
    situation.claimed = claimed_security(here, lever)
    situation.media = view_of_media(here, w)
    situation.staying = stake_in_staying(here, w) + livelihood_here(status, abode, lever, w)
    situation.papers = missing_papers(here, lever, w)
    destitute = destitution(status, abode, lever, w)
    situation.destitute_apply = w.destitution_apply * destitute
    situation.destitute_move = w.destitution_move * destitute
    situation.destitute_under = w.destitution_under * destitute
    situation.ban = w.ban * lever.reentry_ban
    situation.europe = here.europe * lever.europe_opportunity


@rule
def survey_advice(situation, status, abode, advised, here, aims, lever, now, w):
    """What depends on whether an advisor is at hand: how often official sources are met, and what applying
    takes.
    """
    situation.official = offered(official_rate(status, abode, advised, aims, lever, w), here, now)
    situation.access = access(abode, advised, lever, w)


@rule
def survey(situations, origins, aimed, lever, now, w):
    """Work out the situations (origins, statuses, abodes, sources of advice) of a month, in place. `origins`
    holds the month's row of each, `aimed` the information aimed at it. Only a centre can have an advisor.
    """
    for o in range(situations.shape[0]):
        here, aims = origins[o], aimed[o]
        for status in range(situations.shape[1]):
            for abode in range(situations.shape[2]):
                for advice in (ALONE, ADVISED):
                    if advice == ALONE or abode == CENTRE:
                        situation = situations[o, status, abode, advice]
                        survey_place(situation, status, abode, here, aims, lever, now, w)
                        advised = advice == ADVISED
                        survey_advice(situation, status, abode, advised, here, aims, lever, now, w)


@rule
def gather_news(news, origins, lever, kin, w):
    """Work out what goes round this month among the people of each origin, in place."""
    for o in range(news.shape[0]):
        news[o].contact = peer_chance(origins[o], lever, kin[o], w)
        news[o].reports = reports_of_returned(kin[o], w)
        news[o].removals = removals_heard(kin[o], w)
