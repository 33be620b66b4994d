import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Runs } from "../src/runs.js";

/** Workers that answer when they are told to. @type {any[]} */
let workers = [];

class Hand {
  constructor() {
    /** @type {any[]} */
    this.sent = [];
    this.onmessage = (/** @type {any} */ _) => {};
    workers.push(this);
  }

  /** @param {any} message */
  postMessage(message) {
    if (!message.opening) this.sent.push(message);
  }

  /** @param {any} [rest] */
  answer(rest) {
    const { job, setting } = this.sent[this.sent.length - 1];
    this.onmessage({ data: { job, result: setting, ...rest } });
  }
}

beforeEach(() => {
  workers = [];
  Object.assign(globalThis, { Worker: Hand });
});

/** @param {number} hands @returns {any} */
function runs(hands) {
  return new Runs("", hands).open(/** @type {any} */ ({ module: null }));
}

test("work goes to whoever is free, in the order of asking", async () => {
  const asked = runs(2);
  const answers = [0, 1, 2].map((draw) => asked.ask({ scenario: 0, draw }));
  assert.deepEqual(workers.map((each) => each.sent.length), [1, 1]);
  workers[1].answer();
  assert.equal(workers[1].sent[1].setting.draw, 2);
  workers[0].answer();
  workers[1].answer();
  assert.deepEqual((await Promise.all(answers)).map((each) => each.draw), [0, 1, 2]);
});

test("what was cancelled is not answered, and the worker is free again", async () => {
  const asked = runs(1);
  let told = 0;
  asked.ask({ scenario: 0, draw: 0 }).then(() => told++);
  asked.ask({ scenario: 0, draw: 1 }).then(() => told++);
  asked.cancel();
  const next = asked.ask({ scenario: 0, draw: 2 });
  workers[0].answer();
  assert.equal(workers[0].sent.length, 2);
  workers[0].answer();
  assert.equal((await next).draw, 2);
  assert.equal(told, 0);
});

test("a worker that fails tells why", async () => {
  const asked = runs(1);
  const answer = asked.ask({ scenario: 9 });
  workers[0].answer({ result: undefined, error: "no such scenario" });
  await assert.rejects(answer, /no such scenario/);
});
