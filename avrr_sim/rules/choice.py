"""The monthly decision: utilities of the options, and one keyed random number per option that picks among
them.

The largest utility + Gumbel wins (McFadden 1974). It is drawn as the equivalent exponential race: the
smallest -log(u) / exp(utility). Each option has its own number, so making one option better never makes a
person swap between two others.

Most months most people stay, and most options are far behind. Bounds that need no logarithm and no
exponential tell so: they only ever leave out what cannot win, so the winner is the race's own to the last
bit.
"""

from __future__ import annotations

import math

import numpy as np

from avrr_sim.chance import root, safe_exp
from avrr_sim.compiled import rule
from avrr_sim.migrant import NONE, OBLIGED_BEFORE
from avrr_sim.rules.drivers import (
    felt,
    hassle,
    hope,
    in_designated_centre,
    is_late,
    knowing,
    liveable,
    mobility,
    months_believed,
    origin_network,
    origin_security,
    promised_support,
    reentry,
    threat,
    worth_on_offer,
)
from avrr_sim.rules.offers import support_in_view

# Options of a migrant who is present and not applying. An applicant's STAY means withdraw and APPLY means go
# on.
STAY, APPLY, UNASSISTED, MOVE_ON, GO_UNDER = range(5)


@rule
def utility_stay(migrant, situation, ties, now, w):
    """Stay: stake and livelihood of the situation, own hope, and `ties` by months of residence."""
    return situation.staying + hope(migrant, w) + ties[now.month - migrant.arrival]


@rule
def utility_apply(migrant, situation, here, lever, on_offer, now, w):
    """Apply for assisted return, or go on with an application (whose support is the one promised)."""
    seems, risk = liveable(migrant, w), felt(migrant.risk_apply, lever)
    support = (
        promised_support(migrant, here, w)
        if migrant.stage != NONE
        else support_in_view(migrant, here, lever, on_offer, now, w)
    )
    removal = w.threat_apply * threat(risk) * seems + reentry(migrant, situation, risk, seems, w)
    return wish_to_apply(migrant, situation, lever, support, removal, w)


@rule
def wish_to_apply(migrant, situation, lever, support, removal, w):
    """The utility of applying, from what support and the threat of removal add to it. Never less where they
    add more: each sum is rounded in the same order.
    """
    value = w.apply_constant + origin_security(migrant, w) + origin_network(migrant, w) + migrant.taste_return
    value += support
    value += knowing(migrant, w) + situation.access + hassle(migrant, situation)
    value += removal
    value += situation.destitute_apply + migrant.inclination
    if in_designated_centre(migrant, lever):
        value += w.designated_apply
    return value


@rule
def most_apply(migrant, situation, here, lever, on_offer, w):
    """What applying is worth at most, without a logarithm and an exponential: `utility_apply` or more. The
    origin seems as liveable as weighs most, and support counts by a bound on its logarithm; no bound where
    something is promised, a change is in view or offers are made.
    """
    if (
        migrant.stage != NONE
        or migrant.status == OBLIGED_BEFORE
        or lever.months_to_change > 0.0
        or on_offer.shape[1] > 0
    ):
        return math.inf
    late = is_late(migrant)
    worth = worth_on_offer(migrant, here, lever, late, lever.cash_level, lever.in_kind_level, w)
    support = w.support * log_at_most(months_believed(migrant, here, worth, w))
    risk = felt(migrant.risk_apply, lever)
    removal = max(w.threat_apply * threat(risk), 0.0) + max(reentry(migrant, situation, risk, 1.0, w), 0.0)
    return wish_to_apply(migrant, situation, lever, max(support, 0.0), removal, w)


@rule
def utility_unassisted(migrant, w):
    """Return without the programme: security, network and taste, easier with a passport in hand."""
    value = (
        w.unassisted_constant
        + origin_security(migrant, w)
        + origin_network(migrant, w)
        + migrant.taste_return
    )
    return value + w.unassisted_passport if migrant.passport else value


@rule
def utility_move_on(migrant, situation, lever, w):
    """Move on to another European country: opportunity there, threat and destitution here."""
    value = w.move_on_constant + w.europe * mobility(migrant, situation) + migrant.taste_moving
    value += w.threat_move * threat(felt(migrant.risk_leave, lever)) + situation.destitute_move
    return value + w.designated_move if in_designated_centre(migrant, lever) else value


@rule
def utility_go_under(migrant, situation, lever, w):
    """Go under: live in the country out of the authorities' sight. A taste for moving on is in part one for
    this too.
    """
    value = (
        w.go_under_constant
        + w.taste_shared * migrant.taste_moving
        + w.threat_under * threat(felt(migrant.risk_leave, lever))
        + situation.destitute_under
    )
    return value + w.designated_under if in_designated_centre(migrant, lever) else value


@rule
def arrival_time(uniform, utility, is_open):
    """When an option finishes the race: -log(u) / exp(utility); never where it is not open."""
    return -math.log(uniform) / safe_exp(utility) if is_open else math.inf


@rule
def first_of(t0, t1, t2, t3, t4):
    """The number of the option that finishes first (the lower number in a tie)."""
    best, when = 0, t0
    if t1 < when:
        best, when = 1, t1
    if t2 < when:
        best, when = 2, t2
    if t3 < when:
        best, when = 3, t3
    if t4 < when:
        best = 4
    return best


# The grid of the bounds: exp from above at the upper edge of each cell of utility, -log from above at the
# lower edge of each cell of (0, 1), where the first cell begins below the smallest number of `chance`. _SPARE
# covers the last digits of exp, log, products and quotients, each of which is right to about 1e-16.
_LOWEST, _CELLS_A_LOGIT, _CELLS = -32.0, 8.0, 512
_CELLS_OF_CHANCE, _BELOW_ALL = 256, 1e-12
_SPARE = 1.0 + 1e-11
_LARGEST = 1e300
_EXP_ABOVE = np.exp((np.arange(_CELLS) + 1.0) / _CELLS_A_LOGIT + _LOWEST) * _SPARE
_LOG_ABOVE = -np.log(np.maximum(np.arange(_CELLS_OF_CHANCE), _BELOW_ALL) / _CELLS_OF_CHANCE) * _SPARE


@rule
def may_win(uniform, utility, when):
    """Whether an option may finish the race before `when`: true wherever it does.

    -log(u) is at least 1 - u, and exp(utility) at most its value at the upper edge of its cell.
    """
    cell = (utility - _LOWEST) * _CELLS_A_LOGIT
    if cell >= _CELLS - 1.0:
        return True
    return 1.0 - uniform < when * float(_EXP_ABOVE[int(max(cell, 0.0))])


@rule
def log_at_most(x):
    """log(x) or more, 0 at the least: (x - 1) / sqrt(x), for x of 1 or more."""
    inside = min(max(x, 1.0), _LARGEST)
    return (inside - 1.0) / root(inside) * _SPARE


@rule
def latest(uniform, utility):
    """A time by which an option has finished the race: `arrival_time` or later.

    -log(u) is at most its value at the lower edge of its cell, and so is 1 / exp(utility).
    """
    cell = (utility - _LOWEST) * _CELLS_A_LOGIT
    if cell < 1.0 or cell >= _CELLS:
        return math.inf
    return (
        float(_LOG_ABOVE[int(uniform * _CELLS_OF_CHANCE)])
        / float(_EXP_ABOVE[int(cell) - 1])
        * _SPARE
        * _SPARE
    )


@rule
def time_before(uniform, utility, is_open, when):
    """`arrival_time`, or never where the option is not open or cannot finish before `when`."""
    return arrival_time(uniform, utility, is_open and may_win(uniform, utility, when))


@rule
def winner(stay, apply, own, move, under):
    """The option that wins the race; each comes as (uniform, utility, whether it is open), and staying is
    always open.
    """
    u_stay, v_stay, _ = stay
    u_apply, v_apply, may_apply = apply
    u_own, v_own, may_return = own
    u_move, v_move, may_move = move
    u_under, v_under, may_hide = under
    by_then = latest(u_stay, v_stay)
    if not (
        (may_apply and may_win(u_apply, v_apply, by_then))
        or (may_return and may_win(u_own, v_own, by_then))
        or (may_move and may_win(u_move, v_move, by_then))
        or (may_hide and may_win(u_under, v_under, by_then))
    ):
        return STAY
    by_then = arrival_time(u_stay, v_stay, True)
    return first_of(
        by_then,
        time_before(u_apply, v_apply, may_apply, by_then),
        time_before(u_own, v_own, may_return, by_then),
        time_before(u_move, v_move, may_move, by_then),
        time_before(u_under, v_under, may_hide, by_then),
    )
