/**
 * One question at a time: every draw of the baseline and of what is set, over the same people. Whatever was asked
 * before is dropped, and no answer to it is taken.
 */

import { Answers } from "./answers.js";
import { isBaseline, settingOf } from "./setting.js";

/** @typedef {import("./setting.js").State} State */

export class Asking {
  /**
   * @param {any} about @param {Record<string, string[]>} names @param {import("./runs.js").Runs} runs
   * @param {() => void} told called when there is something new to tell
   */
  constructor(about, names, runs, told) {
    this.about = about;
    this.runs = runs;
    this.told = told;
    this.answers = new Answers(about, names);
    this.number = 0;
    this.stopped = false;
    /** @type {string} */
    this.failed = "";
    /** @type {State | null} */
    this.state = null;
  }

  get all() {
    return this.about.plan.draws;
  }

  get done() {
    return this.answers.draws().length;
  }

  get working() {
    return this.state !== null && !this.stopped && !this.failed && this.done < this.all;
  }

  /** Ask a new question; what was answered to the one before is forgotten at once. @param {State | null} state null: nothing can be asked */
  ask(state) {
    this.answers.policy.clear();
    this.state = state;
    this.failed = "";
    this.goOn();
  }

  /** Stop: what has arrived stays, and nothing is added. */
  stop() {
    this.number++;
    this.runs.cancel();
    this.stopped = true;
    this.told();
  }

  /** Ask for all draws of the present question that are not known. */
  goOn() {
    const question = ++this.number;
    this.runs.cancel();
    this.stopped = false;
    const { state, answers } = this;
    for (let draw = 0; state && draw < this.all; draw++) {
      if (!answers.baseline.has(draw)) this.one(question, answers.baseline, draw, { scenario: 0, draw });
      else if (isBaseline(state)) answers.policy.set(draw, /** @type {any} */ (answers.baseline.get(draw)));
      if (!isBaseline(state) && !answers.policy.has(draw)) this.one(question, answers.policy, draw, settingOf(this.about, state, draw));
    }
    this.told();
  }

  /** @param {number} question @param {Map<number, any>} into @param {number} draw @param {import("./model.js").Setting} setting */
  async one(question, into, draw, setting) {
    try {
      const result = await this.runs.ask(setting);
      if (question !== this.number) return;
      this.answers.put(into, draw, result);
      if (this.state && isBaseline(this.state)) this.answers.policy.set(draw, this.answers.baseline.get(draw) ?? into.get(draw));
    } catch (error) {
      if (question !== this.number) return;
      this.failed = String(error);
      this.number++;
      this.runs.cancel();
    }
    this.told();
  }
}
