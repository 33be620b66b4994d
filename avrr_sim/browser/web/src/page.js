/** The page: levers on the one side, and on the other what the same people do under them, as draws arrive. */

import { BY_GROUP, MAIN } from "./answers.js";
import { Asking } from "./ask.js";
import { at, el, say } from "./dom.js";
import { Levers } from "./levers.js";
import { csv } from "./numbers.js";
import { open, textOf } from "./open.js";
import { Runs } from "./runs.js";
import { fragmentOf, isBaseline, monthText, movesCoercion, scenarioFile, stateOf, stepsOf, SUPPORT } from "./setting.js";
import { StoryView } from "./storyview.js";
import { coursesSaid, flowsSaid, groupsSaid, measuresTable, more, sentences } from "./views.js";

const EVERY = 250; // milliseconds between two looks at the answers, at least
const LOOKING = 6; // so many times as long as a look takes, that drawing does not hold up what is drawn
const KINDS = ["status", "abode", "tier", "household", "origin"];
const NUMBERS = ["measure", "label", "unit", "draws", "baseline", "baseline_low", "baseline_high", "baseline_mc_error", "policy", "policy_low", "policy_high", "policy_mc_error", "difference", "difference_low", "difference_high", "difference_mc_error", "draws_that_agree"];

class Page {
  /** @param {import("./work.js").Opening} opening @param {Runs} runs */
  constructor(opening, runs) {
    this.about = opening.head.about;
    this.names = opening.known.names;
    this.words = JSON.parse(textOf("words"));
    this.asking = new Asking(this.about, this.names, runs, () => this.tell());
    this.levers = new Levers(at("settings"), this.about, this.words, (state, wrong) => this.change(state, wrong));
    this.story = new StoryView(at("story"), opening, this.words, this.asking);
    this.wrong = "";
    this.by = KINDS[0];
    this.measure = BY_GROUP[0];
    this.last = 0;
    this.took = 0;
    this.due = 0;
    this.fragment = "";
  }

  show() {
    at("live").hidden = false;
    at("beforehand").hidden = true;
    this.buttons();
    this.groupChoice();
    for (const each of document.querySelectorAll("#answers details")) each.addEventListener("toggle", () => this.draw());
    window.addEventListener("hashchange", () => location.hash.replace(/^#/, "") !== this.fragment && this.read());
    this.read();
  }

  /** Take the setting of the address. */
  read() {
    const { state, unknown } = stateOf(this.about, location.hash);
    this.levers.state = state;
    this.change(state, ""); // the runs begin, and the levers are drawn meanwhile
    this.levers.show(state);
    this.notice(unknown.length ? say(this.words.unknown, { names: unknown.join(", ") }) : "");
  }

  /** @param {import("./setting.js").State} state @param {string} wrong what cannot be used */
  change(state, wrong) {
    this.wrong = wrong;
    this.notice("");
    this.fragment = fragmentOf(this.about, state);
    const address = `#${this.fragment}`;
    if (location.hash.replace(/^#/, "") !== this.fragment) {
      try {
        history.replaceState(null, "", address);
      } catch {
        location.replace(address);
      }
    }
    this.asking.ask(wrong ? null : state);
    this.draw();
  }

  buttons() {
    at("stop").onclick = () => (this.asking.stopped ? this.asking.goOn() : this.asking.stop());
    at("link").onclick = () => this.whole() && this.copy(location.href, this.words.link_copied);
    at("file").onclick = () => this.whole() && this.save(`${this.words.file_name}.yaml`, scenarioFile(this.about, this.levers.state, this.words));
    at("copy").onclick = () => this.copy(this.numbers(), this.words.numbers_copied);
    at("csv").onclick = () => this.save(`${this.words.file_name}.csv`, this.numbers());
  }

  /** Whether all that is set can be used; where not, it is said, and nothing may leave the page without it. */
  whole() {
    if (this.wrong) this.notice(say(this.words.not_kept, { why: this.wrong }));
    return !this.wrong;
  }

  numbers() {
    return csv([NUMBERS, ...this.asking.answers.numbers()]);
  }

  /** @param {string} text @param {string} said */
  async copy(text, said) {
    const area = /** @type {HTMLTextAreaElement} */ (at("copied"));
    area.value = text;
    try {
      await navigator.clipboard.writeText(text);
      area.hidden = true;
      this.notice(said);
    } catch {
      area.hidden = false;
      area.focus();
      area.select();
      this.notice(this.words.copy_by_hand);
    }
  }

  /** @param {string} name @param {string} text */
  save(name, text) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    el("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    this.notice(say(this.words.saved, { name }));
  }

  /** @param {string} text */
  notice(text) {
    at("notice").textContent = text;
  }

  groupChoice() {
    const by = /** @type {HTMLSelectElement} */ (at("group-by"));
    for (const kind of KINDS) by.append(new Option(this.words.groups[kind], kind));
    by.onchange = () => this.regroup(by.value, this.measure);
    const measure = /** @type {HTMLSelectElement} */ (at("group-measure"));
    for (const name of BY_GROUP) {
      measure.append(new Option(this.about.measures.find((/** @type {any} */ each) => each.name === name).label, name));
    }
    measure.onchange = () => this.regroup(this.by, measure.value);
  }

  /** @param {string} by @param {string} measure */
  regroup(by, measure) {
    [this.by, this.measure] = [by, measure];
    this.draw();
  }

  /** Something is new: look at it now, or a little later if one looked just now. */
  tell() {
    const { asking } = this;
    this.status();
    const now = performance.now();
    const wait = Math.max(EVERY, LOOKING * this.took);
    if (asking.done <= 1 || !asking.working || now - this.last > wait) this.draw();
    else if (!this.due) this.due = Number(setTimeout(() => this.draw(), wait));
  }

  /** How far it is. */
  status() {
    const { asking, words } = this;
    const { done, all } = asking;
    const said = this.wrong || asking.failed
      ? say(words.failed, { why: this.wrong || asking.failed })
      : say(asking.stopped ? words.stopped : done === all ? words.ready : words.working, { done, all });
    at("progress").textContent = said;
    const bar = /** @type {HTMLProgressElement} */ (at("bar"));
    bar.max = all;
    bar.value = done;
    const stop = /** @type {HTMLButtonElement} */ (at("stop"));
    stop.textContent = asking.stopped ? words.go_on : words.stop;
    stop.disabled = !asking.working && !asking.stopped;
    for (const id of ["copy", "csv"]) /** @type {HTMLButtonElement} */ (at(id)).disabled = !done;
    const answers = at("answers");
    answers.dataset.setting = this.fragment;
    answers.dataset.draws = String(done);
    answers.dataset.state = this.wrong || asking.failed ? "failed" : asking.stopped ? "stopped" : done === all ? "ready" : "working";
  }

  /** Tell all answers that are known. */
  draw() {
    clearTimeout(this.due);
    this.due = 0;
    const start = performance.now();
    const { asking, words, about } = this;
    const { answers, done } = asking;
    this.status();
    const state = this.levers.state;
    const coercion = movesCoercion(about, state);
    at("answers").classList.toggle("coerced", coercion);
    at("coerced").hidden = !coercion;
    at("setting-said").replaceChildren(...this.settingSaid());
    at("shown").hidden = !done;
    at("waiting").hidden = done > 0 || !asking.working;
    at("table").replaceChildren(measuresTable(words, words.main_measures, answers.rows(MAIN, coercion)));
    if (done) this.drawParts(coercion);
    else for (const id of ["sentences", "more", "courses", "flows", "groups"]) at(id).replaceChildren();
    this.story.show();
    if (done > 0 && !asking.working) at("announce").textContent = `${at("progress").textContent} ${at("sentences").textContent}`;
    else at("announce").textContent = "";
    this.last = performance.now();
    this.took = this.last - start;
  }

  /** @param {boolean} coercion */
  drawParts(coercion) {
    const { words, about, names } = this;
    const { answers } = this.asking;
    const state = this.levers.state;
    const begins = isBaseline(state) ? null : this.begins(state);
    at("sentences").replaceChildren(isBaseline(state) ? el("p", {}, words.nothing_moved) : sentences(words, answers, coercion));
    const open = (/** @type {string} */ id) => /** @type {HTMLDetailsElement} */ (at(id).closest("details")).open;
    const put = (/** @type {string} */ id, /** @type {() => Node[]} */ make) => {
      const unfolded = [...at(id).querySelectorAll("details[open]")].map((each) => each.id);
      at(id).replaceChildren(...(open(id) ? make() : []));
      for (const each of at(id).querySelectorAll("details")) each.open = unfolded.includes(each.id);
    };
    put("more", () => more(words, answers, coercion));
    put("courses", () => [coursesSaid(words, answers, about, begins)]);
    put("flows", () => flowsSaid(words, answers));
    put("groups", () => groupsSaid(words, answers, about, names, this.by, this.measure));
  }

  /** The month of the window in which the policy begins. @param {import("./setting.js").State} state @returns {number | null} */
  begins(state) {
    const { time, scenarios } = this.about;
    const own = Object.values(scenarios[state.scenario].levers).flat().map((/** @type {any} */ step) => step.start);
    const set = Object.keys(state.levers).flatMap((name) => stepsOf(this.about, state, name).map((step) => step.start));
    const first = Math.min(...own, ...set) - time.start - time.window;
    return Number.isFinite(first) && first > 0 ? first : null;
  }

  /** What is compared, in words. */
  settingSaid() {
    const { about, words } = this;
    const state = this.levers.state;
    const known = (/** @type {string} */ name) => state.ahead > 0 && SUPPORT.includes(name);
    const moved = Object.entries(state.levers).map(([name, value]) => {
      const lever = about.levers.find((/** @type {any} */ each) => each.name === name);
      const said = typeof value === "string" ? words[`timing_${value}`] : value;
      return el("li", {}, say(words.set_lever, { lever: lever?.meaning ?? words.timing, value: said, unit: lever?.unit ?? "", from: monthText(state.from) }), known(name) ? say(words.set_known, { months: state.ahead }) : "");
    });
    const without = about.scenarios[state.scenario].offers.filter((/** @type {string} */ _, /** @type {number} */ k) => !state.offers[k]);
    for (const name of without) moved.push(el("li", {}, say(words.set_without, { name })));
    const head = say(state.scenario ? words.compared : words.compared_own, { policy: about.scenarios[state.scenario].name, baseline: about.scenarios[0].name });
    return [el("p", {}, head), ...(moved.length ? [el("ul", {}, ...moved)] : [])];
  }
}

const runs = new Runs(textOf("worker")); // workers start while the page is unpacked
open().then(
  (opening) => new Page(opening, runs.open(opening)).show(),
  () => {
    at("fault").textContent = JSON.parse(textOf("words")).no_module;
    at("fault").hidden = false;
  },
);
