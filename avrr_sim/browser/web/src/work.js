/**
 * What a worker does: it holds a model of its own, and runs what it is sent.
 *
 * @typedef {import("./model.js").Setting} Setting
 * @typedef {{module: WebAssembly.Module, known: import("./memory.js").Interface,
 *   head: import("./pack.js").Head, packed: Uint8Array}} Opening
 * @typedef {{measures: import("./measures.js").Values, courses: Record<string, Float64Array>,
 *   groups: import("./measures.js").Values[], cells: import("./measures.js").Values[], endings: Float64Array, scale: number, simulated: number,
 *   people: Record<string, Float64Array>}} Result
 */

import { cellsOfGroup, coursesOf, groupsOf, measuresOf, measuresOfGroup } from "./measures.js";
import { Model } from "./model.js";
import { Pack } from "./pack.js";

/** Fields of everybody at the end of a run that a page compares person by person. */
export const PEOPLE = ["id", "adults", "minors", "origin", "outcome", "stage", "abode", "under_at", "missing_at", "applied_at", "left_at", "closing", "applied_tier"];

/** @param {Opening} opening */
export function modelOf(opening) {
  return new Model(opening.module, opening.known, new Pack(opening.head, opening.packed));
}

/** Run a setting to its end. @param {Model} model @param {Setting} setting @returns {Result} */
export function runOf(model, setting) {
  const counted = model.prepare(setting).live().counted();
  const groups = groupsOf(model.names, model.about.origins);
  return {
    measures: measuresOf(counted, model.known),
    courses: coursesOf(counted, model.known),
    groups: groups.map((_, number) => measuresOfGroup(counted, model.known, number)),
    cells: groups.map((_, number) => cellsOfGroup(counted, model.known, number)),
    endings: counted.endings.values,
    scale: counted.scale,
    simulated: counted.simulated,
    people: Object.fromEntries(PEOPLE.map((field) => [field, model.people(field)])),
  };
}
