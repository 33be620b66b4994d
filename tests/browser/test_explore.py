"""The page of `avrr explore` in a real browser: its numbers are those of the command line, none of them is
stale or mixed, it asks for nothing, and it can be read and worked by everybody.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page

from avrr_sim import compare
from avrr_sim.browser.explorer import write_explorer
from avrr_sim.policy import LEVERS
from avrr_sim.scenario import load_scenario
from avrr_sim.shell.explore import _movable
from avrr_sim.simulation import simulate
from avrr_sim.study.jobs.plan import Plan, make_plan
from browser.conftest import AXE, HERE, NARROW, PATIENCE, TALL, WIDE
from browser.pages import SHIPPED

SETTINGS = 50
GRAVE = ("serious", "critical")
STATE = (
    "() => { const d = document.querySelector('#answers').dataset; return [d.state, d.setting, d.draws]; }"
)
STOP = """() => new Promise(done => {
    const stopped = () => {
        const some = document.querySelector('#answers').dataset.draws !== '0';
        if (some) document.getElementById('stop').click();
        return some ? done() : setTimeout(stopped, 1);
    };
    stopped();
})"""
SET = """([name, value]) => {
    const input = document.getElementById(`lever-${name}`);
    input.value = value;
    input.dispatchEvent(new Event(input.tagName === 'SELECT' ? 'change' : 'input', {bubbles: true}));
    const told = [...document.querySelectorAll('#table tbody tr')].flatMap(
        row => [...row.querySelectorAll('td')].map(cell => cell.innerText));
    return [told.join(' '), ...['#sentences', '#courses', '#flows', '#groups', '#more'].map(
        part => document.querySelector(part).innerText)];
}"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    names = ("baseline-norway", "cash-doubled", "offer-first-500")
    scenarios = [load_scenario(SHIPPED / f"{name}.yaml").with_window(36) for name in names]
    return make_plan(scenarios, draws=3, replicates=1, size=400)


@pytest.fixture(scope="module")
def file(plan, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("explore") / "explore.html"
    write_explorer(path, plan, _movable(None))
    return path


@contextmanager
def opened(
    chromium: Browser, file: Path, fragment: str = "", width: int = WIDE, **more
) -> Iterator[tuple[Page, list[str]]]:
    """The page at a fragment, and a list that fills with what it asks for and complains of."""
    context = chromium.new_context(viewport={"width": width, "height": TALL}, **more)
    context.set_default_timeout(PATIENCE)
    page, address = context.new_page(), file.resolve().as_uri()
    heard: list[str] = []
    own = (address, "blob:")  # a worker's script comes out of the page itself
    page.on("request", lambda request: request.url.startswith(own) or heard.append(request.url))
    page.on("websocket", lambda socket: heard.append(socket.url))
    page.on("console", lambda told: told.type in ("error", "warning") and heard.append(told.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.goto(address + fragment, wait_until="load")
    yield page, heard
    context.close()


def until(page: Page, *states: str) -> list[str]:
    """Wait for a state of the answers, by looking: the page lets nobody evaluate strings in it."""
    for _ in range(PATIENCE // 20):
        state: list[str] = page.evaluate(STATE)
        if state[0] in states:
            return state
        page.wait_for_timeout(20)
    raise AssertionError(f"still {state}")


def numbers(page: Page) -> dict[str, dict[str, str]]:
    """The rows of the CSV by measure."""
    page.evaluate("() => document.getElementById('copy').click()")
    text = page.evaluate("() => document.getElementById('copied').value")
    return {row["measure"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture(scope="module")
def wide(chromium, file):
    with opened(chromium, file, "#begin=cash-doubled") as (page, _):
        until(page, "ready")
        yield page


def test_numbers_are_those_of_the_command_line(wide, plan):
    scenarios = plan.scenarios[:2]
    runs = [
        [
            simulate(scenario, plan.weights_of(d, scenario), plan.seed, draw=d, size=plan.size)
            for d in range(plan.draws)
        ]
        for scenario in scenarios
    ]
    told = numbers(wide)
    for name in (
        "uptake_24",
        "drop_out_12",
        "assisted_departures",
        "removals",
        "gone_under",
        "protection_needs",
    ):
        before, after = ([run.value(name) for run in of] for of in runs)
        mean = sum(b - a for a, b in zip(before, after, strict=True)) / plan.draws
        assert float(told[name]["baseline"]) == pytest.approx(sum(before) / plan.draws, rel=1e-9), name
        assert float(told[name]["difference"]) == pytest.approx(mean, rel=1e-9, abs=1e-12), name
        assert told[name]["draws"] == str(plan.draws)


def test_intervals_of_differences_are_those_of_a_comparison(wide, plan):
    """Of the paired differences over draws, as `avrr compare` tells them."""
    numbers_of = {"draws": plan.draws, "replicates": 1, "size": plan.size}
    found = compare(plan.scenarios[:2], **numbers_of, twins=False, conditions=False, workers=1).differences
    found = found[found["group_by"] == "all"].set_index("measure")
    told = numbers(wide)
    for name in ("uptake_24", "drop_out_12", "assisted_departures", "removals", "gone_under"):
        for column in ("low", "high", "mc_error"):
            expected = pytest.approx(found.loc[name, column], rel=1e-9, abs=1e-12)
            assert float(told[name][f"difference_{column}"]) == expected, (name, column)


def test_uptake_is_never_in_sight_alone(wide):
    text = wide.inner_text("#table")
    for told in (
        "Uptake",
        "Drop-out",
        "Removals",
        "Gone under",
        "Stopped by the protection gate",
        "Monte Carlo",
    ):
        assert told in text
    assert "All 3 draws" in wide.inner_text("#progress")
    assert wide.locator("#table svg[role=img]").count() == wide.locator("#table tbody tr").count()


def test_a_person_can_be_followed_in_both_worlds(chromium, file):
    with opened(chromium, file, "#cash_level=6&outreach=6") as (page, heard):
        until(page, "ready")
        page.select_option("#person", index=1)
        page.wait_for_selector(".parted")
        told = page.inner_text("#life")
        assert "The lives part in" in told and "What differed" in told and "Fear of removal" in told
        assert heard == []


def test_fifty_settings_none_throws_and_none_leaves_a_stale_number(chromium, file):
    """After each change nothing of the policy before is in sight, not even for a moment; and what stands
    there in the end is what a page newly opened at the same address says.
    """
    dice = random.Random(3)
    names = [name for name in _movable(None) if name in LEVERS]
    with opened(chromium, file) as (page, heard), opened(chromium, file) as (fresh, other):
        page.eval_on_selector_all("#settings details", "all => all.forEach(d => d.open = true)")
        for turn in range(SETTINGS):
            name = dice.choice(names)
            lever = LEVERS[name]
            value = round(dice.uniform(lever.low, min(lever.high, 500)), 2)
            table, *parts = page.evaluate(SET, [name, str(value)])
            assert not "".join(parts).strip() and not any(each.isdigit() for each in table), table
            if turn % 3 == 0:
                until(page, "ready")
            if turn % 25 == 24:
                _, setting, _ = until(page, "ready")
                assert f"{name}={value:g}" in setting
                fresh.evaluate("fragment => { location.hash = fragment; }", setting)
                fresh.wait_for_timeout(50)
                assert until(fresh, "ready")[1] == setting
                assert numbers(fresh) == numbers(page)
        assert heard == [] and other == []


def test_what_cannot_be_used_is_said_and_leaves_no_number(chromium, file):
    with opened(chromium, file, "#cash_level=2&made_up=3") as (page, _):
        until(page, "ready")
        assert "made_up" in page.inner_text("#notice")
        table, *_ = page.evaluate(SET, ["cash_level", "eleven"])
        assert not any(each.isdigit() for each in table)
        assert "0 to 10" in page.inner_text("#progress")
        page.evaluate(SET, ["cash_level", "3"])
        assert until(page, "ready")[1] == "cash_level=3"


def test_stopping_leaves_no_mixed_result(chromium, file):
    with opened(chromium, file, "#cash_level=2") as (page, heard):
        until(page, "ready")
        page.evaluate(SET, ["cash_level", "4"])
        page.evaluate(STOP)
        state, setting, draws = until(page, "stopped", "ready")
        page.wait_for_timeout(300)  # whatever was being worked out has come by now
        assert page.evaluate(STATE) == [state, setting, draws]
        assert numbers(page)["uptake_24"]["draws"] == draws != "0"
        page.evaluate("() => document.getElementById('stop').click()")
        until(page, "ready")
        with opened(chromium, file, "#cash_level=4") as (fresh, _):
            until(fresh, "ready")
            assert numbers(fresh) == numbers(page)


def test_coercion_is_grey_and_costs_nothing(chromium, file):
    with opened(chromium, file, "#removal_level=2") as (page, _):
        until(page, "ready")
        assert page.is_visible("#coerced")
        grey = page.evaluate("() => getComputedStyle(document.querySelector('#table .dot')).fill")
        red, green, blue = (int(each) for each in grey[4:-1].split(","))
        assert red == green == blue
        page.evaluate("() => { document.getElementById('part-more').open = true; }")
        page.wait_for_selector("#more table")
        assert "Cost of the programme" not in page.inner_text("#more")


@pytest.mark.parametrize("width", (WIDE, NARROW))
def test_everybody_can_use_it(chromium, file, width):
    """No serious finding of axe-core with every part unfolded, and the page does not scroll sideways."""
    with opened(chromium, file, "#cash_level=5&removal_level=2", width) as (page, heard):
        until(page, "ready")
        page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
        page.wait_for_selector("#groups table")
        if page.locator("#person option").count() > 1:
            page.select_option("#person", index=1)
            page.wait_for_selector("#life .parted, #life p")
        page.evaluate((HERE / "look.js").read_text(encoding="utf-8"))
        assert page.evaluate("() => window.look.sideways()") == []
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
        assert [f"{v['help']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in GRAVE] == []
        assert heard == []


def test_levers_are_worked_by_the_keyboard(chromium, file):
    with opened(chromium, file) as (page, _):
        until(page, "ready")
        page.focus("#lever-cash_level")
        assert "programme file" in page.inner_text("#about-lever")
        page.keyboard.press("Control+A")
        page.keyboard.type("2.5")
        assert until(page, "ready")[1] == "cash_level=2.5"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert until(page, "ready")[1] == ""


def test_a_file_is_saved_that_extends_the_scenario(wide):
    with wide.expect_download() as saved:
        wide.click("#file")
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert 'extends: "cash-doubled.yaml"' in text and saved.value.suggested_filename == "explored.yaml"


def test_no_file_and_no_link_leaves_out_in_silence_what_cannot_be_used(chromium, file):
    """A decimal comma: how to write the number is said, and nothing is worked out, waited for or kept."""
    with opened(chromium, file) as (page, heard):
        until(page, "ready")
        page.fill("#lever-cash_level", "2,5")
        assert until(page, "failed") and "write 2.5" in page.inner_text("#lever-cash_level-wrong")
        assert page.is_hidden("#waiting") and "Nothing can be worked out" in page.inner_text("#progress")
        saved: list[Download] = []
        page.on("download", lambda each: saved.append(each))
        for button in ("#file", "#link"):
            page.click(button)
            told = page.inner_text("#notice")
            assert "would leave out what cannot be used" in told and "write 2.5" in told
        assert saved == [] and page.is_hidden("#copied")
        page.fill("#lever-cash_level", "2.5")
        until(page, "ready")
        with page.expect_download() as kept:
            page.click("#file")
        assert "value: 2.5}" in Path(kept.value.path()).read_text(encoding="utf-8") and heard == []


def test_it_is_readable_without_its_script_and_where_the_module_is_forbidden(chromium, file, tmp_path):
    with opened(chromium, file, java_script_enabled=False) as (page, _):
        assert page.is_visible("noscript p") and page.is_visible("#beforehand table")
    shut = tmp_path / "shut.html"
    shut.write_text(file.read_text(encoding="utf-8").replace(" 'wasm-unsafe-eval'", ""), encoding="utf-8")
    with opened(chromium, shut) as (page, _):
        page.wait_for_selector("#fault:not([hidden])")
        assert "WebAssembly" in page.inner_text("#fault")
        assert page.is_visible("#beforehand table") and not page.is_visible("#live")
