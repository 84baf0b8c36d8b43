// One region of the page: shows HTML from the server by changing only what differs, so that focus, typing, open menus
// and selection survive a refresh. Events are delegated: `data-do` names an action, `data-*` are its arguments.
let main = null;
let busyTimer = null;
let current = location.pathname + location.search;
const regions = new Set();
const timers = new WeakMap();

const FIELD = "input, textarea, select, [contenteditable]";
const typing = (el) => el && el.matches && el.matches(FIELD) && !["checkbox", "radio", "button", "submit"].includes(el.type);

function sameKind(a, b) {
  return a.nodeType === b.nodeType && (a.nodeType !== 1 || (a.tagName === b.tagName && keyOf(a) === keyOf(b)));
}
const keyOf = (el) => (el.nodeType === 1 ? el.getAttribute("data-key-of") || el.id || "" : "");

function morphAttributes(from, to) {
  for (const { name } of [...from.attributes]) {
    if (name === "open" || name === "data-chosen" || name === "aria-busy") continue;
    if (!to.hasAttribute(name)) from.removeAttribute(name);
  }
  for (const { name, value } of [...to.attributes]) {
    if (name === "open") continue;
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

function morphField(from, to) {
  // What somebody typed since the server last looked is theirs: an answer that is late must not take it away.
  const own = from.tagName === "TEXTAREA" ? from.defaultValue : from.getAttribute("value") || "";
  const focused = (document.activeElement === from || from.value !== own) && !to.hasAttribute("data-force");
  if (from.tagName === "TEXTAREA") {
    const changed = from.defaultValue !== to.defaultValue;
    if (changed) from.defaultValue = to.defaultValue;
    if (changed && !focused) from.value = to.defaultValue;
    return;
  }
  if (from.tagName === "SELECT") return;
  if (from.type === "checkbox" || from.type === "radio") {
    if (from.hasAttribute("checked") !== to.hasAttribute("checked")) from.checked = to.hasAttribute("checked");
    return;
  }
  if (from.getAttribute("value") !== to.getAttribute("value") && !focused) from.value = to.getAttribute("value") || "";
}

const chosen = (select) => [...select.querySelectorAll("option")].find((o) => o.hasAttribute("selected"))?.value ?? "";

function morph(from, to) {
  if (from.nodeType !== 1) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  if (from.isEqualNode(to)) return;
  if (to.hasAttribute("data-chart") && from.getAttribute("data-chart") === to.getAttribute("data-chart")) return;
  if (to.hasAttribute("data-mermaid") && from.getAttribute("data-mermaid") === to.getAttribute("data-mermaid")) return;
  const before = from.tagName === "SELECT" ? chosen(from) : "";
  if (from.matches("input, textarea")) morphField(from, to);
  morphAttributes(from, to);
  if (from.tagName === "TEXTAREA") return;
  morphChildren(from, to);
  if (from.tagName === "SELECT" && before !== chosen(to)) from.value = chosen(to);
}

function morphChildren(from, to) {
  const keyed = new Map();
  for (const child of from.children) if (keyOf(child)) keyed.set(keyOf(child), child);
  const coming = new Set([...to.children].map(keyOf).filter(Boolean));
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = keyOf(wanted);
    const found = key ? keyed.get(key) : null;
    if (found && found.tagName === wanted.tagName) {
      // What is in the way goes: an element that is moved instead would lose the cursor.
      while (place && place !== found && !coming.has(keyOf(place))) {
        const next = place.nextSibling;
        place.remove();
        place = next;
      }
      if (found !== place) from.insertBefore(found, place);
      else place = place.nextSibling;
      morph(found, wanted);
      continue;
    }
    if (place && !key && sameKind(place, wanted)) {
      const here = place;
      place = place.nextSibling;
      morph(here, wanted);
      continue;
    }
    from.insertBefore(wanted, place);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function show(root, html) {
  const next = document.createElement("div");
  next.innerHTML = html;
  const held = root.contains(document.activeElement) ? document.activeElement : null;
  const selection = held && "selectionStart" in held ? [held.selectionStart, held.selectionEnd] : null;
  morphChildren(root, next);
  if (held?.isConnected && document.activeElement !== held) {
    held.focus({ preventScroll: true });
    if (selection?.[0] != null) held.setSelectionRange(...selection);
  }
  settle(root);
}

function settle(root) {
  root.querySelectorAll("dialog:not([open])").forEach((d) => {
    d.showModal();
    d.addEventListener("cancel", (e) => { e.preventDefault(); act("close_dialog", {}); });
    d.addEventListener("mousedown", (e) => { if (e.target === d) act("close_dialog", {}); });
    (d.querySelector("[autofocus]") || d.querySelector(FIELD))?.focus();
  });
  root.querySelectorAll("[data-mermaid]").forEach(drawDiagram);
  root.querySelectorAll("[data-chart]").forEach(drawChart);
  root.querySelectorAll("[data-focus-now]").forEach((el) => {
    if (el.dataset.focusNow !== el._focused) { el._focused = el.dataset.focusNow; el.focus(); el.select?.(); }
  });
  root.querySelectorAll("input[data-part]").forEach((el) => (el.indeterminate = true));
  relativeTimes(root);
  countSelected();
  keepCursor();
}

let drawing = Promise.resolve();
function drawDiagram(el) {
  const text = el.getAttribute("data-mermaid");
  if (el._drawn === text) return;
  el._drawn = text;
  drawing = drawing.then(async () => {
    const { mermaid } = await import("nicegui-mermaid");
    mermaid.initialize({ startOnLoad: false, theme: "base", securityLevel: "strict", flowchart: { curve: "basis", nodeSpacing: 24, rankSpacing: 10, padding: 7 },
      fontFamily: "inherit", themeVariables: { fontSize: "13px" } });
    const { svg } = await mermaid.render("m" + Math.random().toString(36).slice(2), text);
    el.innerHTML = svg;
    el.querySelector("svg")?.setAttribute("role", "img");
    el.querySelector("svg")?.setAttribute("aria-label", el.getAttribute("aria-label") || "Process diagram");
  }).catch((error) => { el.textContent = "The diagram could not be drawn."; console.error(error); });
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const redraw = () => document.querySelectorAll("[data-chart]").forEach(drawChart);
dark.addEventListener("change", redraw);

let plotting = Promise.resolve();
function drawChart(el) {
  const text = el.getAttribute("data-chart"), drawn = `${document.documentElement.dataset.theme} ${dark.matches} ${text}`;
  if (el._charted === drawn) return;
  el._charted = drawn;
  plotting = plotting.then(async () => {
    const { echarts } = await import("nicegui-echart");
    const look = getComputedStyle(document.documentElement), colour = (name) => look.getPropertyValue(name).trim();
    const told = JSON.parse(text, (_, value) => (typeof value === "string" && /^--[a-z-]+$/.test(value) && colour(value)) || value);
    const axis = (one, names) => one && { ...one, axisLine: { lineStyle: { color: colour("--line-strong") } },
      axisLabel: { color: colour("--muted"), ...(names && { width: 150, overflow: "truncate" }) } };
    el._plot?.dispose();
    const ground = document.createElement("div");
    ground.className = "chart-ground";
    el.replaceChildren(ground);
    el._plot = echarts.init(ground, null, { renderer: "svg" });
    el._plot.setOption({ animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 16, right: 48, top: 12, bottom: 4, containLabel: true }, tooltip: { renderMode: "richText" }, ...told,
      xAxis: axis(told.xAxis), yAxis: axis(told.yAxis, told.yAxis?.type === "category"),
      series: told.series.map((one) => ({ ...one, label: { color: colour("--text"), ...one.label } })) });
    el._plot.on("click", ({ data }) => data?.href && go(data.href));
    new ResizeObserver(() => el._plot.resize()).observe(el);
  }).catch((error) => { el.textContent = "The chart could not be drawn; its table is below."; console.error(error); });
}

function fieldsOf(el) {
  const form = el?.closest?.("form");
  if (!form) return {};
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string") continue;
    if (name.endsWith("[]")) (fields[name.slice(0, -2)] ||= []).push(value);
    else fields[name] = value;
  }
  for (const box of form.querySelectorAll("input[type=checkbox][name$='[]']")) fields[box.name.slice(0, -2)] ||= [];
  return fields;
}

const selectedIds = () => [...document.querySelectorAll("input[data-pick]:checked")].map((box) => box.value);

function act(name, args, el, value) {
  if (!main) return;
  busy(el);
  main.$emit("act", { do: name, args: { ...args }, fields: fieldsOf(el), selected: selectedIds(), value: value ?? "" });
}

function busy(el) {
  clearTimeout(busyTimer);
  if (el?.matches?.("button, form")) el.setAttribute("aria-busy", "true");
  busyTimer = setTimeout(() => document.body.classList.add("waiting"), 140);
}

function settled() {
  clearTimeout(busyTimer);
  document.body.classList.remove("waiting", "turning");
  document.querySelectorAll("[aria-busy]").forEach((el) => el.removeAttribute("aria-busy"));
}

function go(href, push = true) {
  const url = new URL(href, location.href);
  if (!main || !window.socket?.connected) return void (location.href = href);
  const same = url.pathname === location.pathname;
  clearTimeout(busyTimer);
  busyTimer = setTimeout(() => document.body.classList.add("waiting", ...(same ? [] : ["turning"])), 140);
  main.$emit("act", { do: "@go", args: { href: url.pathname + url.search, push }, fields: {}, selected: [], value: "" });
}

function internal(a, e) {
  if (!a || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.button) return false;
  if (a.hasAttribute("download") || a.dataset.plain !== undefined || (a.target && a.target !== "_self")) return false;
  const url = new URL(a.href, location.href);
  if (url.origin !== location.origin) return false;
  return !(url.pathname === location.pathname && url.search === location.search && url.hash);
}

function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(except)) menu.open = false; });
}

function onClick(e) {
  closeMenus(e.target);
  const skip = e.target.closest("[data-skip-to]");
  if (skip) {
    const field = document.getElementById(skip.dataset.skipTo) || document.querySelector(`[data-region="${CSS.escape(skip.dataset.skipTo)}"]`) || document.querySelector(`[name="${CSS.escape(skip.dataset.skipTo)}"]`);
    for (let d = field?.parentElement?.closest("details:not([open])"); d; d = d.parentElement.closest("details:not([open])")) d.open = true;
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

let lastPick = null;
function onPick(box, e) {
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

function countSelected() {
  const count = selectedIds().length;
  document.querySelectorAll("[data-bulk]").forEach((bar) => (bar.hidden = !count));
  document.querySelectorAll("[data-bulk-count]").forEach((el) => (el.textContent = count === 1 ? "1 selected" : count + " selected"));
  document.querySelectorAll("tr:has(> td > input[data-pick])").forEach((tr) => tr.toggleAttribute("data-chosen", tr.querySelector("input[data-pick]").checked));
}

function onSubmit(e) {
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

function onInput(e) {
  const el = e.target.closest("[data-input]");
  if (!el) return;
  clearTimeout(timers.get(el));
  timers.set(el, setTimeout(() => {
    if (!main) return;
    main.$emit("act", { do: el.dataset.input, args: { ...el.dataset, name: e.target.name || "" }, fields: fieldsOf(el), selected: selectedIds(), value: e.target.value });
  }, Number(el.dataset.wait || 180)));
}

function onChange(e) {
  const el = e.target.closest("[data-change]");
  if (el) act(el.dataset.change, { ...el.dataset, name: e.target.name || "" }, el, e.target.type === "checkbox" ? String(e.target.checked) : e.target.value);
}

async function onFile(e) {
  const box = e.target.closest("input[type=file][data-upload]");
  if (!box?.files.length) return;
  const body = new FormData();
  for (const file of box.files) body.append("file", file);
  for (const [name, value] of Object.entries(box.dataset)) body.append(name, value);
  busy(box);
  try {
    const answer = await fetch(box.dataset.upload, { method: "POST", body, headers: { accept: "application/json" } });
    const said = await answer.json();
    tell(answer.ok ? "ok" : "bad", said.title, said.what_to_do || "");
    if (answer.ok && said.go) go(said.go);
    else if (answer.ok) act("@refresh", {});
  } catch {
    tell("bad", "The file did not arrive.", "Nothing was stored. Try again.");
  }
  box.value = "";
  settled();
}

// Files attached to what a page is about: chosen, dropped or pasted. Each travels as the whole body of its own request, so
// that its progress can be shown and a file that is too large is refused before it is read; its name goes in a header.
const dropFor = (el) => el?.closest?.("[data-drop]") || (document.querySelectorAll("[data-drop]").length === 1 ? document.querySelector("[data-drop]") : null);
const carriesFiles = (e) => [...(e.dataTransfer?.types || [])].includes("Files");

function attach(place, files) {
  for (const file of files) {
    const most = Number(place.dataset.dropMost);
    if (file.size > most) { tell("bad", `${file.name} is larger than ${most >> 20} MB.`, "Nothing of it was sent."); continue; }
    upload(place.dataset.drop, place.dataset.dropId, file);
  }
}

function upload(subject, id, file) {
  const row = progressRow(file.name);
  const request = new XMLHttpRequest();
  const ended = (tone, title, what) => { row.remove(); tell(tone, title, what); };
  request.open("POST", "/upload/attachment");
  request.setRequestHeader("x-subject-type", subject);
  request.setRequestHeader("x-subject-id", id);
  request.setRequestHeader("x-file-name", encodeURIComponent(file.name));
  request.setRequestHeader("content-type", "application/octet-stream");
  request.upload.onprogress = (e) => { if (e.lengthComputable) row.querySelector("progress").value = e.loaded / e.total; };
  request.onload = () => {
    let said = {};
    try { said = JSON.parse(request.responseText); } catch { said = { title: "The server did not keep the file." }; }
    ended(request.status < 300 ? "ok" : "bad", said.title, said.what_to_do || "");
    if (request.status < 300) act("@refresh", {});
  };
  request.onerror = () => ended("bad", `${file.name} did not arrive.`, "Nothing was stored. Try again.");
  request.onabort = () => row.remove();
  row.querySelector("button").addEventListener("click", () => request.abort());
  request.send(file);
}

function progressRow(name) {
  let stack = document.getElementById("uploads");
  if (!stack) {
    stack = Object.assign(document.createElement("div"), { id: "uploads" });
    stack.setAttribute("role", "status");
    document.body.append(stack);
  }
  const row = document.createElement("div");
  row.innerHTML = "<span></span><progress max='1' value='0'></progress><button type='button' class='button quiet tiny'>Stop</button>";
  row.querySelector("span").textContent = name;
  row.querySelector("progress").setAttribute("aria-label", "Sending " + name);
  stack.append(row);
  return row;
}

function onAttach(e) {
  const box = e.target.closest("input[type=file][data-attach]");
  const place = box && dropFor(box);
  if (!place || !box.files.length) return;
  attach(place, [...box.files]);
  box.value = "";
}

function onDrag(e) {
  if (!carriesFiles(e)) return;
  e.preventDefault();
  document.querySelectorAll("[data-drop]").forEach((el) => el.classList.toggle("dropping", e.type === "dragover" && el === dropFor(e.target)));
  if (e.type !== "drop") return;
  const place = dropFor(e.target);
  if (place) attach(place, [...e.dataTransfer.files]);
}

function onPaste(e) {
  const files = [...(e.clipboardData?.files || [])];
  const place = files.length && dropFor(e.target);
  if (place && !document.querySelector("dialog[open]")) { e.preventDefault(); return attach(place, files); }
  const el = e.target.closest("[data-paste]");
  const text = e.clipboardData?.getData("text") || "";
  if (!el || !/[\t\n]/.test(text.trim())) return;
  e.preventDefault();
  act(el.dataset.paste, { ...el.dataset, name: e.target.name || "" }, e.target, text);
}

// Lists of suggestions under a field: arrows move, Enter takes, Escape closes.
function onSuggestKey(e) {
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

// Where the person stands in the list: kept when others' changes refresh the page.
let cursor = "";
function keepCursor() {
  const marked = document.querySelector("[data-rows] [data-current]");
  if (marked) cursor = keyOf(marked);
  else if (cursor) document.querySelector(`[data-rows] [data-key-of="${CSS.escape(cursor)}"]`)?.toggleAttribute("data-current", true);
}

function rows() { return [...document.querySelectorAll("[data-rows] [data-href]")]; }
function moveRow(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((r) => r.hasAttribute("data-current"));
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, now + step));
  all.forEach((r, i) => r.toggleAttribute("data-current", i === next));
  cursor = keyOf(all[next]);
  all[next].scrollIntoView({ block: "nearest" });
  if (document.querySelector("[data-follow]")) go(all[next].dataset.href);
}

function onKey(e) {
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
  if (e.key === "Escape") { closeMenus(); if (typing(e.target)) return e.target.blur(); const keys = document.getElementById("keys"); if (keys) return keys.remove(); document.querySelector("main [data-escape]")?.click(); return; }
  if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  if (e.key === "j" || e.key === "k") { e.preventDefault(); return moveRow(e.key === "j" ? 1 : -1); }
  if (e.key === "Enter" && !e.target.closest("a, button, summary, input")) { const row = document.querySelector("[data-current][data-href]"); if (row) { e.preventDefault(); go(row.dataset.href); } return; }
  if (e.key === "x") { const box = document.querySelector("[data-current] input[data-pick]"); if (box) { box.click(); } return; }
  if (e.key === "X") { const box = document.querySelector("[data-current] input[data-pick]"); if (box) { box.checked = true; onPick(box, { shiftKey: true }); } return; }
  if (e.key === "/") { const field = document.querySelector("[data-filter]"); if (field) { e.preventDefault(); field.focus(); field.select?.(); } return; }
  if (e.key === "?") { e.preventDefault(); return toggleKeys(); }
  const button = document.querySelector(`[data-current] [data-row-key="${CSS.escape(e.key)}"]`) || [...document.querySelectorAll(`[data-key="${CSS.escape(e.key)}"]`)].find((b) => !b.disabled);
  if (!button) return;
  e.preventDefault();
  if (!button.matches("textarea, input:not([type=radio]):not([type=checkbox])")) return button.click();
  for (let d = button.closest("details:not([open])"); d; d = d.parentElement.closest("details:not([open])")) d.open = true;
  button.scrollIntoView({ block: "nearest" });
  button.focus({ preventScroll: true });
}

function wordsOf(button) {
  const copy = button.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((key) => key.remove());
  return copy.textContent.trim();
}

function toggleKeys() {
  const open = document.getElementById("keys");
  if (open) return open.remove();
  const standard = [["j / k", "Next / previous row"], ["Enter", "Open the row"], ["x", "Select the row"], ["X", "Select from the last one to here"], ["/", "Filter"], ["Ctrl K", "Search everything"], ["Ctrl Enter", "Save the form"], ["Esc", "Close, leave a field"], ["?", "These keys"]];
  const extra = (document.querySelector("[data-extra-keys]")?.dataset.extraKeys || "").split("|").filter(Boolean).map((pair) => pair.split("="));
  const here = [...extra, ...document.querySelectorAll("[data-key]")].map((b) => Array.isArray(b) ? b : [b.dataset.key, b.dataset.keyWords || b.getAttribute("aria-label") || wordsOf(b)]);
  const panel = document.createElement("div");
  panel.id = "keys";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", "Keys");
  const list = (title, items) => items.length ? `<section><h3>${title}</h3><dl>${items.map(() => "<div><dt><kbd></kbd></dt><dd></dd></div>").join("")}</dl></section>` : "";
  panel.innerHTML = `<div class="keys-panel"><header><h2>Keys</h2><button class="button quiet" type="button">Close</button></header><div class="keys-columns">${list("On this page", here)}${list("Everywhere", standard)}</div></div>`;
  const all = [...here, ...standard];
  panel.querySelectorAll("dl > div").forEach((row, i) => { row.querySelector("kbd").textContent = all[i][0]; row.querySelector("dd").textContent = all[i][1]; });
  panel.addEventListener("click", (e) => { if (e.target === panel || e.target.closest("button")) panel.remove(); });
  document.body.append(panel);
  panel.querySelector("button").focus();
}

function chooseTheme(choice) {
  document.documentElement.dataset.theme = choice;
  document.cookie = `caseload_theme=${choice}; path=/; max-age=31536000; samesite=lax`;
  document.querySelectorAll("[data-theme-choice]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.themeChoice === choice)));
  redraw();
}

const UNITS = [["d", 86400], ["h", 3600], ["min", 60]];
function relativeTimes(root) {
  root.querySelectorAll("time[data-relative]").forEach((el) => {
    const seconds = (new Date(el.getAttribute("datetime")) - Date.now()) / 1000;
    const [unit, size] = UNITS.find(([, s]) => Math.abs(seconds) >= s) || ["", 1];
    const words = unit ? Math.floor(Math.abs(seconds) / size) + " " + unit : "moments";
    const text = el.dataset.relative === "due" ? (seconds < 0 ? words + " over" : "in " + words) : seconds > 0 ? "in " + words : words === "moments" ? "just now" : words + " ago";
    if (el.textContent !== text) el.textContent = text;
  });
}

function tell(tone, title, what) {
  let stack = document.getElementById("toasts");
  if (!stack) {
    stack = Object.assign(document.createElement("div"), { id: "toasts" });
    stack.setAttribute("role", "status");
    stack.setAttribute("aria-live", "polite");
    document.body.append(stack);
  }
  const host = document.querySelector("dialog[open]") || document.body;
  if (stack.parentElement !== host) host.append(stack);
  const toast = document.createElement("div");
  toast.className = "toast " + tone;
  toast.innerHTML = "<div><strong></strong><span></span></div><button type='button' aria-label='Dismiss'>×</button>";
  toast.querySelector("strong").textContent = title;
  toast.querySelector("span").textContent = what || "";
  toast.querySelector("button").addEventListener("click", () => toast.remove());
  stack.append(toast);
  while (stack.children.length > 4) stack.firstChild.remove();
  setTimeout(() => toast.remove(), tone === "bad" ? 12000 : 5000);
}

// A running clock: its seconds, a word to the server that somebody is there, and a question when nobody is.
let lastSeen = Date.now(), lastTold = Date.now(), asked = false;
const seen = () => { lastSeen = Date.now(); };
function tickClocks() {
  const el = document.querySelector("time[data-clock]");
  if (!el) return;
  const whole = Math.max(0, Math.floor((Date.now() - new Date(el.getAttribute("datetime"))) / 1000));
  const two = (n) => String(n).padStart(2, "0");
  el.textContent = (whole >= 3600 ? Math.floor(whole / 3600) + ":" + two(Math.floor(whole / 60) % 60) : Math.floor(whole / 60)) + ":" + two(whole % 60);
  const away = "idleNow" in el.dataset || Date.now() - lastSeen > Number(el.dataset.idleSeconds) * 1000;
  if (away && !asked && !document.querySelector("dialog[open]")) { asked = true; return act(el.dataset.idle, {}); }
  if (away) return;
  asked = false;
  if (lastSeen > lastTold && Date.now() - lastTold > 60000) { lastTold = Date.now(); act(el.dataset.seen, { ago: String(Math.floor((Date.now() - lastSeen) / 1000)) }); }
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
  document.addEventListener("paste", onPaste);
  document.addEventListener("keydown", onKey);
  document.addEventListener("toggle", (e) => { if (e.target.matches?.("details.menu") && e.target.open) e.target.querySelector("[role=menu] a, [role=menu] button")?.focus({ preventScroll: true }); }, true);
  addEventListener("popstate", () => { if (location.pathname + location.search !== current) go(location.pathname + location.search, false); });
  setInterval(() => relativeTimes(document), 30000);
  setInterval(tickClocks, 1000);
  for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, seen, { passive: true });
}

export default {
  template: `<component :is="tag" :data-region="name" tabindex="-1"></component>`,
  props: { html: String, name: String, tag: String },
  mounted() {
    regions.add(this);
    if (this.name === "main") main = this;
    install();
    show(this.$el, this.html);
    if (this.name === "main") this.$el.querySelector("[autofocus]")?.focus();
  },
  unmounted() { regions.delete(this); },
  watch: { html(value) { if (this.$el) show(this.$el, value); } },
  methods: {
    settled() { settled(); },
    tell(tone, title, what) { tell(tone, title, what); },
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
