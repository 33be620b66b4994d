"""The weights: what an entry must state, what grade and basis make of it, and that draws are keyed by
name.
"""

from __future__ import annotations

import ast
import copy
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.special import ndtr, ndtri

from avrr_sim import evidence
from avrr_sim.evidence import (
    BASES,
    FILE,
    GRADES,
    WIDTH,
    Weight,
    central_weights,
    draw_weights,
    evidence_hash,
    load_evidence,
    parameter_record,
    prior_of,
    read_evidence,
    value_at,
    weight_names,
)
from avrr_sim.programme import all_unknowns
from avrr_sim.refusals import Refusal

PACKAGE = Path(evidence.__file__).parent
WEIGHTS = load_evidence()
QUANTILES = ndtri((np.arange(10_000) + 0.5) / 10_000)

GOOD = {
    "meaning": "A driver",
    "unit": "logit units",
    "central": 1.0,
    "scale": "positive",
    "grade": "ungraded",
    "direction": "raises",
    "basis": "judgement",
    "reference": {"source": "A report", "locator": "page 3"},
}

# The review's table of independent variables (Sonsterudbraten 2018): driver -> grade and the weights that
# carry it.
REVIEW = {
    "security at the origin": ("confirmed", ["security"]),
    "access to assisted return": ("probable", ["access_effort"]),
    "knowledge of assisted return": ("probable", ["knowing"]),
    "access to work, education, livelihood": ("probable", ["livelihood"]),
    "withdrawal of rights in 2005, designated centres": (
        "inconclusive",
        ["destitution_apply", "designated_apply"],
    ),
    "risk of forced return": ("confirmed", ["threat_apply"]),
    "residence period": ("inconclusive", ["ties"]),
    "age": ("inconclusive", ["age"]),
    "family situation": ("inconclusive", ["family", "school"]),
    "gender": ("inconclusive", ["female"]),
    "health": ("inconclusive", ["health"]),
    "work and residence elsewhere in Europe": ("probable", ["europe"]),
    "re-entry to Schengen": ("probable", ["ban"]),
}


def write(tmp_path: Path, entry: dict) -> Path:
    path = tmp_path / "weights.yaml"
    path.write_text(yaml.safe_dump({"driver": entry}), encoding="utf-8")
    return path


def refused(tmp_path: Path, entry: dict) -> str:
    with pytest.raises(Refusal) as caught:
        read_evidence(write(tmp_path, entry))
    message = str(caught.value)
    assert "weights.yaml: driver" in message and "\n" not in message
    return message


def entry_with(**changes) -> dict:
    return copy.deepcopy(GOOD) | changes


def test_a_complete_entry_is_read(tmp_path):
    found = read_evidence(write(tmp_path, GOOD))["driver"]
    assert found == Weight(
        "driver",
        "A driver",
        "logit units",
        1.0,
        0.0,
        "positive",
        "ungraded",
        "raises",
        "judgement",
        "A report",
        "page 3",
    )


@pytest.mark.parametrize("key", [*GOOD])
def test_an_entry_without_a_part_is_refused(tmp_path, key):
    entry = entry_with()
    del entry[key]
    assert repr(key) in refused(tmp_path, entry)
    if key != "central":
        assert repr(key) in refused(tmp_path, entry_with(**{key: ""}))


@pytest.mark.parametrize("part", ["source", "locator"])
def test_a_reference_needs_source_and_locator(tmp_path, part):
    for reference in (
        {k: v for k, v in GOOD["reference"].items() if k != part},
        GOOD["reference"] | {part: ""},
    ):
        assert "needs a source and a locator" in refused(tmp_path, entry_with(reference=reference))
    assert "needs a source and a locator" in refused(tmp_path, entry_with(reference="A report, page 3"))


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"grade": "certain"}, "unknown grade 'certain'"),
        ({"grade": "confirmd"}, "did you mean 'confirmed'?"),
        ({"basis": "guess"}, "unknown basis 'guess'"),
        ({"scale": "log"}, "unknown scale 'log'"),
        ({"direction": "up"}, "unknown direction 'up'"),
        ({"central": "1"}, "needs a number as 'central'"),
        ({"central": True}, "needs a number as 'central'"),
        ({"central": 0}, "0 does not fit the scale 'positive'"),
        ({"central": -1.0}, "-1.0 does not fit the scale 'positive'"),
        ({"central": 1.0, "scale": "share"}, "1.0 does not fit the scale 'share'"),
        ({"central": 0.0, "scale": "share"}, "0.0 does not fit the scale 'share'"),
        ({"spread": 0.5}, "unknown key 'spread'"),
        ({"note": "more"}, "unknown key 'note'"),
        ({"grade": "confirmed", "scale": "signed"}, "a confirmed effect has a fixed sign"),
        ({"grade": "confirmed", "scale": "real"}, "a confirmed effect has a fixed sign"),
        (
            {"scale": "signed"},
            "driver.scale: probable and inconclusive effects, and only they, may take either sign",
        ),
        (
            {"grade": "probable"},
            "driver.scale: probable and inconclusive effects, and only they, may take either sign",
        ),
        (
            {"grade": "probable", "scale": "real"},
            "driver.scale: probable and inconclusive effects, and only they, may take either sign",
        ),
        (
            {"grade": "probable", "scale": "signed", "central": 0},
            "driver.direction: a probable effect needs a central value other than 0",
        ),
        (
            {"grade": "probable", "scale": "signed", "direction": "none"},
            "driver.direction: a probable effect needs a central value other than 0 whose sign agrees",
        ),
        (
            {"grade": "probable", "scale": "signed", "direction": "lowers"},
            "driver.direction: a probable effect needs a central value other than 0 whose sign agrees",
        ),
        (
            {"grade": "probable", "scale": "signed", "central": -1.0},
            "driver.direction: a probable effect needs a central value other than 0 whose sign agrees",
        ),
        ({"meaning": 5}, "driver.meaning: 5 is not text"),
        ({"unit": ["logit"]}, "driver.unit: ['logit'] is not text"),
        ({"scale": 1}, "driver.scale: 1 is not text"),
        ({"grade": ["confirmed"]}, "driver.grade: ['confirmed'] is not text"),
        ({"direction": 1}, "driver.direction: 1 is not text"),
        ({"basis": {"judgement": 1}}, "driver.basis: "),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, changes, message):
    assert message in refused(tmp_path, entry_with(**changes))


@pytest.mark.parametrize("central, direction", [(0.5, "raises"), (-0.5, "lowers")])
@pytest.mark.parametrize("basis", ["estimated", "elicited", "judgement"])
def test_a_probable_effect_is_as_wide_as_its_sign_is_sure(tmp_path, central, direction, basis):
    """Four fifths on the expected side, whatever the basis."""
    weight = read_evidence(
        write(
            tmp_path,
            entry_with(grade="probable", scale="signed", central=central, direction=direction, basis=basis),
        )
    )["driver"]
    assert prior_of(weight) == ("real", central, pytest.approx(0.5 / ndtri(0.8), rel=1e-12))


@pytest.mark.parametrize("scale", ["positive", "share", "real"])
def test_an_inconclusive_effect_must_be_able_to_take_either_sign(tmp_path, scale):
    entry = entry_with(grade="inconclusive", scale=scale, spread=0.5)
    del entry["central"]
    assert "must be able to take either sign" in refused(tmp_path, entry)


def test_an_inconclusive_effect_has_a_spread_and_no_centre(tmp_path):
    entry = entry_with(grade="inconclusive", scale="signed")
    assert "unknown key 'central'" in refused(tmp_path, entry)
    del entry["central"]
    assert "needs a number as 'spread'" in refused(tmp_path, entry)
    assert "does not fit" in refused(tmp_path, entry | {"spread": 0})
    assert read_evidence(write(tmp_path, entry | {"spread": 0.5}))["driver"].size == 0.5


def test_confirmed_effects_never_change_sign():
    confirmed = [w for w in WEIGHTS.values() if w.grade == "confirmed"]
    assert confirmed
    for weight in confirmed:
        assert min(value_at(weight, z) for z in QUANTILES) > 0.0


def test_probable_effects_have_four_fifths_on_the_expected_side():
    """A normal N(m, s) has the mass Phi(m / s) above zero."""
    probable = [w for w in WEIGHTS.values() if w.grade == "probable"]
    assert probable
    for weight in probable:
        transform, location, spread = prior_of(weight)
        assert transform == "real" and spread > 0
        expected_side = {"raises": 1.0, "lowers": -1.0}[weight.direction]
        assert ndtr(expected_side * location / spread) == pytest.approx(0.8, abs=1e-12), weight.name
        share = np.mean([value_at(weight, z) * expected_side > 0 for z in QUANTILES])
        assert share == pytest.approx(0.8, abs=1e-4)


def test_inconclusive_effects_are_centred_on_zero():
    inconclusive = [w for w in WEIGHTS.values() if w.grade == "inconclusive"]
    assert inconclusive
    for weight in inconclusive:
        assert value_at(weight, 0.0) == weight.central == 0.0
        assert all(value_at(weight, z) == -value_at(weight, -z) for z in QUANTILES[:100])
        assert value_at(weight, 1.0) == weight.size > 0


def test_ungraded_weights_cannot_be_signed_by_grade():
    """A weight that may change sign says by its grade how sure the sign is."""
    assert {w.grade for w in WEIGHTS.values() if w.scale == "signed"} <= {"probable", "inconclusive"}
    assert {w.scale for w in WEIGHTS.values() if w.grade == "probable"} == {"signed"}


@pytest.mark.parametrize("scale, central", [("positive", 2.0), ("share", 0.3), ("real", -4.0)])
def test_widths_follow_the_basis(scale, central):
    widths = []
    for basis in ("estimated", "elicited", "judgement"):
        weight = Weight("w", "m", "u", central, 0.0, scale, "ungraded", "none", basis, "s", "l")
        assert value_at(weight, 0.0) == pytest.approx(central, rel=1e-12)  # the median is the central value
        widths.append(value_at(weight, 1.0) - value_at(weight, -1.0))
    assert 0 < widths[0] < widths[1] < widths[2]
    assert WIDTH["estimated"] < WIDTH["elicited"] < WIDTH["judgement"] and set(BASES) == set(WIDTH)


def test_priors_stay_in_their_scale():
    for weight in WEIGHTS.values():
        low, high = value_at(weight, -6.0), value_at(weight, 6.0)
        assert np.isfinite([low, high]).all() and low < high
        if weight.scale in ("positive", "share"):
            assert low > 0.0
        if weight.scale == "share":
            assert high < 1.0


def names_read(path: Path) -> set[str]:
    """Weights that a module reads: w.name, weights["name"] and world.weights.name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "w":
            found.add(node.attr)
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "weights"
        ):
            found.add(node.attr)
        if (
            isinstance(node, ast.Subscript)
            and getattr(node.value, "id", "") == "weights"
            and isinstance(node.slice, ast.Constant)
        ):
            found.add(node.slice.value)
    return found


def test_every_weight_is_read_and_every_weight_read_exists():
    rooms = ("population.py", "setting.py", "outcomes.py")
    readers = [*(PACKAGE / "rules").glob("*.py"), *(PACKAGE / name for name in rooms)]
    read = set().union(*(names_read(path) for path in readers))
    assert set(WEIGHTS) - read == set(), "weights that nothing reads"
    assert read - set(WEIGHTS) == set(), "weights that do not exist"


def test_every_driver_of_the_review_has_a_weight_of_its_grade():
    for driver, (grade, names) in REVIEW.items():
        for name in names:
            assert WEIGHTS[name].grade == grade, driver
            assert "Sonsterudbraten (2018)" in WEIGHTS[name].source, driver
    graded = {name for name, weight in WEIGHTS.items() if weight.grade != "ungraded"}
    reviewed = {name for _, names in REVIEW.values() for name in names}
    assert graded <= reviewed  # nothing else has a grade to claim
    assert set(GRADES) == {"confirmed", "probable", "inconclusive", "ungraded"}


def test_no_judgement_claims_a_published_size():
    """Whatever says that it has no source is a judgement."""
    assert all(w.basis == "judgement" for w in WEIGHTS.values() if "No source" in w.locator)


def test_same_draw_same_values_and_other_draws_others():
    a, b, c, d = draw_weights(1, 5), draw_weights(1, 5), draw_weights(1, 6), draw_weights(2, 5)
    assert a == b and list(a) == weight_names()
    assert all(a[name] != c[name] != d[name] != a[name] for name in a)


def test_draws_are_keyed_by_name(monkeypatch):
    """With fewer weights, or in another order, those that remain draw what they drew."""
    whole = draw_weights(3, 4)
    fewer = {name: WEIGHTS[name] for name in reversed(weight_names()) if len(name) % 3}
    monkeypatch.setattr(evidence, "load_evidence", lambda: fewer)
    assert draw_weights(3, 4) == {name: whole[name] for name in fewer}


def test_names_have_distinct_keys():
    """Those of the unknown amounts too, which are drawn in the same way."""
    names = [*WEIGHTS, *all_unknowns()]
    assert len({zlib.crc32(name.encode()) for name in names}) == len(names)


def test_draws_follow_their_priors():
    """Over 400 draws the standard scores of all weights are uniform; Bonferroni over the weights at 0.001
    together.
    """
    from scipy import stats

    draws = [draw_weights(7, d) for d in range(400)]
    for name, weight in WEIGHTS.items():
        transform, location, spread = prior_of(weight)
        x = np.array([draw[name] for draw in draws])
        z = {"real": lambda v: v, "exp": np.log, "logistic": lambda v: np.log(v / (1 - v))}[transform](x)
        assert stats.kstest((z - location) / spread, "norm").pvalue > 0.001 / len(WEIGHTS), name


def test_pinned_weights_are_as_pinned():
    assert draw_weights(1, 5, {"ties": 0.25})["ties"] == central_weights({"ties": 0.25})["ties"] == 0.25
    assert draw_weights(1, 5, {"ties": 0.25}) | {"ties": 0} == draw_weights(1, 5) | {"ties": 0}
    assert central_weights()["ties"] == 0.0


def test_the_record_holds_every_weight_by_name():
    values = draw_weights(1, 5)
    record = parameter_record(values)
    assert list(record.dtype.names) == weight_names() and all(record[name] == values[name] for name in values)


def test_the_hash_is_that_of_the_file():
    import hashlib

    assert evidence_hash() == hashlib.sha256(FILE.read_bytes()).hexdigest()[:16]
    assert replace(WEIGHTS["ties"], size=1.0) != WEIGHTS["ties"]
