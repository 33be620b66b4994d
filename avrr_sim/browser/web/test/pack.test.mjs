import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { openPack, Pack } from "../src/pack.js";

/** By planes, each record as its difference from the one before. @param {Uint8Array} bytes @param {number} size */
function planes(bytes, size) {
  const records = bytes.length / size;
  const laid = new Uint8Array(bytes.length);
  for (let i = 0; i < records; i++) {
    for (let plane = 0; plane < size; plane++) {
      laid[plane * records + i] = bytes[i * size + plane] ^ (i ? bytes[(i - 1) * size + plane] : 0);
    }
  }
  return laid;
}

const numbers = new Float64Array([1.5, 1.5, -2, Infinity, 0.1]);
const laid = planes(new Uint8Array(numbers.buffer), 8);
const head = {
  about: {},
  tables: [
    { kind: "f8", shape: [5], size: 8, at: 0, bytes: 40 },
    { kind: "f8", shape: [0], size: 8, at: 40, bytes: 0 },
  ],
};

test("a table comes out as it went in", () => {
  const pack = new Pack(head, laid);
  assert.deepEqual(pack.floats(0), numbers);
  assert.equal(pack.floats(1).length, 0);
  assert.equal(pack.bytes(0), pack.bytes(0));
});

test("a pack is opened from deflated text", async () => {
  const pack = await openPack(head, deflateSync(laid).toString("base64"));
  assert.deepEqual(pack.floats(0), numbers);
});
