// The entry sheet in the browser: keeps what is typed, moves down on Enter, says when a save failed.
"use strict";

document.documentElement.classList.add("js");

const sent = new WeakMap();   // row → its values when the request in flight was sent
const failed = new Set();     // ids of rows whose last save did not arrive
let carried = null;           // what was typed while a save was under way, and in which row
let moveFrom = null;          // id of the row left by Enter
let stepping = false;         // whether a choice is being gone through with arrow keys

const rowOf = (element) => element.closest?.(".grid tbody tr[id]");
const controls = (row) => [...row.querySelectorAll("input[type=text], select")];
const values = (row) => new Map(controls(row).map((control) => [control.id, control.value]));
// Through htmx alone: a row that is just being replaced must not send its form as a page.
const submit = (row) => row.isConnected && window.htmx.trigger(row.querySelector("form"), "submit");

function cookie(name) {
  return document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1);
}

function tell(text) {
  const notice = document.getElementById("notice");
  notice.replaceChildren(document.createElement("span"));
  notice.firstChild.textContent = text;
  notice.hidden = false;
  return notice;
}

function addAction(notice, label, action) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button small quiet", textContent: label, onclick: action });
  notice.append(button);
}

function resendFailed() {
  document.getElementById("notice").hidden = true;
  for (const id of [...failed]) {
    const row = document.getElementById(id);
    if (row) submit(row); else failed.delete(id);
  }
}

function saveFailed(event, why) {
  const row = rowOf(event.target);
  if (row) {
    failed.add(row.id);
    row.classList.add("unsaved");
    const says = row.querySelector(".says");
    says.innerHTML = "<p class=bad></p>";
    says.firstChild.textContent = "Chưa lưu";
  }
  moveFrom = null;
  const notice = tell("Chưa lưu được: " + why);
  if (failed.size) addAction(notice, "Lưu lại", resendFailed);
  return notice;
}

document.addEventListener("htmx:configRequest", (event) => {
  // Another sign-in meanwhile has changed the token: the cookie always holds the one in force.
  const token = cookie("csrftoken");
  if (token && event.detail.verb === "post") event.detail.parameters.csrfmiddlewaretoken = token;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const row = rowOf(event.target);
  if (row) sent.set(row, values(row));
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const row = rowOf(event.detail.target);
  if (!row || !sent.has(row) || !event.detail.shouldSwap) return;
  const before = sent.get(row);
  const later = controls(row).filter((control) => control.value !== before.get(control.id));
  carried = { id: row.id, typed: later.map((control) => [control.id, control.value]) };
  failed.delete(row.id);
  if (!failed.size) document.getElementById("notice").hidden = true;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  const says = row.querySelector(".says");
  const live = document.getElementById("live");
  if (live && says) live.textContent = says.textContent.trim();
  const typed = carried?.id === row.id ? carried.typed : [];
  carried = null;
  if (typed.length) return restore(row, typed);
  if (moveFrom !== row.id) return;
  moveFrom = null;
  if (row.classList.contains("saved") && row.contains(document.activeElement)) moveDown(row);
});

function restore(row, typed) {
  for (const [id, value] of typed) document.getElementById(id).value = value;
  const active = document.activeElement;
  const typing = active.type === "text" && typed.some(([id]) => id === active.id) && moveFrom !== row.id;
  if (row.classList.contains("conflict")) return;
  // Still typing: the value is sent when the field is left, as any other would be.
  if (typing) active.addEventListener("blur", () => submit(row), { once: true });
  else submit(row);
}

function moveDown(row) {
  const fields = [...document.querySelectorAll(".grid .enter :is(input[type=text], select)")];
  const next = fields.find((field) => row.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING && !row.contains(field));
  next?.focus();
  next?.select?.();
}

document.addEventListener("keydown", (event) => {
  const row = rowOf(event.target);
  if (!row || event.target.type !== "text") return;
  if (event.key === "Enter") moveFrom = row.id;
  if (event.key === "Escape") event.target.value = event.target.defaultValue;
});

// Arrow keys change a choice at every step, and every save stays in the log: what is gone through
// is saved when it is left (Tab) or confirmed (Enter), as a figure is. The mouse chooses at once.
const choiceOf = (event) => (event.target.matches?.(".grid select") && rowOf(event.target) ? event.target : null);
const chosenBefore = (choice) => [...choice.options].find((option) => option.defaultSelected)?.value ?? "";

document.addEventListener("keydown", (event) => {
  const choice = choiceOf(event);
  if (!choice) return;
  const waits = stepping && choice.value !== chosenBefore(choice);
  if (waits && event.key === "Escape") choice.value = chosenBefore(choice);
  if (waits && event.key === "Enter") {
    event.preventDefault();
    moveFrom = rowOf(choice).id;
    submit(rowOf(choice));
  }
  stepping = !event.altKey && !["Enter", "Escape", " "].includes(event.key) && (stepping || event.key !== "Tab");
});
document.addEventListener("pointerdown", () => { stepping = false; }, true);
document.addEventListener("change", (event) => { if (stepping && choiceOf(event)) event.stopPropagation(); }, true);
document.addEventListener("focusout", (event) => {
  const choice = choiceOf(event);
  if (choice && stepping && choice.value !== chosenBefore(choice)) submit(rowOf(choice));
  if (choice) stepping = false;
});

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401) {
    const notice = saveFailed(event, "phiên làm việc đã hết. Hãy đăng nhập lại ở thẻ mới, rồi bấm “Lưu lại”; số đã gõ vẫn còn ở đây.");
    const link = document.createElement("a");
    Object.assign(link, { href: notice.dataset.signIn, target: "_blank", textContent: "Đăng nhập" });
    notice.firstChild.append(" ", link);
  } else if (status === 403 || status === 404) {
    saveFailed(event, "tài khoản này không được sửa ở đây, hoặc trang đã cũ. Hãy tải lại trang.");
  } else {
    saveFailed(event, `máy chủ gặp lỗi (${status}). Số đã gõ vẫn còn ở đây.`);
  }
});
document.addEventListener("htmx:sendError", (event) => saveFailed(event, "mất kết nối tới máy chủ. Số đã gõ vẫn còn ở đây."));
document.addEventListener("htmx:timeout", (event) => saveFailed(event, "máy chủ trả lời quá chậm. Số đã gõ vẫn còn ở đây."));

window.addEventListener("beforeunload", (event) => { if (failed.size) event.preventDefault(); });
