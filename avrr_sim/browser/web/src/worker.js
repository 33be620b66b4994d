/** The worker's side of `runs.js`: opened once, then one answer for each setting it is sent. */

import { modelOf, runOf } from "./work.js";

/** @type {import("./model.js").Model | null} */
let model = null;

self.onmessage = (event) => {
  const { opening, job, setting } = event.data;
  try {
    if (opening) model = modelOf(opening);
    else if (model) self.postMessage({ job, result: runOf(model, setting) });
  } catch (error) {
    self.postMessage({ job, error: String(error) });
  }
};
