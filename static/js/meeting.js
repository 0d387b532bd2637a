// The deck of a meeting. Everything that it shows came with the page: once it is open it needs no line.
// Arrow keys, Page Up/Down, Space, Home and End turn the slides; letters look for a commune; F fills the screen.
(() => {
  "use strict";

  const slides = [...document.querySelectorAll(".slide")];
  if (!slides.length) return;
  const marks = [...document.querySelectorAll(".deck-bar ol a")];
  const told = document.getElementById("deck").dataset.said;
  let at = 0;

  function mark(to) {
    at = Math.max(0, Math.min(slides.length - 1, to));
    slides.forEach((slide, n) => slide.classList.toggle("now", n === at));
    marks.forEach((one, n) => (n === at ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current")));
  }

  function show(to, { focus = true } = {}) {
    mark(to);
    history.replaceState(null, "", `#${slides[at].id}`);
    if (focus) slides[at].scrollIntoView({ block: "start" });
  }

  const named = () => slides.findIndex((slide) => `#${slide.id}` === location.hash);

  // Where the slides stand one under the other, the one in the middle of the window is the one shown.
  const big = () => getComputedStyle(slides[at]).display === "grid";
  const middle = new IntersectionObserver((seen) => {
    const there = seen.find((one) => one.isIntersecting);
    if (there && !big()) mark(slides.indexOf(there.target));
  }, { rootMargin: "-45% 0px -54% 0px" });
  slides.forEach((slide) => middle.observe(slide));

  marks.forEach((one, n) => one.addEventListener("click", (event) => { event.preventDefault(); show(n); }));
  for (const button of document.querySelectorAll("[data-go]")) {
    button.hidden = false;
    button.addEventListener("click", () => show(at + Number(button.dataset.go)));
  }
  window.addEventListener("hashchange", () => named() >= 0 && show(named()));

  // ── The whole screen ─────────────────────────────────────────────────────────────────────────
  const full = document.querySelector("[data-full]");
  const whole = window.matchMedia("(display-mode: fullscreen)");
  const dress = () => document.documentElement.classList.toggle("full", Boolean(document.fullscreenElement) || whole.matches);
  async function fill() {
    if (document.fullscreenElement) return document.exitFullscreen();
    try {
      await document.documentElement.requestFullscreen();
      // Esc then closes the box of a commune first; a browser without this leaves the full screen.
      await navigator.keyboard?.lock?.(["Escape"]);
    } catch { /* refused: F11 does the same */ }
  }
  full.hidden = false;
  full.title = "Phím F hoặc F11";
  full.addEventListener("click", fill);
  document.addEventListener("fullscreenchange", dress);
  whole.addEventListener("change", dress);
  dress();

  // ── The communes ─────────────────────────────────────────────────────────────────────────────
  const data = JSON.parse(document.getElementById("communes").textContent);
  const communes = data.communes.map((row) => Object.fromEntries(data.fields.map((name, n) => [name, row[n]])));
  const parts = data.parts.map((part) => ({ ...part, communes: communes.filter((commune) => commune.part === part.id) }));
  const panel = document.getElementById("panel");
  const box = document.getElementById("jump");
  const list = document.getElementById("jump-found");
  const one = document.getElementById("jump-one");
  const says = document.getElementById("jump-says");
  const title = document.getElementById("panel-title");
  const MOST = 40;
  let found = [];

  const fold = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim().replace(/\s+/g, " ");
  const make = (tag, text = "", className = "") => Object.assign(document.createElement(tag), { textContent: text, className });

  // Names that begin so stand first, then those with a word that does, then those with it anywhere.
  function rank(key, typed) {
    if (key.startsWith(typed)) return 0;
    if (` ${key}`.includes(` ${typed}`)) return 1;
    return key.includes(typed) ? 2 : 9;
  }

  function search() {
    const typed = fold(box.value);
    title.textContent = "Tìm xã";
    if (!typed) return fillList([], "");
    found = [...communes, ...parts].map((commune) => [rank(commune.key, typed), commune]).filter(([place]) => place < 9);
    found.sort((a, b) => a[0] - b[0]);
    const hits = found.map(([, commune]) => commune);
    const best = found[0]?.[0];
    const same = found.filter(([place, commune]) => place === best && commune.key === found[0][1].key).length;
    const many = hits.length > 1 ? `${hits.length} nơi khớp${same > 1 ? `, ${same} nơi cùng tên: chọn bằng phím ↑ ↓` : ""}.` : "";
    fillList(hits, hits.length ? many : `Không có xã nào tham gia Chương trình tên như “${box.value}”.`);
  }

  function fillList(hits, words) {
    found = hits;
    list.replaceChildren(...hits.slice(0, wide() ? hits.length : MOST).map((commune, n) => {
      const option = make("li", commune.name);
      option.id = `hit-${n}`;
      option.setAttribute("role", "option");
      if (commune.district) option.append(make("small", `, ${commune.district}`));
      option.addEventListener("click", () => choose(n, true));
      return option;
    }));
    box.setAttribute("aria-expanded", String(hits.length > 0));
    says.textContent = words;
    choose(0);
  }

  const wide = () => panel.classList.contains("list");

  function choose(n, pressed = false) {
    [...list.children].forEach((option, m) => option.setAttribute("aria-selected", String(m === n)));
    const option = list.children[n];
    if (!option) { box.removeAttribute("aria-activedescendant"); return one.replaceChildren(); }
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
    if (!wide() || pressed) tell(found[n]);
    else one.replaceChildren();
    panel.querySelector(".found").classList.toggle("many", wide() && !pressed);
  }

  // A district or group: how it stands, and its communes, which open in their turn.
  function tellPart(part) {
    const standing = make("p", part.average, "standing");
    standing.append(make("small", " tiêu chí/xã bình quân"));
    const inside = make("ul", "", "inside");
    for (const commune of part.communes) {
      const row = make("li");
      const button = Object.assign(make("button", commune.name, "plain"), { type: "button" });
      button.addEventListener("click", () => tell(commune));
      row.append(button, ` ${commune.met}/${commune.of}`);
      inside.append(row);
    }
    one.replaceChildren(make("h3", part.name), standing, make("p", `${part.note}:`), inside, make("p", `${told}.`, "caption"));
  }

  function tell(commune) {
    if (commune.communes) return tellPart(commune);
    const standing = make("p", String(commune.met), "standing");
    standing.append(make("small", `/${commune.of} tiêu chí`));
    const parts = [make("h3", commune.name), make("p", [commune.district, commune.registered ? "đăng ký đạt chuẩn năm nay" : ""].filter(Boolean).join(" · "), "soft"), standing, make("p", commune.status)];
    for (const [numbers, words] of [[commune.lacks, "Chưa đạt"], [commune.unknown, "Chưa đánh giá"]]) {
      if (!numbers.length) continue;
      const lacks = make("ul", "", "lacks");
      for (const number of numbers) {
        const row = make("li");
        row.append(make("b", `${number}.`), ` ${data.criteria[number]}`);
        lacks.append(row);
      }
      parts.push(make("p", `${words} ${numbers.length} tiêu chí:`, "strong"), lacks);
    }
    const more = Object.assign(make("a", "Mở trang xã (thẻ mới)"), { href: commune.url, target: "_blank", rel: "noopener" });
    const last = make("p", "", "caption");
    last.append(`${told}. `, more);
    one.replaceChildren(...parts, last);
  }

  function open(first = "") {
    if (!panel.open) panel.showModal();   // closing gives the focus back by itself
    panel.classList.remove("list");
    panel.querySelector(".jump").hidden = false;
    box.value = first;
    box.focus();
    search();
  }

  // Which communes a bar counts: those of a bracket, those that still miss a criterion, those of a district.
  function those(key) {
    const [kind, number] = [key.split(":")[0], Number(key.split(":")[1])];
    if (kind === "bracket") return [communes.filter((commune) => commune.bracket === number), `Nhóm ${data.brackets[number].toLowerCase()}`];
    if (kind === "part") { const part = parts.find(({ id }) => id === number); return [part.communes, part.name]; }
    const lacking = communes.filter((commune) => commune.lacks.includes(number) || commune.unknown.includes(number));
    return [lacking, `chưa đạt tiêu chí ${number}. ${data.criteria[number]}`];
  }

  function listOf(key) {
    const [hits, words] = those(key);
    panel.showModal();
    panel.classList.add("list");
    panel.querySelector(".jump").hidden = true;
    title.textContent = key.startsWith("criterion") ? `${hits.length} xã ${words}` : `${words}: ${hits.length} xã`;
    fillList(hits, hits.length ? "Bấm tên xã, hoặc phím ↑ ↓ rồi Enter, để xem xã còn thiếu gì." : "Không có xã nào.");
    list.tabIndex = 0;
    list.focus({ preventScroll: true });
    panel.scrollTop = 0;
  }

  document.querySelectorAll("[data-list]").forEach((button) => button.addEventListener("click", () => listOf(button.dataset.list)));
  document.querySelectorAll("[data-commune]").forEach((button) => button.addEventListener("click", () => {
    const commune = communes.find(({ id }) => id === Number(button.dataset.commune));
    if (!commune) return;
    open(commune.name.replace(/^(Xã|Phường|Thị trấn|Đặc khu) /, ""));
    choose(found.indexOf(commune));
  }));
  const finder = document.querySelector("[data-find-commune]");
  finder.hidden = false;
  finder.addEventListener("click", () => open());
  box.addEventListener("input", search);
  document.querySelector("[data-close-panel]").addEventListener("click", () => panel.close());
  panel.addEventListener("click", (event) => event.target === panel && panel.close());
  panel.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const now = [...list.children].findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { event.preventDefault(); panel.close(); }
    else if (step && list.children.length) { event.preventDefault(); choose((now + step + list.children.length) % list.children.length); }
    else if (event.key === "Enter" && !event.target.closest("a, button") && now >= 0) { event.preventDefault(); choose(now, true); }
  });

  // ── Keys ─────────────────────────────────────────────────────────────────────────────────────
  const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (panel.open || event.ctrlKey || event.metaKey || event.altKey) return;
    // A box that has just been closed still gets the next letters until the window is drawn again.
    if (event.target.closest("input, textarea, select, summary") && !panel.contains(event.target)) return;
    const pressing = event.target.closest("button, a") && [" ", "Enter"].includes(event.key);
    if (pressing) return;
    if (event.key in STEPS && (big() || !event.key.startsWith("Arrow"))) show(at + STEPS[event.key]);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(slides.length - 1);
    else if (event.key === "f" || event.key === "F") fill();
    else if (/^\p{L}$/u.test(event.key)) open(event.key);
    else return;
    event.preventDefault();
  });

  // A link away, pressed while the line is down, would lose the deck.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || navigator.onLine || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    window.ntm.tell("Đang mất kết nối nên chưa mở được trang đó; các trang trình chiếu vẫn dùng được.");
  });

  show(Math.max(0, named()), { focus: named() > 0 });
})();
