/** What a page carries, read outside a browser. */

import { readFileSync } from "node:fs";
import { bytesOfText, inflate } from "../src/pack.js";

/** The text of an element of a page. @param {string} page @param {string} id */
export function textOf(page, id) {
  const found = new RegExp(`<script type="[a-z/]+" id="${id}">([^<]*)</script>`).exec(page);
  if (!found) throw new Error(`no element ${id}`);
  return found[1];
}

/** @param {string} file of a page */
export async function opened(file) {
  const page = readFileSync(file, "utf8");
  const [code, known, packed] = await Promise.all(
    ["module", "interface", "tables"].map((id) => inflate(bytesOfText(textOf(page, id)))),
  );
  const module = new WebAssembly.Module(/** @type {BufferSource} */ (code));
  const opening = { module, known: JSON.parse(new TextDecoder().decode(known)), head: JSON.parse(textOf(page, "head")), packed };
  return { opening, words: JSON.parse(textOf(page, "words")) };
}
