"""Bad input, kind by kind: each is refused with one message that says where, what, what is allowed and what
was perhaps meant.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from bad_scenarios import BASE, refused

from avrr_sim.refusals import Refusal, nearest, out_of_range, refusal, shown, unknown_name, where
from avrr_sim.scenario import load_scenario

BILLION = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)


# What a scenario file adds to a complete one, and what the message says.
ADDED = {
    "unknown key": ("lever: {}", ["unknown key 'lever'", "allowed: name, asks", "did you mean 'levers'?"]),
    "lever at the top": ("cash_level: 2", ["unknown key 'cash_level'", "did you mean 'levers: cash_level'?"]),
    "unknown lever": (
        "levers: {cash_levle: 2}",
        ["levers: unknown lever 'cash_levle'", "did you mean 'cash_level'?"],
    ),
    "unknown key of a step": (
        "levers: {cash_level: [{from: 2012-01, vaule: 2}]}",
        ["levers.cash_level[0]", "'value'"],
    ),
    "unknown key beside a value": (
        "levers: {cash_level: [{from: 2012-01, value: 2, anounced: 2011-01}]}",
        ["levers.cash_level[0]: unknown key 'anounced'", "did you mean 'announced'?"],
    ),
    "lever of the wrong type": (
        "levers: {cash_level: much}",
        ["levers.cash_level: 'much' is not a number", "allowed: 0 to 10"],
    ),
    "a truth for a number": ("levers: {cash_level: true}", ["levers.cash_level: True is not a number"]),
    "a number in quotes": (
        "levers: {cash_level: '1e3'}",
        ["levers.cash_level: '1e3' is not a number", "take the quotes away"],
    ),
    "an octal number": ("levers: {cash_level: 010}", ["levers.cash_level: '010' is not a number"]),
    "out of range": (
        "levers: {cash_level: 11}",
        ["levers.cash_level: 11 is out of range", "allowed: 0 to 10 (times the programme's cash"],
    ),
    "step out of range": (
        "levers: {glossing: [{from: 2012-01, value: 2}]}",
        ["levers.glossing[0].value: 2 is out of range", "0 to 1"],
    ),
    "negative cash": (
        "levers: {cash_level: -1}",
        ["levers.cash_level: -1 is out of range", "allowed: 0 to 10"],
    ),
    "not a number": ("levers: {cash_level: .nan}", ["levers.cash_level: nan is not a finite number"]),
    "infinity": ("levers: {cash_level: -.inf}", ["levers.cash_level: -inf is not a finite number"]),
    "overflow": ("levers: {cash_level: 1e999}", ["levers.cash_level: inf is not a finite number"]),
    "a huge whole number": (
        f"levers: {{cash_level: 1{'0' * 30}}}",
        ["levers.cash_level: is far too large a number"],
    ),
    "a number of thousands of digits": (
        f"levers: {{cash_level: 1{'0' * 9000}}}",
        ["holds a value that cannot be read"],
    ),
    "no value": ("levers: {cash_level: }", ["levers.cash_level: has no value", "leave the key out"]),
    "levers without entries": ("levers:", ["levers: has no value"]),
    "levers as a list": ("levers: [1]", ["levers: [1] is not what belongs here"]),
    "no steps": (
        "levers: {cash_level: []}",
        ["levers.cash_level: [] is not what belongs here", "a number, or a list of dated steps"],
    ),
    "step without a date": (
        "levers: {cash_level: [{value: 2}]}",
        ["levers.cash_level[0]: needs the key 'from'", "YYYY-MM"],
    ),
    "step that is none": (
        "levers: {cash_level: [2]}",
        ["levers.cash_level[0]: 2 is not what belongs here", "a dated step"],
    ),
    "step outside a list": (
        "levers: {cash_level: {from: 2012-01, value: 2}}",
        ["levers.cash_level: ", "dated steps such as ["],
    ),
    "date before the start": (
        "levers: {cash_level: [{from: 2009-12, value: 2}]}",
        ["levers.cash_level[0].from: 2009-12 is before the scenario's start", "allowed: 2010-01 or later"],
    ),
    "announced before the start": (
        "levers: {cash_level: [{from: 2012-01, value: 2, announced: 2009-12}]}",
        ["levers.cash_level[0].announced: 2009-12 is before the scenario's start"],
    ),
    "date in a wrong form": (
        "levers: {cash_level: [{from: 01/2014, value: 2}]}",
        ["[0].from: '01/2014' is not a month", "YYYY-MM"],
    ),
    "date with a day": (
        "levers: {cash_level: [{from: 2014-01-01, value: 2}]}",
        ["[0].from: '2014-01-01' is not a month"],
    ),
    "a year alone": (
        "levers: {cash_level: [{from: 2014, value: 2}]}",
        ["[0].from: 2014 is not what belongs here", "YYYY-MM"],
    ),
    "month thirteen": (
        "levers: {cash_level: [{from: 2014-13, value: 2}]}",
        ["[0].from: '2014-13' is not a month"],
    ),
    "another century": (
        "levers: {cash_level: [{from: 9999-01, value: 2}]}",
        ["[0].from: '9999-01' is out of range", "to 2099-12"],
    ),
    "two steps at one date": (
        "levers: {cash_level: [{from: 2014-01, value: 2}, {from: 2014-01, value: 3}]}",
        ["levers.cash_level[1].from: two steps at one date, 2014-01"],
    ),
    "announced after it starts": (
        "levers: {cash_level: [{from: 2014-01, value: 2, announced: 2014-02}]}",
        [
            "levers.cash_level[0].announced: announced in 2014-02, after it starts",
            "allowed: 2014-01 or earlier",
        ],
    ),
    "announced, but no support": (
        "levers: {advisors: [{from: 2014-01, value: 0, announced: 2013-01}]}",
        ["levers.advisors[0].announced: only support can be announced", "cash_level, in_kind_level"],
    ),
    "unknown timing": (
        "levers: {information_timing: erly}",
        ["levers.information_timing: unknown information timing", "'early'?"],
    ),
    "timing as a number": (
        "levers: {information_timing: 2}",
        ["levers.information_timing: 2 is not an information timing", "even, early"],
    ),
    "timing of an unknown status": (
        "levers: {information_timing: {pendng: 2}}",
        ["unknown status 'pendng'", "did you mean 'pending'?"],
    ),
    "timing out of range": (
        "levers: {information_timing: {pending: 11}}",
        ["information_timing.pending: 11 is out of range", "0 to 10"],
    ),
    "timing without a status": ("levers: {information_timing: {}}", ["{} is not an information timing"]),
    "unknown origin": (
        "origins: [iraq, irak]",
        ["origins[1]: unknown origin 'irak'", "afghanistan", "did you mean 'iraq'?"],
    ),
    "no origins": ("origins: []", ["origins: [] is not what belongs here", "at least one"]),
    "origin twice": ("origins: [iraq, iraq]", ["origins[1]: 'iraq' stands there twice"]),
    "origins as text": ("origins: iraq", ["origins: 'iraq' is not what belongs here", "a list of"]),
    "origin that is no text": (
        "origins: [1]",
        ["origins[0]: 1 is not what belongs here", "name of a country of origin"],
    ),
    "unknown origin of a series": (
        "series: {irak: {security: 1}}",
        ["series: unknown origin 'irak'", "did you mean 'iraq'?"],
    ),
    "unknown series": (
        "series: {iraq: {securty: 1}}",
        ["series.iraq: unknown series 'securty'", "did you mean 'security'?"],
    ),
    "series out of range": (
        "series: {iraq: {security: 1.5}}",
        ["series.iraq.security: 1.5 is out of range", "0 to 1"],
    ),
    "series announced": (
        "series: {iraq: {security: [{from: 2014-01, value: 0, announced: 2013-01}]}}",
        ["series.iraq.security[0].announced: only support can be announced"],
    ),
    "series that is none": (
        "series: {iraq: 0.5}",
        ["series.iraq: 0.5 is not what belongs here", "a table of series"],
    ),
    "series of an origin left out": (
        "origins: [iraq]\nseries: {somalia: {security: 1}}",
        ["series.somalia", "not among the scenario's origins"],
    ),
    "unknown weight": (
        "weights: {no_such_weight: 0}",
        ["weights: unknown weight 'no_such_weight'", "allowed: "],
    ),
    "weight out of range": (
        "weights: {apply_constant: 1001.5}",
        ["weights.apply_constant: 1001.5 is out of range", "-1000 to 1000 (logit"],
    ),
    "weight of the wrong type": (
        "weights: {no_such_weight: [1]}",
        ["weights.no_such_weight: [1] is not what belongs here", "a number"],
    ),
    "gate out of range": (
        "protection_gate: 2",
        ["protection_gate: 2 is not what belongs here", "from 0 to 1"],
    ),
    "gate as a truth": ("protection_gate: true", ["protection_gate: True is not what belongs here"]),
    "cell of nobody": (
        "minimum_cell: 0",
        ["minimum_cell: 0 is not what belongs here", "a whole number from 1"],
    ),
    "cell of half a person": ("minimum_cell: 2.5", ["minimum_cell: 2.5 is not what belongs here"]),
    "a very long name": (f"name: {'n' * 5000}", ["name: 'nnn", "up to 120 characters"]),
    "an empty name": ("name: ''", ["name: '' is not what belongs here"]),
    "a name that acts on terminals": (
        'name: "\\e[31mred"',
        ["name: '\\x1b[31mred' holds characters that", "visible characters"],
    ),
    "text that cannot be shown": ('asks: "\\x7f"', ["asks: '\\x7f' holds characters that cannot be shown"]),
    "half a character": ('name: "\\ud83d"', ["name: ", "half a character"]),
    "a key that acts on terminals": ('"\\e[31m": 1', ["key '\\x1b[31m' holds characters that"]),
    "duplicate key": ("host: norway", ["line 6: duplicate key 'host'"]),
    "duplicate lever": ("levers:\n  cash_level: 1\n  cash_level: 2", ["line 8: duplicate key 'cash_level'"]),
    "merge key": (
        "levers: &l {cash_level: 1}\nseries: {iraq: {<<: *l}}",
        ["line 7: merge keys (<<) are not read"],
    ),
    "self-referring anchor": (
        "levers: &l {cash_level: *l}",
        ["levers.cash_level: an anchor that contains itself"],
    ),
    "self-referring list": ("origins: &o [*o]", ["origins[0]: an anchor that contains itself"]),
    "Python tag": (
        "name: !!python/object/apply:os.getcwd []",
        ["line 6: tag '!!python/object/apply:os.getcwd'", "write plain values"],
    ),
    "harmless tag": ("minimum_cell: !!int ''", ["line 6: tag '!!int'"]),
    "list as a key": ("? [a]\n: 1", ["line 6: a key must be a plain word"]),
    "unknown anchor": ("name: *nobody", ["line 6: not valid YAML", "nobody"]),
    "two documents": ("---\nhost: norway", ["line 6: not valid YAML", "single document"]),
    "aliases of aliases of aliases": (BILLION, ["stands for more than"]),
    "too deep": (f"name: {'[' * 60}{']' * 60}", ["is nested too deeply"]),
    "far too deep": (f"name: {'[' * 9000}{']' * 9000}", ["is nested too deeply"]),
}


@pytest.mark.parametrize("name", ADDED)
def test_a_bad_entry_is_refused(name: str, tmp_path: Path):
    text, parts = ADDED[name]
    path = tmp_path / "case.yaml"
    path.write_text(f"{BASE}{text}\n", encoding="utf-8")
    began = time.process_time()
    message = refused(path)
    assert time.process_time() - began < 5
    assert message.startswith(str(path))
    for part in parts:
        assert part in message, message


REPLACED = {
    "unknown host": (
        "host: norway",
        "host: norwya",
        ["host: unknown host 'norwya'", "did you mean 'norway'?"],
    ),
    "unknown programme": (
        "programme: norway",
        "programme: norwegian",
        ["programme: unknown programme", "did you mean 'norway'?"],
    ),
    "no host": ("host: norway\n", "", ["needs the key 'host'"]),
    "no end": (", to: 2016-12", "", ["window: needs the key 'to'"]),
    "host as a list": (
        "host: norway",
        "host: [norway]",
        ["host: ['norway'] is not what belongs here", "name of a host country"],
    ),
    "start in a wrong form": (
        "start: 2010-01",
        "start: January 2010",
        ["start: 'January 2010' is not a month", "YYYY-MM"],
    ),
    "start as a year": ("start: 2010-01", "start: 2010", ["start: 2010 is not what belongs here", "YYYY-MM"]),
    "start before the data": (
        "start: 2010-01",
        "start: 1990-01",
        ["start: the start 1990-01 is outside", "norway", "allowed: "],
    ),
    "unknown end of a window": (
        "to: 2016",
        "too: 2016",
        ["window: unknown key 'too'", "allowed: from, to", "did you mean 'to'?"],
    ),
    "window before the start": (
        "from: 2012",
        "from: 2009",
        ["window.from: the window begins in 2009-01", "allowed: 2010-01 or later"],
    ),
    "window that ends first": (
        "to: 2016-12",
        "to: 2011-12",
        ["window.to: the window ends in 2011-12, before it begins"],
    ),
    "more than 600 months": ("to: 2016-12", "to: 2060-01", ["window.to: 601 months", "up to 600"]),
    "window after the data": (
        "to: 2016-12",
        "to: 2059-12",
        ["window.to: the window ends in 2059-12, outside", "norway"],
    ),
    "window as text": (
        "{from: 2012-01, to: 2016-12}",
        "2012",
        ["window: 2012 is not what belongs here", "{from: YYYY-MM, to: YYYY-MM}"],
    ),
    "not YAML": ("start:", "start: {[", ["not valid YAML", "line "]),
}


def test_a_run_to_which_nobody_comes_is_refused(tmp_path: Path):
    """No Iraqi asked Estonia for asylum in 2010, and none was waiting: the record of it has no claim."""
    frame = "host: estonia\nprogramme: estonia\norigins: [iraq{}]\n"
    months = "start: 2010-01\nwindow: {{from: 2010-01, to: {}}}\n"
    path = tmp_path / "case.yaml"
    path.write_text(frame.format("") + months.format("2010-12"))
    message = refused(path)
    assert "origins: nobody of this origin comes to estonia from 2010-01 to 2010-12; allowed: " in message
    assert message.endswith("allowed: a period with claims (2005, 2015, 2017), or other origins")
    path.write_text(frame.format("") + months.format("2015-01"))
    assert load_scenario(path).origins == ("iraq",), "somebody comes in 2015"
    path.write_text(frame.format(", afghanistan") + months.format("2010-12"))
    assert load_scenario(path).months == 12, "somebody comes of another origin"
    path.write_text(frame.format("") + months.format("2015-12"))
    with pytest.raises(
        Refusal, match="window: nobody of this origin comes to estonia from 2010-01 to 2010-12"
    ):
        load_scenario(path).with_window(12)


def test_people_who_never_register_come_unless_a_scenario_says_so(tmp_path: Path):
    """Nobody of Belarus asked Estonia for asylum in 2010; some come without asking."""
    path = tmp_path / "case.yaml"
    text = "host: estonia\nprogramme: estonia\norigins: [belarus]\nstart: 2010-01\n"
    path.write_text(text + "window: {from: 2010-01, to: 2010-12}\n")
    assert load_scenario(path).origins == ("belarus",)
    for none in (0.0, 1e-320, 0.01):
        message = "origins: nobody of this origin comes to estonia .* or a larger weight unregistered_inflow"
        with pytest.raises(Refusal, match=message):
            load_scenario(path).vary(weights={"unregistered_inflow": none})


@pytest.mark.parametrize("name", REPLACED)
def test_a_bad_frame_is_refused(name: str, tmp_path: Path):
    old, new, parts = REPLACED[name]
    path = tmp_path / "case.yaml"
    path.write_text(BASE.replace(old, new))
    message = refused(path)
    assert message.startswith(str(path))
    for part in parts:
        assert part in message, message


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"cash_level": 20}, "levers.cash_level: 20 is out of range"),
        ({"cash_levl": 2}, "did you mean 'cash_level'?"),
        ({"extends": "a.yaml"}, "unknown lever or key 'extends'"),
        ({"cash_level": float("nan")}, "nan is not a finite number"),
        ({"cash_level": 10**5000}, "far too large"),
        ({"cash_level": None}, "has no value"),
        ({"cash_level": object()}, "of a kind that"),
        ({"weights": {1: 2}}, "key 1 is not text"),
        ({"levers": 3, "cash_level": 1}, "levers: 3 is not"),
        ({"origins": "iraq"}, "origins: 'iraq' is not what belongs here"),
    ],
)
def test_a_bad_variation_is_refused(changes: dict, part: str, tmp_path: Path):
    (tmp_path / "base.yaml").write_text(BASE)
    with pytest.raises(Refusal) as caught:
        load_scenario(tmp_path / "base.yaml").vary(**changes)
    assert part in str(caught.value)


def test_messages_have_one_form():
    assert str(
        refusal(
            "is wrong", file="f.yaml", path=("levers", "cash", 1, "from"), allowed="a or b", suggestion="a"
        )
    ) == ("f.yaml: levers.cash[1].from: is wrong; allowed: a or b; did you mean 'a'?")
    assert str(refusal("is\nwrong\x1b")) == "is\\nwrong\\x1b"
    assert str(unknown_name("lever", "cash-level", ["cash_level", "b"], path=("levers",))) == (
        "levers: unknown lever 'cash-level'; allowed: b, cash_level; did you mean 'cash_level'?"
    )
    assert str(out_of_range(3, 0, 1.5, "share")) == "3 is out of range; allowed: 0 to 1.5 (share)"


def test_values_are_shown_short_and_on_one_line():
    assert shown("a\nb") == "'a\\nb'"
    assert len(shown("x" * 1000)) == 60
    assert "too large to show" in shown(10**9000)
    assert where(("k" * 1000, 3)) == "k" * 57 + "...[3]"
    assert nearest("CASH LEVEL", ["cash_level"]) == "cash_level" and nearest("zebra", ["cash_level"]) is None
