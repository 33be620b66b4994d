/** How numbers are written for a reader, and as CSV. */

const NONE = "\u2013";
const MINUS = "\u2212";

/** @typedef {{per: string, unit: string}} Measured */

/** Shares are told of 100. @param {Measured} measure @returns {number} */
function factorOf(measure) {
  return measure.per === "share" ? 100 : 1;
}

/** @param {number} value @param {number} digits */
function plain(value, digits) {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const places = size >= 10 ** (digits - 1) ? 0 : Math.min(digits, Math.max(0, digits - 1 - Math.floor(Math.log10(size || 1))));
  return size.toLocaleString("en", { maximumFractionDigits: places, minimumFractionDigits: size ? places : 0 });
}

/** A level. @param {number} value @param {Measured} measure */
export function level(value, measure) {
  const told = value * factorOf(measure);
  return told < 0 ? MINUS + plain(told, 3) : plain(told, 3);
}

/** A difference, with its sign. @param {number} value @param {Measured} measure */
export function change(value, measure) {
  const told = value * factorOf(measure);
  const text = plain(told, 2);
  if (!Number.isFinite(told) || !/[1-9]/.test(text)) return text === NONE ? text : "0";
  return (told < 0 ? MINUS : "+") + text;
}

/** Without a sign: an error. @param {number} value @param {Measured} measure */
export function size(value, measure) {
  return plain(value * factorOf(measure), 2);
}

/** A cell of CSV: quoted where need be, and never taken for a formula. @param {string | number} value */
export function csvCell(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {(string | number)[][]} rows */
export function csv(rows) {
  return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}
