/**
 * Opens a page of `avrr explore` in Firefox: `node numbers.mjs FIREFOX FILE FRAGMENT`. Prints as JSON the CSV
 * that the page copies once all draws are there, what it complained of, and the version of the browser.
 */

import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [firefox, file, fragment] = process.argv.slice(2);
const PATIENCE = 240_000; // milliseconds, on a busy machine
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true, timeout: PATIENCE, protocolTimeout: PATIENCE });
try {
  const heard = [];
  const page = await browser.newPage();
  page.on("pageerror", (error) => heard.push(error.message));
  page.on("console", (told) => ["error", "warn"].includes(told.type()) && heard.push(told.text()));
  await page.goto(`${pathToFileURL(file)}#${fragment}`, { timeout: PATIENCE });
  const state = () => page.evaluate(() => document.getElementById("answers").dataset.state);
  for (const start = Date.now(); (await state()) !== "ready"; ) {
    if (Date.now() - start > PATIENCE) throw new Error(`still ${await state()}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  const csv = await page.evaluate(() => {
    document.getElementById("copy").click();
    return document.getElementById("copied").value;
  });
  process.stdout.write(JSON.stringify({ csv, heard, version: await browser.version() }));
} finally {
  await browser.close();
}
