import assert from "node:assert/strict";
import { test } from "node:test";
import { quantile, spreadOf } from "../src/effects.js";

test("a quantile lies between two values in proportion", () => {
  assert.equal(quantile([0, 10], 0.25), 2.5);
  assert.equal(quantile([7], 0.95), 7);
});

test("what draws say: middle, interval, error, agreement on the sign", () => {
  const found = spreadOf([1, 2, 3, 4, -1, NaN]);
  assert.equal(found.draws, 5);
  assert.equal(found.middle, 1.8);
  assert.equal(found.agree, 4 / 5);
  assert.ok(found.low < found.middle && found.middle < found.high);
  assert.ok(Math.abs(found.error - Math.sqrt(3.7 / 5)) < 1e-12);
});

test("draws without an effect have no part in the agreement, and no draw says nothing", () => {
  assert.equal(spreadOf([0, 0, 2]).agree, 1);
  assert.ok(Number.isNaN(spreadOf([0, 0]).agree));
  assert.ok(Number.isNaN(spreadOf([]).middle));
  assert.ok(Number.isNaN(spreadOf([5]).error));
  assert.ok(Number.isNaN(spreadOf([5]).low) && Number.isNaN(spreadOf([5]).high));
});
