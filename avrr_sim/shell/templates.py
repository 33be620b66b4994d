"""Commented files to start from: a scenario, and an experiment. They are made of the forms, the levers and
the measures, so that they name what there is today; both are valid as they stand.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from textwrap import wrap

from avrr_sim.forms import Form
from avrr_sim.hypotheses import MIXTURE, hypothesis_names
from avrr_sim.kinds import SCHEMAS
from avrr_sim.measures import MEASURES
from avrr_sim.offers.form import AmountForm, OfferForm, RecipientsForm
from avrr_sim.offers.offer import TO_A_UNIT
from avrr_sim.places.origins import SERIES
from avrr_sim.places.place import Host, host, host_names
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, STATUS_NAMES, TIMING, TIMINGS
from avrr_sim.programme import country_programme_names, programme, programme_names
from avrr_sim.programmes.amounts import AMOUNTS
from avrr_sim.scenario import MINIMUM_CELL, PROTECTION_GATE
from avrr_sim.scenario_form import AimedForm, ScenarioForm
from avrr_sim.schema import known_weights
from avrr_sim.study.jobs.numbers import RANGES
from avrr_sim.study.summary.changes import TIMING_TOLD
from avrr_sim.study.sweep.design import PLACES
from avrr_sim.study.sweep.experiment import DEFAULT_MEASURES
from avrr_sim.study.sweep.experiment_form import (
    GROUPS,
    KEPT,
    DesignForm,
    ExperimentForm,
    FactorForm,
    PrecisionForm,
)

HOST, ORIGIN, WEIGHT = "norway", "iraq", "ties"
_STEP, _WIDE = "2014-01", 148
_LIVE = (
    "# A line with # and no blank behind it is switched off: take the # away to use it. `avrr check` says "
    "what is wrong."
)


class Lines:
    """The lines of a commented file."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"

    def say(self, text: str, indent: int = 0) -> None:
        """Prose, as a comment."""
        self._lines += [f"{' ' * indent}# {line}" for line in wrap(text, _WIDE - indent)]

    def put(self, text: str, indent: int = 0, live: bool = True) -> None:
        """An entry; switched off where it is not `live`."""
        self._lines.append(f"{' ' * indent}{'' if live else '#'}{text}")

    def keys(self, form: type[Form], indent: int = 0) -> None:
        """What each key of a form holds, as comments."""
        for key, allowed in form.keys().items():
            self.say(f"{key}: {allowed}", indent)


def scenario_text(file: Path, extends: Path | None) -> str:
    """A scenario file that stands at `file` and changes nothing yet: of the host HOST, or of the scenario
    that it extends.
    """
    lines, about, alone = Lines(), ScenarioForm.keys(), extends is None
    lines.say("What if ...? A policy question; compare it with its baseline.")
    lines.put(_LIVE)
    _modeline(lines, file, "scenario")
    _head(lines, about, file, extends)
    for key, value in (
        ("start", "2006-01"),
        ("window", "{from: 2012-01, to: 2016-12}"),
    ):
        lines.say(f"{key}: {about[key]}")
        lines.put(f"{key}: {value}", live=alone)
    names = ", ".join(host(HOST).origins)
    lines.say(f"origins: {about['origins']}; all of the host's where left out: {names}")
    lines.put(f"origins: [{names}]", live=False)
    _levers(lines, about)
    _series(lines, about, host(HOST))
    _amounts(lines, about)
    _offers(lines, about)
    _information(lines, about)
    _assumptions(lines, about)
    return str(lines)


def _modeline(lines: Lines, file: Path, kind: str) -> None:
    """The line by which an editor finds the schema; none where no relative path leads to it."""
    try:
        schema = Path(os.path.relpath(SCHEMAS / f"{kind}.json", file.resolve().parent)).as_posix()
    except ValueError:  # another drive
        return
    lines.put(f"# yaml-language-server: $schema={schema}")


def _head(lines: Lines, about: dict[str, str], file: Path, extends: Path | None) -> None:
    """Name, question, what is extended, host and programmes."""
    values = {
        "name": ("A scenario of my own", True),
        "asks": ("What would change?", True),
        "extends": (_from(file, extends) if extends else "baseline.yaml", extends is not None),
        "host": (HOST, extends is None),
        "programme": (HOST, extends is None),
        "country_programmes": ("[]", False),
    }
    names = {"host": host_names(), "programme": programme_names()}
    names["country_programmes"] = country_programme_names()
    for key, (value, live) in values.items():
        known = f": {', '.join(names[key])}" if key in names else ""
        lines.say(f"{key}: {about[key]}{known}")
        lines.put(f"{key}: {value}", live=live)


def _from(file: Path, other: Path) -> str:
    """The path of another file, as `file` names it; in quotes where YAML could take it for something else."""
    path = Path(os.path.relpath(other.resolve(), file.resolve().parent)).as_posix()
    return path if re.fullmatch(r"[\w./-]*\w", path) else json.dumps(path, ensure_ascii=False)


def _levers(lines: Lines, about: dict[str, str]) -> None:
    lines.say(
        f"levers: {about['levers']}. Each is a number, which holds from the window's start, or dated steps; "
        "a step holds until the next one. What is not set stands at its default, which stands here."
    )
    lines.put("levers:")
    for kind in dict.fromkeys(lever.kind for lever in LEVERS.values()):
        lines.say(f"{kind}:", 2)
        for lever in (each for each in LEVERS.values() if each.kind == kind):
            ahead = "; may be announced ahead" if lever.name in ANNOUNCEABLE else ""
            told = f"{lever.low:g} to {lever.high:g}, {lever.unit}{ahead}"
            lines.say(f"{lever.name}: {lever.meaning} ({told})", 2)
            if lever.name == ANNOUNCEABLE[0]:
                step = f"[{{from: {_STEP}, value: {lever.default:g}}}]"
                lines.put(f"{lever.name}: {step}   # or {{..., value: 2, announced: 2013-07}}", 2)
            else:
                lines.put(f"{lever.name}: {lever.default:g}", 2, live=False)
    by_status = f"or a number for each of {', '.join(STATUS_NAMES)}, such as {{pending: 2}}"
    lines.say(f"{TIMING}: {TIMING_TOLD['meaning']} ({', '.join(TIMINGS)}; {by_status})", 2)
    lines.put(f"{TIMING}: {next(iter(TIMINGS))}", 2, live=False)


def _series(lines: Lines, about: dict[str, str], of: Host) -> None:
    lines.say(f"series: {about['series']}. `avrr places ORIGIN` shows those that stand.")
    lines.put("series:", live=False)
    lines.put(f"{ORIGIN}:", 2, live=False)
    for name, series in SERIES.items():
        lines.say(f"{name}: {series.meaning} ({series.low:g} to {series.high:g}, {series.unit})", 4)
        value = of.countries[ORIGIN].series[name][-1].value
        lines.put(f"{name}: [{{from: {_STEP}, value: {value:g}}}]", 4, live=False)


def _amounts(lines: Lines, about: dict[str, str]) -> None:
    lines.say(
        f"amounts: {about['amounts']}. Each change has one of value, add and times; it may have others of:"
    )
    lines.keys(AmountForm, 2)
    lines.put("amounts:", live=False)
    stated = programme(HOST).amounts
    for name, meaning in AMOUNTS.items():
        paid = name not in ("job", "business") or name in stated  # no share of units takes what is not stated
        lines.say(f"{name}: {meaning}{'' if paid else f'; not of the programme {HOST}'}", 2)
        if paid:
            lines.put(f"{name}: [{{from: {_STEP}, times: 1}}]", 2, live=False)


def _offers(lines: Lines, about: dict[str, str]) -> None:
    lines.say(f"offers: {about['offers']}. Each has:")
    lines.keys(OfferForm, 2)
    for name, meaning in TO_A_UNIT.items():
        lines.say(f"gives.{name}: {meaning}", 2)
    lines.say("for: whoever meets all that is said of these:", 2)
    lines.keys(RecipientsForm, 4)
    lines.put("offers:", live=False)
    lines.put("- name: For families", 2, live=False)
    lines.put("for: {status: after_deadline, household: family}", 4, live=False)
    lines.put("gives: {cash_adult: {add: 5000}}", 4, live=False)
    lines.put(f"from: {_STEP}", 4, live=False)
    lines.put("until: 2014-12", 4, live=False)


def _information(lines: Lines, about: dict[str, str]) -> None:
    lines.say(f"information: {about['information']}. Each has:")
    lines.keys(AimedForm, 2)
    lines.put("information:", live=False)
    lines.put("- {channel: ngo, abode: private, status: pending, intensity: 2}", 2, live=False)


def _assumptions(lines: Lines, about: dict[str, str]) -> None:
    central = known_weights()[WEIGHT].central
    values = {
        "weights": (f"{{{WEIGHT}: {central:g}}}", "`avrr evidence` lists them with unit and prior"),
        "hypothesis": (MIXTURE, ", ".join(hypothesis_names())),
        "protection_gate": (f"{PROTECTION_GATE:g}", "this is the default"),
        "minimum_cell": (f"{MINIMUM_CELL}", "this is the default"),
    }
    for key, (value, known) in values.items():
        lines.say(f"{key}: {about[key]}; {known}")
        lines.put(f"{key}: {value}", live=False)


def experiment_text(file: Path, baseline: Path) -> str:
    """An experiment file that stands at `file` and varies a lever of a baseline."""
    lines, about = Lines(), ExperimentForm.keys()
    lines.say("What does it do, and how does it depend? An experiment for `avrr sweep`.")
    lines.put(_LIVE)
    _modeline(lines, file, "experiment")
    for key, value in (
        ("name", "An experiment of my own"),
        ("asks", "How does the answer depend on cash?"),
        ("baseline", _from(file, baseline)),
    ):
        lines.say(f"{key}: {about[key]}")
        lines.put(f"{key}: {value}")
    _vary(lines, about)
    lines.say(f"design: {about['design']}; a table has:")
    lines.keys(DesignForm, 2)
    lines.put("design: factorial")
    _numbers(lines, about)
    lines.say(f"measures: {about['measures']}; there are:")
    for name in KEPT:
        lines.say(f"{name}: {MEASURES[name].label} ({MEASURES[name].unit})", 2)
    lines.put(f"measures: [{', '.join(DEFAULT_MEASURES)}]")
    lines.say(f"read_by: {about['read_by']}")
    lines.put(f"read_by: [{GROUPS[0]}]", live=False)
    lines.say(f"precision: runs are added until it is reached; {about['precision']}. It has:")
    lines.keys(PrecisionForm, 2)
    lines.put(f"precision: {{measure: {DEFAULT_MEASURES[0]}, below: 0.002}}", live=False)
    lines.say(f"ask: {about['ask']}")
    lines.put(f"ask: {{measure: {DEFAULT_MEASURES[0]}, above: 0.1}}", live=False)
    return str(lines)


def _vary(lines: Lines, about: dict[str, str]) -> None:
    shown = {
        "levers": f"a name that `avrr levers` lists, or {TIMING}",
        "amounts": "a name of an amount, in the currency of the programme",
        "weights": "a name that `avrr evidence` lists",
    }
    lines.say(f"vary: {about['vary']}; in place of a list, a table of:")
    lines.keys(FactorForm, 2)
    lines.put("vary:")
    examples = {
        "levers": ("cash_level: [0, 1, 2]", "information_timing: [early, late]"),
        "amounts": ("in_kind: [0, 10000]",),
        "weights": (f"{WEIGHT}: [{known_weights()[WEIGHT].central:g}, 1]",),
    }
    lines.say("offers: NAME.PART of an offer of the baseline, such as Bonus.cash_unit: [0, 5000]", 2)
    for place in PLACES:
        if place not in examples:
            continue
        first, *others = examples[place]
        live = place == "levers"
        lines.say(f"{place}: {shown[place]}", 2)
        lines.put(f"{place}:", 2, live=live)
        lines.put(first, 4, live=live)
        for other in others:
            lines.put(other, 4, live=False)


def _numbers(lines: Lines, about: dict[str, str]) -> None:
    """What options of the command replace, at its defaults."""
    values = {"draws": "50", "replicates": "2", "seed": "1", "size": "5000", "months": "36"}
    for key, value in {**values, "engine": "table", "weights": "prior"}.items():
        low, high = RANGES.get(key, (0, 0))
        span = f", {low:,} to {high:,}" if high and key != "seed" else ""
        lines.say(f"{key}: {about[key]}{span}")
        lines.put(f"{key}: {value}", live=key in ("draws", "replicates", "size"))
