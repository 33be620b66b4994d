/** Elements of the page, made without markup in texts: whatever a text holds stays text. */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, any>} [given] properties; names with a hyphen are attributes
 * @param {...(Node | string | null | undefined)} inside
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, given = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.includes("-") || name === "for" || name === "role") element.setAttribute(name, String(value));
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...inside.filter((each) => each !== null && each !== undefined));
  return element;
}

/** @param {string} tag @param {Record<string, string | number>} [given] attributes @param {...(Node | string)} inside @returns {SVGElement} */
export function svg(tag, given = {}, ...inside) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(given)) element.setAttribute(name, String(value));
  element.append(...inside);
  return element;
}

/** A picture with a name for who cannot see it. @param {number} width @param {number} height @param {string} label @param {SVGElement[]} inside */
export function picture(width, height, label, inside) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "picture" }, ...inside);
}

/** @param {string} id @returns {HTMLElement} */
export function at(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** A sentence with its places in braces filled. @param {string} text @param {Record<string, string | number>} given */
export function say(text, given) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in given ? String(given[name]) : whole));
}

/**
 * A table with a row's first cell as its head.
 * @param {string} caption @param {string[]} head @param {(Node | string)[][]} rows
 */
export function table(caption, head, rows) {
  const cells = (/** @type {(Node | string)[]} */ row) =>
    row.map((cell, place) => (place ? el("td", {}, cell) : el("th", { scope: "row" }, cell)));
  return el(
    "div",
    { className: "scrolls", tabIndex: 0, role: "region", "aria-label": caption },
    el(
      "table",
      {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, ...head.map((each) => el("th", { scope: "col" }, each)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...cells(row)))),
    ),
  );
}
