// The entry sheets at the keyboard: moving, typing, saving when a cell is left, and what became of it.
// A cell is any element with data-cell: a row of a commune's sheet, or a cell of the sheet of one
// criterion. Its controls carry what is recorded (data-held); its parts with data-live are redrawn
// by the answer to a save, the controls are not, so that nothing that is being typed is lost.
(() => {
  "use strict";

  const table = document.querySelector("[data-grid]");
  if (!table) return;
  const { queue } = window.ntm;
  const CONTROL = "input[type=text], select";
  const STATES = { saving: ["saving", "Đang lưu…"], queued: ["queued", "Chờ gửi"] };
  const KEYS = { d: "met", "đ": "met", x: "met", 1: "met", c: "not_met", 0: "not_met", k: "not_applicable", Delete: "not_assessed", Backspace: "not_assessed" };

  const grid = (window.ntm.grid = { cellOf, move, fields, say, unsaved, giveUp, table: () => document.querySelector("[data-grid]"), key: null });
  let editing = null;             // the control whose inside is edited: its arrow keys are its own
  let stepping = false;           // whether a choice is being gone through with arrow keys
  let left = null;                // the control that Enter left, and where it led

  function cellOf(element) { return element.closest?.("[data-cell]"); }
  const live = (key) => document.querySelector(`[data-cell="${key}"]`);
  const controls = (cell) => [...cell.querySelectorAll(CONTROL)].filter((one) => "held" in one.dataset);
  const nav = (element) => [...element.querySelectorAll("[data-nav]")];
  const named = (cell, control) => control.name.slice(cell.dataset.prefix ? cell.dataset.prefix.length + 1 : 0);
  const changed = (control) => control.value !== (control.dataset.sent ?? control.dataset.held);
  const label = (cell) => cell.dataset.label ?? "";

  function fields(cell) {
    const found = { seen: cell.dataset.seen, month: table.dataset.month };
    for (const control of controls(cell)) found[named(cell, control)] = control.value;
    return found;
  }

  function addressOf(cell) {
    const row = cell.closest("tr");
    return cell.dataset.save ?? `${table.dataset.save}${row.dataset.code}/${encodeURIComponent(cell.dataset.code)}/`;
  }

  function announce(text) {
    const region = document.getElementById("live");
    if (region) region.textContent = text;
  }

  // "saving", "queued", "refused", "unsaved"; what the server draws says "saved", "conflict", "asks".
  function say(cell, state, text) {
    cell.dataset.state = state;
    const says = cell.querySelector("[data-live=says]");
    if (!says) return;
    says.replaceChildren(Object.assign(document.createElement("p"), { className: { refused: "bad", queued: "warn", saved: "done" }[state] ?? "", textContent: text }));
  }

  function save(cell) {
    for (const control of controls(cell)) {
      control.dataset.sent = control.value;
      control.removeAttribute("aria-invalid");
    }
    queue.add({ cell: cell.dataset.cell, url: addressOf(cell), fields: fields(cell), label: label(cell) });
  }

  function mark(cell) {
    if (controls(cell).some(changed)) cell.dataset.state = "unsaved";
    else if (cell.dataset.state === "unsaved") cell.dataset.state = "";
  }

  function saveIfChanged(cell) { if (controls(cell).some(changed)) save(cell); }

  queue.onState = (item, state, why) => {
    const cell = live(item.cell);
    if (!cell || state === "queued" && cell.dataset.state === state) return;
    for (const control of controls(cell)) {
      const value = item.fields[named(cell, control)];
      if (value === undefined || document.activeElement === control) continue;
      if (control.dataset.sent === undefined) [control.value, control.dataset.sent] = [value, value];
    }
    say(cell, ...(STATES[state] ?? [state, why]));
    if (state !== "saving") announce(`${label(cell)}: ${state === "queued" ? "chờ gửi" : why}`);
  };

  // Draws the answer; gives back the id of the result that the cell shows now.
  queue.onAnswer = (item, status, text, next) => {
    const box = document.createElement("template");
    box.innerHTML = text;
    const sources = [box.content, ...[...box.content.querySelectorAll("template")].map((inner) => inner.content)];
    const find = (selector) => sources.flatMap((source) => [...source.querySelectorAll(selector)]);
    for (const piece of find("[hx-swap-oob]")) {
      piece.removeAttribute("hx-swap-oob");
      document.getElementById(piece.id)?.replaceWith(piece);
    }
    const fresh = find(`[data-cell="${item.cell}"]`)[0], cell = live(item.cell);
    if (!fresh || !cell) return undefined;
    draw(cell, fresh, item, status === 200, next);
    if (!next) announce(`${label(cell)}: ${cell.querySelector("[data-live=says]")?.textContent.trim() ?? ""}`);
    if (status !== 200) comeBack(cell);
    left = left?.cell === cell ? null : left;
    return fresh.dataset.seen;
  };

  function draw(cell, fresh, item, saved, next) {
    const there = new Map(controls(fresh).map((control) => [control.id, control]));
    const mine = controls(cell);
    if (there.size !== mine.length || mine.some((control) => !there.has(control.id))) {
      const focus = document.activeElement?.id;
      cell.replaceWith(fresh);
      document.getElementById(focus)?.focus();
      return;
    }
    for (const control of mine) {
      const other = there.get(control.id), untouched = control.value === item.fields[named(cell, control)];
      control.dataset.held = other.dataset.held;
      if (!next) delete control.dataset.sent;
      if (saved && untouched && !next) control.value = other.value;
      if (!saved && untouched) control.dataset.sent = control.value;
      if (other.hasAttribute("aria-invalid")) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
    for (const name of ["seen", "stale"]) {
      if (fresh.dataset[name] === undefined) delete cell.dataset[name];
      else cell.dataset[name] = fresh.dataset[name];
    }
    for (const name of ["seen", "request_id"]) {
      const [own, other] = [cell, fresh].map((one) => one.querySelector(`input[type=hidden][name$=${name}]`));
      if (own && other) own.value = other.value;
    }
    if (next) return;
    cell.dataset.state = fresh.dataset.state;
    for (const part of fresh.querySelectorAll("[data-live]")) {
      cell.querySelector(`[data-live="${part.dataset.live}"]`)?.replaceWith(part);
    }
    const remark = cell.querySelector("details");
    if (remark && fresh.querySelector("details")?.open) remark.open = true;
  }

  // Enter goes on at once; where the save is refused and nothing was typed since, it leads back.
  function comeBack(cell) {
    if (left?.cell !== cell || document.activeElement !== left.to || changed(left.to)) return;
    left.from.focus();
    left.from.select?.();
  }

  // ── moving ────────────────────────────────────────────────────────────────────────────────

  const rows = () => [...table.querySelectorAll("tbody tr")].filter((row) => !row.hidden && row.querySelector("[data-nav]"));

  function move(control, down, right) {
    const row = control.closest("tr");
    let to;
    if (right) {
      const along = nav(row);
      to = along[along.indexOf(control) + right];
    } else {
      const cell = cellOf(control), all = rows();
      const within = nav(cell).indexOf(control);
      const column = cell === row ? 0 : [...row.querySelectorAll("[data-cell]")].indexOf(cell);
      for (let at = all.indexOf(row) + down; all[at] && !to; at += down) {
        const beside = cell === row ? all[at] : all[at].querySelectorAll("[data-cell]")[column];
        const inside = nav(beside);
        to = inside[Math.min(within, inside.length - 1)];
      }
    }
    to?.focus();
    return to;
  }

  function atEdge(control, right) {
    if (control.tagName === "SELECT") return true;
    const { selectionStart: start, selectionEnd: end, value } = control;
    if (start === 0 && end === value.length && editing !== control) return true;
    return start === end && (right > 0 ? end === value.length : start === 0);
  }

  // Whether something stands in the cell that is neither recorded nor on its way to the server.
  function unsaved(cell) {
    const underWay = queue.of(cell.dataset.cell)?.refused === false;
    return controls(cell).some((control) => (underWay ? changed(control) : control.value !== control.dataset.held));
  }

  // What was typed and not sent is dropped, and so is a save that the server will not take.
  function giveUp(cell, control) {
    queue.drop(cell.dataset.cell);
    const pending = queue.of(cell.dataset.cell);
    for (const one of controls(cell)) {
      one.value = pending?.fields[named(cell, one)] ?? one.dataset.held;
      if (!pending) delete one.dataset.sent;
      one.removeAttribute("aria-invalid");
    }
    if (["refused", "asks", "conflict", "unsaved"].includes(cell.dataset.state)) {
      if (pending) say(cell, ...STATES[pending.sending ? "saving" : "queued"]);
      else say(cell, "", "Giữ như đã ghi");
    }
    [editing, stepping] = [null, false];
    if (control.dataset.nav !== undefined) control.select?.();
  }

  function editInside(control) {
    editing = control;
    if (control.tagName === "SELECT") stepping = true;
    else control.setSelectionRange(control.value.length, control.value.length);
  }

  document.addEventListener("focusin", (event) => {
    editing = null;
    stepping = false;
    if (event.target.matches?.("[data-grid] input[data-nav]")) event.target.select();
  });

  document.addEventListener("focusout", (event) => {
    const cell = cellOf(event.target), group = event.target.closest?.(".enter, .remark");
    if (!cell || !group || group.contains(event.relatedTarget) && event.relatedTarget.matches(CONTROL)) return;
    if (cell.isConnected) saveIfChanged(cell);
  });

  document.addEventListener("change", (event) => {
    const cell = cellOf(event.target);
    if (!cell || event.target.tagName !== "SELECT") return;
    if (stepping) return mark(cell);
    if (event.target.dataset.nav === undefined && event.target.value && !cell.querySelector("[name$=note]")?.value) return;
    saveIfChanged(cell);
  });

  document.addEventListener("input", (event) => {
    const cell = cellOf(event.target);
    if (cell && event.target.type === "text") mark(cell);
    if (event.target.matches("[data-nav]")) editing ??= event.target.selectionEnd === event.target.value.length ? null : event.target;
  });

  // The browser would take back the last typing of the whole page, in whatever cell that was.
  document.addEventListener("beforeinput", (event) => {
    if (event.inputType.startsWith("history") && cellOf(event.target)) event.preventDefault();
  });

  document.addEventListener("dblclick", (event) => { if (event.target.matches("input[data-nav]")) editInside(event.target); });

  const ARROWS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

  document.addEventListener("keydown", (event) => {
    const control = event.target, cell = cellOf(control);
    if (!cell || !control.matches(CONTROL) || event.isComposing) return;
    if (grid.key?.(event, control, cell)) return;
    if (event.key === "Escape") return giveUp(cell, control);
    if (event.key === "Enter" && !event.altKey && !event.ctrlKey) return enter(event, control, cell);
    if (control.dataset.nav === undefined) return;
    if (event.key === "F2") { event.preventDefault(); return editInside(control); }
    if (ARROWS[event.key] && !event.altKey && !event.ctrlKey && !event.shiftKey) return arrow(event, control);
    if (control.tagName === "SELECT" && !event.altKey && !event.ctrlKey && !event.metaKey) choose(event, control, cell);
  });

  function enter(event, control, cell) {
    event.preventDefault();
    const again = cell.dataset.stale !== undefined && !queue.of(cell.dataset.cell);
    if (again || controls(cell).some(changed)) save(cell);
    stepping = false;
    const from = control.dataset.nav === undefined ? nav(cell)[0] : control;
    const to = move(from, event.shiftKey ? -1 : 1, 0);
    left = to ? { cell, from: control, to } : null;
    editing = null;
  }

  function arrow(event, control) {
    const [down, right] = ARROWS[event.key];
    if (stepping && control.tagName === "SELECT") return;
    if (right && !atEdge(control, right)) return;
    event.preventDefault();
    left = null;
    move(control, down, right);
  }

  // A letter chooses: Đ or x met, C not met, K not applicable, Delete not assessed.
  function choose(event, control, cell) {
    const value = KEYS[event.key.toLowerCase()] ?? KEYS[event.key];
    if (value === undefined || ![...control.options].some((option) => option.value === value)) return;
    event.preventDefault();
    control.value = value;
    mark(cell);
  }

  document.addEventListener("pointerdown", () => { stepping = false; }, true);

  document.addEventListener("submit", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    event.preventDefault();
    save(cell);
  });

  // The two ways out of a conflict.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-act]"), cell = button && cellOf(button);
    if (!cell) return;
    event.preventDefault();
    if (button.dataset.act === "keep") save(cell);
    else {
      for (const control of controls(cell)) {
        control.value = control.dataset.held;
        delete control.dataset.sent;
      }
      say(cell, "", "Đã lấy số vừa ghi");
    }
    nav(cell)[0]?.focus();
  });

  // What was typed and not left is kept too when the window is closed.
  window.addEventListener("pagehide", () => {
    const cell = cellOf(document.activeElement);
    if (cell) saveIfChanged(cell);
  });

  queue.restore();
})();
