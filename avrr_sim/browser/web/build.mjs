/**
 * Bundles the page's script and the worker's into `../built/`, where the package ships them, with the hash of
 * the sources that they were made from.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const hash = createHash("sha256");
for (const name of readdirSync("src").sort()) hash.update(`${name}\0${readFileSync(`src/${name}`, "utf8")}\0`);

await build({
  bundle: true,
  charset: "ascii",
  entryPoints: ["src/page.js", "src/worker.js"],
  format: "iife",
  legalComments: "none",
  minify: true,
  outdir: "../built",
  target: ["es2023"],
});
writeFileSync("../built/scripts.json", `${JSON.stringify({ sources: hash.digest("hex").slice(0, 16) })}\n`);
