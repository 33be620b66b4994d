"""The monthly decision: utilities of the options, and one keyed random number per option that picks among
them.

The largest utility + Gumbel wins (McFadden 1974). It is drawn as the equivalent exponential race: the
smallest
-log(u) / exp(utility). Each option has its own number, so making one option better never makes a person swap
between two others.
"""

from __future__ import annotations

import math

from avrr_sim.chance import safe_exp
from avrr_sim.compiled import rule
from avrr_sim.migrant import NONE
from avrr_sim.rules.drivers import (
    felt,
    hassle,
    in_designated_centre,
    knowing,
    liveable,
    mobility,
    origin_network,
    origin_security,
    person,
    promised_support,
    reentry,
    support_on_offer,
    threat,
)

# Options of a migrant who is present and not applying. An applicant's STAY means withdraw and APPLY means go
# on.
STAY, APPLY, UNASSISTED, MOVE_ON, GO_UNDER = range(5)
OPTIONS = ("stay", "apply", "unassisted", "move_on", "go_under")


@rule
def utility_stay(migrant, situation, ties, now):
    """Stay: stake, livelihood and hope of the situation, and `ties` by months of residence."""
    return situation.staying + ties[now.month - migrant.arrival]


@rule
def utility_apply(migrant, situation, here, lever, w):
    """Apply for assisted return, or go on with an application (whose support is the one promised)."""
    seems = liveable(migrant, w)
    value = w.apply_constant + origin_security(migrant, w) + origin_network(migrant, w) + migrant.taste_return
    value += (
        promised_support(migrant, here, w)
        if migrant.stage != NONE
        else support_on_offer(migrant, here, lever, w)
    )
    value += knowing(migrant, w) + situation.access + hassle(migrant, situation)
    risk = felt(migrant.risk_apply, lever)
    value += w.threat_apply * threat(risk) * seems + reentry(migrant, situation, risk, seems)
    value += situation.destitute_apply + person(migrant, w)
    if in_designated_centre(migrant, lever):
        value += w.designated_apply
    return value


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
    """Go under: live in the country out of the authorities' sight."""
    value = (
        w.go_under_constant
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
