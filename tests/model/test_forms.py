"""Forms of files: every mistake of a file is told at once, in plain words and in its place; and schemas say
the same.
"""

from __future__ import annotations

from typing import Annotated, Self

import pytest
from pydantic import Field, model_validator

from avrr_sim.forms import Between, Form, Month, OneOf, Says, Text, Whole, json_schema_of, read_form
from avrr_sim.refusals import Refusal, Refusals, refusal, unknown_name


class Kind(Form):
    says = "must hold share and adults"

    share: Annotated[float, Between(0, 1)]
    adults: Annotated[int, Whole(0, 20)]

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.adults == 0:
            raise refusal("nobody", path=("adults",))
        return self


class File(Form):
    lacks = "needs the key {key}"
    also = {"cash_level": "levers: cash_level"}

    name: Text = Field(description="a name on one line")
    basis: Annotated[str, OneOf("basis", ("estimated", "judgement"))] = "judgement"
    kinds: Annotated[list[Kind], Says("must be a list of {share, adults}"), Field(min_length=1)] = []
    by_name: dict[Annotated[str, OneOf("amount", ("cash", "travel"))], Kind] = {}
    start: Month | None = Field(None, alias="from")


GOOD = {"name": "a", "kinds": [{"share": 1, "adults": 2}], "from": "2012-01"}


def told(**changes) -> list[str]:
    """The lines of a refusal of the good file, changed; a key with `...` is left out."""
    content = {key: value for key, value in (GOOD | changes).items() if value is not ...}
    with pytest.raises(Refusal) as caught:
        read_form(File, content, file="f.yaml", at=("part",))
    assert all(line.startswith("f.yaml: part") for line in str(caught.value).splitlines())
    return [line.removeprefix("f.yaml: part").lstrip(".: ") for line in str(caught.value).splitlines()]


def test_a_good_file_is_read():
    read = read_form(File, GOOD)
    assert (read.name, read.start, read.kinds[0].share, read.basis) == ("a", 24144, 1.0, "judgement")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ...}, "needs the key 'name'; allowed: a name on one line"),
        ({"name": " "}, "name: ' ' is not text"),
        ({"name": None}, "name: has no value; allowed: a value, or leave the key out"),
        (
            {"nmae": "b"},
            "unknown key 'nmae'; allowed: name, basis, kinds, by_name, from; did you mean 'name'?",
        ),
        (
            {"cash_lvel": 1},
            (
                "unknown key 'cash_lvel'; allowed: name, basis, kinds, by_name, from; did you mean 'levers: "
                "cash_level'?"
            ),
        ),
        ({"basis": "judgment"}, "basis: unknown basis 'judgment'; allowed: estimated, judgement; did you"),
        ({"kinds": []}, "kinds: must be a list of {share, adults}"),
        ({"kinds": 3}, "kinds: must be a list of {share, adults}"),
        ({"kinds": [3]}, "kinds[0]: must hold share and adults"),
        ({"kinds": [{"share": 2, "adults": 1}]}, "kinds[0].share: 2 is not a number from 0 to 1"),
        ({"kinds": [{"share": 1, "adults": 0}]}, "kinds[0].adults: nobody"),
        ({"kinds": [{"adults": 1}]}, "kinds[0]: lacks 'share'"),
        ({"by_name": {"csh": {"share": 1, "adults": 1}}}, "by_name: unknown amount 'csh'; allowed: cash, "),
        ({"by_name": []}, "by_name: must hold keys and values"),
        ({"from": "2012"}, "from: '2012' is not a month; write YYYY-MM, such as 2012-01"),
    ],
)
def test_a_mistake_is_told_in_its_place_with_what_is_allowed(changes, message):
    (line,) = told(**changes)
    assert line.startswith(message)


def test_all_mistakes_are_told_at_once_a_line_each():
    lines = told(name=5, basis="guess", kinds=[{"share": -1, "adults": 1}, {"share": 1}], more=1)
    assert [line.partition(":")[0] for line in lines] == [
        "name",
        "basis",
        "kinds[0].share",
        "unknown key 'more'; allowed",
        "kinds[1]",
    ]


def test_a_misspelt_key_is_one_mistake_and_not_a_missing_one_too():
    assert told(kinds=[{"shar": 1, "adults": 1}]) == [
        "kinds[0]: unknown key 'shar'; allowed: share, adults; did you mean 'share'?"
    ]


def test_the_schema_says_what_the_form_checks():
    schema = json_schema_of(File, "a file")
    assert schema["title"] == "a file" and schema["required"] == ["name"]
    assert schema["additionalProperties"] is False and "$defs" not in schema
    fields = schema["properties"]
    assert set(fields) == {"name", "basis", "kinds", "by_name", "from"}
    assert fields["name"] == {"description": "a name on one line", "type": "string", "pattern": r"\S"}
    assert fields["kinds"]["minItems"] == 1
    assert fields["kinds"]["items"]["properties"]["share"] == {"type": "number", "minimum": 0, "maximum": 1}
    assert set(fields["by_name"]["properties"]) == {"cash", "travel"}
    assert fields["from"]["type"] == "string" and "pattern" in fields["from"]


def test_refusals_are_gathered_each_once():
    wrong = Refusals()

    def read(value: int) -> int:
        if value < 0:
            raise refusal(f"{value} is below 0", path=("a",))
        return value

    assert [wrong.attempt(read, value) for value in (1, -1, -1, -2)] == [1, None, None, None]
    wrong.add(unknown_name("b", "x", ["y"]))
    with pytest.raises(Refusal) as caught:
        wrong.raise_any()
    assert str(caught.value) == "a: -1 is below 0\na: -2 is below 0\nunknown b 'x'; allowed: y"
    assert [mistake.path for mistake in caught.value.mistakes] == [("a",), ("a",), ()]


def test_nothing_wrong_raises_nothing():
    wrong = Refusals()
    wrong.raise_any()
    assert not wrong
