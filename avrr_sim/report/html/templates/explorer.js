// An explorer draws what one chooses from the numbers beside it: lines over a factor, or a map over two.
(function () {
  "use strict";
  var NS = "http://www.w3.org/2000/svg", WIDE = 760, NARROW = 340;
  var DASHES = ["", "6 3", "8 3 2 3", "2 3"], HALF = 0.5;

  function make(name, attributes, parent, text) {
    var svg = /^(svg|g|path|line|rect|circle|text|polygon)$/.test(name);
    var node = svg ? document.createElementNS(NS, name) : document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    if (text !== undefined) { node.textContent = text; }
    if (parent) { parent.appendChild(node); }
    return node;
  }

  function Explorer(root) {
    var data = JSON.parse(root.getAttribute("data-numbers")), words = data.words;
    var form = root.querySelector(".controls"), stage = root.querySelector(".stage");
    var readout = root.querySelector(".readout"), details = root.querySelector("details .scroll");
    var controls = {}, spots = [], at = -1, ring = null, svg = null, wide = WIDE;

    function select(key, label, options, chosen) {
      var id = "explore-" + Object.keys(controls).length, holder = make("div", {}, form);
      make("label", { "for": id }, holder, label);
      var box = make("select", { id: id }, holder);
      options.forEach(function (option) { make("option", { value: option[0] }, box, option[1]); });
      if (chosen !== undefined) { box.value = chosen; }
      box.addEventListener("change", function () { arrange(key); });
      controls[key] = { holder: holder, box: box };
      return box;
    }
    function refill(key, options, wanted) {
      var box = controls[key].box, before = wanted === undefined ? box.value : wanted;
      while (box.firstChild) { box.removeChild(box.firstChild); }
      options.forEach(function (option) { make("option", { value: option[0] }, box, option[1]); });
      var known = options.some(function (option) { return String(option[0]) === String(before); });
      box.value = known ? before : options.length ? options[0][0] : "";
      controls[key].holder.hidden = options.length < 2;
    }
    function value(key) { return controls[key].box.value; }
    function factor(name) { return data.factors.findIndex(function (each) { return each.name === name; }); }

    function measure() { return data.measures.find(function (each) { return each.key === value("measure"); }); }
    function question() { return /^chance/.test(value("show")) ? data.questions[Number(value("show").slice(6))] : null; }
    function paired() { return value("show") === "difference"; }
    function series() { // [mean, low, high, error] over the points, the baseline last
      var asked = question(), group = value("group");
      if (asked) {
        var found = asked.groups[group];
        return [found[0], [], [], found[1]];
      }
      return measure().groups[group][paired() ? "difference" : "level"];
    }
    function share() { return question() || measure().per === "share"; }
    function unit() {
      if (question() || (share() && !signed())) { return words.per_cent; }
      return share() ? words.points : measure().unit;
    }
    function signed() { return paired() && !measure().against; }
    function number(x, plus) {
      if (x === null || x === undefined) { return "\u2013"; }
      var scaled = share() ? 100 * x : x, size = Math.abs(scaled);
      var places = question() ? 0 : share() ? 1 : measure().per === "count" || size >= 1000 ? 0 : size >= 10 ? 1 : 3;
      var text = size.toLocaleString(document.documentElement.lang, { minimumFractionDigits: places, maximumFractionDigits: places });
      if (!/[1-9]/.test(text)) { return text; }
      return (scaled < 0 ? "\u2212" : plus ? "+" : "") + text;
    }

    function begin() {
      select("measure", words.measure, data.measures.map(function (each) { return [each.key, each.label]; }));
      select("show", words.show, []);
      select("group", words.group, []);
      select("view", words.view, []);
      select("along", words.along, data.factors.map(function (each) { return [each.name, each.name]; }), data.start.along);
      select("lines", words.lines, []);
      data.factors.forEach(function (each) {
        var chosen = each.base === null ? 0 : each.base;
        select("at " + each.name, each.name, each.labels.map(function (label, i) { return [i, label]; }), chosen);
      });
      if (data.questions.length) { controls.measure.box.value = data.questions[0].measure; }
      arrange("start");
    }

    function arrange(changed) {
      var shows = [["level", words.level], ["difference", words.difference]];
      if (measure().against) { shows = [["difference", words.level]]; }
      data.questions.forEach(function (each, i) { if (each.measure === measure().key) { shows.push(["chance" + i, each.title]); } });
      refill("show", shows, changed === "start" && data.questions.length ? shows[shows.length - 1][0] : undefined);
      var groups = Object.keys(question() ? question().groups : measure().groups);
      refill("group", groups.map(function (key) { return [key, data.groups[key] || key]; }));
      var along = value("along"), others = data.factors.filter(function (each) { return each.name !== along; });
      var lined = data.grid ? others.map(function (each) { return [each.name, each.name]; }) : [];
      refill("lines", lined.length ? lined.concat([["", words.none]]) : [], changed === "start" ? data.start.lines : undefined);
      var views = [["curves", words.curves]];
      if (data.grid && value("lines")) { views.push(["map", words.map]); }
      refill("view", views, changed === "start" && question() ? "map" : undefined);
      data.factors.forEach(function (each) {
        var free = each.name === along || each.name === value("lines") || !data.grid;
        controls["at " + each.name].holder.hidden = free || each.values.length < 2;
      });
      draw();
    }

    function chosen() { // numbers of the points that stand in the slice
      var along = factor(value("along")), lines = factor(value("lines")), found = [];
      data.points.forEach(function (point, k) {
        var inside = point.every(function (i, f) {
          return !data.grid || f === along || f === lines || i === Number(value("at " + data.factors[f].name));
        });
        if (inside) { found.push(k); }
      });
      return found;
    }

    function draw() {
      while (stage.firstChild) { stage.removeChild(stage.firstChild); }
      spots = []; at = -1; ring = null;
      wide = Math.max(NARROW, Math.min(WIDE, stage.clientWidth || WIDE));
      var map = value("view") === "map";
      make("b", {}, make("p", {}, stage), name() + ", " + unit());
      svg = make("svg", { role: "application", tabindex: "0", "aria-label": name() + ". " + words.keys }, stage);
      if (map) { drawMap(); } else { drawCurves(); }
      svg.addEventListener("pointermove", hover);
      svg.addEventListener("click", hover);
      svg.addEventListener("keydown", move);
      svg.addEventListener("focus", function () { if (at < 0 && spots.length) { tell(0); } });
      readout.textContent = !spots.length ? words.missing : question() && question().few ? question().few : words.keys;
      write();
    }
    function name() {
      var asked = question(), text = asked ? asked.title : measure().label + ", " + (measure().against ? measure().unit : value("show") === "level" ? words.level : words.difference);
      return value("group") === "all" ? text : text + ", " + data.groups[value("group")];
    }

    function ends(list, zero) {
      var low = Infinity, high = -Infinity;
      list.forEach(function (x) { if (x !== null && x !== undefined) { low = Math.min(low, x); high = Math.max(high, x); } });
      if (zero) { low = Math.min(low, 0); high = Math.max(high, 0); }
      if (low > high) { low = 0; high = 1; }
      if (low === high) { low -= Math.abs(low) * 0.1 || 0.5; high += Math.abs(high) * 0.1 || 0.5; }
      return [low, high];
    }
    function steps(low, high) { // round numbers between two ends
      var raw = (high - low) / 5, base = Math.pow(10, Math.floor(Math.log10(raw)));
      var step = [1, 2, 2.5, 5, 10].map(function (m) { return m * base; }).find(function (s) { return s >= raw; });
      var found = [];
      for (var i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) { found.push(i * step || 0); }
      return found;
    }

    function drawCurves() {
      var tall = 400, left = 64, right = 14, top = 30, foot = 46;
      svg.setAttribute("viewBox", "0 0 " + wide + " " + tall);
      var rows = series(), points = chosen(), f = factor(value("along")), l = factor(value("lines")), along = data.factors[f];
      var scale = share() ? 100 : 1, all = [];
      points.forEach(function (k) { all.push(rows[0][k], rows[1][k], rows[2][k]); });
      var base = rows[0][data.points.length], asked = marks();
      if (!paired() && base !== null) { all.push(base); }
      var y = question() ? [0, 1] : ends(all.concat(asked), paired());
      var room = question() ? 0.03 : 0.05 * (y[1] - y[0]);
      y = [y[0] - room, y[1] + room];
      var x = along.number ? ends(along.values) : [-0.5, along.values.length - 0.5], pad = along.number ? 0.06 * (x[1] - x[0]) : 0;
      function px(v) { return left + (wide - left - right) * (v - x[0] + pad) / (x[1] - x[0] + 2 * pad); }
      function py(v) { return tall - foot - (tall - top - foot) * (v - y[0]) / (y[1] - y[0]); }
      steps(y[0] * scale, y[1] * scale).forEach(function (v) {
        make("line", { x1: left, x2: wide - right, y1: py(v / scale), y2: py(v / scale), stroke: "#d9d9d9" }, svg);
        make("text", { x: left - 6, y: py(v / scale) + 4, "text-anchor": "end" }, svg, (v > 0 && signed() ? "+" : "") + v.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 6 }).replace("-", "\u2212"));
      });
      make("text", { x: left, y: 16 }, svg, signed() ? words.difference + ", " + unit() : unit());
      var last = -100;
      along.values.forEach(function (v, i) {
        var place = px(along.number ? v : i);
        make("line", { x1: place, x2: place, y1: tall - foot, y2: tall - foot + 5, stroke: "#1a1a1a" }, svg);
        if (place - last < 8 * along.labels[i].length && along.number) { return; }
        if (along.values.length > 12 && place - last < 40) { return; }
        make("text", { x: place, y: tall - foot + 19, "text-anchor": "middle" }, svg, along.labels[i]);
        last = place;
      });
      make("text", { x: (left + wide - right) / 2, y: tall - 6, "text-anchor": "middle" }, svg, along.name + (along.unit && wide > 500 ? " (" + along.unit + ")" : ""));
      if (paired()) { make("line", { x1: left, x2: wide - right, y1: py(0), y2: py(0), stroke: "#404040" }, svg); }
      asked.forEach(function (mark) {
        make("line", { x1: left, x2: wide - right, y1: py(mark), y2: py(mark), stroke: "#000", "stroke-dasharray": "7 4" }, svg);
        make("text", { x: wide - right, y: py(mark) - 4, "text-anchor": "end", "font-style": "italic" }, svg, question() ? words.half : words.asked);
      });
      if (!paired() && base !== null && base !== undefined) {
        make("line", { x1: left, x2: wide - right, y1: py(base), y2: py(base), stroke: "#404040", "stroke-dasharray": "2 3" }, svg);
        make("text", { x: wide - right, y: py(base) + 14, "text-anchor": "end", "font-style": "italic" }, svg, words.baseline);
      }
      var lines = l < 0 ? [null] : data.factors[l].values.map(function (_, i) { return i; });
      lines.forEach(function (line, n) {
        var own = points.filter(function (k) { return line === null || data.points[k][l] === line; });
        own.sort(function (a, b) { return data.points[a][f] - data.points[b][f]; });
        var colour = data.colours[n % data.colours.length], aside = (n - (lines.length - 1) / 2) * 5, path = "";
        own.forEach(function (k) {
          var mean = rows[0][k], place = px(along.number ? along.values[data.points[k][f]] : data.points[k][f]) + aside;
          if (mean === null || mean === undefined) { return; }
          var low = question() ? Math.max(0, mean - 2 * rows[3][k]) : rows[1][k], high = question() ? Math.min(1, mean + 2 * rows[3][k]) : rows[2][k];
          if (low !== null && high !== null) { make("line", { x1: place, x2: place, y1: py(low), y2: py(high), stroke: colour, "stroke-width": 2, opacity: 0.4 }, svg); }
          path += (path ? "L" : "M") + place.toFixed(1) + " " + py(mean).toFixed(1);
          spots.push({ k: k, x: place, y: py(mean), line: n, step: data.points[k][f] });
        });
        if (data.grid && along.number) { make("path", { d: path, fill: "none", stroke: colour, "stroke-width": 2, "stroke-dasharray": DASHES[n % 4] }, svg); }
        spots.forEach(function (spot) { if (spot.line === n) { shape(n, spot.x, spot.y, colour); } });
      });
      if (l >= 0) { legend(l, lines); }
    }
    function marks() {
      if (question()) { return [HALF]; }
      return data.questions.filter(function (each) { return each.measure === measure().key && each.difference === paired() && !measure().against; }).map(function (each) { return each.mark; });
    }
    function shape(n, x, y, colour) {
      var kinds = ["M-4 0A4 4 0 1 1 4 0A4 4 0 1 1-4 0Z", "M-4-4H4V4H-4Z", "M0-5L5 4H-5Z", "M0-5L5 0L0 5L-5 0Z", "M0 5L5-4H-5Z"];
      return make("path", { d: kinds[n % kinds.length], transform: "translate(" + x.toFixed(1) + " " + y.toFixed(1) + ")", fill: colour }, svg);
    }
    function legend(l, lines) {
      var holder = make("p", { "class": "small" }, stage, data.factors[l].name + ": ");
      lines.forEach(function (line, n) {
        var colour = data.colours[n % data.colours.length], key = make("svg", { viewBox: "0 0 34 12", "aria-hidden": "true", style: "display:inline-block;width:34px;height:12px" }, holder);
        make("path", { d: "M0 6H34", stroke: colour, "stroke-width": 2, "stroke-dasharray": DASHES[n % 4] }, key);
        var before = svg; svg = key; shape(n, 17, 6, colour); svg = before;
        make("span", {}, holder, " " + data.factors[l].labels[line] + "\u2003");
      });
    }

    function drawMap() {
      var rows = series(), points = chosen(), f = factor(value("along")), l = factor(value("lines")), across = data.factors[f], down = data.factors[l];
      var left = wide > 500 ? 96 : 58, top = 24, foot = 42, right = 6, cell = 46, each = (wide - left - right) / across.values.length, tall = top + foot + cell * down.values.length;
      svg.setAttribute("viewBox", "0 0 " + wide + " " + tall);
      var all = rows[0].slice(0, data.points.length), y = question() ? [0, 1] : ends(all, paired()), yes = {};
      make("text", { x: 4, y: 14 }, svg, down.name + (down.unit && wide > 500 ? " (" + down.unit + ")" : ""));
      across.labels.forEach(function (label, i) { make("text", { x: left + each * (i + 0.5), y: tall - foot + 18, "text-anchor": "middle" }, svg, label); });
      down.labels.forEach(function (label, i) { make("text", { x: left - 8, y: top + cell * (i + 0.5) + 4, "text-anchor": "end" }, svg, label); });
      make("text", { x: (left + wide) / 2, y: tall - 5, "text-anchor": "middle" }, svg, across.name + (across.unit && wide > 500 ? " (" + across.unit + ")" : ""));
      points.forEach(function (k) {
        var i = data.points[k][f], j = data.points[k][l], mean = rows[0][k], x = left + each * i, up = top + cell * j;
        var known = mean !== null && mean !== undefined;
        make("rect", { x: x, y: up, width: each - 1, height: cell - 1, fill: known ? fill(mean, y) : "#fff", stroke: "#d9d9d9" }, svg);
        var open = known && (question() ? question().few || Math.abs(mean - HALF) <= 2 * rows[3][k] : paired() && rows[1][k] !== null && rows[1][k] <= 0 && rows[2][k] >= 0);
        make("text", { x: x + each / 2, y: up + cell / 2 + 5, "text-anchor": "middle", "font-style": open ? "italic" : "normal" }, svg, known ? number(mean, signed()) + (open ? " ?" : "") : "\u2013");
        if (known) { yes[i + " " + j] = mean >= HALF; }
        spots.push({ k: k, x: x + each / 2, y: up + cell / 2, line: j, step: i, wide: each - 1, tall: cell - 1, open: Boolean(open) });
      });
      if (spots.some(function (spot) { return spot.open; })) { make("p", { "class": "small" }, stage, question() ? words.open_chance : words.open_sign); }
      if (!question() || question().few) { return; }
      var lines = 0;
      Object.keys(yes).forEach(function (key) {
        var i = Number(key.split(" ")[0]), j = Number(key.split(" ")[1]), x = left + each * i, up = top + cell * j;
        var beside = yes[(i + 1) + " " + j], below = yes[i + " " + (j + 1)], thick = { stroke: "#000", "stroke-width": 4, "stroke-linecap": "round" };
        if (beside !== undefined && beside !== yes[key]) { lines += 1; make("line", Object.assign({ x1: x + each, x2: x + each, y1: up, y2: up + cell }, thick), svg); }
        if (below !== undefined && below !== yes[key]) { lines += 1; make("line", Object.assign({ x1: x, x2: x + each, y1: up + cell, y2: up + cell }, thick), svg); }
      });
      if (lines) { make("p", { "class": "small" }, stage, words.frontier); }
    }
    function fill(v, y) {
      var t, rgb;
      if (paired() && !data.coercion && !measure().against) {
        t = v / (Math.max(-y[0], y[1]) || 1);
        rgb = t < 0 ? [0, 114, 178] : [230, 159, 0];
        t = Math.abs(t) * 0.75;
      } else {
        t = 0.06 + 0.6 * (v - y[0]) / (y[1] - y[0]);
        rgb = data.coercion ? [110, 110, 110] : [70, 150, 205];
      }
      return "rgb(" + rgb.map(function (c) { return Math.round(255 + (c - 255) * t); }).join(",") + ")";
    }

    function setting(k) {
      return data.factors.map(function (each, f) { return each.name + " " + each.labels[data.points[k][f]]; }).join(", ");
    }
    function said(k) {
      var rows = series(), mean = rows[0][k];
      if (mean === null || mean === undefined) { return words.missing; }
      var text = number(mean, signed()) + " " + unit();
      if (!question() && rows[1][k] !== null) { text += " (" + words.interval + " " + number(rows[1][k], signed()) + " to " + (rows[2][k] === null ? "\u221e" : number(rows[2][k], signed())) + ")"; }
      if (rows[3][k] !== null && rows[3][k] !== undefined) { text += ", " + words.error + " " + number(rows[3][k], false); }
      return text;
    }
    function tell(i) {
      var spot = spots[i], other = "";
      at = i;
      if (ring) { ring.remove(); }
      ring = spot.wide
        ? make("rect", { x: spot.x - spot.wide / 2, y: spot.y - spot.tall / 2, width: spot.wide, height: spot.tall, fill: "none", stroke: "#004a80", "stroke-width": 3 }, svg)
        : make("circle", { cx: spot.x, cy: spot.y, r: 8, fill: "none", stroke: "#004a80", "stroke-width": 3 }, svg);
      if (question() && measure().groups[value("group")]) {
        var level = measure().groups[value("group")][question().difference ? "difference" : "level"][0][spot.k];
        if (level !== null) { other = "; " + (question().difference ? words.difference : words.level) + " " + number100(level); }
      }
      readout.textContent = setting(spot.k) + ": " + said(spot.k) + other;
    }
    function number100(x) { return measure().per === "share" ? (100 * x).toFixed(1) + " " + words.per_cent : x.toLocaleString(document.documentElement.lang); }
    function hover(event) {
      var box = svg.getBoundingClientRect(), view = svg.viewBox.baseVal;
      var x = (event.clientX - box.left) * view.width / box.width, y = (event.clientY - box.top) * view.height / box.height;
      var best = -1, near = Infinity;
      spots.forEach(function (spot, i) {
        var apart = Math.pow(spot.x - x, 2) + Math.pow(spot.y - y, 2);
        if (apart < near) { near = apart; best = i; }
      });
      if (best >= 0 && best !== at) { tell(best); }
    }
    function move(event) {
      var way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
      if (!way || !spots.length) { return; }
      event.preventDefault();
      var now = spots[Math.max(0, at)], best = -1, near = Infinity;
      spots.forEach(function (spot, i) {
        var sideways = (spot.step - now.step) * way[0], upward = (spot.line - now.line) * way[1];
        var forward = way[0] ? sideways : upward, off = way[0] ? Math.abs(spot.line - now.line) : Math.abs(spot.step - now.step);
        if (forward > 0 && forward + 100 * off < near) { near = forward + 100 * off; best = i; }
      });
      if (best >= 0) { tell(best); }
    }

    function write() { // the same numbers as a table
      while (details.firstChild) { details.removeChild(details.firstChild); }
      var table = make("table", { "class": "compact" }, details);
      make("caption", {}, table, name() + ", " + unit());
      var head = make("tr", {}, make("thead", {}, table)), body = make("tbody", {}, table), rows = series();
      data.factors.forEach(function (each) { make("th", { scope: "col" }, head, each.name); });
      (question() ? [words.chance, words.error] : [name().split(", ")[0], words.interval, words.error]).forEach(function (word) { make("th", { scope: "col", "class": "number" }, head, word); });
      chosen().forEach(function (k) {
        var row = make("tr", {}, body);
        data.factors.forEach(function (each, f) { make("td", {}, row, each.labels[data.points[k][f]]); });
        make("td", { "class": "number" }, row, number(rows[0][k], signed()));
        if (!question()) { make("td", { "class": "number" }, row, rows[1][k] === null ? "\u2013" : number(rows[1][k], signed()) + " to " + number(rows[2][k], signed())); }
        make("td", { "class": "number" }, row, number(rows[3][k], false));
      });
    }

    root.hidden = false;
    begin();
    window.addEventListener("resize", function () { if (Math.abs(stage.clientWidth - wide) > 40) { draw(); } });
  }

  document.querySelectorAll(".explorer").forEach(function (root) {
    Explorer(root);
    var line = root.previousElementSibling;
    if (line && line.classList.contains("unscripted")) { line.style.display = "none"; }
  });
})();
