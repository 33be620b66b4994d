/** Pictures of the answers: dots of a difference, courses over time, flows of the same people. */

import { quantile } from "./effects.js";
import { picture, svg } from "./dom.js";

const DOTS = 50;
const RADIUS = 2.6;

/**
 * Fifty dots, each a fiftieth of what is not known: quantiles of the differences of all draws, stacked.
 * @param {number[]} values @param {string} label
 */
export function dots(values, label) {
  const [width, height, low] = [230, 44, 34];
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (!sorted.length) return picture(width, height, label, []);
  const many = Math.min(DOTS, sorted.length);
  const shown = Array.from({ length: many }, (_, k) => quantile(sorted, many === 1 ? 0.5 : (k + 0.5) / many));
  const [least, most] = [Math.min(0, shown[0]), Math.max(0, shown[many - 1])];
  const span = most - least || 1;
  const x = (/** @type {number} */ value) => 8 + ((value - least) / span) * (width - 16);
  const columns = new Map();
  for (const value of shown) {
    const column = Math.round(x(value) / (2 * RADIUS));
    columns.set(column, [...(columns.get(column) ?? []), value]);
  }
  const tallest = Math.max(...[...columns.values()].map((each) => each.length));
  const step = Math.min(2 * RADIUS, (low - 2 * RADIUS) / Math.max(tallest - 1, 1));
  const inside = [
    svg("line", { x1: 2, x2: width - 2, y1: low, y2: low, class: "axis" }),
    svg("line", { x1: x(0), x2: x(0), y1: 2, y2: low + 3, class: "zero" }),
    svg("text", { x: Math.min(Math.max(x(0), 8), width - 8), y: height - 1, "text-anchor": "middle" }, "0"),
  ];
  for (const [column, stack] of columns) {
    stack.forEach((/** @type {number} */ _, /** @type {number} */ k) =>
      inside.push(svg("circle", { cx: column * 2 * RADIUS, cy: low - RADIUS - k * step, r: RADIUS - 0.3, class: "dot" })),
    );
  }
  return picture(width, height, label, inside);
}

/**
 * A course of both, and beneath it their difference, each with the band of the draws.
 * @typedef {import("./effects.js").Spread} Spread
 * @param {{before: Spread[], after: Spread[], effect: Spread[]}} course
 * @param {{label: string, from: number, per: number, start: number | null, told: (value: number) => string,
 *   changed: (value: number) => string}} given `from`: year in which the first point lies; `per`: points a year;
 *   `start`: the point at which the policy begins; `told`, `changed`: how levels and differences are written
 */
export function courses(course, given) {
  const [width, height, left, right] = [330, 240, 46, 8];
  const n = course.after.length;
  const x = (/** @type {number} */ k) => left + ((width - left - right) * k) / Math.max(n - 1, 1);
  const most = niceAbove(highest([...course.before, ...course.after]));
  const wide = niceAbove(highest(course.effect.flatMap((each) => [{ middle: Math.abs(each.middle), high: each.high }, { middle: 0, high: -each.low }])));
  const level = panel(x, 10, 138, 0, most);
  const below = panel(x, 156, 214, -wide, wide);
  const grid = (/** @type {Panel} */ at, /** @type {number} */ value, /** @type {string} */ said) => [
    svg("line", { x1: left, x2: width - right, y1: at.y(value), y2: at.y(value), class: value || at === level ? "grid" : "zero" }),
    svg("text", { x: left - 5, y: at.y(value) + 4, "text-anchor": "end" }, said),
  ];
  const inside = [
    ...[0, most / 2, most].flatMap((value) => grid(level, value, given.told(value))),
    ...[-wide, 0, wide].flatMap((value) => grid(below, value, given.changed(value))),
  ];
  const years = Math.ceil(n / given.per);
  for (let year = 0; year < years; year += Math.ceil(years / 5)) {
    inside.push(svg("text", { x: x(year * given.per), y: height - 6, "text-anchor": "middle" }, String(given.from + year)));
  }
  if (given.start !== null && given.start > 0) {
    inside.push(svg("line", { x1: x(given.start), x2: x(given.start), y1: 10, y2: 214, class: "begins" }));
  }
  inside.push(level.band(course.after), level.line(course.before, "baseline"), level.line(course.after, "policy"));
  inside.push(below.band(course.effect), below.line(course.effect, "policy"));
  return picture(width, height, given.label, inside);
}

/** @param {{middle: number, high: number}[]} points */
function highest(points) {
  return Math.max(0, ...points.flatMap((each) => [each.middle, each.high]).filter(Number.isFinite));
}

/**
 * Where values lie between two heights, and how they are drawn there.
 * @typedef {ReturnType<typeof panel>} Panel
 * @param {(k: number) => number} x @param {number} top @param {number} low @param {number} least @param {number} most
 */
function panel(x, top, low, least, most) {
  const y = (/** @type {number} */ value) => low - ((low - top) * (value - least)) / (most - least);
  return {
    y,
    line: (/** @type {Spread[]} */ points, /** @type {string} */ kind) => line(points, x, y, kind),
    band: (/** @type {Spread[]} */ points) => {
      const known = points.map((each, k) => ({ ...each, k })).filter((each) => Number.isFinite(each.low));
      const edge = [...known.map((p) => [x(p.k), y(p.high)]), ...known.toReversed().map((p) => [x(p.k), y(p.low)])];
      return svg("polygon", { points: edge.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" "), class: "band" });
    },
  };
}

/** @param {{middle: number}[]} points @param {(k: number) => number} x @param {(v: number) => number} y @param {string} kind */
function line(points, x, y, kind) {
  const known = points.map((p, k) => [k, p.middle]).filter(([, value]) => Number.isFinite(value));
  return svg("polyline", { points: known.map(([k, v]) => `${x(k).toFixed(1)},${y(v).toFixed(1)}`).join(" "), class: `line ${kind}` });
}

/** A round number not below. @param {number} value */
export function niceAbove(value) {
  if (!(value > 0)) return 1;
  const ten = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 3, 4, 5, 6, 8, 10].find((each) => each * ten >= value) ?? 10) * ten;
}

/**
 * Those who end otherwise than in the baseline: ribbons from their end there to their end here.
 * @param {number[][]} flows [before][after], of 1,000 @param {string[]} names of the ends @param {string[]} keys
 * @param {string} label
 */
export function ribbons(flows, names, keys, label) {
  const [width, bar, pad, top, rise] = [640, 12, 7, 8, 260];
  const [left, right] = [210, width - 210];
  const moved = flows.map((row, a) => row.map((value, b) => (a === b ? 0 : value)));
  const out = moved.map((row) => row.reduce((sum, each) => sum + each, 0));
  const into = moved[0].map((_, b) => moved.reduce((sum, row) => sum + row[b], 0));
  const total = out.reduce((sum, each) => sum + each, 0);
  const scale = rise / (total || 1);
  const stack = (/** @type {number[]} */ sizes) => {
    let y = top;
    return sizes.map((each) => {
      const at = y;
      if (each > 0) y += Math.max(each * scale, 9) + pad;
      return at;
    });
  };
  const [begins, ends] = [stack(out), stack(into)];
  const deepest = Math.max(...begins.map((y, k) => y + out[k] * scale), ...ends.map((y, k) => y + into[k] * scale)) + 14;
  /** @type {SVGElement[]} */
  const inside = [];
  const [from, to] = [[...begins], [...ends]];
  moved.forEach((row, a) =>
    row.forEach((value, b) => {
      if (!value) return;
      const [h, y0, y1, middle] = [value * scale, from[a], to[b], (left + right) / 2];
      const d = `M${left + bar},${y0}C${middle},${y0} ${middle},${y1} ${right - bar},${y1}V${y1 + h}C${middle},${y1 + h} ${middle},${y0 + h} ${left + bar},${y0 + h}Z`;
      inside.push(svg("path", { d, class: `ribbon end-${keys[a]}` }));
      from[a] += h;
      to[b] += h;
    }),
  );
  for (const [sizes, places, x, anchor, text] of /** @type {[number[], number[], number, string, number][]} */ ([
    [out, begins, left, "end", left - 6],
    [into, ends, right - bar, "start", right + 6],
  ])) {
    sizes.forEach((each, k) => {
      if (!each) return;
      inside.push(svg("rect", { x, y: places[k], width: bar, height: Math.max(each * scale, 1), class: `end-${keys[k]}` }));
      inside.push(svg("text", { x: text, y: places[k] + 9, "text-anchor": anchor }, `${names[k]} ${each.toFixed(each < 1 ? 2 : 1)}`));
    });
  }
  return picture(width, deepest, label, inside);
}
