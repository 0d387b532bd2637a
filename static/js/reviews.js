// A list of communes to choose from: tick all, step with the arrows, say how many are ticked, and
// which where the list can be filtered: what the filter hides is still sent.
// Enter in a box goes on to the summary, as in any form.
(() => {
  "use strict";

  const form = () => document.querySelector("form[data-choosing]");
  const boxes = () => [...form().querySelectorAll("input[name=commune]")];

  const NAMES = 10;

  function name(ticked) {
    const named = ticked.slice(0, NAMES).map((box) => box.getAttribute("aria-label")).join(", ");
    const more = ticked.length > NAMES ? ` và ${ticked.length - NAMES} xã khác` : "";
    return ticked.length ? `Đã chọn ${ticked.length} xã: ${named}${more}` : "Chưa chọn xã nào";
  }

  function count() {
    if (!form()) return;
    const all = boxes();
    const chosen = all.filter((box) => box.checked);
    const ticked = chosen.length;
    const names = form().querySelector("[data-names]");
    if (names) names.textContent = name(chosen);
    const head = form().querySelector("[data-all]");
    if (!head) return;
    head.checked = ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
    form().querySelectorAll("[data-count]").forEach((words) => {
      words.textContent = ticked ? `${ticked} xã` : "các xã đã chọn";
    });
    form().querySelector("[data-says]").textContent = `Đã chọn ${ticked}/${all.length} xã đang hiện`;
  }

  document.addEventListener("change", (event) => {
    if (!event.target.closest("form[data-choosing]")) return;
    if (event.target.matches("[data-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    count();
  });

  // Up and down step from box to box, Home and End to the first box and to the buttons; with Shift
  // the next box becomes as the one that is left.
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("form[data-choosing] input[type=checkbox]")) return;
    const all = [form().querySelector("[data-all]"), ...boxes()];
    const at = all.indexOf(event.target);
    const next = {
      ArrowDown: all[at + 1],
      ArrowUp: all[at - 1],
      Home: all[0],
      End: form().querySelector("button[type=submit]"),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (!event.shiftKey || !next.matches("[name=commune]")) return;
    next.checked = event.target.checked;
    count();
  });

  document.addEventListener("htmx:afterSettle", count);
  window.addEventListener("pageshow", count);
})();
