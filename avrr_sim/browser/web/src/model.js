/**
 * One run in the browser: a scenario and a draw, its levers as they are set, its people, its months, and what
 * is counted. All of the model is in the compiled module; here tables are laid out and functions called.
 *
 * @typedef {{start: number, value: number | string | Record<string, number>, announced?: number | null}} Step
 * @typedef {{scenario: number, draw?: number, replicate?: number, levers?: Record<string, Step[]>,
 *   offers?: boolean[]}} Setting
 */

import { Memory } from "./memory.js";

/** What a run changes, so that months can be lived on trial: copied and put back. */
export const CARRIED = [
  "rows",
  "active",
  "removals",
  "kin",
  "queues",
  "waiting",
  "carried",
  "taken",
  "units",
  "persons",
  "at_risk",
  "now",
  "policy",
];
const QUEUES = 3;
const NEVER = -1;

export class Model {
  /** @type {Setting} */
  setting = { scenario: 0 };
  /** What the page tells of the setting's scenario. @type {any} */
  scenario = null;
  /** The next month to be lived. */
  month = 0;
  /** Months of the run, its origins, its centres, and units simulated. */
  months = 0;
  countries = 0;
  centres = 0;
  simulated = 0;

  /**
   * @param {WebAssembly.Module} module @param {import("./memory.js").Interface} known
   * @param {import("./pack.js").Pack} pack
   */
  constructor(module, known, pack) {
    this.memory = new Memory(module, known);
    this.names = known.names;
    this.known = known;
    this.pack = pack;
    this.about = pack.about;
    this.timing = known.names.levers.length;
  }

  /**
   * The world of a setting before its first month. It is this model's only one: the one before is gone.
   * @param {Setting} setting `levers` replace those of the scenario, lever by lever; `offers`: which of the
   *   scenario's are in force (default: all)
   */
  prepare(setting) {
    const { memory: m, about } = this;
    this.setting = setting;
    this.scenario = about.scenarios[setting.scenario];
    this.month = 0;
    m.clear();
    this.layTables();
    this.putDraw();
    this.putLevers();
    m.call("set_levers");
    m.call("set_offers");
    m.call("set_origins");
    this.putPeople();
    m.call("ties_by_month");
    return this;
  }

  /** Lay out what does not depend on how many people there are, and fill in what the page carries. */
  layTables() {
    const { memory: m, about, pack } = this;
    const of = this.scenario.tables;
    const [origins, months] = pack.shape(of.origins);
    const [, , groups, terms] = pack.shape(of.offers);
    this.months = months;
    this.countries = origins;
    for (const name of ["origins", "offers", "aimed", "moved", "closed"]) this.put(name, of[name]);
    for (const [name, number] of Object.entries(about.people)) this.put(name, /** @type {number} */ (number));
    m.lay("policy", [months]);
    const columns = this.names.policy.length;
    m.alias("policy_cells", "policy", [months, columns]);
    m.alias("policy_bits", "policy", [months, columns]);
    m.alias("origin_bits", "origins", [origins, months, m.places.origins.size / 8]);
    m.lay("now", [1]);
    m.places.moment = { ...m.places.now, shape: [] };
    m.lay("weights");
    m.lay("factors", [months, 2]);
    m.lay("ratios", [origins]);
    m.lay("ties", [months]);
    m.lay("changed", [months]);
    m.lay("counts", [2, origins, months]);
    m.lay("on_offer", [origins, groups, terms]);
    m.lay("situations", [origins, this.names.status.length, this.names.abode.length, 2]);
    m.lay("news", [origins]);
    m.lay("offers_in_force", [Math.max(terms - 1, 0)]);
    m.lay("taken", [Math.max(terms - 1, 0)]);
    m.lay("search");
    Object.assign(m.numbers, {
      first_calendar: about.time.start,
      window_start: about.time.window,
      n_origins: origins,
      n_active: 0,
    });
  }

  /** A table that the page carries. @param {string} name @param {number} number */
  put(name, number) {
    const record = !this.memory.layout(name).array;
    this.memory.lay(name, record ? [] : this.pack.shape(number));
    this.memory.bytes(name).set(this.pack.bytes(number));
  }

  /** The weights of the draw, what it moves, and the key of its stream of chance. */
  putDraw() {
    const { memory: m, about, pack, scenario } = this;
    const draw = this.setting.draw ?? 0;
    const replicate = this.setting.replicate ?? 0;
    const draws = about.plan.draws;
    const weights = new Float64Array(m.bytes("weights").buffer, m.places.weights.at, m.places.weights.bytes / 8);
    const base = pack.floats(about.weights);
    for (let i = 0; i < weights.length; i++) weights[i] = base[i * draws + draw];
    const own = pack.floats(scenario.weights.values);
    scenario.weights.columns.forEach((/** @type {number} */ column, /** @type {number} */ i) => {
      weights[column] = own[i * draws + draw];
    });
    m.fill("factors", row(pack.floats(scenario.tables.factors), draw, this.months * 2));
    m.fill("ratios", row(pack.floats(scenario.tables.ratios), draw, this.countries));
    for (const table of ["origins", "offers"]) {
      for (const level of scenario.levels[table]) this.putLevel(table, level, draw);
    }
    const keys = new BigInt64Array(pack.bytes(about.keys).buffer);
    const at = (draw * about.plan.replicates + replicate) * 2;
    m.set("now", "key0", Number(keys[at]));
    m.set("now", "key1", Number(keys[at + 1]));
    m.set("now", "gate", scenario.gate);
    const [fraction, centres] = row(pack.floats(scenario.scale), draw, 2);
    m.numbers.fraction = fraction;
    m.numbers.scale = 1 / fraction;
    this.centres = centres;
    m.set("host", "centres", centres);
  }

  /** @param {string} table @param {{field: string, which: number, values: number}} level @param {number} draw */
  putLevel(table, level, draw) {
    const { memory: m, pack } = this;
    const which = new Uint32Array(pack.bytes(level.which).buffer);
    const values = row(pack.floats(level.values), draw, pack.shape(level.values)[1]);
    m.setColumn(table, level.field, (cell) => values[which[cell]]);
  }

  /** The dated steps of all levers, the scenario's own where the setting says nothing. */
  putLevers() {
    const { memory: m, about, names } = this;
    const levers = { ...this.scenario.levers, ...(this.setting.levers ?? {}) };
    const plans = Object.values(about.timings).map((plan) => names.status.map((status) => plan[status]));
    const named = Object.keys(about.timings).map((name) => name !== "even");
    /** @type {[number, Step, number][]} */
    const steps = [];
    for (const [name, each] of Object.entries(levers)) {
      for (const step of /** @type {Step[]} */ (each)) {
        if (name === "information_timing") steps.push([this.timing, step, this.planOf(step.value, plans, named)]);
        else steps.push([names.levers.indexOf(name), step, 0]);
      }
    }
    m.lay("plans", [plans.length, names.status.length]);
    m.fill("plans", plans.flat());
    m.lay("named", [named.length]);
    m.fill("named", named.map(Number));
    m.lay("defaults", [names.levers.length]);
    m.fill("defaults", about.levers.map((/** @type {{default: number}} */ lever) => lever.default));
    m.lay("steps", [steps.length]);
    steps.forEach(([lever, step, plan], i) => {
      if (lever < 0) throw new Error("no such lever");
      m.set("steps", "lever", lever, i);
      m.set("steps", "start", step.start, i);
      m.set("steps", "announced", step.announced ?? NEVER, i);
      m.set("steps", "plan", plan, i);
      m.set("steps", "value", typeof step.value === "number" ? step.value : 0, i);
    });
    const inForce = this.setting.offers ?? this.scenario.offers.map(() => true);
    m.fill("offers_in_force", this.scenario.offers.map((/** @type {string} */ _, /** @type {number} */ k) => Number(inForce[k] ?? true)));
  }

  /**
   * The row of a plan of timing: a named one's, or a new one for a table of the scenario's own.
   * @param {Step["value"]} value @param {number[][]} plans @param {boolean[]} named
   */
  planOf(value, plans, named) {
    const place = Object.keys(this.about.timings).indexOf(/** @type {string} */ (value));
    if (place >= 0) return place;
    if (typeof value !== "object") throw new Error(`no timing ${value}`);
    plans.push(this.names.status.map((status) => value[status] ?? this.about.timings.even[status]));
    named.push(false);
    return plans.length - 1;
  }

  /** Everybody who will arrive, and room for what is carried and counted. */
  putPeople() {
    const { memory: m, names } = this;
    const n = m.call("count_arrivals");
    const months = this.months;
    const origins = this.countries;
    const series = names.series.length;
    const groups = 1 + origins + names.abode.length + names.status.length;
    const centres = this.centres;
    m.lay("rows", [n]);
    m.lay("active", [n]);
    m.lay("removals", [centres, origins + 1]);
    m.lay("kin", [origins]);
    m.lay("queues", [QUEUES, n]);
    m.lay("waiting", [QUEUES + origins]);
    m.lay("carried", [1 + origins]);
    m.lay("units", [months, series]);
    m.lay("persons", [months, series]);
    m.lay("at_risk", [groups, 2]);
    m.lay("unregistered", [n]);
    m.lay("position", [n]);
    m.lay("arrivals", [n]);
    m.lay("starts", [months + 1]);
    m.lay("claimed", [n]);
    m.lay("removals_next", [centres, origins + 1]);
    m.lay("kin_next", [origins]);
    m.lay("ids", [this.known.together]);
    m.lay("dealt", [this.known.dealt, this.known.together]);
    this.simulated = n;
    m.call("name_people");
    m.call("settle_all");
    m.call("first_risks");
  }

  /** Live until a month of the run (default: to the end). @param {number} [until] */
  live(until = this.months) {
    const last = Math.min(until, this.months);
    this.beginPlan();
    while (this.month < last) {
      this.span(Math.min(last, this.planBegins()));
      this.beginPlan();
    }
    return this;
  }

  /** @param {number} last */
  span(last) {
    const { memory: m } = this;
    const first = this.month;
    m.numbers.first_month = first;
    m.numbers.last_month = last;
    m.call("mark_changes");
    m.numbers.n_active = m.call("run_months");
    this.month = last;
  }

  /** The first month not lived yet with a plan of timing that is not made equal. @returns {number} */
  planBegins() {
    const { memory: m } = this;
    for (let month = this.month; month < this.months; month++) {
      if (m.get("policy", "information_plan", month) > 0) return month;
    }
    return this.months;
  }

  /** Where a named plan of timing begins, give it the factor with which as many contacts are made as evenly. */
  beginPlan() {
    const { memory: m, names } = this;
    const month = this.month;
    if (month === this.months || this.planBegins() !== month) return;
    /** @type {number[]} */
    const planned = [];
    for (let k = 0; k < this.months; k++) if (m.get("policy", "information_plan", k) > 0) planned.push(k);
    const path = names.status.slice(0, 3).map((status) => `information_${status}`);
    m.numbers.contacts = this.contacts(planned, path, null);
    m.call("begin_search");
    while (!m.get("search", "done")) {
      m.numbers.contacts = this.contacts(planned, path, m.get("search", "factor"));
      m.call("go_on_searching");
    }
    this.scalePlan(planned, path, m.get("search", "factor"));
  }

  /** @param {number[]} planned @param {string[]} path @param {number | null} factor */
  scalePlan(planned, path, factor) {
    const { memory: m } = this;
    for (const month of planned) {
      for (const name of path) {
        m.set("policy", name, factor === null ? 1 : m.get("policy", name, month) * factor, month);
      }
    }
    for (let month = 0; month < this.months; month++) m.set("policy", "information_plan", 0, month);
  }

  /**
   * Contacts with advisors in the planned months at a factor (null: evenly), lived on trial.
   * @param {number[]} planned @param {string[]} path @param {number | null} factor @returns {number}
   */
  contacts(planned, path, factor) {
    const { memory: m, names } = this;
    const kept = CARRIED.map((name) => m.bytes(name).slice());
    const [month, active] = [this.month, m.numbers.n_active];
    this.scalePlan(planned, path, factor);
    this.span(planned[planned.length - 1] + 1);
    const units = m.array("units");
    const columns = ["contacts_official", "contacts_independent"].map((name) => names.series.indexOf(name));
    let made = 0;
    for (const each of planned) for (const column of columns) made += Number(units[each * names.series.length + column]);
    CARRIED.forEach((name, i) => m.bytes(name).set(kept[i]));
    this.month = month;
    m.numbers.n_active = active;
    return made;
  }

  /** What was counted in a run that has been lived to its end. */
  counted() {
    const { memory: m, names } = this;
    const window = this.about.time.window;
    const groups = m.places.at_risk.shape[0] + names.tier.length + names.household.length;
    if (!m.places.summary) {
      m.lay("summary", [groups, this.known.counts.columns]);
      m.lay("endings", [names.stage.length, names.closing.length]);
      m.lay("curve", [2, this.months]);
      m.lay("served", [names.vulnerability.length]);
    }
    m.numbers.first_counted = window;
    m.numbers.last_counted = this.months;
    for (const name of ["summary", "endings", "curve", "served"]) m.bytes(name).fill(0);
    m.call("summarise");
    const table = (/** @type {string} */ name) => ({
      shape: m.places[name].shape,
      values: Float64Array.from(m.array(name), Number),
    });
    return {
      units: table("units"),
      persons: table("persons"),
      at_risk: table("at_risk"),
      summary: table("summary"),
      endings: table("endings"),
      curve: table("curve"),
      served: table("served"),
      simulated: this.simulated,
      scale: m.numbers.scale,
      window,
      travel_cost: m.get("weights", "travel_cost") / this.scenario.rate,
      services: this.services(),
    };
  }

  /** Cost of services to the simulated people of the window, in the programme's currency. @returns {number} */
  services() {
    const { memory: m, pack, scenario } = this;
    const served = m.array("served");
    const costs = row(pack.floats(scenario.service_costs), this.setting.draw ?? 0, served.length);
    return costs.reduce((sum, cost, kind) => sum + Number(served[kind]) * cost, 0);
  }

  /** A field of everybody, in the order of ids. @param {string} field @returns {Float64Array} */
  people(field) {
    return this.memory.column("rows", field);
  }
}

/** @param {Float64Array} table @param {number} number @param {number} length */
function row(table, number, length) {
  return table.subarray(number * length, (number + 1) * length);
}
