/**
 * What a page makes of fragments of its address: `node kept.mjs PAGE < fragments`, a list of texts as JSON. Prints
 * for each the fragment read and written again, the scenario file, and the measures of draw 0.
 */

import { readFileSync } from "node:fs";
import { fragmentOf, scenarioFile, settingOf, stateOf } from "../src/setting.js";
import { modelOf, runOf } from "../src/work.js";
import { opened } from "./opened.mjs";

const { opening, words } = await opened(process.argv[2]);
const { about } = opening.head;
const model = modelOf(opening);
const told = JSON.parse(readFileSync(0, "utf8")).map((/** @type {string} */ fragment) => {
  const { state, unknown } = stateOf(about, fragment);
  const { measures } = runOf(model, settingOf(about, state, 0));
  const known = Object.entries(measures).filter(([, value]) => !Number.isNaN(value));
  return { fragment: fragmentOf(about, state), unknown, file: scenarioFile(about, state, words), measures: Object.fromEntries(known) };
});
process.stdout.write(JSON.stringify(told));
