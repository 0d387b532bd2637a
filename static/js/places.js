// One stop of the Tab key for many links: the arrows lead from a hexagon to the nearest one that way,
// in a table from cell to cell. What is pointed at, or has the focus, is said beside the drawing.
(() => {
  "use strict";

  const LINKS = "[data-roving] tbody a, g[data-roving] a";
  const all = (field) => [...field.querySelectorAll(field.matches("table") ? "tbody a" : "a")];
  const middle = (link) => {
    const box = link.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };

  function stop(field, link) {
    for (const other of field.querySelectorAll('a[tabindex="0"]')) other.setAttribute("tabindex", "-1");
    link.setAttribute("tabindex", "0");
  }

  function ready(root) {
    for (const field of root.querySelectorAll("[data-roving]")) {
      all(field).forEach((link, place) => link.setAttribute("tabindex", place ? "-1" : "0"));
    }
  }

  // The nearest hexagon in that direction; aside counts double, so that a row is kept.
  function beside(field, from, dx, dy) {
    const [x, y] = middle(from);
    let best = null, least = Infinity;
    for (const link of all(field)) {
      const [there, below] = middle(link);
      const ahead = (there - x) * dx + (below - y) * dy, aside = Math.abs((there - x) * dy) + Math.abs((below - y) * dx);
      if (ahead > 2 && ahead + 2 * aside < least) [best, least] = [link, ahead + 2 * aside];
    }
    return best;
  }

  // Rows without links (a district's name) are stepped over.
  function cell(from, dx, dy) {
    const here = from.closest("td, th"), row = here.parentElement;
    if (dx) {
      const links = [...row.querySelectorAll("a")];
      return links[links.indexOf(from) + dx];
    }
    const rows = [...row.closest("table").querySelectorAll("tbody tr")];
    for (let at = rows.indexOf(row) + dy; rows[at]; at += dy) {
      const link = rows[at].cells[here.cellIndex]?.querySelector("a");
      if (link) return link;
    }
    return null;
  }

  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function edge(field, from, key, far) {
    const row = from.closest("tr");
    const links = row && !far ? [...row.querySelectorAll("a")] : all(field);
    return key === "Home" ? links[0] : links.at(-1);
  }

  document.addEventListener("keydown", (event) => {
    const link = event.target.closest?.(LINKS);
    if (!link || event.altKey || event.metaKey || event.shiftKey) return;
    const field = link.closest("[data-roving]"), way = WAYS[event.key];
    let next = null;
    if (event.key === "Home" || event.key === "End") next = edge(field, link, event.key, event.ctrlKey);
    else if (way && !event.ctrlKey) next = link.closest("table") ? cell(link, ...way) : beside(field, link, ...way);
    else return;
    event.preventDefault();
    next?.focus();
  });

  function say(link) {
    const place = link.closest("figure")?.querySelector("[data-pointed]");
    if (place) place.textContent = link.querySelector("title").textContent;
  }

  document.addEventListener("focusin", (event) => {
    const link = event.target.closest?.(LINKS);
    if (!link) return;
    stop(link.closest("[data-roving]"), link);
    say(link);
  });
  document.addEventListener("mouseover", (event) => {
    const link = event.target.closest?.("svg [data-roving] a");
    if (link) say(link);
  });

  document.addEventListener("DOMContentLoaded", () => ready(document));
  for (const swapped of ["htmx:afterSwap", "htmx:historyRestore"]) document.addEventListener(swapped, () => ready(document));
})();
