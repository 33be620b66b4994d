/** One person, two worlds, side by side. */

import { KEPT, samePeople } from "./answers.js";
import { el, say, svg, picture, table } from "./dom.js";
import { isBaseline, settingOf } from "./setting.js";
import { storyOf } from "./story.js";
import { modelOf } from "./work.js";

const MOST = 40; // people to choose from
/** What is drawn month by month: whom they trust, what they know, hope and fear. */
const DRAWN = ["knowledge", "trust", "hope", "risk_apply", "security"];

export class StoryView {
  /**
   * @param {HTMLElement} home @param {import("./work.js").Opening} opening @param {any} words
   * @param {import("./ask.js").Asking} asking
   */
  constructor(home, opening, words, asking) {
    this.home = home;
    this.opening = opening;
    this.about = opening.head.about;
    this.names = opening.known.names;
    this.words = words;
    this.asking = asking;
    this.question = -1;
    /** @type {import("./model.js").Model[] | undefined} */
    this.models = undefined;
    this.told = el("div", { id: "life", "aria-live": "polite" });
  }

  /** Offer people whose end differs; nothing where nobody's does, or nothing is set. */
  show() {
    const { asking } = this;
    const draws = asking.answers.draws().filter((each) => each < KEPT);
    if (!asking.state || !draws.length || isBaseline(asking.state)) {
      this.question = -1;
      this.home.replaceChildren(el("p", { className: "small" }, this.words.story_none));
      return;
    }
    if (this.question === asking.number || (asking.working && draws.length < Math.min(KEPT, asking.all))) return;
    this.question = asking.number;
    this.told.replaceChildren();
    const found = this.people(draws);
    if (!found.length) {
      this.home.replaceChildren(el("p", { className: "small" }, this.words.story_nobody));
      return;
    }
    const select = el("select", { id: "person" }, ...found.map((each, k) => new Option(each.said, String(k))));
    select.prepend(new Option(this.words.story_pick, "", true, true));
    select.onchange = () => {
      const chosen = found[Number(select.value)];
      this.told.replaceChildren(...(select.value && chosen ? [el("p", {}, this.words.story_working)] : []));
      if (select.value && chosen) setTimeout(() => this.tell(chosen.draw, chosen.places), 20);
    };
    this.home.replaceChildren(
      el("p", {}, say(this.words.story_about, { many: found.length })),
      el("label", { for: "person" }, this.words.story_person),
      select,
      this.told,
    );
  }

  /**
   * People who end otherwise, some of every pair of ends, the most frequent pair first.
   * @param {number[]} draws
   */
  people(draws) {
    const { answers } = this.asking;
    /** @type {Map<string, {draw: number, places: [number, number], said: string}[]>} */
    const byEnds = new Map();
    const names = answers.endNames(this.words);
    draws.forEach((draw, k) => {
      const [one, other] = answers.pairs(draws)[k];
      for (const places of samePeople(one.people.id, other.people.id)) {
        const [a, b] = [one.ends[places[0]], other.ends[places[1]]];
        if (a === b) continue;
        const who = { draw, places, said: `${names[a]} \u2192 ${names[b]}: ${this.personSaid(one.people, places[0], draw)}` };
        byEnds.set(`${a} ${b}`, [...(byEnds.get(`${a} ${b}`) ?? []), who]);
      }
    });
    const kinds = [...byEnds.values()].sort((a, b) => b.length - a.length);
    const each = Math.max(2, Math.ceil(MOST / Math.max(kinds.length, 1)));
    return kinds.flatMap((kind) => kind.slice(0, each)).slice(0, MOST);
  }

  /** @param {Record<string, ArrayLike<number>>} people @param {number} place @param {number} draw */
  personSaid(people, place, draw) {
    const { adults, minors, origin } = people;
    const of = this.about.origins[origin[place]].name;
    return say(adults[place] + minors[place] === 1 ? this.words.story_alone : this.words.story_family, {
      origin: of,
      people: adults[place] + minors[place],
      minors: minors[place],
      number: `${people.id[place]}`,
      draw,
    });
  }

  /** @param {number} draw @param {[number, number]} places */
  tell(draw, places) {
    const { state } = this.asking;
    if (!state || this.question !== this.asking.number) return;
    this.models ??= [modelOf(this.opening), modelOf(this.opening)];
    const [one, other] = this.models;
    const story = storyOf(one, other, [{ scenario: 0, draw }, settingOf(this.about, state, draw)], places);
    this.told.replaceChildren(...this.storySaid(story));
  }

  /** @param {number} month of the run */
  monthSaid(month) {
    const calendar = this.about.time.start + month;
    return `${this.words.months[calendar % 12]} ${Math.floor(calendar / 12)}`;
  }

  /** @param {import("./story.js").Story} story */
  storySaid(story) {
    const { words } = this;
    if (story.parted < 0) return [el("p", {}, words.story_alike)];
    const [one, other] = story.months.map((months) => months[story.parted]);
    const last = story.months[0].length - 1;
    return [
      el(
        "p",
        { className: "parted" },
        say(words.story_parted, {
          month: this.monthSaid(story.parted),
          since: Math.max(0, story.parted - story.arrival),
          baseline: this.stepSaid(story.months[0][story.parted - 1], one),
          policy: this.stepSaid(story.months[1][story.parted - 1], other),
        }),
      ),
      el("p", {}, el("strong", {}, this.tippedSaid(story))),
      this.tippedTable(story),
      el("p", { className: "key" }, el("span", { className: "swatch baseline" }), ` ${words.baseline} `, el("span", { className: "swatch policy" }), ` ${words.policy}`),
      el("div", { className: "lives" }, ...DRAWN.map((name) => this.course(story, name, last))),
      this.months(story),
      el("p", { className: "small" }, words.story_caution),
    ];
  }

  /** What a month did with somebody. @param {any} before @param {any} after @returns {string} */
  stepSaid(before, after) {
    const { words, names } = this;
    const outcome = names.outcome[after.outcome];
    if (outcome !== "present") return words.outcomes[outcome];
    if (!before) return words.step_nothing;
    if (after.stage !== before.stage) return words[`step_${before.stage ? names.stage[after.stage] : "applied"}`];
    if (after.abode !== before.abode) return words.group_names.abode[names.abode[after.abode]];
    if (after.status !== before.status) return words.group_names.status[names.status[after.status]];
    return words.step_nothing;
  }

  /** @param {import("./story.js").Story} story */
  tippedSaid(story) {
    const needed = story.tipped.filter((each) => each.necessary);
    const enough = story.tipped.filter((each) => each.enough && !each.necessary);
    const list = (/** @type {import("./story.js").Tipped[]} */ of) => of.map((each) => this.factorSaid(each.factor)).join(", ");
    if (needed.length) return say(this.words.story_tipped, { what: list(needed) });
    if (enough.length) return say(this.words.story_enough, { what: list(enough) });
    return story.together ? this.words.story_together : this.words.story_queue;
  }

  /** @param {string} factor @returns {string} */
  factorSaid(factor) {
    const lever = this.about.levers.find((/** @type {any} */ each) => each.name === factor);
    return this.words[`factor_${factor}`] ?? (factor === "information_timing" ? this.words.timing : lever?.meaning) ?? factor;
  }

  /** @param {import("./story.js").Story} story */
  tippedTable(story) {
    const { words } = this;
    if (!story.tipped.length) return el("p", { className: "small" }, words.story_same);
    const value = (/** @type {number | null} */ each) => (each === null ? "" : each.toLocaleString("en", { maximumFractionDigits: 2 }));
    const yes = (/** @type {boolean} */ each) => (each ? words.yes : words.no);
    return table(
      words.story_factors,
      [words.factor, words.baseline, words.policy, words.necessary, words.enough],
      story.tipped.map((each) => [this.factorSaid(each.factor), value(each.before), value(each.after), yes(each.necessary), yes(each.enough)]),
    );
  }

  /** @param {import("./story.js").Story} story @param {string} name @param {number} last */
  course(story, name, last) {
    const [width, height, top, low, left] = [200, 90, 8, 70, 24];
    const first = Math.max(0, story.arrival);
    const x = (/** @type {number} */ m) => left + ((width - left - 4) * (m - first)) / Math.max(last - first, 1);
    const y = (/** @type {number} */ value) => low - (low - top) * value;
    const label = this.words[`belief_${name}`];
    const inside = [0, 1].flatMap((v) => [
      svg("line", { x1: left, x2: width - 4, y1: y(v), y2: y(v), class: "grid" }),
      svg("text", { x: left - 4, y: y(v) + 4, "text-anchor": "end" }, String(v)),
    ]);
    inside.push(svg("line", { x1: x(story.parted), x2: x(story.parted), y1: top - 4, y2: low, class: "begins" }));
    inside.push(svg("text", { x: left, y: height - 4 }, this.monthSaid(first)));
    story.months.forEach((months, k) => {
      const here = months.map((month, m) => [month, m]).filter(([month, m]) => /** @type {number} */ (m) >= first && (/** @type {any} */ (month).outcome === 0 || m === story.parted));
      const points = here.map(([month, m]) => `${x(/** @type {number} */ (m)).toFixed(1)},${y(/** @type {any} */ (month)[name]).toFixed(1)}`);
      inside.push(svg("polyline", { points: points.join(" "), class: `line ${k ? "policy" : "baseline"}` }));
    });
    return el("figure", {}, el("figcaption", {}, label), picture(width, height, say(this.words.story_course, { what: label }), inside));
  }

  /** What happened, month by month, where anything did in either world. @param {import("./story.js").Story} story */
  months(story) {
    const rows = [];
    for (let m = Math.max(1, story.arrival); m < story.months[0].length; m++) {
      const told = story.months.map((months) => this.events(months[m - 1], months[m], m, story.arrival));
      if (told[0] || told[1]) rows.push([this.monthSaid(m), told[0], told[1]]);
    }
    return table(this.words.story_months, [this.words.month, this.words.baseline, this.words.policy], rows);
  }

  /** @param {any} before @param {any} after @param {number} month @param {number} arrival @returns {string} */
  events(before, after, month, arrival) {
    const { words, names } = this;
    if (month < arrival || before.outcome !== 0) return "";
    const told = [];
    if (month === arrival) told.push(words.event_arrives);
    for (const [field, say] of [["official_at", "event_official"], ["independent_at", "event_independent"], ["peers_at", "event_peers"]]) {
      if (after[field] === month) told.push(words[say]);
    }
    if (after.aware && !before.aware && month > arrival) told.push(words.event_aware);
    if (before.aware && !after.aware) told.push(words.event_unaware);
    if (after.status !== before.status && month > arrival) told.push(words.group_names.status[names.status[after.status]]);
    if (after.abode !== before.abode && month > arrival) told.push(words.group_names.abode[names.abode[after.abode]]);
    if (!before.stage && after.stage > 1) told.push(words.step_applied);
    if (after.stage !== before.stage && after.outcome === 0) told.push(words[`step_${names.stage[after.stage]}`]);
    if (after.outcome !== 0) told.push(words.outcomes[names.outcome[after.outcome]]);
    const text = told.join("; ");
    return text && text[0].toUpperCase() + text.slice(1);
  }
}
