/** The levers as a reader sees them: by kind, each with its range, unit, meaning and source. */

import { el, say } from "./dom.js";
import { AHEAD, asValue, begun, meantBy, monthsOf, stepsOf, TIMING, valueOf } from "./setting.js";

/** @typedef {import("./setting.js").State} State */
/** @typedef {import("./setting.js").Lever} Lever */

/** Kinds in the order of the page; the ones that are studied for their consequences come last, folded. */
const KINDS = ["support", "information", "process", "restriction", "circumstance", "safeguard", "probe", "coercion"];
const OPEN = ["support", "information", "process"];
/** Levers in sight; the others of their kind are folded, unless they are set. */
const FIRST = ["cash_level", "in_kind_level", TIMING, "advisors", "outreach", "trust_building", "online_application", "directorate_places", "processing_speed"];
const NARROW = "(max-width: 63.99rem)"; // where levers stand above the answers, only the first kind is unfolded
const WIDEST_SLIDER = 20; // of a range; numbers beyond it are written
const STEP = 0.05;

export class Levers {
  /**
   * @param {HTMLElement} home @param {any} about @param {any} words
   * @param {(state: State, wrong: string) => void} changed called at once when anything is changed; `wrong`: what
   *   cannot be used, in words, or nothing
   */
  constructor(home, about, words, changed) {
    this.home = home;
    this.about = about;
    this.words = words;
    this.changed = changed;
    this.state = begun(about);
    this.told = el("div", { id: "about-lever", "aria-hidden": "true" });
    /** @type {Map<string, string>} what stands in a field and cannot be used */
    this.wrong = new Map();
  }

  /** Show a state anew. @param {State} state */
  show(state) {
    const open = new Set([...this.home.querySelectorAll("details[open]")].map((each) => each.id));
    const before = this.home.childElementCount > 0;
    this.state = state;
    this.wrong.clear();
    const kinds = KINDS.map((kind) => this.ofKind(kind)).filter((each) => each !== null);
    this.home.replaceChildren(this.begin(), this.dates(), el("p", { className: "small" }, this.words.explain), ...this.offers(), ...kinds, this.told);
    this.told.replaceChildren();
    if (before) for (const each of this.home.querySelectorAll("details")) each.open = open.has(each.id);
  }

  /** Tell range, unit and source of a lever at the foot of the window, or of none. @param {HTMLElement | null} tip */
  explain(tip) {
    if (!tip) return this.told.replaceChildren();
    this.told.replaceChildren(...[...tip.children].map((each) => each.cloneNode(true)));
  }

  tell() {
    this.changed(this.state, [...this.wrong.values()].join(" "));
  }

  begin() {
    const select = el("select", { id: "begin" });
    this.about.scenarios.forEach((/** @type {any} */ each, /** @type {number} */ k) => {
      select.append(new Option(each.name, String(k)));
    });
    select.value = String(this.state.scenario);
    select.onchange = () => {
      this.show(begun(this.about, Number(select.value)));
      this.home.querySelector("select")?.focus();
      this.tell();
    };
    const reset = el("button", { type: "button", id: "reset" }, this.words.reset);
    reset.onclick = () => {
      this.show(begun(this.about, this.state.scenario));
      this.home.querySelector("button")?.focus();
      this.tell();
    };
    const asks = this.about.scenarios[this.state.scenario].asks;
    return el(
      "div",
      { className: "begin" },
      el("label", { for: "begin" }, this.words.begin_with),
      select,
      el("p", { className: "small" }, asks),
      reset,
    );
  }

  dates() {
    const month = el("select", { id: "from" });
    for (const each of monthsOf(this.about)) month.append(new Option(this.monthSaid(each), String(each)));
    month.value = String(this.state.from);
    month.onchange = () => {
      this.state = { ...this.state, from: Number(month.value) };
      this.tell();
    };
    const ahead = el("select", { id: "ahead" });
    for (const each of AHEAD) ahead.append(new Option(each ? say(this.words.ahead_months, { months: each }) : this.words.ahead_none, String(each)));
    ahead.value = String(this.state.ahead);
    ahead.onchange = () => {
      this.state = { ...this.state, ahead: Number(ahead.value) };
      this.tell();
    };
    return el(
      "div",
      { className: "dates" },
      el("div", {}, el("label", { for: "from" }, this.words.from), month),
      el("div", {}, el("label", { for: "ahead" }, this.words.ahead), ahead),
    );
  }

  /** @param {number} month */
  monthSaid(month) {
    return `${this.words.months[month % 12]} ${Math.floor(month / 12)}`;
  }

  offers() {
    const offers = this.about.scenarios[this.state.scenario].offers;
    if (!offers.length) return [];
    return [
      el(
        "fieldset",
        {},
        el("legend", {}, this.words.offers),
        ...offers.map((/** @type {string} */ name, /** @type {number} */ k) => {
          const box = el("input", { type: "checkbox", checked: this.state.offers[k], id: `offer-${k}` });
          box.onchange = () => {
            this.state = { ...this.state, offers: this.state.offers.map((held, i) => (i === k ? box.checked : held)) };
            this.tell();
          };
          return el("div", { className: "offer" }, box, el("label", { for: `offer-${k}` }, name));
        }),
      ),
    ];
  }

  /** @param {string} kind @returns {HTMLElement | null} */
  ofKind(kind) {
    const { about, words } = this;
    /** @type {Lever[]} */
    const levers = about.levers.filter((/** @type {Lever} */ each) => each.kind === kind && about.movable.includes(each.name));
    if (kind === "information" && about.movable.includes(TIMING)) levers.unshift(this.timing());
    if (!levers.length) return null;
    const first = levers.filter((each) => FIRST.includes(each.name) || this.isSet(each));
    const rest = levers.filter((each) => !first.includes(each));
    const folded = first.length && rest.length > 0;
    return el(
      "details",
      { id: `kind-${kind}`, open: (OPEN.includes(kind) && (kind === OPEN[0] || !matchMedia(NARROW).matches)) || levers.some((each) => this.isSet(each)), className: `kind ${kind}` },
      el("summary", {}, words[`kind_${kind}`]),
      kind === "coercion" ? el("p", { className: "small" }, words.coercion) : null,
      ...(folded ? first : levers).map((each) => this.one(each)),
      folded
        ? el("details", { id: `more-${kind}`, className: "more" }, el("summary", {}, words.more_levers), ...rest.map((each) => this.one(each)))
        : null,
    );
  }

  /** Whether a lever is otherwise than in the baseline. @param {Lever} lever */
  isSet(lever) {
    return stepsOf(this.about, this.state, lever.name).length > 0;
  }

  /** The timing of information, as a lever whose values are names. @returns {Lever} */
  timing() {
    return { name: TIMING, kind: "information", unit: "", low: 0, high: 0, default: 0, meaning: this.words.timing, source: this.words.timing_source };
  }

  /** @param {Lever} lever */
  one(lever) {
    const { words } = this;
    const id = `lever-${lever.name}`;
    const told = lever.name === TIMING ? "" : say(words.range, { low: lever.low, high: lever.high.toLocaleString("en"), default: lever.default });
    const tip = el(
      "div",
      { className: "hidden", id: `${id}-tip` },
      el("p", {}, el("strong", {}, lever.meaning)),
      el("p", {}, [told, lever.unit && say(words.unit, { unit: lever.unit })].filter(Boolean).join(" ")),
      el("p", {}, say(words.source, { source: lever.source })),
      el("p", {}, el("code", {}, lever.name)),
    );
    const wrong = el("p", { className: "wrong", id: `${id}-wrong`, hidden: true });
    const undo = el("button", { type: "button", className: "undo", "aria-label": say(words.undo, { lever: lever.meaning }), title: words.undo_short }, "\u21ba");
    const row = el(
      "div",
      { className: "lever", id: `row-${lever.name}` },
      el("label", { for: id }, lever.meaning, lever.unit ? el("span", { className: "unit" }, ` ${lever.unit}`) : null),
      ...this.inputs(lever, id, wrong),
      undo,
      wrong,
      el("p", { className: "own" }, this.ownSaid(lever)),
      tip,
    );
    undo.onclick = () => {
      const { [lever.name]: _, ...levers } = this.state.levers;
      this.state = { ...this.state, levers };
      this.wrong.delete(lever.name);
      const fresh = this.one(lever);
      row.replaceWith(fresh);
      /** @type {HTMLElement | null} */ (fresh.querySelector(`#${id}`))?.focus();
      this.tell();
    };
    row.onmouseenter = () => this.explain(tip);
    row.onmouseleave = () => this.explain(null);
    row.addEventListener("focusin", () => this.explain(tip));
    row.addEventListener("focusout", () => this.explain(null));
    row.onkeydown = (event) => {
      if (event.key === "Escape") this.explain(null); // nothing is returned: false would swallow every other key
    };
    row.classList.toggle("moved", lever.name in this.state.levers);
    return row;
  }

  /** What the scenario itself does with a lever. @param {Lever} lever */
  ownSaid(lever) {
    const steps = this.about.scenarios[this.state.scenario].levers[lever.name] ?? [];
    return steps
      .map((/** @type {any} */ step) =>
        say(step.announced == null ? this.words.own : this.words.own_known, {
          value: this.valueSaid(lever, step.value),
          from: this.monthSaid(step.start),
          known: step.announced == null ? "" : this.monthSaid(step.announced),
        }),
      )
      .join("; ");
  }

  /** @param {Lever} lever @param {any} value */
  valueSaid(lever, value) {
    if (lever.name !== TIMING) return String(value);
    return typeof value === "string" ? this.words[`timing_${value}`] ?? value : this.words.timing_own;
  }

  /** @param {Lever} lever @param {string} id @param {HTMLElement} wrong @returns {HTMLElement[]} */
  inputs(lever, id, wrong) {
    const value = valueOf(this.about, this.state, lever);
    if (lever.name === TIMING) return [this.choice(lever, id, value)];
    const number = el("input", { id, type: "text", inputMode: "decimal", value: String(value), "aria-describedby": `${id}-wrong ${id}-tip`, autocomplete: "off" });
    /** @type {HTMLInputElement | null} */
    let slider = null;
    if (lever.high - lever.low <= WIDEST_SLIDER) {
      slider = el("input", { type: "range", min: String(lever.low), max: String(lever.high), step: String(STEP), value: String(value), "aria-label": say(this.words.slider, { lever: lever.meaning }), "aria-describedby": `${id}-tip` });
      slider.oninput = () => {
        number.value = /** @type {HTMLInputElement} */ (slider).value;
        this.set(lever, number, wrong);
      };
    }
    number.oninput = () => {
      this.set(lever, number, wrong);
      if (slider) slider.value = String(this.state.levers[lever.name] ?? value);
    };
    return slider ? [slider, number] : [number];
  }

  /** @param {Lever} lever @param {string} id @param {any} value */
  choice(lever, id, value) {
    const select = el("select", { id, className: "wide", "aria-describedby": `${id}-tip` });
    const own = typeof value === "object";
    if (own) select.append(new Option(this.words.timing_own, ""));
    for (const name of Object.keys(this.about.timings)) select.append(new Option(this.words[`timing_${name}`] ?? name, name));
    select.value = own ? "" : value === 0 ? "even" : String(value);
    select.onchange = () => {
      if (select.value) this.state = { ...this.state, levers: { ...this.state.levers, [lever.name]: select.value } };
      select.closest(".lever")?.classList.add("moved");
      this.tell();
    };
    return select;
  }

  /** @param {Lever} lever @param {HTMLInputElement} input @param {HTMLElement} wrong */
  set(lever, input, wrong) {
    const value = asValue(this.about, lever.name, input.value);
    input.setAttribute("aria-invalid", String(value === null));
    wrong.hidden = value !== null;
    if (value === null) {
      const meant = meantBy(this.about, lever.name, input.value);
      const range = { lever: lever.meaning, low: lever.low, high: lever.high.toLocaleString("en") };
      const said = meant === null ? say(this.words.wrong, range) : say(this.words.wrong_meant, { ...range, meant });
      wrong.textContent = said;
      this.wrong.set(lever.name, said);
    } else {
      this.wrong.delete(lever.name);
      this.state = { ...this.state, levers: { ...this.state.levers, [lever.name]: value } };
      input.closest(".lever")?.classList.add("moved");
    }
    this.tell();
  }
}

