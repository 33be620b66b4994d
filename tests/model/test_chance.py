"""Chance: the published generator, numbers strictly inside (0, 1), uniform, and independent across people,
months and purposes.

Bounds of the statistical tests follow from LEVEL, the chance that any of the tests of this file fails by
chance: each of the TESTS comparisons gets LEVEL / TESTS of it (Bonferroni). Seeds are fixed, so the outcome
is too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from conftest import ROOT
from scipy import stats

from avrr_sim import chance
from avrr_sim.chance import (
    block,
    deal,
    dealt_to,
    logistic,
    month_numbers,
    monthly,
    normal,
    open_unit,
    philox,
    run_key,
    safe_exp,
    safe_log,
    uniform,
    waiting_time,
)
from avrr_sim.compiled import JIT, rule

LEVEL, TESTS = 1e-3, 100
EACH = LEVEL / TESTS
PEOPLE, MONTHS = 2000, 12
PURPOSES = {
    name: value
    for name, value in vars(chance).items()
    if name.isupper() and isinstance(value, int) and name not in ("WORD", "DEALT") and name[0] != "_"
}

# Append only: a number once given keeps its meaning.
KNOWN_PURPOSES = {
    "TRAITS": 1,
    "TRAITS_TASTES": 2,
    "TRAITS_LINKS": 3,
    "TRAITS_BELIEFS": 4,
    "MONTH": 5,
    "CHOICE": 6,
    "CHOICE_MORE": 7,
    "STAGE": 8,
    "QUEUE": 9,
    "AFTER": 10,
    "WEIGHTS": 11,
    "VERDICT": 12,
    "TRAITS_STATUS": 13,
    "TRAITS_HEALTH": 14,
    "SUPPORT": 15,
    "OBLIGATION": 20,
    "WAITS": 21,
    "OFFER_DAY": 22,
}

# Known answers of Philox4x32 with ten rounds, from the generator's authors (Random123, kat_vectors): counter,
# key, result.
ONES = 0xFFFFFFFF
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@rule
def fill(out, first_id, step, first_month, purpose, key0, key1):
    """Blocks of people first_id, first_id + step, .. (axis 0) in consecutive months (axis 1)."""
    for i in range(out.shape[0]):
        for m in range(out.shape[1]):
            a, b, c, d = block(first_id + i * step, first_month + m, purpose, key0, key1)
            out[i, m, 0], out[i, m, 1], out[i, m, 2], out[i, m, 3] = a, b, c, d


def numbers(
    purpose: int,
    people: int = PEOPLE,
    months: int = MONTHS,
    run=(1, 0, 0),
    first_id: int = 24144 << 27,
    step: int = 1,
) -> np.ndarray:
    """Uniforms (people, months, 4) of neighbouring people in neighbouring months."""
    out = np.empty((people, months, 4))
    fill(out, first_id, step, 24144, purpose, *run_key(*run))
    return out


@pytest.mark.parametrize("counter, key, result", KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, result):
    assert tuple(int(word) for word in philox(*counter, *key)) == result
    plain = getattr(philox, "py_func", philox)
    assert tuple(plain(*counter, *key)) == result


def test_both_ends_lie_strictly_inside_the_interval():
    assert open_unit(0) == 0.5 / 2**32 > 0.0
    assert open_unit(0xFFFFFFFF) == 1.0 - 0.5 / 2**32 < 1.0
    for word in (1, 2**31, 0xFFFFFFFE, 0x6627E8D5):
        assert open_unit(word) * 2**32 == word + 0.5  # exact: 33 bits fit in a double


def test_uniform_is_the_block_of_the_key():
    key = run_key(5, 6, 7)
    assert uniform(5, 6, 7, 1 << 40, 24150, chance.CHOICE) == tuple(
        float(u) for u in block(1 << 40, 24150, chance.CHOICE, *key)
    )


def test_a_months_numbers_are_those_of_its_three_purposes():
    key = run_key(5, 6, 7)
    separate = [block(1 << 40, 24150, purpose, *key) for purpose in (chance.MONTH, chance.CHOICE_MORE)]
    separate.append(block(1 << 40, 24150, chance.CHOICE, *key))
    assert tuple(month_numbers(1 << 40, 24150, *key)) == tuple(u for four in separate for u in four)


@pytest.mark.parametrize("many", [0, 1, 7, 256])
def test_numbers_dealt_to_many_are_those_of_each(many):
    """To the bit, whatever the number of people, whose ids have more than 32 bits."""
    key, dealt = run_key(5, 6, 7), np.zeros((12, 256))
    ids = (24144 << 27) + np.arange(many, dtype=np.int64) * ((1 << 33) + 1)
    deal(ids, 24150, *key, dealt)
    for i, person in enumerate(ids):
        assert tuple(dealt_to(dealt, i)) == tuple(month_numbers(person, 24150, *key))
    assert not dealt[:, many:].any()


def test_the_whole_id_counts():
    """Ids have more than 32 bits; both halves enter the counter."""
    key = run_key(1, 0, 0)
    low = block(5, 24150, chance.CHOICE, *key)
    assert (
        low
        != block(5 + (1 << 32), 24150, chance.CHOICE, *key)
        != block(5 + (1 << 33), 24150, chance.CHOICE, *key)
    )
    assert low == block(np.int64(5), np.int64(24150), chance.CHOICE, *(np.int64(k) for k in key))


@pytest.mark.parametrize("purpose", sorted(KNOWN_PURPOSES.values()))
def test_numbers_are_uniform(purpose):
    """Chi-square over 64 cells and Kolmogorov-Smirnov, each of the four words: 2 bounds a purpose, over all
    four words together.
    """
    sample = numbers(purpose).reshape(-1, 4)
    assert sample.min() > 0.0 and sample.max() < 1.0
    for word in range(4):
        cells = np.bincount((sample[:, word] * 64).astype(int), minlength=64)
        expected = len(sample) / 64
        assert ((cells - expected) ** 2 / expected).sum() < stats.chi2.isf(EACH / 4, 63)
        assert stats.kstest(sample[:, word], "uniform").pvalue > EACH / 4


def correlation_bound(pairs: int, comparisons: int) -> float:
    """The largest |correlation| of `comparisons` of `pairs` independent pairs each that chance may reach with
    probability EACH.
    """
    return stats.norm.isf(EACH / comparisons / 2) / np.sqrt(pairs)


def largest_correlation(columns: np.ndarray) -> float:
    """Largest absolute correlation between two different columns."""
    found = np.corrcoef(columns, rowvar=False)
    return float(np.abs(found[np.triu_indices(len(found), 1)]).max())


def test_words_purposes_and_months_are_uncorrelated():
    """Across a person's purposes and words in one month (60 columns), and across the months of one purpose
    (48 columns).
    """
    purposes = np.concatenate(
        [numbers(p, months=1)[:, 0, :] for p in sorted(KNOWN_PURPOSES.values())], axis=1
    )
    months = numbers(chance.CHOICE).reshape(PEOPLE, -1)
    for columns in (purposes, months):
        pairs = columns.shape[1] * (columns.shape[1] - 1) // 2
        assert largest_correlation(columns) < correlation_bound(PEOPLE, pairs)


@pytest.mark.parametrize("step", [1, 64, 1 << 20, 1 << 32])
def test_neighbouring_people_are_uncorrelated(step):
    """Ids that differ by 1 (ordinal), and in single higher bits (stream, origin, month)."""
    sample = numbers(chance.CHOICE, step=step).reshape(PEOPLE, -1)
    found = [
        abs(np.corrcoef(sample[:-lag, c], sample[lag:, c])[0, 1])
        for lag in (1, 2, 7)
        for c in range(sample.shape[1])
    ]
    assert max(found) < correlation_bound(PEOPLE - 7, len(found))


@pytest.mark.parametrize("pair", list(combinations(range(4), 2)))
def test_pairs_of_words_fill_the_square(pair):
    """Chi-square over 16 x 16 cells of two words of a block."""
    sample = numbers(chance.CHOICE).reshape(-1, 4)
    cells = np.zeros((16, 16))
    np.add.at(cells, tuple((sample[:, w] * 16).astype(int) for w in pair), 1)
    expected = len(sample) / 256
    assert ((cells - expected) ** 2 / expected).sum() < stats.chi2.isf(EACH, 255)


@pytest.mark.parametrize(
    "other",
    [(2, 0, 0), (1, 1, 0), (1, 0, 1), (1 + (1 << 32), 0, 0)],
    ids=["seed", "draw", "replicate", "high seed"],
)
def test_runs_are_independent(other):
    """Pair chi-square and correlation between the same people's numbers in two runs."""
    a, b = numbers(chance.MONTH).reshape(-1), numbers(chance.MONTH, run=other).reshape(-1)
    assert abs(np.corrcoef(a, b)[0, 1]) < correlation_bound(len(a), 1)
    cells = np.zeros((16, 16))
    np.add.at(cells, ((a * 16).astype(int), (b * 16).astype(int)), 1)
    expected = len(a) / 256
    assert ((cells - expected) ** 2 / expected).sum() < stats.chi2.isf(EACH, 255)


def test_keys_differ():
    """10,000 keys of 64 bits: two equal ones would have a chance of 10^8 / 2 / 2^64 < 10^-11."""
    keys = {
        run_key(seed, draw, replicate)
        for seed in (0, 1, 2, 2**32, 2**63)
        for draw in range(100)
        for replicate in range(20)
    }
    assert len(keys) == 10_000
    assert len({k[0] for k in keys}) > 9_990  # either half varies too


def test_purposes_are_unique_and_append_only():
    assert len(set(PURPOSES.values())) == len(PURPOSES)
    assert {name: PURPOSES.get(name) for name in KNOWN_PURPOSES} == KNOWN_PURPOSES
    new = sorted(PURPOSES.values())[len(KNOWN_PURPOSES) :]
    assert all(value > max(KNOWN_PURPOSES.values()) for value in new)


def test_normal_numbers_are_standard_normal():
    sample = numbers(chance.TRAITS_TASTES).reshape(-1, 4)
    found = np.array([normal(a, b) for a, b, _, _ in sample[:8000]])
    assert stats.kstest(found, "norm").pvalue > EACH
    assert np.isfinite([normal(open_unit(0), 0.5), normal(open_unit(0xFFFFFFFF), 0.5)]).all()


def test_helpers_at_their_edges():
    assert safe_exp(1e308) == safe_exp(700.0) and safe_exp(-1e308) == safe_exp(-700.0) > 0.0
    assert safe_log(0.0) == safe_log(1e-300) and safe_log(np.e) == pytest.approx(1.0, rel=1e-15)
    assert logistic(0.0) == 0.5 and 0.0 < logistic(-1e9) < 1e-300 and logistic(1e9) == 1.0
    assert monthly(0.0) == 1.0 and monthly(1.0 / np.log(2.0)) == pytest.approx(0.5, rel=1e-15)


def test_waits_have_their_mean_and_their_fraction():
    """-3.4 log(1 / e) = 3.4; half of all waits are shorter than log 2 times the mean; none is endless."""
    assert waiting_time(3.4, np.exp(-1.0)) == pytest.approx(3.4, rel=1e-15)
    assert waiting_time(10.0 / np.log(2.0), 0.5) == pytest.approx(10.0, rel=1e-15)
    assert waiting_time(0.0, 0.5) == 0.0 < waiting_time(4.0, open_unit(0xFFFFFFFF)) < 1e-8
    # the longest wait of a mean of one month: log(2^33) = 22.87
    assert waiting_time(1.0, open_unit(0)) == pytest.approx(33.0 * np.log(2.0), rel=1e-12)
    assert np.mean([waiting_time(2.0, (i + 0.5) / 20_000) for i in range(20_000)]) == pytest.approx(
        2.0, rel=1e-3
    )


def probe() -> list:
    """Numbers of every kind, as exact hexadecimal text."""
    found = []
    for purpose in sorted(KNOWN_PURPOSES.values()):
        for person in (0, 1, (24144 << 27) + 3, (1 << 44) + 12345):
            found += [u.hex() for u in uniform(20, 3, 1, person, 24150, purpose)]
    found += [float(f(x)).hex() for f in (safe_exp, logistic, safe_log, monthly) for x in (0.1, 1.7, 12.5)]
    found += [float(waiting_time(mean, u)).hex() for mean in (0.1, 1.7, 12.5) for u in (0.003, 0.5, 0.97)]
    return [*found, float(normal(0.3, 0.7)).hex()]


@pytest.mark.skipif(not JIT, reason="this run is the plain one")
def test_compiled_and_plain_python_agree_to_the_bit():
    code = (
        "import json, sys; sys.path[:0] = ['tests', 'tests/model']; import test_chance; "
        "print(json.dumps(test_chance.probe()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "AVRR_JIT": "0"},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    assert json.loads(done.stdout) == probe()
