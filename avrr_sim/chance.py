"""Chance: one number for one (seed, draw, replicate, migrant, month, purpose), whatever the order of asking.

The generator is Philox4x32 with ten rounds (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as
easy as 1, 2, 3", SC'11). A *purpose* names one block of four 32-bit words. Purpose numbers are append-only: a
new purpose gets a new number and an old one is never used for anything else, so that results of older
versions can be compared person by person.
"""

from __future__ import annotations

import math

from avrr_sim.compiled import rule

WORD = 0xFFFFFFFF  # mask of 32 bits
_KEY_TAG = 0x41565252  # "AVRR": keeps key derivation apart from the migrants' own counters

# Purposes. Append only.
TRAITS = 1  # household, sex, age, kind of vulnerability
TRAITS_TASTES = 2  # taste for return (two words), taste for moving on (two words)
TRAITS_LINKS = 3  # network (two words), links elsewhere in Europe (two words)
TRAITS_BELIEFS = 4  # own view of the origin (two words), trust (two words)
MONTH = 5  # status change, advisor contact, peer contact, removal
CHOICE = 6  # stay (an applicant: withdraw), apply (an applicant: go on), return unassisted, move on
CHOICE_MORE = 7  # go under, regularisation, leaving a centre for private abode
STAGE = 8  # papers failing, (handling time until version 0.1), refusal
QUEUE = 9  # order among applications of the same month
AFTER = 10  # after return: change of livelihood, lasting income, form of support in kind
WEIGHTS = 11  # draws of the uncertain weights, keyed by name and draw instead of person and month
VERDICT = 12  # granted or rejected, wrongly rejected
TRAITS_STATUS = 13  # Dublin, in a centre or not, which centre (and berth), passport
TRAITS_HEALTH = 14  # ill health, awareness below which assisted return is out of mind
SUPPORT = 15  # exceptional money, level of reintegration support; keyed on the month of applying
OBLIGATION = 20  # months to the own deadline, expulsion order; keyed on the month of the rejection
WAITS = 21  # handling times: directorate, embassy, booking, departure; keyed on the month of applying
OFFER_DAY = 22  # in which half of the month the decision falls, where an offer begins or ends in the middle


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """One block of Philox4x32-10: four 32-bit words of the counter (c0..c3) under the key (k0, k1).

    All arguments are integers in [0, 2**32). The 64-bit products wrap in compiled code and do not in plain
    Python; masking after the shift gives the same words either way.
    """
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = ((p1 >> 32) & WORD) ^ c1 ^ k0, p1 & WORD, ((p0 >> 32) & WORD) ^ c3 ^ k1, p0 & WORD
        k0 = (k0 + 0x9E3779B9) & WORD
        k1 = (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


@rule
def open_unit(word):
    """A 32-bit word as a number strictly between 0 and 1: (word + 1/2) / 2**32, exact in double precision."""
    return (word + 0.5) * 2.3283064365386963e-10


@rule
def block(migrant_id, month, purpose, key0, key1):
    """Four uniforms in (0, 1) of one migrant (id), calendar month and purpose under a run's key."""
    # a plain integer: numpy's own would overflow in the products where Python's does not
    whole = int(migrant_id)
    w0, w1, w2, w3 = philox(whole & WORD, (whole >> 32) & WORD, int(month), purpose, int(key0), int(key1))
    return open_unit(w0), open_unit(w1), open_unit(w2), open_unit(w3)


@rule
def month_numbers(migrant_id, calendar, key0, key1):
    """The numbers that everybody who is present uses in a month: the four each of MONTH, CHOICE_MORE and
    CHOICE, in this order.
    """
    return (
        block(migrant_id, calendar, MONTH, key0, key1)
        + block(migrant_id, calendar, CHOICE_MORE, key0, key1)
        + block(migrant_id, calendar, CHOICE, key0, key1)
    )


DEALT = 12
"""Numbers that everybody who is present uses in a month."""


@rule
def deal_purpose(ids, calendar, purpose, key0, key1, first, second, third, fourth):
    """`block` of many people at once, a list for each of its four numbers, so that a processor may work out
    several people side by side.
    """
    for i in range(ids.shape[0]):
        first[i], second[i], third[i], fourth[i] = block(ids[i], calendar, purpose, key0, key1)


@rule
def deal(ids, calendar, key0, key1, dealt):
    """`month_numbers` of many people at once: person i's stand in column i of `dealt` (DEALT x people at the
    least).
    """
    deal_purpose(ids, calendar, MONTH, key0, key1, dealt[0], dealt[1], dealt[2], dealt[3])
    deal_purpose(ids, calendar, CHOICE_MORE, key0, key1, dealt[4], dealt[5], dealt[6], dealt[7])
    deal_purpose(ids, calendar, CHOICE, key0, key1, dealt[8], dealt[9], dealt[10], dealt[11])


@rule
def dealt_to(dealt, i):
    """Person i's numbers of the month, in the order of `month_numbers`."""
    return (
        dealt[0, i],
        dealt[1, i],
        dealt[2, i],
        dealt[3, i],
        dealt[4, i],
        dealt[5, i],
        dealt[6, i],
        dealt[7, i],
        dealt[8, i],
        dealt[9, i],
        dealt[10, i],
        dealt[11, i],
    )


def run_key(seed: int, draw: int, replicate: int) -> tuple[int, int]:
    """The 64-bit key of one run's stream of chance, from the master seed (64 bits), draw and replicate."""
    w0, w1, _, _ = philox(draw & WORD, replicate & WORD, 0, _KEY_TAG, seed & WORD, (seed >> 32) & WORD)
    return int(w0), int(w1)


def uniform(
    seed: int, draw: int, replicate: int, migrant_id: int, month: int, purpose: int
) -> tuple[float, ...]:
    """The four uniforms of a purpose, looked up by name: for notebooks and tests; engines use `block`."""
    key0, key1 = run_key(seed, draw, replicate)
    return tuple(float(u) for u in block(migrant_id, month, purpose, key0, key1))


@rule
def safe_exp(x):
    """exp(x) with x kept in [-700, 700], so that plain Python and compiled code agree at the edges."""
    return math.exp(min(max(x, -700.0), 700.0))


@rule
def safe_log(x):
    """log(x) with x kept at 1e-300 or above."""
    return math.log(max(x, 1e-300))


@rule
def root(x):
    """The square root of x, which is rounded alike everywhere."""
    return math.sqrt(x)


@rule
def logistic(x):
    """1 / (1 + exp(-x)), in [0, 1]."""
    return 1.0 / (1.0 + safe_exp(-x))


@rule
def normal(u1, u2):
    """A standard normal from two uniforms in (0, 1) (Box and Muller 1958)."""
    return math.sqrt(-2.0 * math.log(u1)) * math.cos(6.283185307179586 * u2)


@rule
def monthly(mean_months):
    """Chance within a month of an event whose waiting time is exponential with this mean: 1 - exp(-1 / mean).

    Events are seen at the end of a month, so the mean number of months counted is about half a month longer.
    """
    return 1.0 - safe_exp(-1.0 / max(mean_months, 1e-6))


@rule
def waiting_time(mean_months, u):
    """Exponential waiting time in months, with its fraction, from one uniform."""
    return -mean_months * math.log(u)
