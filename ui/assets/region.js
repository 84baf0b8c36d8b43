// One region of the page: shows HTML from the server by changing only what differs, so that focus, typing, open menus
// and selection survive a refresh. Events are delegated: `data-do` names an action, `data-*` are its arguments.
// What each module in region/ does stands in its first line.
import { act, go, settled, speakBy } from "asking";
import { onClick } from "clicks";
import { draw, redraw } from "drawing";
import { onAttach, onDrag, onFile, pasteFiles } from "files";
import { firstField, onChange, onInput, onSubmit, pasteRows } from "forms";
import { onKey } from "keys";
import { countSelected, fitTables, keepCursor, showTab } from "lists";
import { keepMessages, tell } from "messages";
import { relativeTimes, seen, tickClocks } from "moments";
import { change } from "morph";

let current = location.pathname + location.search;

function show(root, html) {
  const before = root.querySelector("dialog[open]");
  keepMessages(() => {
    change(root, html);
    root.querySelectorAll("dialog:not([open])").forEach(openDialog);
  });
  if (before && !before.isConnected) comeBack();
  draw(root);
  root.querySelectorAll("[data-focus-now]").forEach((el) => {
    if (el.dataset.focusNow !== el._focused) { el._focused = el.dataset.focusNow; el.focus(); el.select?.(); }
  });
  root.querySelectorAll("input[data-part]").forEach((el) => (el.indeterminate = true));
  relativeTimes(root);
  countSelected();
  keepCursor();
  fitTables();
  showTab();
}

// Where the person was when a dialog opened: there they go on once it is gone.
let opener = null;
function openDialog(dialog) {
  opener = document.activeElement;
  dialog.showModal();
  dialog.addEventListener("cancel", (e) => { e.preventDefault(); act("close_dialog", {}); });
  dialog.addEventListener("mousedown", (e) => { if (e.target === dialog) act("close_dialog", {}); });
  firstField(dialog)?.focus();
}

function comeBack() {
  if (document.querySelector("dialog[open]") || !opener?.isConnected) return;
  const menu = opener.closest("details.menu:not([open])");
  (menu ? menu.querySelector("summary") : opener).focus({ preventScroll: true });
}

function onMenu(e) {
  if (e.target.matches?.("details.menu") && e.target.open) e.target.querySelector("[role=menu] a, [role=menu] button")?.focus({ preventScroll: true });
}

let installed = false;
function install() {
  if (installed) return;
  installed = true;
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("input", onInput);
  document.addEventListener("change", (e) => { onFile(e); onAttach(e); onChange(e); });
  for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, onDrag);
  document.addEventListener("paste", (e) => { if (!pasteFiles(e)) pasteRows(e); });
  document.addEventListener("keydown", onKey);
  document.addEventListener("toggle", onMenu, true);
  addEventListener("popstate", () => { if (location.pathname + location.search !== current) go(location.pathname + location.search, false); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("resize", fitTables);
  setInterval(() => relativeTimes(document), 30000);
  setInterval(tickClocks, 1000);
  for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, seen, { passive: true });
}

export default {
  template: `<component :is="tag" :data-region="name" tabindex="-1"></component>`,
  props: { html: String, name: String, tag: String },
  mounted() {
    if (this.name === "main") speakBy(this);
    install();
    show(this.$el, this.html);
    if (this.name === "main") this.$el.querySelector("[autofocus]")?.focus();
  },
  watch: { html(value) { if (this.$el) show(this.$el, value); } },
  methods: {
    settled,
    tell,
    went(href, title, push) {
      const turned = href.split("?")[0] !== current.split("?")[0];
      current = href;
      if (push) history.pushState({}, "", href);
      else if (location.pathname + location.search !== href) history.replaceState({}, "", href);
      document.title = title;
      settled();
      if (!turned) return;
      scrollTo(0, 0);
      const first = this.$el.querySelector("[autofocus]") || this.$el.querySelector("h1");
      first?.focus({ preventScroll: true });
    },
    leave(href) { location.assign(href); },
  },
};
