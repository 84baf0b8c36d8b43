// Clicks: actions, links within the tab, menus, rows that open.
import { act, go } from "asking";
import { redraw } from "drawing";
import { toggleKeys } from "keypanel";
import { onPick } from "lists";
import { tell } from "messages";

function internal(a, e) {
  if (!a || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.button) return false;
  if (a.hasAttribute("download") || a.dataset.plain !== undefined || (a.target && a.target !== "_self")) return false;
  const url = new URL(a.href, location.href);
  if (url.origin !== location.origin) return false;
  return !(url.pathname === location.pathname && url.search === location.search && url.hash);
}

export function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(except)) menu.open = false; });
}

// A field behind a fold cannot take the focus.
export function unfold(el) {
  for (let d = el?.closest("details:not([open])"); d; d = d.parentElement.closest("details:not([open])")) d.open = true;
}

export function onClick(e) {
  closeMenus(e.target);
  const skip = e.target.closest("[data-skip-to]");
  if (skip) {
    const field = document.getElementById(skip.dataset.skipTo) || document.querySelector(`[data-region="${CSS.escape(skip.dataset.skipTo)}"]`) || document.querySelector(`[name="${CSS.escape(skip.dataset.skipTo)}"]`);
    unfold(field?.parentElement);
    if (field) { e.preventDefault(); field.scrollIntoView({ block: "center" }); field.focus({ preventScroll: true }); return; }
  }
  const copy = e.target.closest("[data-copy]");
  if (copy) { navigator.clipboard?.writeText(copy.dataset.copy).then(() => tell("ok", "Copied.", "")); return; }
  const theme = e.target.closest("[data-theme-choice]");
  if (theme) return chooseTheme(theme.dataset.themeChoice);
  if (e.target.closest("[data-show-keys]")) { closeMenus(); return toggleKeys(); }
  const pick = e.target.closest("input[data-pick], input[data-pick-all]");
  if (pick) return onPick(pick, e);
  const trigger = e.target.closest("[data-do]:not(form):not([data-on])");
  if (trigger && !trigger.disabled) {
    if (trigger.type === "submit" && trigger.form && !trigger.form.reportValidity()) { e.preventDefault(); return; }
    e.preventDefault();
    const menu = trigger.closest("details.menu");
    if (menu) menu.open = false;
    return act(trigger.dataset.do, trigger.dataset, trigger);
  }
  const link = e.target.closest("a[href]");
  if (link) {
    const ours = internal(link, e);
    closeMenus(); // a file that is fetched leaves the page as it is
    if (ours) { e.preventDefault(); go(link.getAttribute("href")); }
    return;
  }
  const row = e.target.closest("[data-href]");
  if (row && !e.target.closest("button, input, select, textarea, label, summary") && !String(getSelection())) go(row.dataset.href);
}

function chooseTheme(choice) {
  document.documentElement.dataset.theme = choice;
  document.cookie = `caseload_theme=${choice}; path=/; max-age=31536000; samesite=lax`;
  document.querySelectorAll("[data-theme-choice]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.themeChoice === choice)));
  redraw();
}
