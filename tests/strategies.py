"""Generated scenario content for property-based tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from avrr_sim.dates import month_number, month_text
from avrr_sim.evidence import weight_names
from avrr_sim.hypotheses import hypothesis_names
from avrr_sim.migrant import ABODES, CHANNELS
from avrr_sim.places.origins import SERIES
from avrr_sim.places.place import host, host_names
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, STATUS_NAMES, TIMING, TIMING_RANGE, TIMINGS
from avrr_sim.programme import programme_names
from avrr_sim.schema import weight_range

FIRST = month_number("2010-01")
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.just(10**400)
    | st.sampled_from(
        [
            "norway",
            "iraq",
            "2012-01",
            "2012-13",
            "1e3",
            "even",
            "baseline-norway.yaml",
            "../..",
            "/",
            "no",
            "",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(["from", "value", "to"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers of the range, its ends often; now and then one just outside."""
    inside = st.sampled_from([low, high]) | st.floats(low, high, allow_nan=False)
    return st.integers(0, 99).flatmap(lambda roll: st.just(high + 1) if roll == 37 else inside)


def _setting(value: st.SearchStrategy[Any], announceable: bool = False) -> st.SearchStrategy[Any]:
    """A bare value, or dated steps with distinct months."""

    @st.composite
    def steps(draw: st.DrawFn) -> list[dict[str, Any]]:
        found = []
        for month in draw(st.lists(st.integers(24, 60), min_size=1, max_size=3, unique=True)):
            step = {"from": month_text(FIRST + month), "value": draw(value)}
            if announceable and draw(st.booleans()):
                step["announced"] = month_text(FIRST + draw(st.integers(18, month)))
            found.append(step)
        return found

    return value | steps()


def _some(options: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping of up to `most` of the options."""
    chosen = st.lists(st.sampled_from(sorted(options)), unique=True, max_size=most)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: options[name] for name in names}))


def _levers() -> dict[str, st.SearchStrategy[Any]]:
    table = st.dictionaries(st.sampled_from(STATUS_NAMES), _numbers(*TIMING_RANGE), min_size=1)
    found = {
        name: _setting(_numbers(lever.low, lever.high), lever.name in ANNOUNCEABLE)
        for name, lever in LEVERS.items()
    }
    return found | {TIMING: _setting(st.sampled_from(sorted(TIMINGS)) | table)}


LEVER_SETTINGS = _levers()
SERIES_SETTINGS = {name: _setting(_numbers(each.low, each.high)) for name, each in SERIES.items()}
PINNED = {name: _numbers(*weight_range(name)) | st.sampled_from([0, 1]) for name in weight_names()}


AIMED = st.fixed_dictionaries(
    {"intensity": _numbers(*TIMING_RANGE)},
    optional={
        "channel": st.sampled_from(CHANNELS)
        | st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=2, unique=True),
        "abode": st.sampled_from(ABODES),
        "status": st.lists(st.sampled_from(STATUS_NAMES), min_size=1, max_size=3, unique=True),
        "from": st.integers(24, 60).map(lambda month: month_text(FIRST + month)),
    },
)


@st.composite
def scenario_files(draw: st.DrawFn) -> dict[str, Any]:
    """The content of a scenario file: nearly always acceptable, up to 36 months long, without `extends`."""
    start = FIRST + draw(st.integers(0, 18))
    country = draw(st.sampled_from(host_names()))
    first = start + draw(st.integers(0, 12))
    content: dict[str, Any] = {
        "host": country,
        "programme": draw(st.sampled_from(programme_names())),
        "start": month_text(start),
        "window": {"from": month_text(first), "to": month_text(first + draw(st.integers(0, 23)))},
    }
    optional = {
        "name": st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20),
        "asks": st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=20),
        "levers": _some(LEVER_SETTINGS, 4),
        "weights": _some(PINNED, 3),
        "protection_gate": _numbers(0, 1),
        "minimum_cell": st.integers(1, 50),
        "hypothesis": st.sampled_from(hypothesis_names()),
        "information": st.lists(AIMED, max_size=2),
    }
    for key, values in optional.items():
        if draw(st.booleans()):
            content[key] = draw(values)
    origins = draw(st.lists(st.sampled_from(host(country).origins), min_size=1, max_size=4, unique=True))
    if draw(st.booleans()):
        content["origins"] = origins
    if draw(st.booleans()):
        content["series"] = draw(_some({origin: _some(SERIES_SETTINGS, 2) for origin in origins}, 2))
    return content


@st.composite
def spoiled_files(draw: st.DrawFn) -> dict[str, Any]:
    """A scenario file's content with one to three places overwritten, dropped or added to by junk."""
    content = draw(scenario_files())
    for _ in range(draw(st.integers(1, 3))):
        place: Any = content
        while isinstance(place, (dict, list)) and place:
            key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            if isinstance(place[key], (dict, list)) and place[key] and draw(st.integers(0, 3)):
                place = place[key]
                continue
            action = draw(st.sampled_from(["overwrite", "drop", "add"]))
            if action == "overwrite":
                place[key] = draw(JUNK)
            elif action == "drop":
                del place[key]
            elif isinstance(place, dict):
                place[
                    draw(st.text(max_size=8) | st.sampled_from(["extends", "levers", "from", "announced"]))
                ] = draw(JUNK)
            else:
                place.append(draw(JUNK))
            break
    return content
