"""Norwegian: as complete as English, written its way, and nothing of English in sight but users' words."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from report_pages import VOID, lean
from report_tables import make_tables
from typer.testing import CliRunner

from avrr_sim.cli import app
from avrr_sim.files import read_yaml
from avrr_sim.hypotheses import load_hypotheses
from avrr_sim.measures import MEASURES
from avrr_sim.places.origins import SERIES
from avrr_sim.places.place import host
from avrr_sim.policy import LEVERS
from avrr_sim.programmes.amounts import AMOUNTS
from avrr_sim.report.pages.brief import write_brief
from avrr_sim.report.pages.comparison import write_comparison
from avrr_sim.report.words import catalogue, findings, language, sentences
from avrr_sim.report.words.language import ENGLISH, FILES, NAMES, NORWEGIAN, speaking, words_of
from avrr_sim.report.words.told import told
from avrr_sim.schema import known_weights
from avrr_sim.shell import brief
from avrr_sim.study.comparison.store import write_tables
from avrr_sim.study.summary import changes
from avrr_sim.study.summary.contract import remark

ENGLISH_ONLY = {"explore"}
"""Words of the page of `avrr explore`, which is in English."""
OF_ENGLISH = frozenset(
    "the of and which with from that this these their than are was were who not each without would people "
    "share between because when where".split()
)
"""Words that no Norwegian sentence holds."""


def leaves(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every text of a file of words with its path."""
    if isinstance(found, dict):
        for key, each in found.items():
            yield from leaves(each, (*path, str(key)))
    elif isinstance(found, list):
        for place, each in enumerate(found):
            yield from leaves(each, (*path, str(place)))
    else:
        yield path, found


def places(text: str) -> list[tuple[str, str | None]]:
    """The places in braces of a sentence, with their forms."""
    return sorted(
        (name, form or "") for _, name, form, _ in string.Formatter().parse(text) if name is not None
    )


@pytest.mark.parametrize("code", [code for code in FILES if code != ENGLISH])
def test_no_word_is_missing_in_a_language_and_every_sentence_has_the_same_places(code):
    english, other = (
        {path: text for path, text in leaves(words_of(each)) if path[0] not in {"names", *ENGLISH_ONLY}}
        for each in (ENGLISH, code)
    )
    assert set(english) == set(other)
    assert [p for p in english if places(str(english[p])) != places(str(other[p]))] == []
    bare = {p: re.sub(r"\{[^}]*\}", "", str(text)) for p, text in english.items() if text == other[p]}
    assert [p for p, text in bare.items() if len(re.findall(r"[a-z]{2,}", text.lower())) > 2] == []


def of_the_package() -> set[str]:
    """Everything that studies say in their own English of measures, levers, weights, origins and amounts."""
    found = {text for m in MEASURES.values() for text in (m.label, m.unit, m.window, m.meaning)}
    found |= {text for lever in LEVERS.values() for text in (lever.meaning, lever.unit, lever.kind)}
    found |= {text for w in known_weights().values() for text in (w.meaning, w.unit, w.basis)}
    found |= {text for series in SERIES.values() for text in (series.unit, series.meaning)}
    found |= {each.meaning for each in load_hypotheses().values()} | set(AMOUNTS.values())
    hosts = [host(name) for name in ("norway", "france", "estonia")]
    found |= {country.name for each in hosts for country in each.countries.values()}
    found |= {each.name for each in hosts}
    made = (changes._INFORMATION, changes._HYPOTHESIS, changes._PROGRAMME, changes._COUNTRY, changes._GATE)
    found |= {text for each in made for text in (each.kind, each.unit, each.meaning)}
    return found | {changes.TIMING_TOLD[key] for key in ("kind", "unit", "meaning")} | {changes.AS_STATED}


def test_whatever_a_study_says_of_itself_has_a_norwegian_name_and_no_name_is_left_over():
    known, wanted = words_of(NORWEGIAN)["names"]["texts"], of_the_package()
    assert sorted(wanted - set(known)) == []
    names = read_yaml(Path(language.__file__).with_name(NAMES[NORWEGIAN]))
    told_elsewhere = {"changes", "phrases"}  # parts of lines, and what a programme's file says
    listed = {text for section, part in names.items() if section not in told_elsewhere for text in part}
    assert sorted(listed - wanted - {"NOK", "EUR"}) == []


def test_numbers_are_written_its_way():
    assert sentences.number(12345.678, "rate", 1, signed=True) == "+12,345.7"
    with speaking(NORWEGIAN):
        assert sentences.number(-12345.678, "rate", 1) == "\u221212\u00a0345,7"
        assert sentences.shown(0.123, 0.05, 0.25, "share", signed=True) == ("+12,3", "+5,0 til +25,0")
        assert sentences.significant(0.0123) == "0,0123" and sentences.significant(1.5e12) == "1,50e+12"
        assert findings.figure(20_000, "kroner") == "20\u00a0000 kroner"
        assert findings.figure(35_500_000, "kroner") == "35,5 mill. kroner"
        assert sentences.say("stages.spoken", closing="a", stage="b", share=12.25) == (
            "a p\u00e5 trinnet b 12,2\u00a0%"
        )
        assert sentences.say("brief.change", after="9", people="p", do="d", before="8", change="1").count(
            "1\u00a0000"
        )
    assert sentences.number(1234.5, "rate", 1) == "1,234.5"


def test_what_a_scenario_changes_is_told_part_by_part_and_names_stay():
    with speaking(NORWEGIAN):
        assert told("2 from 2012-01, 0.5 from 2014-01 (announced 2013-07)") == (
            "2 fra 2012-01, 0,5 fra 2014-01 (kunngjort 2013-07)"
        )
        assert told("the value is the scenario's own; default: programme file") == (
            "verdien er scenariets egen; standard: programfil"
        )
        assert told("Iraq, Other origins") == "Irak, Andre" and told("EUR a year") == "euro i \u00e5ret"
        assert told("10,000 more from 2014-01, for iraq") == "10\u00a0000 mer fra 2014-01, for iraq"
        for own in ("Twice the cash", "Norway, general programme with the Vulnerable Groups Project", ""):
            assert told(own) == own
    assert told("Iraq, 0.5") == "Iraq, 0.5"


def test_english_is_in_force_unless_another_language_is_asked_for():
    assert catalogue.language_told() == "en" and catalogue.MONTHS[4] == "May"
    with pytest.raises(ValueError), speaking(NORWEGIAN):
        assert catalogue.language_told() == "nb" and catalogue.MONTHS[4] == "mai"
        assert catalogue.GROUP_NAMES["abode", "centre"] == "p\u00e5 mottak"
        raise ValueError
    assert language.in_force() == ENGLISH
    with pytest.raises(KeyError), speaking("xx"):
        pass
    assert language.in_force() == ENGLISH


class InSight(HTMLParser):
    """The texts of a page that are in sight while folds are shut, and what is said instead of pictures."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.texts, self.attributes = [], [], {}
        self.feed(page)

    @property
    def hidden(self) -> bool:
        """Whether the page is read behind a fold."""
        return any(tag == "details" for tag in self.open) and "summary" not in self.open

    def handle_starttag(self, tag, attrs):
        self.attributes.setdefault(tag, dict(attrs))
        if tag not in VOID:
            self.open.append(tag)
        if not self.hidden:
            self.texts += [value for key, value in attrs if key in ("aria-label", "title")]

    def handle_endtag(self, tag):
        while tag not in VOID and self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not self.hidden and not {"script", "style", "pre"} & set(self.open):
            self.texts.append(data.strip())


OURS = (("a", "Alfa", None), ("b", "Beta", ("cash_level", "support")), ("c", "Gamma", ("x", "coercion")))
TIP = {
    **{"scenario": "Beta", "against": "Alfa", "measure": "uptake_24", "rises": True, "above": 0.3},
    **{"meaning": "Mean trust in the advice on arrival", "unit": "share", "point": 0.25},
    **{"low": 0.2, "high": 0.4, "right_above": 0.8, "right_below": 0.9},
}


@pytest.fixture(scope="module")
def tables():
    """Made-up numbers under what the package says of its own measures and levers; users write no English."""
    made = lean(make_tables(OURS, groups=False, fitted=True), "programme_cost")
    window = {"window": {"from": "2012-01", "to": "2016-12"}, "date": "2026-11-26"}
    own = {"lever": "outreach", "source": "judgement", "baseline": "1", "here": "2.5 from 2013-01"}
    own |= {key: getattr(LEVERS["outreach"], key) for key in ("meaning", "unit", "kind")}
    scenarios = [
        {**s, "asks": "Hva skjer?", "changes": [own] if s["changes"] else []} for s in made.scenarios
    ]
    return replace(
        made,
        title="",
        scenarios=scenarios,
        measures={
            name: {key: getattr(MEASURES[name], key) for key in ("label", "unit", "per", "window", "meaning")}
            for name in made.measures
        },
        provenance={**made.provenance, **window, "scenarios": [{"host": "norway"}]},
        limits=[limit for limit in made.limits if limit["key"] != "as_written"],
        depends=[remark("tips", **TIP)],
    )


@pytest.mark.parametrize("write", (write_comparison, write_brief))
def test_nothing_in_sight_of_a_norwegian_page_is_english_and_numbers_are_written_its_way(
    write, tables, tmp_path
):
    with speaking(NORWEGIAN):
        page = write(tmp_path, tables).read_text(encoding="utf-8")
    seen = InSight(page)
    assert seen.attributes["html"]["lang"] == "nb"
    english = [t for t in seen.texts if OF_ENGLISH & set(re.findall(r"\w+", t.lower()))]
    assert english == []
    told_as_they_are = re.compile(r"avrr_sim [\d.]+|[\w./-]+\.(?:csv|html|json|py)|\d\d\d\d-\d\d")
    marks = [t for t in seen.texts if re.search(r"\d[,.]\d{3}\b|\d\.\d", told_as_they_are.sub("", t))]
    assert marks == []
    text = " ".join(seen.texts)
    assert "26. november 2026 \u00b7 Norge, januar 2012 til desember 2016" in text
    assert "av 1\u00a0000 personer eller husholdninger som kommer, s\u00f8ker innen to \u00e5r" in text
    assert "\u00abGjennomsnittlig tillit til r\u00e5dene ved ankomst\u00bb ligger over 0,25 (andel" in text
    assert re.search(r"usikkerhetsintervall|trekning", text) and "Et tvangsvirkemiddel" in text


def test_the_command_tells_a_study_in_norwegian_and_in_english_again_to_the_same_bytes(
    tables, tmp_path, monkeypatch
):
    monkeypatch.setattr(brief, "browser_path", lambda: None)
    study, shell, made = tmp_path / "study", CliRunner(), {}
    study.mkdir()
    write_tables(study, tables)
    for step, words in enumerate(([], ["--language", "nb"], ["--language", "en"])):
        assert shell.invoke(app, ["brief", str(study), *words]).exit_code == 0
        made[step] = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    assert made[0] == made[2]
    assert '<html lang="nb">' in made[1][study / "brief.html"].decode()
    changed = {path.suffix for path, content in made[1].items() if content != made[0][path]}
    assert changed == {".html", ".svg", ".png"}  # no number, and nothing that is told of the tables
    for command in ("report", "brief"):
        refused = shell.invoke(app, [command, str(study), "--language", "no"])
        assert refused.exit_code == 2 and "no is none of: en, nb" in refused.output
