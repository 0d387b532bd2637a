// The box of days in the top bar closes as boxes do: Esc, a press outside it, or going on with Tab.
// Where the rail is one line that scrolls, the link with the focus comes whole into sight.
(() => {
  "use strict";

  const boxOf = (element) => element?.closest?.("details.day[open]");
  const close = (box) => { box.open = false; };

  document.addEventListener("keydown", (event) => {
    const box = boxOf(event.target);
    if (event.key !== "Escape" || !box) return;
    close(box);
    box.querySelector("summary").focus();
  });
  document.addEventListener("focusout", (event) => {
    const box = boxOf(event.target);
    if (box && event.relatedTarget && !box.contains(event.relatedTarget)) close(box);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.closest?.(".rail")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  document.addEventListener("click", (event) => {
    for (const box of document.querySelectorAll("details.day[open]")) if (!box.contains(event.target)) close(box);
  });
})();
