/**
 * Measures of a run from its counts, as `outcomes.Counted` makes them: shares and rates of units, counts of
 * persons on the national scale a year of the window.
 *
 * @typedef {{shape: number[], values: Float64Array}} Table
 * @typedef {{units: Table, persons: Table, at_risk: Table, summary: Table, endings: Table, curve: Table,
 *   served: Table, simulated: number, scale: number, window: number, travel_cost: number, services: number}} Counted
 * @typedef {Record<string, number>} Values
 */

/** Reads columns of the monthly series of one run. */
class Series {
  /** @param {Counted} counted @param {string[]} names */
  constructor(counted, names) {
    this.counted = counted;
    this.names = names;
    this.months = counted.units.shape[0] - counted.window;
  }

  /** A column in the window, on the national scale, month by month. @param {string} name @param {"units" | "persons"} of */
  flow(name, of = "persons") {
    const { values, shape } = this.counted[of];
    const column = this.names.indexOf(name);
    if (column < 0) throw new Error(`no series ${name}`);
    const { window, scale } = this.counted;
    return Float64Array.from({ length: this.months }, (_, m) => values[(window + m) * shape[1] + column] * scale);
  }

  /** @param {string} name @param {"units" | "persons"} of */
  sum(name, of = "persons") {
    return total(this.flow(name, of));
  }
}

/** @param {Float64Array} values */
function total(values) {
  return values.reduce((sum, each) => sum + each, 0);
}

/** @param {number} top @param {number} bottom */
function ratio(top, bottom) {
  return bottom ? top / bottom : NaN;
}

/** The groups of a run, in the order of its tables. @param {Record<string, string[]>} names @param {{key: string}[]} origins @returns {[string, string][]} */
export function groupsOf(names, origins) {
  return [
    ["all", "all"],
    ...origins.map((each) => /** @type {[string, string]} */ (["origin", each.key])),
    ...["abode", "status", "tier", "household"].flatMap((by) =>
      names[by].map((name) => /** @type {[string, string]} */ ([by, name])),
    ),
  ];
}

/**
 * Every measure of everybody.
 * @param {Counted} counted @param {import("./memory.js").Interface} known @returns {Values}
 */
export function measuresOf(counted, known) {
  const series = new Series(counted, known.names.series);
  const { counts } = known;
  const years = series.months / 12;
  const found = { ...measuresOfGroup(counted, known, 0) };
  for (const [name, column] of counts.flows) found[name] = series.sum(column) / years;
  const sum = (/** @type {string} */ name) => series.sum(name);
  found.applications = (sum("applications") + sum("reapplications")) / years;
  found.returns = (sum("assisted") + sum("unassisted") + sum("removed")) / years;
  found.present = series.flow("present")[series.months - 1];
  found.rejected_in_centres = sum("rejected_in_centres") / series.months;
  found.returns_per_rejected = ratio(sum("assisted") / years, found.rejected_in_centres);
  const paid = series.sum("cash_paid", "units") + series.sum("in_kind_paid", "units");
  const cost = paid + counted.travel_cost * sum("assisted") + counted.services * counted.scale;
  found.support_paid = paid / years;
  found.programme_cost = cost / years;
  for (const [what, place] of counts.stocks) {
    const sums = series.sum(`${what}_${place}`, "units") / counts.million;
    found[`${what}_${place}`] = ratio(sums, series.sum(place, "units"));
  }
  for (const [name, column] of [["pending", counts.pending_months], ["rejected", counts.rejected_months]]) {
    found[name] = (counted.summary.values[column] * counted.scale) / series.months;
  }
  for (const [who, kind] of counts.who) {
    const of = who === "women" ? "units" : "persons";
    found[`${who}_${kind}`] = ratio(series.sum(`${kind}_${who}`, of), series.sum(kind, of));
  }
  return found;
}

/**
 * Shares and the hazard of applying of one group, by its number among `groupsOf`.
 * @param {Counted} counted @param {import("./memory.js").Interface} known @param {number} group @returns {Values}
 */
export function measuresOfGroup(counted, known, group) {
  const { values, shape } = counted.summary;
  /** @type {Values} */
  const found = {};
  for (const [name, above, below] of known.counts.ratios) {
    found[name] = ratio(values[group * shape[1] + above], values[group * shape[1] + below]);
  }
  if (group < counted.at_risk.shape[0]) {
    const [exposure, events] = counted.at_risk.values.slice(group * 2, group * 2 + 2);
    found.application_hazard = 1200 * ratio(events, exposure);
  }
  return found;
}

/**
 * Of how many units the shares of a group, and its hazard of applying, are told.
 * @param {Counted} counted @param {import("./memory.js").Interface} known @param {number} group @returns {Values}
 */
export function cellsOfGroup(counted, known, group) {
  const { values, shape } = counted.summary;
  /** @type {Values} */
  const found = {};
  for (const [name, , below] of known.counts.ratios) found[name] = values[group * shape[1] + below];
  if (group < counted.at_risk.shape[0]) found.application_hazard = counted.at_risk.values[group * 2];
  return found;
}

/**
 * Courses over the window's months, as `Counted.monthly`.
 * @param {Counted} counted @param {import("./memory.js").Interface} known @returns {Record<string, Float64Array>}
 */
export function coursesOf(counted, known) {
  const series = new Series(counted, known.names.series);
  const units = (/** @type {string} */ name) => series.flow(name, "units");
  const [applying, dropped, left] = [units("applying"), units("drop_outs"), units("assisted")];
  const [first, again, deciding] = [units("applications"), units("reapplications"), units("deciding")];
  const [everybody, applied] = firstApplications(counted);
  const together = (/** @type {string[]} */ ...names) => {
    const all = names.map((name) => series.flow(name));
    return Float64Array.from(all[0], (_, m) => all.reduce((sum, each) => sum + each[m], 0));
  };
  /** @type {Record<string, Float64Array>} */
  const found = { applications: together("applications", "reapplications") };
  for (const name of ["assisted", "unassisted", "removed", "moved_on", "gone_under", "missing", "drop_outs"]) {
    found[name] = series.flow(name);
  }
  found.returns_cumulative = cumulated(together("assisted", "unassisted", "removed"));
  found.uptake_cumulative = cumulated(applied).map((each) => each / everybody);
  found.application_hazard = first.map((each, m) => (1200 * (each + again[m])) / deciding[m]);
  found.drop_out_rate = dropped.map((each, m) => each / (applying[m] + each + left[m]));
  for (const [what, place] of known.counts.stocks) {
    const [sums, stock] = [units(`${what}_${place}`), units(place)];
    found[`${what}_${place}`] = sums.map((each, m) => each / known.counts.million / stock[m]);
  }
  return found;
}

/** Units at risk of a first application in the window, and first applications by month. @param {Counted} counted @returns {[number, Float64Array]} */
function firstApplications(counted) {
  const [, months] = counted.curve.shape;
  const { values } = counted.curve;
  return [total(values.slice(counted.window, months)), values.slice(months + counted.window, 2 * months)];
}

/** @param {Float64Array} values */
function cumulated(values) {
  let sum = 0;
  return values.map((each) => (sum += each));
}
