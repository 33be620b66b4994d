/** What the page carries, read from its own elements. */

import { bytesOfText, inflate } from "./pack.js";

/** @param {string} id @returns {string} */
export function textOf(id) {
  return document.getElementById(id)?.textContent ?? "";
}

/**
 * The module compiled and the tables unpacked. Throws where the browser forbids or lacks WebAssembly.
 * @returns {Promise<import("./work.js").Opening>}
 */
export async function open() {
  if (typeof WebAssembly !== "object") throw new Error("WebAssembly is not there");
  const [code, known, packed] = await Promise.all(
    ["module", "interface", "tables"].map(async (id) => inflate(bytesOfText(textOf(id)))),
  );
  const module = await WebAssembly.compile(/** @type {BufferSource} */ (code));
  return { module, known: JSON.parse(new TextDecoder().decode(known)), head: JSON.parse(textOf("head")), packed };
}
