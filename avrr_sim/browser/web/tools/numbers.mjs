/**
 * Runs settings over what a page carries, outside a browser: `node numbers.mjs PAGE < settings`, a list of
 * settings as JSON. Prints for each what was counted, the measures, the final rows and how long it took.
 */

import { readFileSync } from "node:fs";
import { measuresOf } from "../src/measures.js";
import { bytesOfText, inflate } from "../src/pack.js";
import { modelOf } from "../src/work.js";

/** @param {string} page @param {string} id */
function textOf(page, id) {
  const found = new RegExp(`<script type="[a-z/]+" id="${id}">([^<]*)</script>`).exec(page);
  if (!found) throw new Error(`no element ${id}`);
  return found[1];
}

/** @param {string} page */
async function opened(page) {
  const [code, known, packed] = await Promise.all(
    ["module", "interface", "tables"].map((id) => inflate(bytesOfText(textOf(page, id)))),
  );
  const module = new WebAssembly.Module(/** @type {BufferSource} */ (code));
  return { module, known: JSON.parse(new TextDecoder().decode(known)), head: JSON.parse(textOf(page, "head")), packed };
}

const model = modelOf(await opened(readFileSync(process.argv[2], "utf8")));
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
