"""An offer's amount and dates as factors of a sweep."""

from __future__ import annotations

import json

import pytest
from conftest import norway

from avrr_sim import Refusal
from avrr_sim.study.sweep.experiment import Experiment, load_experiment
from avrr_sim.study.sweep.order import order_of
from avrr_sim.study.sweep.tables import point_table

NAME = "Families, no. 1"
OFFER = {
    "name": NAME,
    "for": {"status": "after_deadline"},
    "gives": {"cash_adult": {"add": 5000}, "in_kind_unit": 10000},
    "from": "2010-09",
    "until": "2011-04",
}


def content(**vary) -> dict:
    return {
        "baseline": norway(months=14, offers=[OFFER]),
        "vary": {"offers": vary},
        "measures": ["uptake_24"],
    }


def offers_of(experiment: Experiment) -> list:
    points = zip(experiment.points, experiment.names(), strict=True)
    return [experiment.scenario_of(point, name)[0].offers[0].written() for point, name in points]


def test_an_amount_and_a_date_of_an_offer_vary_and_the_rest_of_it_stays():
    told = {f"{NAME}.cash_adult": [0, 5000, 20000], f"{NAME}.from": ["2010-09", "2010-11-15"]}
    experiment = load_experiment(content(**told))
    offers = offers_of(experiment)
    assert [offer["gives"]["cash_adult"] for offer in offers] == [
        {"add": amount} for amount in (0, 0, 5000, 5000, 20000, 20000)
    ]
    assert [offer["from"] for offer in offers] == ["2010-09", "2010-11-15"] * 3
    assert {offer["until"] for offer in offers} == {"2011-04"}
    assert all(offer["gives"]["in_kind_unit"] == {"value": 10000} for offer in offers)


def test_the_point_that_is_the_baselines_is_not_run_again():
    told = {f"{NAME}.cash_adult": [5000, 20000], f"{NAME}.from": ["2010-09", "2010-11"]}
    order = order_of(content(**told), {"draws": 1})
    points = point_table(order.experiment, order.plan)
    assert list(points["same_as"]) == ["", "baseline", "", "", ""]
    assert list(points.iloc[0][list(points.columns[3:])]) == [5000, "2010-09"]


def test_such_an_experiment_is_stored_and_made_again():
    experiment = load_experiment(content(**{f"{NAME}.until": ["2010-12", "2011-04"]}))
    again = Experiment.from_resolved(json.loads(json.dumps(experiment.resolved())))
    assert again.points == experiment.points and offers_of(again) == offers_of(experiment)


def test_rows_of_a_file_name_a_part_of_an_offer(tmp_path):
    (tmp_path / "points.csv").write_text(f'"offers.{NAME}.cash_adult",cash_level\n0,1\n9000,2\n')
    told = content() | {"design": {"kind": "rows", "file": str(tmp_path / "points.csv")}}
    told.pop("vary")
    assert [o["gives"]["cash_adult"] for o in offers_of(load_experiment(told))] == [{"add": 0}, {"add": 9000}]


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ({"Famlies, no. 1.cash_adult": [1]}, "Families, no. 1"),
        ({f"{NAME}.cash_minor": [1]}, "in_kind_unit"),
        ({f"{NAME}.cash": [1]}, "part of an offer"),
        ({f"{NAME}.from": ["soon"]}, "write YYYY-MM"),
        ({f"{NAME}.from": ["2012-01"]}, "ends before it begins"),
        ({f"{NAME}.cash_adult": {"values": [1], "from": "2010-10"}}, "cannot be dated"),
        ({f"{NAME}.cash_adult": ["many"]}, "many"),
    ],
    ids=str,
)
def test_what_the_baselines_offers_do_not_have_is_refused(vary, said):
    with pytest.raises(Refusal) as refused:
        order_of(content(**vary), {"draws": 1})
    assert said in str(refused.value)
