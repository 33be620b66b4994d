// Tables can be sorted by their heads: up, down, and back to the order of the study. Folds open for paper.
(function () {
  "use strict";
  var words = { up: "WORD_UP", down: "WORD_DOWN", none: "WORD_NONE" };
  function key(row, column) {
    var cell = row.cells[column];
    var given = cell.getAttribute("data-value");
    return given !== null ? Number(given) : cell.textContent.trim();
  }
  function rank(a) { return typeof a.key === "number" ? 0 : a.key === "" || a.key === "\u2013" ? 2 : 1; }
  function order(a, b) { return rank(a) === 0 ? a.key - b.key : a.key.localeCompare(b.key, document.documentElement.lang); }
  function sort(table, column, way) {
    Array.prototype.forEach.call(table.tBodies, function (body) {
      var rows = Array.prototype.filter.call(body.rows, function (row) { return !row.classList.contains("block"); });
      var keyed = rows.map(function (row) {
        if (row.dataset.place === undefined) { row.dataset.place = row.sectionRowIndex; }
        return { row: row, place: Number(row.dataset.place), key: way === "none" ? Number(row.dataset.place) : key(row, column) };
      });
      keyed.sort(function (a, b) {
        var apart = rank(a) - rank(b); // numbers first, then words, then what is missing, whichever way
        return apart || (way === "descending" ? -order(a, b) : order(a, b)) || a.place - b.place;
      });
      keyed.forEach(function (each) { body.appendChild(each.row); });
    });
  }
  document.querySelectorAll("table").forEach(function (table) {
    var bodies = Array.prototype.some.call(table.tBodies, function (body) { return body.rows.length > 2; });
    // the summary of findings holds outcomes of several units, whose order says nothing
    if (!bodies || table.closest("#headlines")) { return; }
    var heads = table.tHead.rows[0].cells;
    Array.prototype.forEach.call(heads, function (head, column) {
      var label = head.querySelector(".head"), button = document.createElement("button");
      button.type = "button";
      while (label.firstChild) { button.appendChild(label.firstChild); }
      label.appendChild(button);
      head.setAttribute("aria-sort", "none");
      button.title = words.up;
      button.addEventListener("click", function () {
        var now = head.getAttribute("aria-sort");
        var way = now === "none" ? "ascending" : now === "ascending" ? "descending" : "none";
        Array.prototype.forEach.call(heads, function (other) {
          other.setAttribute("aria-sort", "none");
          other.querySelector("button").title = words.up;
        });
        head.setAttribute("aria-sort", way);
        button.title = way === "none" ? words.up : way === "ascending" ? words.down : words.none;
        sort(table, column, way);
      });
    });
  });
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details.paper:not([open])"));
    opened.forEach(function (fold) { fold.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (fold) { fold.open = false; });
    opened = [];
  });
})();
