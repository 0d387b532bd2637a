// Search from any page: Ctrl-K or "/" opens the box, arrows choose, Enter goes there, Esc closes.
// The search page itself has its own box and plain links; there the keys only go to the box.
(() => {
  "use strict";

  const form = document.querySelector("form[data-search]");
  if (!form) return;
  const dialog = form.closest("dialog");
  const box = form.elements.q;
  const results = document.getElementById("search-results");
  const says = document.getElementById("search-says");
  let before = null;   // what had the focus when the box was opened
  let request = null;  // the request under way, given up when another letter is typed
  let timer = 0;
  let shown = null;    // the query whose results are on screen

  const options = () => [...results.querySelectorAll("[role=option]")];
  const chosen = () => results.querySelector("[aria-selected=true]");

  function choose(option) {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (!option) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  // The links that came from the server become the options of the box.
  function dress() {
    const list = document.getElementById("results");
    const links = [...list.querySelectorAll("a")];
    if (links.length) list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Kết quả");
    list.querySelectorAll("section").forEach((group) => group.setAttribute("role", "group"));
    list.querySelectorAll("ul, li, h2, .none").forEach((item) => item.setAttribute("role", "presentation"));
    links.forEach((link, n) => {
      link.id = `hit-${n}`;
      link.tabIndex = -1;
      link.setAttribute("role", "option");
    });
    box.setAttribute("aria-expanded", String(links.length > 0));
    says.textContent = list.dataset.says;
    choose(box.value.trim() ? links[0] : null);
  }

  async function look() {
    clearTimeout(timer);
    const query = new URLSearchParams(new FormData(form)).toString();
    if (query === shown) return;
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(`${form.action}?${query}`, { headers: { "HX-Request": "true" }, signal: request.signal });
      const signIn = answer.headers.get("HX-Redirect");
      if (signIn) return location.assign(signIn);
      if (!answer.ok) throw new Error(String(answer.status));
      results.innerHTML = await answer.text();
      shown = query;
      dress();
    } catch (error) {
      if (error.name === "AbortError") return;
      says.textContent = "Chưa tìm được, hãy thử lại";
      results.innerHTML = "<p class=none id=results>Chưa tìm được: mất kết nối hoặc máy chủ gặp lỗi. Hãy thử lại.</p>";
      shown = null;
    }
  }

  // What was chosen on the page since it was loaded stands in its address.
  function follow() {
    const here = new URLSearchParams(location.search);
    for (const name of ["set", "basis"]) if (form.elements[name]) form.elements[name].value = here.get(name) ?? "";
  }

  function open() {
    if (dialog?.open === false) {
      follow();
      before = document.activeElement;
      dialog.showModal();
      look();
    }
    box.focus();
    box.select();
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const ctrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!ctrlK && !slash) return;
    event.preventDefault();
    open();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]") || event.target === dialog) dialog?.close();
    if (!event.target.closest("a[data-find]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });

  if (!dialog) return;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 100);
  });

  box.addEventListener("keydown", async (event) => {
    if (event.isComposing) return;
    const list = options();
    const at = list.indexOf(chosen());
    if (event.key === "ArrowDown") choose(list[(at + 1) % list.length]);
    else if (event.key === "ArrowUp") choose(list.at(at < 0 ? -1 : at - 1));
    else if (event.key !== "Enter") return;
    event.preventDefault();
    if (event.key !== "Enter") return;
    await look();
    chosen()?.click();
  });

  dialog.addEventListener("close", () => before?.focus());
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", "results");
  box.setAttribute("aria-expanded", "false");
})();
