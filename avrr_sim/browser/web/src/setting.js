/**
 * What a reader has set: a scenario to begin with, levers moved from a month on, offers in force. As the settings
 * of runs, as the fragment of an address, and as a scenario file that the command line reads.
 *
 * @typedef {{scenario: number, from: number, ahead: number, levers: Record<string, number | string>,
 *   offers: boolean[]}} State `from`: calendar month from which moved levers hold; `ahead`: months by which a
 *   change of support is known beforehand; `offers`: which of the scenario's are in force
 * @typedef {import("./model.js").Setting} Setting
 * @typedef {import("./model.js").Step} Step
 * @typedef {{name: string, kind: string, unit: string, low: number, high: number, default: number, meaning: string,
 *   source: string}} Lever
 */

export const TIMING = "information_timing";
export const AHEAD = [0, 3, 6, 12];
/** Levers whose change can be known beforehand. */
export const SUPPORT = ["cash_level", "in_kind_level"];
const LONGEST_NAME = 60;
const PARTED = /^[1-9]\d{0,2}([.,]\d{3})+$/; // thousands, as they are written in many countries
const THOUSAND = 1000; // a lever that reaches it counts people, of whom there are no three decimals

/** The state in which nothing is moved. @param {any} about @param {number} [scenario] @returns {State} */
export function begun(about, scenario = 0) {
  return {
    scenario,
    from: about.time.start + about.time.window,
    ahead: 0,
    levers: {},
    offers: about.scenarios[scenario].offers.map(() => true),
  };
}

/** The months in which a policy can begin: those of the window. @param {any} about @returns {number[]} */
export function monthsOf(about) {
  const { start, window, months } = about.time;
  return Array.from({ length: months - window }, (_, month) => start + window + month);
}

/** @param {number} month calendar month @returns {string} such as 2014-01 */
export function monthText(month) {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** The steps of a lever: the scenario's own before, then what is set. @param {any} about @param {State} state @param {string} name @returns {Step[]} */
export function stepsOf(about, state, name) {
  const own = /** @type {Step[]} */ (about.scenarios[state.scenario].levers[name] ?? []);
  if (!(name in state.levers)) return own;
  const known = state.ahead && SUPPORT.includes(name) ? Math.max(state.from - state.ahead, about.time.start) : null;
  const set = { start: state.from, value: state.levers[name], announced: known };
  return [...own.filter((step) => step.start < state.from), set];
}

/** With what value a lever ends: as it is set, or as the scenario or the rules have it. @param {any} about @param {State} state @param {Lever} lever */
export function valueOf(about, state, lever) {
  const steps = stepsOf(about, state, lever.name);
  return steps.length ? steps[steps.length - 1].value : lever.default;
}

/** @param {any} about @param {State} state @param {number} draw @returns {Setting} */
export function settingOf(about, state, draw) {
  const levers = Object.fromEntries(Object.keys(state.levers).map((name) => [name, stepsOf(about, state, name)]));
  return { scenario: state.scenario, draw, levers, offers: state.offers };
}

/** Whether the state is the baseline itself. @param {State} state */
export function isBaseline(state) {
  return state.scenario === 0 && !Object.keys(state.levers).length && state.offers.every(Boolean);
}

/** Whether a lever of coercion is otherwise than in the baseline. @param {any} about @param {State} state */
export function movesCoercion(about, state) {
  const told = (/** @type {Step[]} */ steps) => JSON.stringify(steps.map((step) => [step.start, step.value]));
  return about.levers.some((/** @type {Lever} */ lever) => {
    if (lever.kind !== "coercion") return false;
    return told(stepsOf(about, state, lever.name)) !== told(about.scenarios[0].levers[lever.name] ?? []);
  });
}

/** The state as the fragment of an address; empty where nothing is set. @param {any} about @param {State} state */
export function fragmentOf(about, state) {
  const told = new URLSearchParams();
  if (state.scenario) told.set("begin", about.scenarios[state.scenario].key);
  if (state.from !== about.time.start + about.time.window) told.set("from", monthText(state.from));
  if (state.ahead) told.set("ahead", String(state.ahead));
  for (const [name, value] of Object.entries(state.levers)) told.set(name, String(value));
  state.offers.forEach((held, number) => held || told.append("without", String(number + 1)));
  return told.toString();
}

/**
 * The state of a fragment, and what of it cannot be used here.
 * @param {any} about @param {string} fragment @returns {{state: State, unknown: string[]}}
 */
export function stateOf(about, fragment) {
  const told = new URLSearchParams(fragment.replace(/^#/, ""));
  const scenario = about.scenarios.findIndex((/** @type {any} */ each) => each.key === told.get("begin"));
  const state = begun(about, Math.max(scenario, 0));
  /** @type {string[]} */
  const unknown = told.has("begin") && scenario < 0 ? ["begin"] : [];
  for (const [name, text] of told) {
    if (name === "begin") continue;
    if (!take(about, state, name, text)) unknown.push(name);
  }
  return { state, unknown };
}

/** @param {any} about @param {State} state @param {string} name @param {string} text @returns {boolean} whether it was taken */
function take(about, state, name, text) {
  if (name === "from") {
    const month = monthsOf(about).find((each) => monthText(each) === text);
    if (month !== undefined) state.from = month;
    return month !== undefined;
  }
  if (name === "ahead") {
    if (AHEAD.includes(Number(text))) state.ahead = Number(text);
    return AHEAD.includes(Number(text));
  }
  if (name === "without") {
    const held = Number(text) - 1 in state.offers;
    if (held) state.offers[Number(text) - 1] = false;
    return held;
  }
  const value = asValue(about, name, text);
  if (value !== null) state.levers[name] = value;
  return value !== null;
}

/** What a text sets a lever to; null where it cannot. @param {any} about @param {string} name @param {string} text @returns {number | string | null} */
export function asValue(about, name, text) {
  if (!about.movable.includes(name)) return null;
  if (name === TIMING) return Object.keys(about.timings).includes(text) ? text : null;
  const lever = about.levers.find((/** @type {Lever} */ each) => each.name === name);
  const value = text.trim() === "" || (lever.high >= THOUSAND && PARTED.test(text.trim())) ? NaN : Number(text);
  return Number.isFinite(value) && value >= lever.low && value <= lever.high ? value : null;
}

/**
 * How a number that cannot be used was perhaps meant: without what parts its thousands, or with a point in place of
 * a comma; null where neither can be used. @param {any} about @param {string} name @param {string} text @returns {string | null}
 */
export function meantBy(about, name, text) {
  const said = text.trim();
  const ways = [PARTED.test(said) ? said.replace(/[.,]/g, "") : "", /^-?\d*,\d+$/.test(said) ? said.replace(",", ".") : ""];
  return ways.find((each) => asValue(about, name, each) !== null) ?? null;
}

/**
 * A scenario file of the state, to stand beside the file it extends. JSON is YAML, so texts are quoted as JSON.
 * @param {any} about @param {State} state @param {Record<string, string>} words
 */
export function scenarioFile(about, state, words) {
  const { plan, time } = about;
  const scenario = about.scenarios[state.scenario];
  const numbers = `--weights ${plan.weights} --draws ${plan.draws} --replicates ${plan.replicates} --size ${plan.size}`;
  const file = `${words.file_name}.yaml`;
  const command = `avrr compare ${about.scenarios[0].file} ${file} ${numbers} --seed ${plan.seed} --months ${time.months - time.window}`;
  const lines = [
    `# ${words.file_begin.replace("{file}", scenario.file)}`,
    `#     ${command}`,
    `extends: ${JSON.stringify(scenario.file)}`,
    `name: ${JSON.stringify([...words.file_title.replace("{name}", scenario.name)].slice(0, LONGEST_NAME).join("").trim())}`,
    `asks: ${JSON.stringify(words.file_asks.replace("{name}", scenario.name))}`,
  ];
  const moved = Object.keys(state.levers);
  if (moved.length) lines.push("levers:", ...moved.flatMap((name) => written(about, state, name)));
  if (state.offers.includes(false)) {
    const held = scenario.written.filter((/** @type {any} */ _, /** @type {number} */ k) => state.offers[k]);
    lines.push(`offers: ${JSON.stringify(held)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** @param {any} about @param {State} state @param {string} name @returns {string[]} */
function written(about, state, name) {
  return [
    `  ${name}:`,
    ...stepsOf(about, state, name).map((step) => {
      const known = step.announced == null ? "" : `, announced: ${monthText(step.announced)}`;
      return `    - {from: ${monthText(step.start)}, value: ${JSON.stringify(step.value)}${known}}`;
    }),
  ];
}
