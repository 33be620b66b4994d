/**
 * What baseline and policy say of the same people over the draws that have arrived: rows of measures, groups,
 * courses and flows, as numbers; nothing is drawn here.
 *
 * @typedef {import("./work.js").Result & {ends: Uint8Array, flow?: number[][]}} Known
 * @typedef {import("./work.js").Result} Result
 * @typedef {{name: string, label: string, unit: string, per: string, window: string}} Measure
 * @typedef {import("./effects.js").Spread} Spread
 * @typedef {{measure: Measure, before: Spread, after: Spread, effect: Spread, effects: number[], agree: number,
 *   alike: number, few: boolean}} Row  `agree`: share of draws with the sign of the mean; `alike`: share without any difference
 */

import { spreadOf } from "./effects.js";

/** Told side by side, uptake never alone. */
export const MAIN = [
  "uptake_24",
  "drop_out_12",
  "assisted_departures",
  "unassisted_returns",
  "removals",
  "gone_under",
  "missing",
  "moved_on",
  "protection_needs",
];
/** Told where they are unfolded. */
export const MORE = [
  "applications",
  "application_hazard",
  "months_to_apply",
  "wrongly_rejected_returns",
  "granted",
  "coping_12",
  "aware_centre",
  "aware_private",
  "trust_centre",
  "trust_private",
  "present",
  "returns",
  "support_paid",
  "programme_cost",
];
/** Sums of money, which are not told where coercion is moved: it is never costed as a saving. */
const MONEY = ["support_paid", "programme_cost"];
/** Measures that are told by group. */
export const BY_GROUP = ["uptake_24", "drop_out_12", "missing_24", "application_hazard"];
/** Ends of a life in the window, as flows tell them. */
export const ENDS = ["present", "applying", "gone_under", "assisted", "unassisted", "removed", "transferred", "moved_on", "granted"];
/** Draws whose people can be looked at one by one. */
export const KEPT = 5;
const QUARTER = 3; // months

export class Answers {
  /** @param {any} about @param {Record<string, string[]>} names of the model's codes */
  constructor(about, names) {
    this.about = about;
    this.names = names;
    /** @type {Map<number, Known>} by draw */
    this.baseline = new Map();
    /** @type {Map<number, Known>} by draw */
    this.policy = new Map();
  }

  /** Take a result in: ends of lives are kept of all, the people themselves of the first draws. @param {Map<number, Known>} into @param {number} draw @param {Result} result */
  put(into, draw, result) {
    const ends = Uint8Array.from(result.people.id, (_, place) => this.endOf(result.people, place));
    const people = draw < KEPT ? result.people : { id: result.people.id };
    into.set(draw, { ...result, people, ends });
  }

  /** Draws of which both are known, in order. @returns {number[]} */
  draws() {
    return [...this.policy.keys()].filter((draw) => this.baseline.has(draw)).sort((a, b) => a - b);
  }

  /** @param {number[]} draws @returns {[Known, Known][]} */
  pairs(draws) {
    return draws.map((draw) => [
      /** @type {Known} */ (this.baseline.get(draw)),
      /** @type {Known} */ (this.policy.get(draw)),
    ]);
  }

  /** @param {string[]} names @param {boolean} coercion whether a lever of coercion is moved @returns {Row[]} */
  rows(names, coercion) {
    const told = names.filter((name) => !coercion || !MONEY.includes(name));
    return told.map((name) => this.row(name, (result) => result.measures[name], () => Infinity));
  }

  /** A measure by group, by the groups' numbers. @param {string} name @param {number[]} groups @returns {Row[]} */
  byGroup(name, groups) {
    return groups.map((group) =>
      this.row(
        name,
        (result) => result.groups[group][name],
        (result) => result.cells[group][name] ?? 0,
      ),
    );
  }

  /** @param {string} name @param {(result: Result) => number} read @param {(result: Result) => number} cell people of whom it is told @returns {Row} */
  row(name, read, cell) {
    const pairs = this.pairs(this.draws());
    const before = pairs.map(([result]) => read(result));
    const after = pairs.map(([, result]) => read(result));
    const effects = after.map((value, number) => value - before[number]);
    const cells = pairs.map(([one, other]) => Math.min(cell(one), cell(other))).sort((a, b) => a - b);
    const least = Math.max(...this.about.scenarios.map((/** @type {any} */ each) => each.minimum_cell));
    const effect = spreadOf(effects);
    const known = effects.filter(Number.isFinite);
    return {
      agree: known.filter((value) => value !== 0 && Math.sign(value) === Math.sign(effect.middle)).length / known.length,
      alike: known.filter((value) => value === 0).length / known.length,
      measure: this.about.measures.find((/** @type {Measure} */ each) => each.name === name),
      before: spreadOf(before),
      after: spreadOf(after),
      effect,
      effects,
      few: cells.length > 0 && cells[cells.length >> 1] < least,
    };
  }

  /**
   * A course by quarters, of both: the mean over draws.
   * @param {string} name @param {"sum" | "mean" | "last"} how months make a quarter
   */
  course(name, how) {
    const pairs = this.pairs(this.draws());
    const one = (/** @type {Result[]} */ results) => {
      const all = results.map((result) => quarters(result.courses[name], how));
      return Array.from(all[0] ?? [], (_, k) => spreadOf(all.map((each) => each[k])));
    };
    const of = (/** @type {Known} */ result) => quarters(result.courses[name], how);
    const differences = pairs.map(([before, after]) => minus(of(after), of(before)));
    const effect = Array.from(differences[0] ?? [], (_, k) => spreadOf(differences.map((each) => each[k])));
    return { before: one(pairs.map(([result]) => result)), after: one(pairs.map(([, result]) => result)), effect };
  }

  /** How many of 1,000 end so in the baseline and so here: [before][after], mean over draws. @returns {number[][]} */
  flows() {
    const draws = this.draws();
    const all = this.pairs(draws).map(([one, other]) => (other.flow ??= flowOf(one, other)));
    return ENDS.map((_, a) => ENDS.map((__, b) => all.reduce((sum, flow) => sum + flow[a][b], 0) / draws.length));
  }

  /** The end of a life, among ENDS. @param {Record<string, ArrayLike<number>>} people @param {number} place @returns {number} */
  endOf(people, place) {
    const outcome = this.names.outcome[people.outcome[place]];
    if (outcome !== "present") return ENDS.indexOf(outcome);
    if (people.stage[place] > 0) return ENDS.indexOf("applying");
    return ENDS.indexOf(this.names.abode[people.abode[place]] === "gone_under" ? "gone_under" : "present");
  }

  /** What the ends are called. @param {any} words @returns {string[]} */
  endNames(words) {
    return ENDS.map((end) => words.outcomes[end]);
  }

  /** Rows of numbers, for a table of one's own. @returns {(string | number)[][]} */
  numbers() {
    const keys = /** @type {const} */ (["middle", "low", "high", "error"]);
    const of = (/** @type {Spread} */ spread) => keys.map((key) => spread[key]);
    return [...MAIN, ...MORE].map((name) => {
      const { measure, before, after, effect, agree } = this.row(name, (result) => result.measures[name], () => Infinity);
      return [name, measure.label, measure.unit, effect.draws, ...of(before), ...of(after), ...of(effect), agree];
    });
  }
}

/** Of 1,000 who are in both: how many end so in the one and so in the other. @param {Known} one @param {Known} other @returns {number[][]} */
function flowOf(one, other) {
  const flow = ENDS.map(() => ENDS.map(() => 0));
  const both = samePeople(one.people.id, other.people.id);
  for (const [a, b] of both) flow[one.ends[a]][other.ends[b]] += 1000 / both.length;
  return flow;
}

/** Places of those who are in both, by id. @param {ArrayLike<number>} one @param {ArrayLike<number>} other @returns {[number, number][]} */
export function samePeople(one, other) {
  const ids = Array.from(one);
  if (one.length === other.length && ids.every((id, place) => id === other[place])) return ids.map((_, place) => [place, place]);
  const places = new Map(Array.from(other, (id, place) => [id, place]));
  return ids.flatMap((id, place) => {
    const there = places.get(id);
    return there === undefined ? [] : [/** @type {[number, number]} */ ([place, there])];
  });
}

/** @param {number[]} one @param {number[]} other */
function minus(one, other) {
  return one.map((value, k) => value - other[k]);
}

/** @param {Float64Array} months @param {"sum" | "mean" | "last"} how @returns {number[]} */
function quarters(months, how) {
  return Array.from({ length: Math.floor(months.length / QUARTER) }, (_, k) => {
    const part = months.slice(k * QUARTER, (k + 1) * QUARTER);
    if (how === "last") return part[QUARTER - 1];
    const sum = part.reduce((all, each) => all + each, 0);
    return how === "sum" ? sum : sum / QUARTER;
  });
}
