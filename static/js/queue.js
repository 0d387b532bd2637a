// The saves of the entry sheets: one request for each, kept until the server has answered.
// A save lies in the browser's storage, by user, from the key that left the cell until its answer, so
// neither a line that is down, a session that has ended nor a closed window loses it. It is sent again
// with the same request id, by which the server writes it once.
(() => {
  "use strict";

  const table = document.querySelector("[data-grid]");
  if (!table) return;

  const PREFIX = `ntm-save:${table.dataset.user}:`;
  const AT_ONCE = 4;              // requests under way at the same time
  const PATIENCE = 20_000;        // milliseconds until a request without an answer counts as lost
  const FIRST_WAIT = 1_000, LONGEST_WAIT = 30_000;
  const items = new Map();        // request id → save, in the order in which they were typed
  let line = "";                  // why nothing gets through: "", "down", "error", "session"
  let said = "";                  // what the server said of the session
  let wait = FIRST_WAIT;
  let timer = 0;
  const queue = (window.ntm.queue = { onAnswer: null, onState: null, add, size: () => waiting().length, of, drop, flush, whenIdle });

  function store(item) {
    const { id, cell, url, path, fields, label, at } = item;
    try {
      localStorage.setItem(PREFIX + id, JSON.stringify({ id, cell, url, path, fields, label, at }));
      item.stored = true;
    } catch { item.stored = false; }
  }

  function forget(item) {
    items.delete(item.id);
    try { localStorage.removeItem(PREFIX + item.id); } catch { /* it was never there */ }
  }

  function kept() {
    const found = [];
    try {
      for (let n = 0; n < localStorage.length; n += 1) {
        const key = localStorage.key(n);
        if (key.startsWith(PREFIX)) found.push(JSON.parse(localStorage.getItem(key)));
      }
    } catch { /* no storage: nothing was kept */ }
    return found.sort((a, b) => a.at - b.at);
  }

  const here = location.pathname;
  const waiting = () => [...items.values()].filter((item) => !item.refused);
  function of(cell) { return [...items.values()].filter((item) => item.cell === cell).at(-1); }

  // A save that was never sent is replaced by the next one of its cell; one that may have arrived is not.
  function add({ cell, url, fields, label }) {
    const last = of(cell);
    if (last && (last.refused || (!last.sending && !last.tries))) forget(last);
    const item = { id: crypto.randomUUID?.() ?? uuid(), cell, url, fields, label, path: here + location.search, at: Date.now(), tries: 0, refused: false };
    items.set(item.id, item);
    store(item);
    queue.onState?.(item, line ? "queued" : "saving");
    pump();
    show();
  }

  // crypto.randomUUID is missing where the office serves the program without https.
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // The province's line is read anew once a burst is over. A line that is down or a session that has
  // ended leaves it as it is: the page with what was typed must never be led away from.
  let soon = 0;
  function freshen() {
    clearTimeout(soon);
    soon = setTimeout(async () => {
      const headline = document.getElementById("province-headline");
      if (!headline) return;
      try {
        const answer = await fetch(headline.dataset.again, { redirect: "manual" });
        if (answer.ok) headline.outerHTML = await answer.text();
      } catch { /* the next save asks again */ }
    }, 700);
  }

  function pump() {
    const busy = new Set();
    let sending = [...items.values()].filter((item) => item.sending).length;
    for (const item of items.values()) {
      // While nothing gets through, one save at a time asks whether it does again.
      if (sending >= (line ? 1 : AT_ONCE)) return;
      if (item.refused || busy.has(item.cell)) continue;
      busy.add(item.cell);
      if (item.sending) continue;
      sending += 1;
      send(item);
    }
  }

  async function send(item) {
    item.sending = true;
    const body = new URLSearchParams({ ...item.fields, user: table.dataset.user, request_id: item.id, csrfmiddlewaretoken: window.ntm.cookie("csrftoken") ?? "" });
    let status = 0, text = "";
    try {
      const answer = await fetch(item.url, { method: "POST", body, headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(PATIENCE) });
      text = await answer.text();
      status = answer.status;
    } catch { status = 0; }
    item.sending = false;
    item.tries += 1;
    if ([200, 409, 422].includes(status)) answered(item, status, text);
    else if (status === 401) hold("session", text);
    else if (status === 0) hold("down");
    else if (status >= 500 || status === 429 || status === 408) hold("error");
    else refuse(item, status);
    show();
  }

  function answered(item, status, text) {
    forget(item);
    [line, wait] = ["", FIRST_WAIT];
    if (status === 200) freshen();
    const next = [...items.values()].find((other) => other.cell === item.cell);
    const seen = queue.onAnswer?.(item, status, text, next);
    if (next && status === 409) forget(next);
    else if (next && seen !== undefined) { next.fields.seen = seen; store(next); }
    pump();
  }

  // The right is missing, or the page is too old: it stays in storage until it is given up (Esc, Ctrl+Z).
  function refuse(item, status) {
    item.refused = true;
    queue.onState?.(item, "refused", status === 403 ? "Tài khoản này không được lưu ở đây; hãy tải lại trang." : `Máy chủ không nhận (${status}); hãy tải lại trang.`);
  }

  function drop(cell) {
    for (const item of [...items.values()]) if (item.cell === cell && item.refused) forget(item);
  }

  function hold(why, text = "") {
    // Why the session is not that of who typed; what to do about it is the link that follows.
    const [because] = text.length < 200 ? text.split(/[;.]/) : [""];
    [line, said] = [why, because ? because[0].toLowerCase() + because.slice(1) : "phiên làm việc đã hết"];
    for (const item of waiting()) queue.onState?.(item, "queued");
    clearTimeout(timer);
    timer = setTimeout(pump, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function flush() {
    clearTimeout(timer);
    wait = FIRST_WAIT;
    pump();
  }

  function whenIdle() {
    return new Promise((done) => {
      const look = () => (waiting().length ? setTimeout(look, 50) : done());
      look();
    });
  }

  const WHY = { down: "mất kết nối, sẽ tự gửi lại", error: "máy chủ đang gặp lỗi, sẽ tự gửi lại" };
  let shown = "";

  function show() {
    const bar = document.getElementById("line");
    const mine = waiting().length;
    const elsewhere = line || mine ? [] : others();
    const now = line && mine ? `${line}${said}${mine}` : elsewhere.length ? `other${elsewhere.length}` : "";
    if (now === shown) return;
    shown = now;
    bar.hidden = !now;
    bar.replaceChildren();
    if (!now) return;
    if (!line) {
      bar.append(`${elsewhere.length} ô gõ ở trang khác chưa gửi được. `, link(elsewhere[0].path, "Mở trang đó để gửi", ""));
      return;
    }
    bar.append(`${mine} ô chờ gửi – ${line === "session" ? said : WHY[line]}. `);
    if (line === "session") bar.append(link(bar.dataset.signIn, "Đăng nhập lại (mở thẻ mới)", "_blank"), " ");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button small quiet", textContent: "Gửi ngay" });
    button.addEventListener("click", flush);
    bar.append(button);
  }

  function link(href, textContent, target) {
    return Object.assign(document.createElement("a"), { href, textContent, target });
  }

  // What was typed at this address before and not answered is put back and sent; the rest is pointed to.
  const others = () => kept().filter((one) => new URL(one.path, location.origin).pathname !== here);
  queue.restore = () => {
    for (const one of kept()) {
      if (new URL(one.path, location.origin).pathname !== here) continue;
      const item = { ...one, tries: 1, stored: true, refused: false };
      items.set(item.id, item);
      queue.onState?.(item, "queued");
    }
    pump();
    show();
  };

  window.addEventListener("online", flush);
  window.addEventListener("focus", () => line && flush());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  window.addEventListener("beforeunload", (event) => {
    if (waiting().some((item) => !item.stored)) event.preventDefault();
  });
})();
