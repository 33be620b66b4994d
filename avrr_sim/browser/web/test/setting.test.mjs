import assert from "node:assert/strict";
import { test } from "node:test";
import { asValue, begun, fragmentOf, isBaseline, meantBy, monthsOf, movesCoercion, scenarioFile, settingOf, stateOf, stepsOf, valueOf } from "../src/setting.js";

const levers = [
  { name: "cash_level", kind: "support", low: 0, high: 10, default: 1 },
  { name: "outreach", kind: "information", low: 0, high: 10, default: 1 },
  { name: "removal_level", kind: "coercion", low: 0, high: 10, default: 1 },
];
const cut = [{ start: 24144, value: 1, announced: null }, { start: 24168, value: 0.5, announced: 24160 }];
const about = {
  time: { start: 24072, window: 72, months: 132 },
  plan: { weights: "posterior", draws: 100, replicates: 1, size: 2000, seed: 1 },
  timings: { even: {}, early: {} },
  movable: ["cash_level", "outreach", "removal_level", "information_timing"],
  levers,
  scenarios: [
    { key: "base", name: "As it was", file: "base.yaml", levers: {}, offers: [], written: [] },
    { key: "cut", name: "A cut", file: "cut.yaml", levers: { cash_level: cut }, offers: ["one", "two"], written: [{ name: "one" }, { name: "two" }] },
  ],
};
const words = { file_name: "explored", file_begin: "Beside {file}:", file_title: "{name}, explored", file_asks: "What if, from {name}?" };

test("fifty random settings are the same after a way through the address", () => {
  let seed = 7;
  const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let turn = 0; turn < 50; turn++) {
    const state = begun(about, chance() < 0.5 ? 0 : 1);
    const months = monthsOf(about);
    state.from = months[Math.floor(chance() * months.length)];
    state.ahead = [0, 3, 6, 12][Math.floor(chance() * 4)];
    for (const { name, high } of levers) if (chance() < 0.5) state.levers[name] = Math.round(chance() * high * 100) / 100;
    if (chance() < 0.3) state.levers.information_timing = "early";
    state.offers = state.offers.map(() => chance() < 0.5);
    assert.deepEqual(stateOf(about, `#${fragmentOf(about, state)}`), { state, unknown: [] });
  }
});

test("what an address says and cannot be used is named, and the rest is used", () => {
  const { state, unknown } = stateOf(about, "begin=nowhere&cash_level=11&outreach=2&made_up=1&from=1990-01&without=1");
  assert.deepEqual(unknown, ["begin", "cash_level", "made_up", "from", "without"]);
  assert.deepEqual(state, { ...begun(about), levers: { outreach: 2 } });
});

test("texts that are no number within the range set nothing", () => {
  for (const text of ["", " ", "x", "NaN", "Infinity", "-1", "10.01", "1,5"]) assert.equal(asValue(about, "cash_level", text), null, text);
  assert.equal(asValue(about, "cash_level", "0"), 0);
  assert.equal(asValue(about, "information_timing", "never"), null);
});

test("a decimal comma and parted thousands are recognised, and never taken for another number", () => {
  const wide = { ...about, movable: [...about.movable, "places"], levers: [...levers, { name: "places", kind: "process", low: 0, high: 100000, default: 1 }] };
  /** @type {[string, string, string | null][]} */
  const cases = [
    ["cash_level", "2,5", "2.5"],
    ["cash_level", " ,5 ", ".5"],
    ["cash_level", "2,500", "2.500"],
    ["cash_level", "12,5", null],
    ["cash_level", "2,5,1", null],
    ["cash_level", "x", null],
    ["places", "20,000", "20000"],
    ["places", "20.000", "20000"],
    ["places", "2,5", "2.5"],
  ];
  for (const [name, text, meant] of cases) {
    assert.equal(asValue(wide, name, text), null, text);
    assert.equal(meantBy(wide, name, text), meant, text);
  }
  assert.equal(asValue(wide, "cash_level", "2.500"), 2.5);
  assert.equal(asValue(wide, "places", "20.5"), 20.5);
});

test("a moved lever replaces what the scenario does from its month on, and nothing before", () => {
  const state = { ...begun(about, 1), from: 24156, ahead: 6, levers: { cash_level: 3, outreach: 2 } };
  assert.deepEqual(stepsOf(about, state, "cash_level"), [cut[0], { start: 24156, value: 3, announced: 24150 }]);
  assert.deepEqual(stepsOf(about, state, "outreach"), [{ start: 24156, value: 2, announced: null }]);
  assert.equal(valueOf(about, begun(about, 1), /** @type {any} */ (levers[0])), 0.5);
  assert.deepEqual(settingOf(about, begun(about, 1), 4), { scenario: 1, draw: 4, levers: {}, offers: [true, true] });
});

test("the baseline is told from everything else, and coercion that is moved is noticed", () => {
  assert.ok(isBaseline(begun(about)));
  assert.ok(!isBaseline(begun(about, 1)));
  assert.ok(!isBaseline({ ...begun(about), levers: { outreach: 1 } }));
  assert.ok(movesCoercion(about, { ...begun(about), levers: { removal_level: 2 } }));
  assert.ok(!movesCoercion(about, { ...begun(about, 1), levers: { outreach: 2 } }));
});

test("a scenario file says what is moved and which offers are left", () => {
  const state = { ...begun(about, 1), from: 24156, ahead: 3, levers: { cash_level: 3 }, offers: [false, true] };
  const file = scenarioFile(about, state, words);
  assert.match(file, /^extends: "cut.yaml"$/m);
  assert.match(file, /^ {4}- \{from: 2012-01, value: 1\}\n {4}- \{from: 2013-01, value: 3, announced: 2012-10\}$/m);
  assert.match(file, /^offers: \[\{"name":"two"\}\]$/m);
  assert.match(file, /avrr compare base.yaml explored.yaml --weights posterior .* --months 60$/m);
});
