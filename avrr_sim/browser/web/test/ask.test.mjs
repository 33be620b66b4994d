import assert from "node:assert/strict";
import { test } from "node:test";
import { Asking } from "../src/ask.js";
import { begun } from "../src/setting.js";

const about = {
  time: { start: 0, window: 0, months: 12 },
  plan: { draws: 6 },
  movable: ["cash_level"],
  levers: [],
  measures: [],
  scenarios: [{ levers: {}, offers: [], minimum_cell: 10 }],
};
const names = { outcome: ["present", "assisted"], abode: ["centre", "private", "gone_under"] };

/** Answers in whatever order it is told to, those of a dropped question too, as workers in mid-run do. */
class Workers {
  /** @type {{setting: any, done: (result: any) => void, failed: (error: Error) => void}[]} */
  asked = [];
  cancelled = 0;

  /** @param {any} setting */
  ask(setting) {
    return new Promise((done, failed) => this.asked.push({ setting, done, failed }));
  }

  cancel() {
    this.cancelled++;
  }

  async answer(count = Infinity) {
    for (const { setting, done } of this.asked.splice(0, count).reverse()) {
      const value = setting.levers?.cash_level?.[0].value ?? 0;
      done({ measures: { value }, groups: [], cells: [], courses: {}, people: { id: [1], outcome: [0], stage: [0], abode: [1] } });
    }
    for (let k = 0; k < 4; k++) await null;
  }
}

/** @param {number} cash */
const with_ = (cash) => ({ ...begun(about), levers: { cash_level: cash } });
/** @param {Asking} asking */
const values = (asking) => [...asking.answers.policy.values()].map((each) => each.measures.value);

function begin() {
  const workers = new Workers();
  const asking = new Asking(about, names, /** @type {any} */ (workers), () => {});
  return { workers, asking };
}

test("every draw of both is asked, and the baseline only once", async () => {
  const { workers, asking } = begin();
  asking.ask(with_(2));
  assert.equal(workers.asked.length, 12);
  await workers.answer();
  assert.equal(asking.done, 6);
  asking.ask(with_(3));
  assert.equal(workers.asked.length, 6);
});

test("nothing of a question is left after a change, and late answers to it are not taken", async () => {
  const { workers, asking } = begin();
  asking.ask(with_(2));
  await workers.answer(7);
  const late = workers.asked.splice(0);
  asking.ask(with_(3));
  assert.equal(asking.done, 0);
  const fresh = workers.asked.splice(0);
  workers.asked = late;
  await workers.answer();
  assert.deepEqual(values(asking), []);
  workers.asked = fresh;
  await workers.answer();
  assert.deepEqual(values(asking), [3, 3, 3, 3, 3, 3]);
});

test("stopping keeps what has arrived and takes nothing more; going on asks for the rest alone", async () => {
  const { workers, asking } = begin();
  asking.ask(with_(2));
  await workers.answer(6);
  const done = asking.done;
  asking.stop();
  await workers.answer();
  assert.equal(asking.done, done);
  assert.ok(asking.stopped && !asking.working);
  asking.goOn();
  await workers.answer();
  assert.equal(asking.done, 6);
  assert.ok(!asking.working);
});

test("with nothing moved the policy is the baseline itself", async () => {
  const { workers, asking } = begin();
  asking.ask(begun(about));
  assert.equal(workers.asked.length, 6);
  await workers.answer();
  assert.equal(asking.done, 6);
});

test("what cannot be used is asked nothing, and a run that fails says so and leaves no half answer waiting", async () => {
  const { workers, asking } = begin();
  asking.ask(null);
  assert.equal(workers.asked.length, 0);
  asking.ask(with_(2));
  workers.asked[0].failed(new Error("out of memory"));
  for (let k = 0; k < 4; k++) await null;
  assert.match(asking.failed, /out of memory/);
  assert.ok(!asking.working);
});
