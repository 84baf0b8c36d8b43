// Keys: those of every list and form, and those that the page's own buttons name.
import { act, go } from "asking";
import { closeMenus, unfold } from "clicks";
import { onSuggestKey, typing } from "forms";
import { toggleKeys } from "keypanel";
import { moveRow, onPick } from "lists";

const currentBox = () => document.querySelector("[data-current] input[data-pick]");

export function onKey(e) {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); return act("open_search", {}); }
  if (onSuggestKey(e)) return;
  if (e.key === "Enter" && e.target.dataset?.enter && !e.ctrlKey && !e.metaKey) { e.preventDefault(); return act(e.target.dataset.enter, {}, e.target); }
  if ((e.ctrlKey || e.metaKey) && e.key === "Enter" && e.target.closest("form")) {
    e.preventDefault();
    const form = e.target.closest("form");
    return form.requestSubmit(form.querySelector("[type=submit].filled") || undefined);
  }
  // In a form of many rows Enter goes on to the next field; only Ctrl-Enter hands it in.
  if (e.key === "Enter" && e.target.matches?.("input, select") && e.target.closest("form[data-rows-form]")) {
    e.preventDefault();
    const all = [...e.target.form.querySelectorAll("input:not([type=hidden]):not(:disabled), select:not(:disabled)")];
    return all[all.indexOf(e.target) + 1]?.focus();
  }
  if (e.key === "Escape") return onEscape(e);
  if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  if (onListKey(e)) return;
  if (e.key === "?") { e.preventDefault(); return toggleKeys(); }
  press(e);
}

function onEscape(e) {
  closeMenus();
  if (typing(e.target)) return e.target.blur();
  const keys = document.getElementById("keys");
  if (keys) return keys.remove();
  document.querySelector("main [data-escape]")?.click();
}

function onListKey(e) {
  if (e.key === "j" || e.key === "k") { e.preventDefault(); moveRow(e.key === "j" ? 1 : -1); return true; }
  if (e.key === "Enter" && !e.target.closest("a, button, summary, input")) {
    const row = document.querySelector("[data-current][data-href]");
    if (row) { e.preventDefault(); go(row.dataset.href); }
    return true;
  }
  if (e.key === "x") { currentBox()?.click(); return true; }
  if (e.key === "X") {
    const box = currentBox();
    if (box) { box.checked = true; onPick(box, { shiftKey: true }); }
    return true;
  }
  if (e.key !== "/") return false;
  const field = document.querySelector("[data-filter]");
  if (field) { e.preventDefault(); field.focus(); field.select?.(); }
  return true;
}

// The button of the marked row or of the page that names this key; a field is gone to instead.
function press(e) {
  const button = document.querySelector(`[data-current] [data-row-key="${CSS.escape(e.key)}"]`) || [...document.querySelectorAll(`[data-key="${CSS.escape(e.key)}"]`)].find((b) => !b.disabled);
  if (!button) return;
  e.preventDefault();
  if (!button.matches("textarea, input:not([type=radio]):not([type=checkbox])")) return button.click();
  unfold(button);
  button.scrollIntoView({ block: "nearest" });
  button.focus({ preventScroll: true });
}
