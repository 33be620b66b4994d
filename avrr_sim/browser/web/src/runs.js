/**
 * Runs in Web Workers, as many as there are processors. A question is a list of settings; its answers come as
 * they are ready, and none comes any more when another question was asked or `cancel` was called.
 *
 * @typedef {import("./model.js").Setting} Setting
 * @typedef {import("./work.js").Result} Result
 * @typedef {{worker: Worker, job: number}} Hand
 */

import { modelOf, runOf } from "./work.js";

const FREE = -1;

export class Runs {
  /**
   * Workers start at once; they work from when `open` was called.
   * @param {string} script of a worker @param {number} [most] workers
   */
  constructor(script, most = navigator.hardwareConcurrency || 2) {
    /** @type {import("./work.js").Opening | undefined} */
    this.opening = undefined;
    /** @type {Map<number, {setting: Setting, done: (result: Result) => void, failed: (error: Error) => void}>} */
    this.jobs = new Map();
    /** @type {number[]} */
    this.waiting = [];
    this.next = 0;
    /** @type {import("./model.js").Model | undefined} */
    this.model = undefined;
    /** @type {Hand[]} */
    this.hands = [];
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    try {
      for (let i = 0; i < Math.min(Math.max(most, 1), 16); i++) this.hands.push(this.hire(address));
    } catch {
      this.hands = []; // where there are no workers, the page itself works
    }
  }

  /** @param {string} address @returns {Hand} */
  hire(address) {
    const hand = { worker: new Worker(address), job: FREE };
    hand.worker.onmessage = (event) => this.take(hand, event.data);
    hand.worker.onerror = (event) => this.take(hand, { job: hand.job, error: event.message || "a worker failed" });
    return hand;
  }

  /** Give every worker what the page carries. @param {import("./work.js").Opening} opening */
  open(opening) {
    this.opening = opening;
    for (const hand of this.hands) hand.worker.postMessage({ opening });
    return this;
  }

  /**
   * The answer to one setting; it never comes where the question was cancelled.
   * @param {Setting} setting @returns {Promise<Result>}
   */
  ask(setting) {
    return new Promise((done, failed) => {
      this.jobs.set(this.next, { setting, done, failed });
      this.waiting.push(this.next++);
      this.hand();
    });
  }

  /** Drop everything that was asked and is not answered. */
  cancel() {
    this.jobs.clear();
    this.waiting = [];
  }

  /** Give work to whoever is free. */
  hand() {
    if (!this.hands.length) {
      setTimeout(() => this.work(), 0);
      return;
    }
    for (const hand of this.hands) {
      if (hand.job !== FREE || !this.waiting.length) continue;
      hand.job = /** @type {number} */ (this.waiting.shift());
      hand.worker.postMessage({ job: hand.job, setting: this.jobs.get(hand.job)?.setting });
    }
  }

  /** Without workers: the next job, here. */
  work() {
    const number = this.waiting.shift();
    const job = number === undefined ? undefined : this.jobs.get(number);
    if (number === undefined || !job || !this.opening) return;
    this.model ??= modelOf(this.opening);
    this.jobs.delete(number);
    job.done(runOf(this.model, job.setting));
  }

  /** @param {Hand} hand @param {{job: number, result?: Result, error?: string}} answer */
  take(hand, answer) {
    hand.job = FREE;
    const job = this.jobs.get(answer.job);
    this.jobs.delete(answer.job);
    if (job && answer.result) job.done(answer.result);
    else if (job) job.failed(new Error(answer.error));
    this.hand();
  }
}
