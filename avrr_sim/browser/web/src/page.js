/** The page: levers on it, and what the same people do under them, as draws arrive. */

import { spreadOf } from "./effects.js";
import { open, textOf } from "./open.js";
import { Runs } from "./runs.js";

/** Measures told side by side, uptake never alone. */
const TOLD = ["uptake_24", "drop_out_12", "assisted_departures", "unassisted_returns", "removals", "missing", "gone_under", "protection_needs", "moved_on"];
/** The lever by its kind: those that are asked for by name alone are not on the page. */
const KINDS = ["support", "information", "process", "restriction", "circumstance", "coercion"];

/** @typedef {import("./work.js").Result} Result */

class Page {
  /** @param {import("./work.js").Opening} opening */
  constructor(opening) {
    this.about = opening.head.about;
    this.words = JSON.parse(textOf("words"));
    this.runs = new Runs(opening, textOf("worker"));
    /** @type {Map<number, Result>} the baseline's answers by draw */
    this.baseline = new Map();
    /** @type {Map<number, Result>} */
    this.policy = new Map();
    this.asked = 0;
    /** @type {Record<string, number>} levers as they are set */
    this.set = {};
    this.scenario = 0;
  }

  show() {
    const settings = /** @type {HTMLElement} */ (document.getElementById("settings"));
    settings.replaceChildren(this.presets(), ...KINDS.map((kind) => this.ofKind(kind)));
    /** @type {HTMLElement} */ (document.getElementById("live")).hidden = false;
    this.ask();
  }

  presets() {
    const label = make("label", this.words.begin_with);
    const select = document.createElement("select");
    this.about.scenarios.forEach((/** @type {{name: string}} */ each, /** @type {number} */ k) => {
      select.append(new Option(each.name, String(k)));
    });
    select.onchange = () => {
      this.scenario = Number(select.value);
      this.set = {};
      this.show();
    };
    select.value = String(this.scenario);
    label.append(select);
    return label;
  }

  /** @param {string} kind */
  ofKind(kind) {
    const field = document.createElement("fieldset");
    field.className = kind;
    field.append(make("legend", this.words[`kind_${kind}`]));
    if (kind === "coercion") field.append(make("p", this.words.coercion));
    for (const lever of this.about.levers) {
      if (lever.kind !== kind) continue;
      const label = make("label", `${lever.meaning} (${lever.unit})`);
      label.title = `${lever.meaning}. ${lever.low} to ${lever.high}. ${lever.source}`;
      const input = document.createElement("input");
      Object.assign(input, { type: "number", min: lever.low, max: lever.high, step: "any" });
      input.value = String(this.set[lever.name] ?? this.ofScenario(lever));
      input.onchange = () => {
        const value = Number(input.value);
        if (input.value === "" || !input.validity.valid) return;
        this.set[lever.name] = value;
        this.ask();
      };
      label.append(input);
      field.append(label);
    }
    return field;
  }

  /** The value with which a lever stands at the window's start. @param {{name: string, default: number}} lever */
  ofScenario(lever) {
    const window = this.about.time.start + this.about.time.window;
    const steps = this.about.scenarios[this.scenario].levers[lever.name] ?? [];
    const begun = steps.filter((/** @type {{start: number}} */ step) => step.start <= window);
    return begun.length ? begun[begun.length - 1].value : lever.default;
  }

  /** Ask for every draw under baseline and policy; what was asked before is dropped. */
  async ask() {
    const question = ++this.asked;
    this.runs.cancel();
    this.policy = new Map();
    this.tell();
    const start = this.about.time.start + this.about.time.window;
    const levers = Object.fromEntries(Object.entries(this.set).map(([name, value]) => [name, [{ start, value }]]));
    for (let draw = 0; draw < this.about.plan.draws; draw++) {
      if (!this.baseline.has(draw)) {
        this.runs.ask({ scenario: 0, draw }).then((result) => this.take(question, this.baseline, draw, result));
      }
      this.runs
        .ask({ scenario: this.scenario, draw, levers })
        .then((result) => this.take(question, this.policy, draw, result));
    }
  }

  /** @param {number} question @param {Map<number, Result>} into @param {number} draw @param {Result} result */
  take(question, into, draw, result) {
    if (question !== this.asked) return;
    into.set(draw, result);
    this.tell();
  }

  tell() {
    const both = [...this.policy.keys()].filter((draw) => this.baseline.has(draw));
    const all = this.about.plan.draws;
    const said = both.length === all ? this.words.ready : this.words.working;
    const rows = TOLD.map((name) => this.row(name, both));
    const table = document.createElement("table");
    const head = ["measure", "baseline", "policy", "difference", "interval", "error"].map((key) => this.words[key]);
    table.append(line("th", head), ...rows);
    const answers = /** @type {HTMLElement} */ (document.getElementById("answers"));
    answers.replaceChildren(make("p", said.replace("{done}", both.length).replace("{all}", all)), table);
  }

  /** @param {string} name @param {number[]} draws */
  row(name, draws) {
    const measure = this.about.measures.find((/** @type {{name: string}} */ each) => each.name === name);
    const of = (/** @type {Map<number, Result>} */ results) =>
      draws.map((draw) => /** @type {Result} */ (results.get(draw)).measures[name]);
    const [before, after] = [of(this.baseline), of(this.policy)];
    const [a, b, d] = [before, after, after.map((each, i) => each - before[i])].map(spreadOf);
    return line("td", [
      `${measure.label} (${measure.unit})`,
      shown(a.middle),
      shown(b.middle),
      shown(d.middle),
      `${shown(d.low)} to ${shown(d.high)}`,
      shown(d.error),
    ]);
  }
}

/** @param {string} tag @param {string} text */
function make(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** @param {string} tag @param {string[]} cells */
function line(tag, cells) {
  const row = document.createElement("tr");
  row.append(...cells.map((each, i) => make(i ? tag : "th", each)));
  return row;
}

/** @param {number} value */
function shown(value) {
  return Number.isFinite(value) ? value.toLocaleString("en", { maximumSignificantDigits: 3 }) : "\u2013";
}

open().then(
  (opening) => new Page(opening).show(),
  () => {
    const fault = /** @type {HTMLElement} */ (document.getElementById("fault"));
    fault.textContent = JSON.parse(textOf("words")).no_module;
    fault.hidden = false;
  },
);
