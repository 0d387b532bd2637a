// Blocks of cells in the entry sheets: select with Shift and the arrows, copy, paste from Excel, fill
// down (Ctrl+D), undo one's own last save (Ctrl+Z). The server works out what a block would change;
// it is shown before anything is written.
(() => {
  "use strict";

  const table = document.querySelector("[data-grid]");
  if (!table) return;
  const { grid, queue } = window.ntm;
  const dialog = document.getElementById("block");
  const paste = document.querySelector("form[data-paste]"), undo = document.querySelector("form[data-undo]");
  let from = null, to = null;      // the corners of the selection: [row, column]
  let back = null;                 // the control that had the focus before the dialog
  let busy = false;

  const rows = () => [...table.querySelectorAll("tbody tr")].map((row) => (row.matches("[data-cell]") ? [row] : [...row.querySelectorAll("[data-cell]")])).filter((cells) => cells.length);
  const place = (cell) => {
    const all = rows();
    const row = all.findIndex((cells) => cells.includes(cell));
    return [row, all[row].indexOf(cell)];
  };
  const say = (text) => { document.getElementById("done").textContent = text; };

  function selected() {
    if (!from || !to) return [];
    const [top, bottom] = [from[0], to[0]].sort((a, b) => a - b), [start, end] = [from[1], to[1]].sort((a, b) => a - b);
    return rows().slice(top, bottom + 1).map((cells) => cells.slice(start, end + 1));
  }

  function paint() {
    table.querySelectorAll(".chosen").forEach((cell) => cell.classList.remove("chosen"));
    const cells = selected().flat();
    if (cells.length > 1) cells.forEach((cell) => cell.classList.add("chosen"));
  }

  function unselect() { from = to = null; paint(); }

  // A cell in one text, as the server reads it back: its figures, then the verdict.
  function text(cell) {
    const controls = [...cell.querySelectorAll("[data-nav]")];
    const figures = controls.filter((one) => one.type === "text").map((one) => one.value).filter(Boolean).join(" và ");
    const choice = controls.find((one) => one.tagName === "SELECT");
    const verdict = choice?.value ? choice.selectedOptions[0].textContent.trim() : "";
    return [figures, verdict].filter(Boolean).join(" ");
  }

  const block = (cells) => cells.map((row) => row.map(text).join("\t")).join("\n");

  async function send(address, fields) {
    const body = new URLSearchParams({ ...fields, user: table.dataset.user, csrfmiddlewaretoken: window.ntm.cookie("csrftoken") ?? "" });
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(30_000) });
      const said = await answer.text();
      if ([200, 409, 422].includes(answer.status)) return { ok: answer.status === 200, said, at: answer.headers.get("X-Saved-At") ?? "" };
      window.ntm.tell(answer.status === 401 ? "Phiên làm việc đã hết: hãy đăng nhập lại ở thẻ mới rồi làm lại." : `Chưa thực hiện được: máy chủ trả lời ${answer.status}.`);
    } catch { window.ntm.tell("Chưa thực hiện được: mất kết nối tới máy chủ. Chưa có gì được ghi."); }
    return null;
  }

  // What is still unsent goes first, so that a block or an undo sees it.
  async function alone(work) {
    if (busy) return;
    busy = true;
    if (queue.size()) say("Đang chờ gửi các ô đã gõ…");
    await queue.whenIdle();
    try { await work(); } finally { busy = false; }
  }

  function preview(at, words, how = {}) {
    return alone(async () => {
      say("Đang xem trước…");
      const answer = await send(paste.action, { at, text: words, ...how });
      say("");
      if (answer) show(answer.said);
    });
  }

  function show(html) {
    dialog.innerHTML = html;
    if (!dialog.open) {
      back = document.activeElement;
      dialog.showModal();
    }
    (dialog.querySelector("form button") ?? dialog.querySelector("[data-close]"))?.focus();
  }

  function close() {
    dialog.close();
    if (back?.isConnected) back.focus();
  }

  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    close();
  });

  dialog.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    alone(async () => {
      form.querySelector("button").disabled = true;
      const sent = Object.fromEntries(new FormData(form));
      const answer = await send(form.action, sent);
      if (!answer) form.querySelector("button").disabled = false;
      else if (!answer.ok) show(answer.said);
      else {
        close();
        await refresh();
        for (const [unit, indicator] of JSON.parse(sent.cells)) {
          const cell = table.querySelector(`[data-cell="${unit}-${indicator}"]`);
          if (cell) grid.say(cell, "saved", `Đã lưu ${answer.at}`);
        }
        say(answer.said);
      }
    });
  });

  // Reads the page anew and puts its rows in the place of those here; the focus stays where it was.
  async function refresh() {
    const focus = document.activeElement?.id, at = grid.cellOf(document.activeElement)?.dataset.cell;
    const open = [...table.querySelectorAll("[data-cell]")].filter((cell) => ["refused", "conflict", "asks"].includes(cell.dataset.state));
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    table.querySelectorAll("tbody").forEach((body) => body.remove());
    table.append(...fresh.querySelectorAll("[data-grid] tbody"));
    // What was typed and not stored stays for its person to mend.
    for (const cell of open) table.querySelector(`[data-cell="${cell.dataset.cell}"]`)?.replaceWith(cell);
    for (const id of ["summary", "returned"]) {
      const there = fresh.getElementById(id);
      if (there) document.getElementById(id)?.replaceWith(there);
    }
    unselect();
    document.getElementById(focus)?.focus();
    // A note is folded away again: its cell is the next best.
    if (at && document.activeElement === document.body) table.querySelector(`[data-cell="${at}"] [data-nav]`)?.focus();
  }

  function undoLast() {
    return alone(async () => {
      undo.request ??= crypto.randomUUID?.() ?? "";
      const answer = await send(undo.action, { request_id: undo.request });
      if (!answer) return;
      undo.request = null;
      if (answer.ok) await refresh();
      say(answer.said);
    });
  }

  undo.addEventListener("submit", (event) => { event.preventDefault(); undoLast(); });

  paste.addEventListener("submit", (event) => {
    event.preventDefault();
    preview(paste.elements.at.value, paste.elements.text.value);
  });

  document.addEventListener("focusin", (event) => {
    const cell = event.target.matches?.("[data-nav]") && grid.cellOf(event.target);
    if (!cell) return;
    paste.elements.at.value = cell.dataset.cell;
    paste.querySelector("[data-at]").textContent = `Dán từ ô ${cell.dataset.label}.`;
    if (from && to && !selected().flat().includes(cell)) unselect();
  });

  document.addEventListener("paste", (event) => {
    const cell = event.target.matches?.("[data-nav]") && grid.cellOf(event.target);
    const words = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || (!/[\t\n\r]/.test(words.trimEnd()) && event.target.type === "text")) return;
    event.preventDefault();
    if (words.trim()) preview((selected()[0]?.[0] ?? cell).dataset.cell, words);
  });

  document.addEventListener("copy", (event) => {
    if (selected().flat().length < 2) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", block(selected()));
  });

  // What was said stands until the person goes on typing or points somewhere.
  for (const on of ["input", "pointerdown"]) document.addEventListener(on, () => { if (!busy) say(""); });

  document.addEventListener("pointerdown", (event) => {
    const cell = grid.cellOf(event.target);
    if (event.shiftKey && cell && grid.cellOf(document.activeElement)) {
      event.preventDefault();
      from ??= place(grid.cellOf(document.activeElement));
      to = place(cell);
      paint();
    } else if (!event.target.closest("#block")) unselect();
  });

  const STEPS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

  // Called by grid.js before it takes a key itself; true: this key is dealt with.
  grid.key = (event, control, cell) => {
    const word = (event.ctrlKey || event.metaKey) && !event.shiftKey ? event.key.toLowerCase() : "";
    if (word === "z") return takeBack(event, control, cell);
    if (control.dataset.nav === undefined) return false;
    if (STEPS[event.key] && event.shiftKey && !event.ctrlKey && !event.altKey) return extend(event, control, cell);
    if (word === "d") { event.preventDefault(); fill(cell); return true; }
    if (event.key === "Escape" && selected().length) { unselect(); return true; }
    return false;
  };

  // First what is not saved yet, as Esc does; with nothing of that kind here, the last save.
  function takeBack(event, control, cell) {
    event.preventDefault();
    if (grid.unsaved(cell)) grid.giveUp(cell, control);
    else undoLast();
    return true;
  }

  function extend(event, control, cell) {
    const [down, right] = STEPS[event.key];
    const whole = control.tagName === "SELECT" || (control.selectionStart === 0 && control.selectionEnd === control.value.length);
    if (right && !whole) return false;
    event.preventDefault();
    from ??= place(cell);
    const all = rows(), [row, column] = to ?? from;
    to = [Math.max(0, Math.min(all.length - 1, row + down)), Math.max(0, Math.min(all[0].length - 1, column + right))];
    paint();
    all[to[0]][to[1]].scrollIntoView({ block: "nearest", inline: "nearest" });
    say(`Đã chọn ${selected().length} dòng × ${selected()[0].length} cột`);
    return true;
  }

  // The first row of the selection goes into those below it; without one, the cell above into this one.
  function fill(cell) {
    const cells = selected(), [row, column] = place(cell);
    const source = cells.length > 1 ? cells[0] : [rows()[row - 1]?.[column]].filter(Boolean);
    if (!source.length) return undefined;
    const line = source.map(text).join("\t");
    if (!line.trim()) return say("Ô phía trên đang trống, không có gì để điền xuống.");
    const many = cells.length > 1;
    return preview((many ? cells[1][0] : cell).dataset.cell, Array(many ? cells.length - 1 : 1).fill(line).join("\n"), { fills: 1 });
  }

  grid.refresh = refresh;
})();
