"""What a study will run: scenarios x draws x replicates, paired within (draw, replicate)."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np

from avrr_sim.evidence import Weight, central_weights, draw_weights, evidence_hash
from avrr_sim.hypotheses import MIXTURE, under
from avrr_sim.policy import policy_table
from avrr_sim.posterior import posterior_hash, posterior_shipped, posterior_weights, rows_of, worth
from avrr_sim.programme import unknowns_of
from avrr_sim.refusals import refusal
from avrr_sim.scenario import Scenario
from avrr_sim.simulation import ENGINES
from avrr_sim.study.jobs.conditions import REPLICATES, Condition, conditions_of
from avrr_sim.study.jobs.numbers import whole_number
from avrr_sim.study.jobs.twins import TWINS

WEIGHTS = ("posterior", "prior", "central")
"""Where weights come from: the shipped posterior, the priors, or the medians of the priors."""


def default_weights() -> str:
    """The posterior where one is shipped, else the priors."""
    return "posterior" if posterior_shipped() else "prior"


# replicates of each draw with twins: their shares differ far more between draws than between replicates, and
# each costs four half runs
TWINNED = 1


@lru_cache(maxsize=512)
def _drawn(
    which: str, made_of: str, seed: int, draw: int, unknowns: tuple[tuple[str, Weight], ...]
) -> Mapping[str, float]:
    """One draw as it comes from one of `WEIGHTS`, not to be changed: the scenarios, conditions and tables of
    a study ask for it again and again. `made_of`: hash of what it comes from.
    """
    amounts = dict(unknowns)
    if which == "central":
        return central_weights(None, amounts)
    return (posterior_weights if which == "posterior" else draw_weights)(seed, draw, None, amounts)


@dataclass(frozen=True)
class Plan:
    """A study before it runs. `keys` are the scenarios' short names, made distinct; the first scenario is the
    baseline.

    `amounts`: for each scenario the programme's amounts that it replaces, {name: (first calendar month,
    value)}; empty: none does. `twinned`: replicates of each draw whose people are run again as twins (see
    study/jobs/twins.py). `ceilings`, `hypotheses`: whether the first replicate of each draw is lived under
    these conditions too (see study/jobs/conditions.py).
    """

    scenarios: tuple[Scenario, ...]
    keys: tuple[str, ...]
    draws: int = 50
    replicates: int = 2
    seed: int = 1
    size: int = 5000
    engine: str = "table"
    weights: str = field(default_factory=default_weights)
    amounts: tuple[Mapping[str, tuple[int, float]], ...] = ()
    twinned: int = 0
    ceilings: bool = False
    hypotheses: bool = False

    @property
    def jobs(self) -> list[tuple[int, int]]:
        """(draw, replicate) of every job; a job simulates all scenarios on the same people and the same
        weights.
        """
        return [(draw, replicate) for draw in range(self.draws) for replicate in range(self.replicates)]

    @property
    def runs(self) -> int:
        """Number of simulations."""
        return len(self.scenarios) * self.draws * self.replicates

    @property
    def twin_runs(self) -> int:
        """Number of twins to be lived at most, from the window's start on each."""
        return len(self.scenarios) * self.draws * min(self.twinned, self.replicates) * len(TWINS)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions under which the first replicate of each draw is lived too."""
        return conditions_of(self.scenarios, self.ceilings, self.hypotheses)

    @property
    def condition_runs(self) -> int:
        """Number of runs under conditions."""
        return self.draws * min(REPLICATES, self.replicates) * sum(len(c.scenarios) for c in self.conditions)

    def weights_of(self, draw: int, scenario: Scenario | None) -> dict[str, float]:
        """Every weight of a draw under the scenario's hypothesis, unknown amounts of its programmes included,
        with its pinned ones.

        `scenario` None: no hypothesis, nothing pinned, and the unknown amounts of all scenarios of the plan.
        """
        pinned = dict(scenario.weights) if scenario is not None else {}
        unknowns = unknowns_of(
            each for s in ((scenario,) if scenario is not None else self.scenarios) for each in s.programmes
        )
        drawn = _drawn(self.weights, self.weights_hash(), self.seed, draw, tuple(unknowns.items()))
        return under(scenario.hypothesis if scenario is not None else MIXTURE, drawn) | pinned

    def rows_of(self, draws: Iterable[int]) -> np.ndarray:
        """For each draw a number that it shares only with draws of the same fitted weights: draws of a
        posterior repeat, others do not.
        """
        return rows_of(self.seed, draws) if self.weights == "posterior" else np.array(list(draws), int)

    @property
    def beyond_worth(self) -> bool:
        """Whether more draws are taken than the shipped posterior is worth."""
        return self.weights == "posterior" and self.draws > worth()

    def amounts_of(self, k: int) -> Mapping[str, tuple[int, float]]:
        """The amounts that scenario number `k` replaces."""
        return self.amounts[k] if self.amounts else {}

    @cached_property
    def alike(self) -> tuple[int, ...]:
        """For each scenario the number of the first one that runs exactly alike: itself, where none before it
        does.
        """
        first: dict[str, int] = {}
        return tuple(
            first.setdefault(essence(s, self.amounts_of(k)), k) for k, s in enumerate(self.scenarios)
        )

    @property
    def distinct(self) -> list[int]:
        """Numbers of the scenarios that have to be run; the others run exactly like one of these."""
        return [k for k, first in enumerate(self.alike) if first == k]

    @property
    def distinct_runs(self) -> int:
        """Number of simulations that are needed."""
        return len(self.distinct) * self.draws * self.replicates

    def scenario_hashes(self) -> dict[str, str]:
        """Hash of each resolved scenario, by key; the user's own host and programme files count by their
        content.
        """
        hashes = {}
        for k, (key, scenario) in enumerate(zip(self.keys, self.scenarios, strict=True)):
            changed = dict(self.amounts_of(k))
            told = scenario.stated() | ({"amounts_replaced": changed} if changed else {})
            text = json.dumps([told, list(scenario.own_files.values())], sort_keys=True)
            hashes[key] = hashlib.sha256(text.encode()).hexdigest()[:16]
        return hashes

    def weights_hash(self) -> str:
        """Hash of what the weights come from: the evidence, and the posterior where it is used."""
        return evidence_hash() + (f"-{posterior_hash()}" if self.weights == "posterior" else "")


def essence(scenario: Scenario, amounts: Mapping[str, tuple[int, float]]) -> str:
    """Hash of all that a run reads of a scenario, its levers as they stand month by month: words, and levers
    set to what they are anyway, do not count.
    """
    read = {
        key: value
        for key, value in scenario.stated().items()
        if key not in ("name", "asks", "levers", "minimum_cell")
    }
    digest = hashlib.sha256(
        json.dumps(
            [read, list(scenario.own_files.values()), sorted(amounts.items())], sort_keys=True
        ).encode()
    )
    digest.update(policy_table(scenario.levers, scenario.start, scenario.months).tobytes())
    return digest.hexdigest()


def _distinct(keys: Sequence[str]) -> tuple[str, ...]:
    made: list[str] = []
    for key in keys:
        name, n = key, 2
        while name in made:
            name, n = f"{key}-{n}", n + 1
        made.append(name)
    return tuple(made)


def _told_apart(scenarios: Sequence[Scenario], keys: Sequence[str]) -> tuple[Scenario, ...]:
    """The scenarios; those whose names a reader could not tell apart have their keys after them."""

    def seen(scenario: Scenario) -> str:
        return " ".join(unicodedata.normalize("NFKC", scenario.name).casefold().split())

    often = Counter(map(seen, scenarios))
    return tuple(
        replace(scenario, name=f"{scenario.name} ({key})") if often[seen(scenario)] > 1 else scenario
        for scenario, key in zip(scenarios, keys, strict=True)
    )


_SHARED = {
    "host": "host",
    "start": "start",
    "window_from": "window.from",
    "window_to": "window.to",
    "origins": "origins",
}
"""What all scenarios of a plan share: field -> its place in a file."""


def _check_pairs(scenarios: Sequence[Scenario]) -> None:
    first = scenarios[0]
    for other in scenarios[1:]:
        for part, place in _SHARED.items():
            if getattr(other, part) != getattr(first, part):
                raise refusal(
                    f"{place} differs from that of the baseline {first.name!r}",
                    file=other.file or other.name,
                    allowed="scenarios over the same people, places and months",
                )
        theirs, ours = other.general_programme, first.general_programme
        if theirs.currency != ours.currency:
            raise refusal(
                f"programme pays in {theirs.currency}, the baseline {first.name!r} in {ours.currency}",
                file=other.file or other.name,
                allowed="programmes in one currency, so that costs can be compared",
            )


def _checked_weights(weights: str | None, draws: int) -> str:
    weights = default_weights() if weights is None else weights
    if weights == "posterior" and not posterior_shipped():
        raise refusal(
            "--weights posterior: no posterior is shipped with this package",
            allowed="prior, central; or fit one with `avrr calibrate --ship`",
        )
    if weights not in WEIGHTS:
        raise refusal(f"--weights {weights!r}", allowed=", ".join(WEIGHTS))
    if weights == "central" and draws > 1:
        raise refusal(
            f"--weights central with --draws {draws}",
            allowed="--draws 1: all draws of the central weights are the same",
        )
    return weights


def make_plan(
    scenarios: Sequence[Scenario],
    *,
    draws: int = 50,
    replicates: int = 2,
    seed: int = 1,
    size: int = 5000,
    months: int | None = None,
    engine: str = "table",
    weights: str | None = None,
    twins: bool = False,
    ceilings: bool = False,
    hypotheses: bool = False,
) -> Plan:
    """A checked plan.

    `twins`: whether the first replicate of every draw is run again for the shares under pressure and
    misinformed; `ceilings`, `hypotheses`: whether it is lived under these conditions. `months` replaces the
    length of every scenario's window. Raises `Refusal` for numbers out of range, and for scenarios that
    cannot be paired: another host, start or window than the baseline's.
    """
    if not scenarios:
        raise refusal("no scenario is given", allowed="one or more scenario files")
    for name, number in {"draws": draws, "replicates": replicates, "seed": seed, "size": size}.items():
        whole_number(name, number)
    if engine not in ENGINES:
        raise refusal(f"--engine {engine!r}", allowed=", ".join(ENGINES))
    weights = _checked_weights(weights, draws)
    if months is not None:
        scenarios = [s.with_window(months) for s in scenarios]
    _check_pairs(scenarios)
    keys = _distinct([s.key for s in scenarios])
    return Plan(
        _told_apart(scenarios, keys),
        keys,
        draws,
        replicates,
        seed,
        size,
        engine,
        weights,
        twinned=TWINNED if twins else 0,
        ceilings=ceilings,
        hypotheses=hypotheses,
    )
