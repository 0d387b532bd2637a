// Tasks written down in a meeting. Each lies in this browser, by user, until the server has answered, and is
// sent again with the same request id, by which the server writes it once (as js/queue.js does for cells).
(() => {
  "use strict";

  const form = document.getElementById("task-form");
  if (!form) return;
  const PREFIX = `ntm-task:${form.dataset.user}:`;
  const PATIENCE = 20_000, AGAIN = 5_000;
  const says = document.getElementById("task-says");
  const waiting = document.getElementById("task-waiting");
  const held = new Map();   // request id → task not answered yet
  let sending = false;
  let timer = 0;

  function store(item) {
    held.set(item.id, item);
    try { localStorage.setItem(PREFIX + item.id, JSON.stringify(item)); item.stored = true; } catch { item.stored = false; }
  }
  function forget(item) {
    held.delete(item.id);
    try { localStorage.removeItem(PREFIX + item.id); } catch { /* it was never there */ }
  }
  function restore() {
    try {
      for (let n = 0; n < localStorage.length; n += 1) {
        const key = localStorage.key(n);
        if (key.startsWith(PREFIX)) { const item = JSON.parse(localStorage.getItem(key)); held.set(item.id, item); item.stored = true; }
      }
    } catch { /* no storage: nothing was kept */ }
  }

  // crypto.randomUUID is missing where the office serves the program without https.
  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function say(text, className = "") {
    says.textContent = text;
    says.className = `wide says ${className}`;
  }

  function show() {
    waiting.replaceChildren(...[...held.values()].map((item) => {
      const row = document.createElement("li");
      row.append(Object.assign(document.createElement("b"), { textContent: "Chờ gửi: " }), item.fields.text);
      return row;
    }));
    document.documentElement.dataset.tasksWaiting = held.size;
  }

  function down(why) {
    const kept = [...held.values()].every((item) => item.stored);
    const where = kept ? "đã được giữ trên máy này và sẽ tự gửi khi có mạng" : "chỉ còn trên trang này: đừng đóng trang";
    say(`${why} ${held.size} nhiệm vụ ${where}.`, "held");
    clearTimeout(timer);
    timer = setTimeout(pump, AGAIN);
  }

  async function pump() {
    if (sending) return;
    const item = held.values().next().value;
    if (!item) return;
    sending = true;
    const body = new URLSearchParams({ ...item.fields, request_id: item.id, user: form.dataset.user, csrfmiddlewaretoken: window.ntm.cookie("csrftoken") ?? "" });
    let status = 0, text = "";
    try {
      const answer = await fetch(item.url, { method: "POST", body, headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(PATIENCE) });
      text = await answer.text();
      status = answer.status;
    } catch { status = 0; }
    sending = false;
    if (status === 200) {
      forget(item);
      if (item.url === form.action) document.getElementById("given-tasks").innerHTML = text;
      say("Đã ghi nhiệm vụ.");
    } else if (status === 422) {
      forget(item);
      refill(item);
      say(text, "bad");
    } else if (status === 0) down("Đang mất kết nối:");
    else if (status === 401) {
      down("Phiên làm việc đã hết:");
      const link = Object.assign(document.createElement("a"), { href: form.dataset.signIn, target: "_blank", textContent: "Đăng nhập lại (mở thẻ mới)" });
      says.append(" ", link);
    } else if (status >= 500 || status === 429 || status === 408) down("Máy chủ đang gặp lỗi:");
    else {
      forget(item);
      refill(item);
      say(`Máy chủ không nhận nhiệm vụ (${status}); hãy tải lại trang rồi ghi lại.`, "bad");
    }
    show();
    if (status === 200) pump();
  }

  // What was refused comes back into the form, unless something else was begun there meanwhile.
  function refill(item) {
    if (form.elements.text.value.trim()) return;
    for (const [name, value] of Object.entries(item.fields)) if (form.elements[name]) form.elements[name].value = value;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(["text", "owner", "due_on", "meeting_on", "criterion"].map((name) => [name, form.elements[name].value]));
    for (const [name, words] of [["text", "Hãy ghi nội dung nhiệm vụ."], ["owner", "Hãy chọn đơn vị thực hiện."], ["due_on", "Hãy ghi hạn xong."]]) {
      if (fields[name].trim()) continue;
      say(words, "bad");
      form.elements[name].focus();
      return;
    }
    store({ id: uuid(), url: form.action, fields, at: Date.now() });
    form.elements.text.value = "";
    form.elements.text.focus();
    show();
    pump();
  });

  window.addEventListener("online", pump);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && pump());
  window.addEventListener("beforeunload", (event) => { if ([...held.values()].some((item) => !item.stored)) event.preventDefault(); });
  restore();
  show();
  if (held.size) pump();
})();
