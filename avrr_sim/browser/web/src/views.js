/** What the answers look like: sentences, tables, pictures. */

import { ENDS, MAIN, MORE } from "./answers.js";
import { el, say, table } from "./dom.js";
import { groupsOf } from "./measures.js";
import { change, level, size } from "./numbers.js";
import { courses, dots, ribbons } from "./plots.js";

/** @typedef {import("./answers.js").Row} Row */
/** @typedef {import("./answers.js").Answers} Answers */

/** Courses that are drawn: series, and how months make a quarter. @type {[string, "sum" | "mean" | "last", string][]} */
const COURSES = [
  ["uptake_cumulative", "last", "share"],
  ["applications", "sum", "count"],
  ["assisted", "sum", "count"],
  ["gone_under", "sum", "count"],
  ["removed", "sum", "count"],
  ["drop_out_rate", "mean", "share"],
];
const QUARTERS = 4;
const SURE = 0.95; // of the draws with one sign
const FEW = 20; // draws, before which nothing is called sure

/** @param {any} words @param {import("./answers.js").Measure} measure */
function unitSaid(words, measure) {
  return measure.per === "share" ? say(words.percent, { unit: measure.unit.replace(/^share ?/, "") }) : measure.unit;
}

/** @param {any} words @param {Row} row */
function intervalSaid(words, { effect, measure }) {
  if (!Number.isFinite(effect.low)) return "\u2013"; // a single draw has none
  return say(words.to, { low: change(effect.low, measure), high: change(effect.high, measure) });
}

/** A table of measures with a picture of each difference. @param {any} words @param {string} caption @param {Row[]} rows */
export function measuresTable(words, caption, rows) {
  const names = ["measure", "baseline", "policy", "difference", "interval", "picture", "agree", "error"];
  const shown = table(
    caption,
    names.map((name) => words[name]),
    rows.map((row) => {
      const { measure, before, after, effect } = row;
      const picture = dots(row.effects, say(words.dots_label, { measure: measure.label, middle: change(effect.middle, measure), interval: intervalSaid(words, row) }));
      return [
        el("span", {}, measure.label, " ", el("span", { className: "unit" }, unitSaid(words, measure))),
        level(before.middle, measure),
        level(after.middle, measure),
        el("strong", {}, change(effect.middle, measure)),
        intervalSaid(words, row),
        /** @type {any} */ (picture),
        row.alike === 1 ? words.no_change : Number.isFinite(row.agree) ? `${Math.round(100 * row.agree)} %` : "\u2013",
        size(effect.error, measure),
      ];
    }),
  );
  shown.classList.add("measures");
  for (const row of shown.querySelectorAll("tbody tr")) {
    [...row.querySelectorAll("td")].forEach((cell, k) => cell.setAttribute("data-name", words[names[k + 1]]));
  }
  return shown;
}

/** What changes, in sentences: each of the main measures, uptake among them and never alone. @param {any} words @param {Answers} answers @param {boolean} coercion */
export function sentences(words, answers, coercion) {
  const rows = answers.rows(MAIN, coercion).filter((row) => words[`more_${row.measure.name}`]);
  return el(
    "ul",
    { className: "sentences" },
    ...rows.map((row) => {
      const { effect, measure } = row;
      const told = change(effect.middle, measure);
      const name = measure.name;
      if (!effect.draws || told === "0" || told === "\u2013") return el("li", {}, say(words.alike, { what: words[`same_${name}`] }));
      const text = say(words[effect.middle > 0 ? `more_${name}` : `fewer_${name}`], { number: told.replace(/^[+\u2212]/, "") });
      const doubt = row.alike > 0.5 ? words.mostly_alike : effect.draws >= FEW && row.agree >= SURE ? "" : say(words.unsure, { agree: Math.round(100 * row.agree) });
      return el("li", {}, el(row.alike > 0.5 ? "span" : "strong", {}, text), Number.isFinite(effect.low) ? ` ${say(words.between, { interval: intervalSaid(words, row) })}` : "", doubt && ` ${doubt}`);
    }),
  );
}

/** @param {any} words @param {Answers} answers @param {boolean} coercion */
export function more(words, answers, coercion) {
  return [measuresTable(words, words.more_measures, answers.rows(MORE, coercion)), el("p", { className: "small" }, words.elsewhere)];
}

/** @param {any} words @param {Answers} answers @param {any} about @param {number | null} begins month of the window in which the policy begins */
export function coursesSaid(words, answers, about, begins) {
  const from = Math.floor((about.time.start + about.time.window) / 12);
  return el(
    "div",
    { className: "courses" },
    ...COURSES.map(([name, how, per]) => {
      const course = answers.course(name, how);
      const last = course.after.length - 1;
      const told = (/** @type {number} */ value) => level(value, { per, unit: "" });
      const label = words[`course_${name}`];
      const described = say(words.course_label, { what: label, baseline: told(course.before[last]?.middle ?? NaN), policy: told(course.after[last]?.middle ?? NaN) });
      const start = begins === null ? null : begins / 3;
      return el("figure", {}, el("figcaption", {}, label), courses(course, { label: described, from, per: QUARTERS, start, told, changed: (value) => change(value, { per, unit: "" }) }));
    }),
  );
}

/** @param {any} words @param {Answers} answers */
export function flowsSaid(words, answers) {
  const flows = answers.flows();
  const names = answers.endNames(words);
  const pairs = flows.flatMap((row, a) => row.map((value, b) => ({ a, b, value }))).filter((each) => each.a !== each.b && each.value > 0);
  const total = pairs.reduce((sum, each) => sum + each.value, 0);
  const head = el("p", {}, say(words.flows_total, { moved: total.toFixed(total < 10 ? 1 : 0) }));
  if (!pairs.length) return [head];
  const sorted = pairs.sort((one, other) => other.value - one.value);
  return [
    head,
    el("div", { className: "flows" }, ribbons(flows, names, ENDS, words.flows_label)),
    el(
      "details",
      { id: "flows-table" },
      el("summary", {}, words.as_table),
      table(words.flows_label, [words.baseline, words.policy, words.of_1000], sorted.map(({ a, b, value }) => [names[a], names[b], value.toFixed(2)])),
    ),
  ];
}

/** @param {any} words @param {Answers} answers @param {any} about @param {Record<string, string[]>} names @param {string} by @param {string} measure */
export function groupsSaid(words, answers, about, names, by, measure) {
  const groups = groupsOf(names, about.origins).map(([kind, key], number) => ({ kind, key, number }));
  const chosen = groups.filter((each) => each.kind === by);
  const rows = answers.byGroup(measure, chosen.map((each) => each.number));
  const said = (/** @type {string} */ key) =>
    by === "origin" ? about.origins.find((/** @type {any} */ each) => each.key === key).name : words.group_names[by][key] ?? key;
  const told = rows.map((row, k) => ({ row, name: said(chosen[k].key) })).filter((each) => each.row.effect.draws);
  if (!told.length) return [el("p", { className: "small" }, words.groups_none)];
  const shown = told.filter((each) => !each.row.few);
  const few = told.filter((each) => each.row.few).map((each) => each.name);
  return [
    table(
      say(words.groups_caption, { measure: rows[0].measure.label, unit: unitSaid(words, rows[0].measure) }),
      [words.group, words.baseline, words.policy, words.difference, words.interval],
      shown.map(({ row, name }) => [
        name,
        level(row.before.middle, row.measure),
        level(row.after.middle, row.measure),
        el("strong", {}, change(row.effect.middle, row.measure)),
        intervalSaid(words, row),
      ]),
    ),
    ...(few.length ? [el("p", { className: "small" }, say(words.too_few, { names: few.join(", ") }))] : []),
  ];
}

