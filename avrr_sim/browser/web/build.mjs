/** Bundles the page's script and the worker's into `../built/`, where the package ships them. */

import { build } from "esbuild";

/** @type {import("esbuild").BuildOptions} */
const common = {
  bundle: true,
  charset: "ascii",
  format: "iife",
  legalComments: "none",
  minify: true,
  outdir: "../built",
  target: ["es2023"],
};

await build({ ...common, entryPoints: ["src/page.js", "src/worker.js"] });
