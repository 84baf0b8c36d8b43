// Lists: the rows that are selected, the one on which the person stands, and the room that tables and tabs have.
import { go, selectedIds } from "asking";
import { keyOf } from "morph";

let lastPick = null;
export function onPick(box, e) {
  const boxes = [...document.querySelectorAll("input[data-pick]")];
  if (box.dataset.pickAll !== undefined) boxes.forEach((b) => (b.checked = box.checked));
  else {
    if (e.shiftKey && lastPick && boxes.includes(lastPick)) {
      const [a, b] = [boxes.indexOf(lastPick), boxes.indexOf(box)].sort((x, y) => x - y);
      boxes.slice(a, b + 1).forEach((other) => (other.checked = box.checked));
    }
    lastPick = box;
  }
  countSelected();
}

export function countSelected() {
  const count = selectedIds().length;
  document.querySelectorAll("[data-bulk]").forEach((bar) => (bar.hidden = !count));
  document.querySelectorAll("[data-bulk-count]").forEach((el) => (el.textContent = count === 1 ? "1 selected" : count + " selected"));
  document.querySelectorAll("tr:has(> td > input[data-pick])").forEach((tr) => tr.toggleAttribute("data-chosen", tr.querySelector("input[data-pick]").checked));
}

// Whether each table has the room that it needs.
export function fitTables() {
  document.querySelectorAll(".table-frame").forEach((frame) => frame.toggleAttribute("data-fits", frame.scrollWidth <= frame.clientWidth));
}

// On a narrow screen a row of tabs scrolls: the one that is open is brought into sight, once.
let shownTab = "";
export function showTab() {
  const tab = document.querySelector(".tabs [aria-current]");
  if (!tab || tab.href === shownTab) return;
  shownTab = tab.href;
  const [row, at] = [tab.parentElement.getBoundingClientRect(), tab.getBoundingClientRect()];
  tab.parentElement.scrollLeft += Math.max(0, at.right - row.right) + Math.min(0, at.left - row.left);
}

// Where the person stands in the list: kept when others' changes refresh the page.
let cursor = "";
export function keepCursor() {
  const marked = document.querySelector("[data-rows] [data-current]");
  if (marked) cursor = keyOf(marked);
  else if (cursor) document.querySelector(`[data-rows] [data-key-of="${CSS.escape(cursor)}"]`)?.toggleAttribute("data-current", true);
}

function rows() { return [...document.querySelectorAll("[data-rows] [data-href]")]; }
export function moveRow(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((r) => r.hasAttribute("data-current"));
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, now + step));
  all.forEach((r, i) => r.toggleAttribute("data-current", i === next));
  cursor = keyOf(all[next]);
  all[next].scrollIntoView({ block: "nearest" });
  if (document.querySelector("[data-follow]")) go(all[next].dataset.href);
}
