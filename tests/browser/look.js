// What a reader would see to be wrong with the layout of a page. Every function returns a list of plain sentences, empty where all is well.
(() => {
  const SIDE = 2;        // px: boxes of letters have a little air at their sides
  const HEIGHT = 0.35;   // share of the lower box: line boxes are taller than letters
  const FOLDED = "details:not([open]):not(.paper)";  // parts that stay folded on paper
  const EDGE = 1.5;      // px: rounding at the edge of a figure

  const short = text => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 60));
  const seen = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true });
  const forScreenReaders = element => { const box = element.getBoundingClientRect(); return !element.closest("svg") && box.width <= 1 && box.height <= 1; };

  function texts() {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("script, style, title, desc, metadata, defs") || !seen(parent) || forScreenReaders(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 0 && box.height > 0) found.push({ box, node, text: node.data, svg: parent.closest("svg") });
    }
    return found;
  }

  function touch(a, b) {
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return width > SIDE && height > HEIGHT * Math.min(a.height, b.height);
  }

  window.look = {
    overlaps() {
      const items = texts().sort((a, b) => a.box.top - b.box.top), said = [];
      items.forEach((a, i) => {
        for (let j = i + 1; j < items.length && items[j].box.top < a.box.bottom; j++)
          if (items[j].node !== a.node && touch(a.box, items[j].box)) said.push(`${short(a.text)} overlaps ${short(items[j].text)}`);
      });
      for (const svg of document.querySelectorAll("svg")) {
        const box = svg.getBoundingClientRect();
        for (const item of items) if (item.svg !== svg && seen(svg) && touch(item.box, box)) said.push(`${short(item.text)} lies on a figure`);
      }
      return said;
    },

    // Labels that stick out of their figure, which hides them.
    cutLabels() {
      return texts().filter(({ box, svg }) => {
        if (!svg) return false;
        const frame = svg.getBoundingClientRect();
        return box.left < frame.left - EDGE || box.right > frame.right + EDGE || box.top < frame.top - EDGE || box.bottom > frame.bottom + EDGE;
      }).map(item => `${short(item.text)} sticks out of its figure`);
    },

    // The page itself must not scroll sideways; a table or figure may, inside a box of its own.
    sideways() {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return [];
      const wide = [...document.body.querySelectorAll("*")].filter(e => seen(e) && !e.closest("svg *") && e.getBoundingClientRect().right > clientWidth + 1);
      return [`the page is ${scrollWidth} px wide in a window of ${clientWidth} px`, ...wide.slice(0, 5).map(e => `<${e.localName} class="${e.className.baseVal ?? e.className}" id="${e.id}">`)];
    },

    // Tables, figures and text that the right edge of a box or of the paper cuts off, with print media and the window as wide as the paper.
    cutOnPaper(pageHeight) {
      const said = [], width = document.documentElement.clientWidth;
      for (const e of document.querySelectorAll("table, svg:not(svg svg), pre, figcaption")) {
        if (!seen(e)) { if (!e.closest(FOLDED) && !e.closest(".explorer")) said.push(`<${e.localName}> in #${e.closest("section")?.id} is hidden`); continue; }
        let edge = width;
        for (let p = e.parentElement; p; p = p.parentElement) if (getComputedStyle(p).overflowX !== "visible" && p !== document.body && p !== document.documentElement) edge = Math.min(edge, p.getBoundingClientRect().right);
        const right = e.getBoundingClientRect().right;
        if (right > edge + EDGE) said.push(`<${e.localName}> in #${e.closest("section")?.id} ends ${Math.round(right - edge)} px beyond the edge: ${short(e.textContent)}`);
      }
      for (const figure of document.querySelectorAll("figure"))
        if (figure.getBoundingClientRect().height > pageHeight) said.push(`#${figure.id} is ${Math.round(figure.getBoundingClientRect().height)} px tall, a page has ${pageHeight}`);
      return said;
    },

    // Gives every figure a word at its top and one at its end, and every printed table one in its head, its first row and its last cell, to
    // be found again in the printed file; returns how many figures and tables there are.
    mark() {
      const put = (place, word, style) => {
        const mark = document.createElement("span");
        mark.textContent = word;
        mark.style.cssText = `font-size:5px;line-height:1;${style}`;
        place.append(mark);
      };
      const printed = all => [...document.querySelectorAll(all)].filter(e => !e.closest(FOLDED));
      const figures = printed("figure"), tables = printed("table");
      figures.forEach((figure, i) => {
        figure.style.position = "relative";
        put(figure, `figure${i}top`, "position:absolute;left:0;top:0");
        put(figure, `figure${i}end`, "position:absolute;left:0;bottom:0");
      });
      tables.forEach((table, i) => {
        put(table.tHead.rows[0].cells[0], `table${i}top`, "");
        put(table.querySelector("tbody tr").cells[0], `table${i}end`, "");
        put([...table.querySelectorAll("tbody tr")].at(-1).lastElementChild, `table${i}last`, "");
      });
      return { figure: figures.length, table: tables.length };
    },
  };
})();
