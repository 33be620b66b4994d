/**
 * One person in two worlds: the same person lives under the baseline and under a policy, month by month, until the
 * two lives part; then that month is lived again with one thing taken from the other world, by the same rules, to
 * see what tipped it. The same as `avrr_sim.story` does for the command line.
 *
 * @typedef {{name: string, fields: string[]}} Belief
 * @typedef {{status: number, abode: number, stage: number, outcome: number, aware: boolean} & Record<string, any>} Month
 * @typedef {{factor: string, necessary: boolean, enough: boolean, before: number | null, after: number | null}} Tipped
 * @typedef {{months: [Month[], Month[]], parted: number, arrival: number, tipped: Tipped[], together: boolean,
 *   person: Record<string, number>}} Story
 */

import { CARRIED } from "./model.js";

/** @typedef {import("./model.js").Model} Model */

/** What is known of a life from month to month. */
const WHERE = ["status", "abode", "stage", "outcome"];
const SEEN = [
  ...["awareness", "heed", "knowledge", "trust", "trust_official", "trust_independent", "trust_peers", "hope"],
  ...["security", "risk_apply", "risk_leave", "official_at", "independent_at", "peers_at"],
];
const PERSON = ["arrival", "origin", "adults", "minors", "vulnerability", "female", "passport", "wrongly_rejected", "age_band"];
/** Beliefs that are taken from the other world, as names of fields; the first one is shown. */
export const BELIEFS = {
  awareness: ["awareness"],
  knowledge: ["knowledge", "self_rated"],
  trust: ["trust", "trust_official", "trust_independent", "trust_peers"],
  hope: ["hope"],
  security: ["security"],
  fear: ["risk_apply", "risk_leave", "hazard_kept", "risk_kept"],
};
/** What compatriots did, and removals seen in the centre. */
const OTHERS = ["kin", "removals"];

/**
 * @param {Model} one of the baseline @param {Model} other of the policy @param {[import("./model.js").Setting,
 *   import("./model.js").Setting]} settings @param {[number, number]} places of the person, in the order of ids
 * @returns {Story}
 */
export function storyOf(one, other, settings, places) {
  const models = /** @type {[Model, Model]} */ ([one, other]);
  const months = /** @type {[Month[], Month[]]} */ (models.map((model, k) => lifeOf(model.prepare(settings[k]), places[k])));
  const person = Object.fromEntries(PERSON.map((field) => [field, one.memory.get("rows", field, places[0])]));
  const parted = months[0].findIndex((month, m) => differ(month, months[1][m]));
  if (parted < 0) return { months, parted, arrival: person.arrival, tipped: [], together: false, person };
  models.forEach((model, k) => model.prepare(settings[k]).live(parted));
  const { tipped, together } = tippedBy(models, places, [months[0][parted], months[1][parted]]);
  return { months, parted, arrival: person.arrival, tipped, together, person };
}

/** @param {Model} model @param {number} place @returns {Month[]} */
function lifeOf(model, place) {
  /** @type {Month[]} */
  const months = [];
  for (let month = 1; month <= model.months; month++) {
    model.live(month);
    months.push(monthOf(model, place));
  }
  return months;
}

/** @param {Model} model @param {number} place @returns {Month} */
function monthOf(model, place) {
  const row = /** @type {Month} */ (
    Object.fromEntries([...WHERE, ...SEEN].map((field) => [field, model.memory.get("rows", field, place)]))
  );
  row.aware = row.heed <= row.awareness;
  return row;
}

/** @param {Month} one @param {Month} other */
function differ(one, other) {
  return WHERE.some((field) => one[field] !== other[field]);
}

/**
 * Each thing that differs between the worlds, taken from the baseline into the policy (is it necessary?) and from
 * the policy into the baseline (is it enough?), in the month in which the lives part.
 * @param {[Model, Model]} models both before that month @param {[number, number]} places @param {[Month, Month]} ends
 */
function tippedBy(models, places, ends) {
  /** @type {Record<string, (to: number, from: number) => void>} */
  const factors = {};
  const get = (/** @type {number} */ k, /** @type {string} */ field) => models[k].memory.get("rows", field, places[k]);
  for (const [name, fields] of Object.entries(BELIEFS)) {
    if (fields.every((field) => get(0, field) === get(1, field))) continue;
    const values = [0, 1].map((k) => fields.map((field) => get(k, field)));
    factors[name] = (to, from) => fields.forEach((field, i) => models[to].memory.set("rows", field, values[from][i], places[to]));
  }
  const others = [0, 1].map((k) => OTHERS.map((name) => models[k].memory.bytes(name).slice()));
  if (OTHERS.some((_, i) => others[0][i].length === others[1][i].length && !same(others[0][i], others[1][i]))) {
    factors.others = (to, from) =>
      OTHERS.forEach((name, i) => others[to][i].length === others[from][i].length && models[to].memory.bytes(name).set(others[from][i]));
  }
  Object.assign(factors, ofPolicy(models));
  const tipped = Object.entries(factors).map(([factor, take]) => ({
    factor,
    necessary: !differ(trial(models, 1, places, () => take(1, 0)), ends[0]),
    enough: !differ(trial(models, 0, places, () => take(0, 1)), ends[1]),
    before: shownOf(models[0], factor, places[0]),
    after: shownOf(models[1], factor, places[1]),
  }));
  const all = () => Object.values(factors).forEach((take) => take(1, 0));
  return { tipped, together: !differ(trial(models, 1, places, all), ends[0]) };
}

/** The levers that differ in the month to be lived. @param {[Model, Model]} models @returns {Record<string, (to: number, from: number) => void>} */
function ofPolicy(models) {
  /** @type {Record<string, (to: number, from: number) => void>} */
  const found = {};
  const month = models[0].month;
  for (const column of models[0].names.policy) {
    const values = models.map((model) => model.memory.get("policy", column, month));
    if (values[0] === values[1]) continue;
    const name = factorOf(column, models[0].names.levers);
    const before = found[name];
    found[name] = (to, from) => {
      before?.(to, from);
      models[to].memory.set("policy", column, values[from], month);
    };
  }
  return found;
}

/** Under what name a column of the month's policy is told. @param {string} column @param {string[]} levers */
export function factorOf(column, levers) {
  if (levers.includes(column)) return column;
  return column.startsWith("information_") ? "information_timing" : "announced";
}

/** The value that a factor has for the person or in the month, where it is one. @param {Model} model @param {string} factor @param {number} place @returns {number | null} */
function shownOf(model, factor, place) {
  const belief = /** @type {Record<string, string[]>} */ (BELIEFS)[factor];
  if (belief) return model.memory.get("rows", belief[0], place);
  return model.names.levers.includes(factor) ? model.memory.get("policy", factor, model.month) : null;
}

/** The end of the month with something changed, and everything put back. @param {[Model, Model]} models @param {number} k @param {[number, number]} places @param {() => void} change @returns {Month} */
function trial(models, k, places, change) {
  const model = models[k];
  const kept = CARRIED.map((name) => model.memory.bytes(name).slice());
  const [month, active] = [model.month, model.memory.numbers.n_active];
  change();
  model.span(month + 1);
  const found = monthOf(model, places[k]);
  CARRIED.forEach((name, i) => model.memory.bytes(name).set(kept[i]));
  model.month = month;
  model.memory.numbers.n_active = active;
  return found;
}

/** @param {Uint8Array} one @param {Uint8Array} other */
function same(one, other) {
  return one.every((each, place) => each === other[place]);
}
