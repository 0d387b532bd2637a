// Tools of every <table class="data" data-tools>: sort by a head, filter, copy for Excel, density.
// data-value on a cell is what it sorts by; data-tools="name" names the table for screen readers.
(() => {
  "use strict";

  const DENSITY = "ntm-density";
  const order = new Intl.Collator("vi", { numeric: true });
  const NUMBER = /^([+−-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?) ?(%|\p{L}+)?(?: ?\/ ?[\d.]+)?$/u;
  const FRACTION = /^[\d.,]+ ?\/ ?[\d.,]+$/;

  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const text = (cell) => cell.textContent.replace(/\s+/g, " ").trim();
  const blank = (cell) => !cell || ["", "–"].includes(text(cell));
  const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
  const drawn = (cell) => cell?.matches(".bar, [data-skip]") ?? false;

  // "1.518" → 1518, "18,6%" → 18.6, "15/19" → 15, "20 xã" → 20; NaN for words.
  function number(cell) {
    const found = NUMBER.exec(cell.dataset.value ?? text(cell));
    return found ? Number(found[1].replaceAll(".", "").replace(",", ".").replace("−", "-")) : NaN;
  }

  function sortBy(table, column, descending) {
    const body = table.tBodies[0];
    const at = (row) => row.cells[column];
    const filled = table.rowsAtFirst.filter((row) => !blank(at(row)));
    const byNumber = filled.every((row) => !Number.isNaN(number(at(row))));
    const compare = byNumber
      ? (a, b) => number(at(a)) - number(at(b))
      : (a, b) => order.compare(at(a).dataset.value ?? text(at(a)), at(b).dataset.value ?? text(at(b)));
    filled.sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
    body.append(...filled, ...table.rowsAtFirst.filter((row) => blank(at(row))));
  }

  // Words rise first, numbers fall first; the third press gives the order of the page back.
  function press(table, head) {
    const column = head.cellIndex;
    const words = head.classList.contains("text") || column === 0;
    const turns = words ? ["ascending", "descending", null] : ["descending", "ascending", null];
    const next = turns[(turns.indexOf(head.getAttribute("aria-sort")) + 1) % 3];
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    if (!next) return table.tBodies[0].append(...table.rowsAtFirst);
    head.setAttribute("aria-sort", next);
    sortBy(table, column, next === "descending");
  }

  function addSorting(table) {
    if (table.tBodies.length !== 1 || table.tHead.rows.length !== 1) return;
    table.rowsAtFirst = [...table.tBodies[0].rows];
    for (const head of table.tHead.rows[0].cells) {
      const first = table.rowsAtFirst[0]?.cells[head.cellIndex];
      // A head that leads somewhere stays a link: a button must not hold one.
      if (!first || drawn(first) || !text(head) || head.querySelector("a")) continue;
      const button = make("button", { type: "button", className: "sort" });
      button.append(...head.childNodes);
      button.addEventListener("click", () => press(table, head));
      head.append(button);
    }
  }

  function filter(table, words, says) {
    const wanted = fold(words).split(/\s+/).filter(Boolean);
    let shown = 0, all = 0;
    for (const body of table.tBodies) {
      const [groups, rows] = [true, false].map((is) => [...body.rows].filter((row) => Boolean(row.querySelector("[scope=rowgroup]")) === is));
      const about = groups.map(text).join(" ");
      for (const row of rows) {
        const there = fold(`${about} ${text(row)}`);
        row.hidden = !wanted.every((word) => there.includes(word));
        shown += !row.hidden;
      }
      all += rows.length;
      for (const row of groups) row.hidden = rows.every((other) => other.hidden);
    }
    says.textContent = wanted.length ? `${shown}/${all} dòng${table.tFoot ? "; dòng cuối vẫn tính cả bảng" : ""}` : "";
  }

  // Twice: as text with tabs, and as a table in which Excel of any language finds its numbers.
  function copy(table, says) {
    const rows = [...table.rows].filter((row) => !row.hidden);
    const grid = rows.map((row) => [...row.cells].flatMap((cell) => [cell, ...Array(cell.colSpan - 1).fill(null)]));
    const columns = [...grid[0].keys()].filter((n) => !grid.some((row) => drawn(row[n])));
    const pairs = new Set(columns.filter((n) => grid.some((row) => row[n]?.tagName === "TD" && FRACTION.test(text(row[n])))));
    const parts = (cell, n) => {
      const whole = cell ? text(cell) : "";
      if (!pairs.has(n)) return [whole];
      if (cell?.closest("thead")) return [whole, "Trên tổng số"];
      return FRACTION.test(whole) ? whole.split("/").map((part) => part.trim()) : [whole, ""];
    };
    const table2d = grid.map((row) => columns.flatMap((n) => parts(row[n], n)));
    const plain = (part) => (NUMBER.test(part) ? part.replace(/\.(?=\d{3})/g, "") : part.replace(/^[=+@-]/, "'$&"));
    const html = (part) => {
      const cell = make("td", { textContent: part });
      const found = /^0\d/.test(part) ? null : NUMBER.exec(part);  // a code like 00721 stays as it is
      if (found) cell.setAttribute("x:num", number(cell) / (found[2] === "%" ? 100 : 1));
      cell.setAttribute("style", `mso-number-format:"${!found ? "\\@" : found[2] === "%" ? "0.0%" : "General"}"`);
      return cell.outerHTML;
    };
    const put = (event) => {
      event.preventDefault();
      event.clipboardData.setData("text/plain", table2d.map((row) => row.map(plain).join("\t")).join("\r\n"));
      const body = table2d.map((row) => `<tr>${row.map(html).join("")}</tr>`).join("");
      event.clipboardData.setData("text/html", `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>${body}</table></body></html>`);
    };
    document.addEventListener("copy", put, { once: true });
    const done = document.execCommand("copy");  // unlike navigator.clipboard, also without HTTPS
    document.removeEventListener("copy", put);
    says.textContent = done ? `Đã chép ${rows.length} dòng, dán được vào Excel` : "Trình duyệt không cho chép";
  }

  function setDensity(compact) {
    document.documentElement.dataset.density = compact ? "compact" : "";
    document.querySelectorAll(".tools .density").forEach((button) => button.setAttribute("aria-pressed", String(compact)));
  }
  function toggleDensity() {
    const compact = document.documentElement.dataset.density !== "compact";
    localStorage.setItem(DENSITY, compact ? "compact" : "");
    setDensity(compact);
  }

  function equip(table) {
    const heading = table.dataset.tools || table.closest("section")?.querySelector("h2")?.textContent.trim();
    const name = heading ? `Bảng: ${heading}` : "Bảng";
    table.removeAttribute("data-tools");
    table.classList.add("equipped");
    const bar = make("div", { className: "tools" });
    const box = make("input", { type: "search", placeholder: "Lọc dòng…", ariaLabel: `Lọc ${name}` });
    box.setAttribute("form", "");  // of no form: Enter here sends none that the table stands in
    const says = make("span", { role: "status" });
    const button = (label, act, more) => make("button", { type: "button", className: `button small quiet ${more}`, textContent: label, onclick: act });
    box.addEventListener("input", () => filter(table, box.value, says));
    bar.append(box, says, button("Chép sang Excel", () => copy(table, says), "copy"), button("Dòng sát", toggleDensity, "density"));
    const inside = table.closest(".scroll");
    const scroller = inside ?? make("div", { className: "scroller" });
    if (!inside) {
      table.replaceWith(scroller);
      scroller.append(table);
    }
    scroller.before(bar);
    addSorting(table);
    new ResizeObserver(() => {
      const wide = scroller.scrollWidth > scroller.clientWidth + 1;
      if (!inside) scroller.classList.toggle("wider", wide);
      const region = { tabindex: "0", role: "region", "aria-label": name };
      for (const key in region) if (wide || inside) scroller.setAttribute(key, region[key]); else scroller.removeAttribute(key);
    }).observe(scroller);
  }

  // Tables that came with a swap too.
  const equipped = new WeakSet();
  function equipAll() {
    for (const table of document.querySelectorAll("table.data[data-tools]")) {
      if (equipped.has(table)) continue;
      equipped.add(table);
      equip(table);
    }
  }
  equipAll();
  document.addEventListener("htmx:afterSettle", equipAll);
  setDensity(localStorage.getItem(DENSITY) === "compact");
})();
