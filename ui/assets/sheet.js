// Sheets: tables whose cells are edited in place with the keys of a spreadsheet. The server draws them and keeps every
// act at once; here are only the marks, the editor over a cell and the keys. Cells are known by row and column, so that
// marks survive a refresh.
(() => {
  let at = null; // the active cell: {sheet, row, col}
  let from = null; // where a range began
  let editor = null;
  let wanted = null; // a cell that will be there after the next answer
  const typed = new Map(); // what was just typed stays to be seen until the server has it: an older answer may come first
  const KEPT = 4000;

  const find = (name) => document.querySelector(`[data-sheet="${CSS.escape(name)}"]`);
  const here = () => (at ? find(at.sheet) : null);
  const rowsOf = (sheet) => [...sheet.querySelectorAll("tr[data-row]")];
  const cellsOf = (row) => [...row.querySelectorAll("td[data-col]")];
  const place = (td) => ({ sheet: td.closest("[data-sheet]").dataset.sheet, row: td.parentElement.dataset.row, col: td.dataset.col });
  const cellAt = (p) => p && find(p.sheet)?.querySelector(`tr[data-row="${CSS.escape(p.row)}"] > td[data-col="${CSS.escape(p.col)}"]`);
  const writable = () => here() && here().dataset.readonly === undefined;
  const fresh = () => "r-" + Math.random().toString(36).slice(2, 9);

  function range() {
    const one = cellAt(at), other = cellAt(from) || one;
    if (!one) return [];
    const rows = rowsOf(here());
    const [top, bottom] = [rows.indexOf(one.parentElement), rows.indexOf(other.parentElement)].sort((a, b) => a - b);
    const columns = cellsOf(one.parentElement).map((td) => td.dataset.col);
    const [left, right] = [columns.indexOf(one.dataset.col), columns.indexOf(other.dataset.col)].sort((a, b) => a - b);
    return rows.slice(top, bottom + 1).map((row) => cellsOf(row).slice(left, right + 1));
  }

  function mark() {
    document.querySelectorAll("[data-sheet] td[data-chosen]").forEach((td) => delete td.dataset.chosen);
    for (const row of range()) for (const td of row) td.dataset.chosen = "range";
    const active = cellAt(at);
    if (!active) return;
    active.dataset.chosen = "active";
    here().setAttribute("aria-activedescendant", active.id);
    const say = document.querySelector(`[data-sheet-says="${CSS.escape(at.sheet)}"]`);
    if (say) say.textContent = active.dataset.problem || "";
    active.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function choose(p, extend = false) {
    if (!p || !cellAt(p)) return;
    at = p;
    if (!extend || !from || from.sheet !== p.sheet) from = p;
    mark();
    if (document.activeElement !== here()) here().focus({ preventScroll: true });
  }

  function step(down, right, extend) {
    const active = cellAt(at);
    if (!active) return;
    const rows = rowsOf(here());
    const row = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(active.parentElement) + down))];
    const cells = cellsOf(row);
    const col = cellsOf(active.parentElement).indexOf(active) + right;
    choose(place(cells[Math.max(0, Math.min(cells.length - 1, col))]), extend);
  }

  // Tab goes on to the next row at the end, and leaves the sheet at its last cell.
  function tab(back) {
    const all = rowsOf(here()).flatMap(cellsOf);
    const next = all[all.indexOf(cellAt(at)) + (back ? -1 : 1)];
    if (next) choose(place(next));
    return Boolean(next);
  }

  function send(op, args) {
    const button = here()?.querySelector("[data-sheet-send]");
    if (!button) return;
    if (op !== "set") typed.clear();
    for (const name of ["op", "row", "col", "text", "cells", "rows", "before", "by"]) delete button.dataset[name];
    Object.assign(button.dataset, { op, ...args });
    button.click();
  }

  function edit(start) {
    const td = cellAt(at);
    if (!td || !writable() || editor) return;
    const box = td.getBoundingClientRect();
    const input = document.createElement("input");
    input.className = "sheet-editor";
    input.value = start ?? td.textContent;
    input.setAttribute("aria-label", td.getAttribute("aria-label") || td.dataset.col);
    if (td.dataset.options) {
      const list = Object.assign(document.createElement("datalist"), { id: "sheet-options" });
      for (const one of td.dataset.options.split("|")) list.append(Object.assign(document.createElement("option"), { value: one }));
      input.append(list);
      input.setAttribute("list", list.id);
    }
    Object.assign(input.style, { left: box.left + scrollX + "px", top: box.top + scrollY + "px", minWidth: Math.max(box.width, 160) + "px", height: box.height + "px" });
    editor = { input, before: td.textContent, cell: at };
    document.body.append(input);
    input.focus();
    if (start === undefined) input.select();
    input.addEventListener("blur", () => done(true));
  }

  function done(keep) {
    if (!editor) return;
    const { input, before, cell } = editor;
    editor = null;
    const text = input.value.trim();
    input.remove();
    const td = cellAt(cell);
    if (keep && text !== before && td) {
      td.textContent = text;
      typed.set(td.id, { text, until: Date.now() + KEPT });
      send("set", { row: cell.row, col: cell.col, text });
    }
  }

  function editing(e) {
    if (e.key === "Escape") { e.preventDefault(); e.stopImmediatePropagation(); done(false); return choose(at); }
    if (e.key === "Enter" && !e.isComposing) { e.preventDefault(); e.stopImmediatePropagation(); done(true); choose(at); return step(e.shiftKey ? -1 : 1, 0); }
    if (e.key === "Tab") { e.preventDefault(); e.stopImmediatePropagation(); done(true); choose(at); return tab(e.shiftKey); }
    e.stopImmediatePropagation();
  }

  const chosenRows = () => range().map((row) => row[0].parentElement.dataset.row);

  function clear() {
    const filled = range().flat().filter((td) => td.textContent);
    if (!filled.length || !writable()) return;
    const cells = JSON.stringify(filled.map((td) => [td.parentElement.dataset.row, td.dataset.col]));
    filled.forEach((td) => (td.textContent = ""));
    send("clear", { cells });
  }

  function insertRow(after) {
    if (!writable()) return;
    const rows = rowsOf(here());
    const index = rows.indexOf(cellAt(at)?.parentElement) + (after ? 1 : 0);
    const row = fresh();
    wanted = { sheet: at.sheet, row, col: cellsOf(rows[0])[0].dataset.col };
    send("insert", { before: String(Math.max(0, index)), rows: JSON.stringify([row]) });
  }

  function deleteRows() {
    if (!writable()) return;
    const ids = chosenRows(), rows = rowsOf(here());
    const next = rows[rows.findIndex((row) => row.dataset.row === ids.at(-1)) + 1] || rows[rows.findIndex((row) => row.dataset.row === ids[0]) - 1];
    if (next) wanted = { sheet: at.sheet, row: next.dataset.row, col: at.col };
    send("delete", { rows: JSON.stringify(ids) });
  }

  function moveRow(by) {
    if (writable()) send("move", { row: at.row, by: String(by) });
  }

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -999], End: [0, 999] };

  function walking(e) {
    const control = e.ctrlKey || e.metaKey;
    if (e.altKey && (e.key === "ArrowUp" || e.key === "ArrowDown")) { moveRow(e.key === "ArrowUp" ? -1 : 1); return true; }
    if (control && e.key === "Enter") { insertRow(true); return true; }
    if (control && e.key === "Backspace") { deleteRows(); return true; }
    if (control && e.key.toLowerCase() === "z") { send(e.shiftKey ? "redo" : "undo", {}); return true; }
    if (control && e.key.toLowerCase() === "y") { send("redo", {}); return true; }
    if (control && e.key === "Home") { choose(place(cellsOf(rowsOf(here())[0])[0])); return true; }
    if (control || e.altKey) return false;
    if (STEPS[e.key]) { step(...STEPS[e.key], e.shiftKey); return true; }
    if (e.key === "Tab") return tab(e.shiftKey);
    if (e.key === " " && e.shiftKey) { const cells = cellsOf(cellAt(at).parentElement); from = place(cells[0]); at = place(cells.at(-1)); mark(); return true; }
    if (e.key === "Enter" || e.key === "F2") { edit(); return true; }
    if (e.key === "Delete" || e.key === "Backspace") { clear(); return true; }
    if (e.key.length === 1) { edit(e.key); return true; }
    return false;
  }

  document.addEventListener("keydown", (e) => {
    if (editor && e.target === editor.input) return editing(e);
    const sheet = e.target.matches?.("[data-sheet]") ? e.target : null;
    if (!sheet) return;
    if (!cellAt(at) || at.sheet !== sheet.dataset.sheet) { const first = rowsOf(sheet)[0]; if (first) choose(place(cellsOf(first)[0])); else return; }
    if (walking(e)) { e.preventDefault(); e.stopImmediatePropagation(); }
  }, true);

  document.addEventListener("mousedown", (e) => {
    const td = e.target.closest?.("[data-sheet] td[data-col]");
    if (!td || editor?.input === e.target) return;
    e.preventDefault();
    if (editor) done(true);
    choose(place(td), e.shiftKey);
    const drag = (over) => { const cell = over.target.closest?.("[data-sheet] td[data-col]"); if (cell && place(cell).sheet === at.sheet) choose(place(cell), true); };
    document.addEventListener("mouseover", drag);
    document.addEventListener("mouseup", () => document.removeEventListener("mouseover", drag), { once: true });
  });
  document.addEventListener("dblclick", (e) => { if (e.target.closest?.("[data-sheet] td[data-col]")) edit(); });
  document.addEventListener("focusin", (e) => {
    if (e.target.matches?.("[data-sheet]") && (!cellAt(at) || at.sheet !== e.target.dataset.sheet)) {
      const first = rowsOf(e.target)[0];
      if (first) choose(place(cellsOf(first)[0]));
    }
  });

  const onSheet = () => !editor && document.activeElement?.matches?.("[data-sheet]") && cellAt(at);
  document.addEventListener("copy", (e) => {
    if (!onSheet()) return;
    e.clipboardData.setData("text/plain", range().map((row) => row.map((td) => td.textContent).join("\t")).join("\n"));
    e.preventDefault();
  }, true);
  document.addEventListener("cut", (e) => {
    if (!onSheet()) return;
    e.clipboardData.setData("text/plain", range().map((row) => row.map((td) => td.textContent).join("\t")).join("\n"));
    e.preventDefault();
    clear();
  }, true);
  document.addEventListener("paste", (e) => {
    if (!onSheet() || !writable()) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    const corner = range()[0][0];
    send("paste", { row: corner.parentElement.dataset.row, col: corner.dataset.col, text: e.clipboardData.getData("text/plain") });
  }, true);

  // Buttons beside a sheet act on its active row.
  document.addEventListener("click", (e) => {
    const button = e.target.closest?.("[data-sheet-do]");
    if (!button) return;
    const sheet = find(button.dataset.sheetFor), rows = rowsOf(sheet);
    if (!at || at.sheet !== button.dataset.sheetFor || !cellAt(at)) at = from = rows.length ? place(cellsOf(rows.at(-1))[0]) : null;
    const act = button.dataset.sheetDo;
    if (act === "insert" && !at) {
      const row = fresh();
      at = { sheet: button.dataset.sheetFor, row, col: sheet.dataset.first };
      wanted = at;
      return send("insert", { before: "0", rows: JSON.stringify([row]) });
    }
    if (!at) return;
    if (act === "insert") insertRow(true);
    else if (act === "delete") deleteRows();
    else moveRow(act === "up" ? -1 : 1);
  });

  function keepTyped() {
    for (const [id, one] of typed) {
      const td = document.getElementById(id);
      if (!td || Date.now() > one.until) typed.delete(id);
      else if (td.textContent !== one.text) td.textContent = one.text;
    }
  }

  new MutationObserver(() => {
    keepTyped();
    if (wanted && cellAt(wanted)) { const p = wanted; wanted = null; choose(p); }
    else if (at && cellAt(at) && !cellAt(at).dataset.chosen && !editor) mark();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
