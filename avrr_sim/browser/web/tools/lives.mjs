/**
 * The two lives of people: `node lives.mjs PAGE FRAGMENT DRAW < ids`, a list of ids as JSON. Prints for each where the
 * lives part, what tipped it, and the months of both as status, abode, stage and outcome.
 */

import { readFileSync } from "node:fs";
import { settingOf, stateOf } from "../src/setting.js";
import { storyOf } from "../src/story.js";
import { modelOf } from "../src/work.js";
import { opened } from "./opened.mjs";

const { opening } = await opened(process.argv[2]);
const { about } = opening.head;
const draw = Number(process.argv[4]);
const [one, other] = [modelOf(opening), modelOf(opening)];
/** @type {[import("../src/model.js").Setting, import("../src/model.js").Setting]} */
const settings = [{ scenario: 0, draw }, settingOf(about, stateOf(about, process.argv[3]).state, draw)];
const ids = [one, other].map((model, k) => model.prepare(settings[k]).people("id"));
const told = JSON.parse(readFileSync(0, "utf8")).map((/** @type {number} */ id) => {
  const story = storyOf(one, other, settings, [ids[0].indexOf(id), ids[1].indexOf(id)]);
  const where = (/** @type {any} */ month) => [month.status, month.abode, month.stage, month.outcome];
  return { parted: story.parted, tipped: story.tipped, together: story.together, months: story.months.map((each) => each.map(where)) };
});
process.stdout.write(JSON.stringify(told));
