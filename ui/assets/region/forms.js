// Forms: sent, kept while they are typed, filled from a spreadsheet, and helped by suggestions.
import { act, ask } from "asking";
import { tell } from "messages";

const FIELD = "input, textarea, select, [contenteditable]";
const timers = new WeakMap();

export const firstField = (el) => el.querySelector("[autofocus]") || el.querySelector(FIELD);
export const typing = (el) => el && el.matches && el.matches(FIELD) && !["checkbox", "radio", "button", "submit"].includes(el.type);

export function onSubmit(e) {
  const form = e.target.closest("form");
  if (!form) return;
  if (form.dataset.fetch !== undefined) { e.preventDefault(); return send(form); }
  if (!form.dataset.do) return;
  e.preventDefault();
  act(form.dataset.do, { ...form.dataset, ...(e.submitter?.dataset || {}) }, e.submitter || form);
}

// Forms whose answer must set a cookie travel by HTTP; a refusal is shown in place and what was typed stays.
async function send(form) {
  const button = form.querySelector("[type=submit]");
  const problem = form.querySelector("[data-problem]");
  button?.setAttribute("aria-busy", "true");
  if (problem) problem.hidden = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { accept: "application/json" } });
    const said = await answer.json();
    if (answer.ok) return void location.assign(said.location);
    form.querySelectorAll("small.error").forEach((old) => old.remove());
    for (const [name, message] of Object.entries(said.fields || {})) {
      const field = form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest(".field");
      if (!field) continue;
      field.append(Object.assign(document.createElement("small"), { className: "error", textContent: message }));
    }
    if (problem) {
      problem.querySelector("strong").textContent = said.title;
      problem.querySelector("span").textContent = said.what_to_do;
      problem.hidden = false;
    }
  } catch {
    tell("bad", "The server does not answer.", "What you typed is kept. Try again in a moment.");
  }
  button?.removeAttribute("aria-busy");
}

export function onInput(e) {
  const el = e.target.closest("[data-input]");
  if (!el) return;
  clearTimeout(timers.get(el));
  timers.set(el, setTimeout(() => {
    ask(el.dataset.input, { ...el.dataset, name: e.target.name || "" }, el, e.target.value);
  }, Number(el.dataset.wait || 180)));
}

export function onChange(e) {
  const el = e.target.closest("[data-change]");
  if (el) act(el.dataset.change, { ...el.dataset, name: e.target.name || "" }, el, e.target.type === "checkbox" ? String(e.target.checked) : e.target.value);
}

// Rows of a spreadsheet pasted into a form of rows.
export function pasteRows(e) {
  const el = e.target.closest("[data-paste]");
  const text = e.clipboardData?.getData("text") || "";
  if (!el || !/[\t\n]/.test(text.trim())) return;
  e.preventDefault();
  act(el.dataset.paste, { ...el.dataset, name: e.target.name || "" }, e.target, text);
}

// Lists of suggestions under a field: arrows move, Enter takes, Escape closes.
export function onSuggestKey(e) {
  const box = e.target.closest("[data-suggest]");
  if (!box) return false;
  const options = [...box.querySelectorAll("[role=option]")];
  if (!options.length) return false;
  const now = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    const next = (now + (e.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
    options.forEach((o, i) => o.setAttribute("aria-selected", String(i === next)));
    options[next].scrollIntoView({ block: "nearest" });
    e.preventDefault();
    return true;
  }
  if ((e.key === "Enter" || e.key === "Tab") && now >= 0 && e.target.value) {
    if (e.key === "Enter") e.preventDefault();
    options[now].click();
    return true;
  }
  if (e.key === "Enter") { e.preventDefault(); options[0].click(); return true; }
  if (e.key === "Escape") { act("close_suggestions", {}); e.preventDefault(); return true; }
  return false;
}
