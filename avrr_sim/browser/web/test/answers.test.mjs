import assert from "node:assert/strict";
import { test } from "node:test";
import { Answers, ENDS, samePeople } from "../src/answers.js";
import { change, csv, level, size } from "../src/numbers.js";
import { niceAbove } from "../src/plots.js";

const about = {
  measures: [{ name: "uptake_24", label: "Uptake", unit: "share of the cohort", per: "share", window: "" }, { name: "programme_cost", label: "Cost", unit: "NOK", per: "NOK", window: "" }],
  scenarios: [{ minimum_cell: 10 }],
};
const names = { outcome: ["present", "assisted"], abode: ["centre", "private", "gone_under"] };

/** @param {number} uptake @param {number} cell @param {Record<string, number[]>} people @returns {any} */
const result = (uptake, cell, people) => ({
  measures: { uptake_24: uptake, programme_cost: 1 },
  groups: [{ uptake_24: uptake }],
  cells: [{ uptake_24: cell }],
  courses: { flow: Float64Array.of(1, 2, 3, 4, 5, 6) },
  people,
});
const lived = { id: [1, 2, 3, 4], outcome: [0, 1, 0, 0], stage: [0, 0, 2, 0], abode: [0, 0, 0, 2] };

/** @param {number[]} before @param {number[]} after */
function answers(before, after, cell = 50, people = lived) {
  const found = new Answers(about, names);
  before.forEach((value, draw) => found.put(found.baseline, draw, result(value, cell, lived)));
  after.forEach((value, draw) => found.put(found.policy, draw, result(value, cell, people)));
  return found;
}

test("differences are paired by draw, and draws of which only one is known are not told", () => {
  const [row] = answers([0.1, 0.5, 0.2], [0.2, 0.6]).rows(["uptake_24"], false);
  assert.equal(row.effect.draws, 2);
  assert.ok(row.effects.every((each) => Math.abs(each - 0.1) < 1e-12));
  assert.equal(row.agree, 1);
});

test("an interval of a difference is that of the paired differences, not of two independent levels", () => {
  const before = [0.1, 0.5, 0.2, 0.4, 0.3];
  const changed = [0.02, 0.01, 0.05, 0.03, 0.04]; // interval between the sorted: 0.012 and 0.048 at 5 and 95 in 100
  const [row] = answers(before, before.map((value, draw) => value + changed[draw])).rows(["uptake_24"], false);
  assert.ok(Math.abs(row.effect.low - 0.012) < 1e-12 && Math.abs(row.effect.high - 0.048) < 1e-12);
  assert.ok(Math.abs(row.effect.error - Math.sqrt(0.00025 / 5)) < 1e-12); // variance of the five by hand, over 5
  assert.ok(row.before.high - row.before.low > 0.3);
});

test("draws in which nothing changes do not count as agreeing", () => {
  const [row] = answers([0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.3]).rows(["uptake_24"], false);
  assert.equal(row.agree, 0.25);
  assert.equal(row.alike, 0.75);
});

test("money is not told where coercion is moved", () => {
  const told = answers([0.1], [0.2]);
  assert.equal(told.rows(["uptake_24", "programme_cost"], true).length, 1);
  assert.equal(told.rows(["uptake_24", "programme_cost"], false).length, 2);
});

test("a group of too few people is marked", () => {
  assert.ok(answers([0.1], [0.2], 9).byGroup("uptake_24", [0])[0].few);
  assert.ok(!answers([0.1], [0.2], 10).byGroup("uptake_24", [0])[0].few);
});

test("flows tell the ends of the same persons, by id", () => {
  const other = { id: [2, 1, 9, 4], outcome: [1, 1, 0, 0], stage: [0, 0, 0, 0], abode: [0, 0, 0, 2] };
  const flows = answers([0.1], [0.2], 50, other).flows();
  const at = (/** @type {string} */ end) => ENDS.indexOf(end);
  assert.ok(Math.abs(flows[at("present")][at("assisted")] - 1000 / 3) < 1e-9);
  assert.ok(Math.abs(flows[at("assisted")][at("assisted")] - 1000 / 3) < 1e-9);
  assert.ok(Math.abs(flows[at("gone_under")][at("gone_under")] - 1000 / 3) < 1e-9);
  assert.deepEqual(samePeople([1, 2], [2, 3]), [[1, 0]]);
});

test("courses are by quarters, with the paired difference", () => {
  const course = answers([0.1], [0.2]).course("flow", "sum");
  assert.deepEqual(course.after.map((each) => each.middle), [6, 15]);
  assert.deepEqual(course.effect.map((each) => each.middle), [0, 0]);
});

test("numbers are written as their size needs, differences with a sign", () => {
  const share = { per: "share", unit: "" };
  const count = { per: "count", unit: "" };
  assert.equal(level(0.1134, share), "11.3");
  assert.equal(level(1514.4, count), "1,514");
  assert.equal(change(0.0041, share), "+0.41");
  assert.equal(change(-37.2, count), "\u221237");
  assert.equal(change(0, count), "0");
  assert.equal(change(NaN, count), "\u2013");
  assert.equal(size(0.0009, share), "0.09");
  assert.deepEqual([0, 0.45, 7, 12, 230].map(niceAbove), [1, 0.5, 8, 20, 300]);
});

test("no cell of the CSV is a formula or breaks its row", () => {
  assert.equal(csv([["=1+1", 'a "b", c', NaN, -2, "-x"]]), `'=1+1,"a ""b"", c",,-2,'-x\r\n`);
});
