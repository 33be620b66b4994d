/**
 * Runs settings over what a page carries, outside a browser: `node numbers.mjs PAGE < settings`, a list of
 * settings as JSON. Prints for each what was counted, the measures, the final rows and how long it took.
 */

import { readFileSync } from "node:fs";
import { measuresOf } from "../src/measures.js";
import { modelOf } from "../src/work.js";
import { opened } from "./opened.mjs";

const model = modelOf((await opened(process.argv[2])).opening);
const answers = JSON.parse(readFileSync(0, "utf8")).map((/** @type {import("../src/model.js").Setting} */ setting) => {
  const start = performance.now();
  model.prepare(setting);
  const ready = performance.now();
  model.live();
  const lived = performance.now();
  const counted = model.counted();
  const told = performance.now();
  const tables = ["units", "persons", "at_risk", "summary", "endings", "curve", "served"];
  return {
    counts: Object.fromEntries(tables.map((name) => [name, Array.from(model.memory.array(name), Number)])),
    measures: Object.fromEntries(Object.entries(measuresOf(counted, model.known)).filter(([, value]) => !Number.isNaN(value))),
    rows: Buffer.from(model.memory.bytes("rows")).toString("base64"),
    milliseconds: { people: ready - start, months: lived - ready, counting: told - lived },
    megabytes: model.memory.exports.memory.buffer.byteLength / 1e6,
  };
});
process.stdout.write(JSON.stringify(answers));
