// Changes what a region shows into what it shall show, touching only what differs: focus, typing, open menus and selection stay.
function sameKind(a, b) {
  return a.nodeType === b.nodeType && (a.nodeType !== 1 || (a.tagName === b.tagName && keyOf(a) === keyOf(b)));
}
export const keyOf = (el) => (el.nodeType === 1 ? el.getAttribute("data-key-of") || el.id || "" : "");

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

// Show `html` in `root`; the focus and what is selected in a field stay where they were.
export function change(root, html) {
  const next = document.createElement("div");
  next.innerHTML = html;
  const held = root.contains(document.activeElement) ? document.activeElement : null;
  const selection = held && "selectionStart" in held ? [held.selectionStart, held.selectionEnd] : null;
  morphChildren(root, next);
  if (held?.isConnected && document.activeElement !== held) {
    held.focus({ preventScroll: true });
    if (selection?.[0] != null) held.setSelectionRange(...selection);
  }
}
