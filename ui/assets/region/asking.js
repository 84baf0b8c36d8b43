// What is asked of the server: an action with its arguments, the fields of the form around it and the rows selected, or another page.
let main = null;
let waiting = null;

// The region that speaks to the server.
export const speakBy = (region) => { main = region; };

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

export const selectedIds = () => [...document.querySelectorAll("input[data-pick]:checked")].map((box) => box.value);

export function act(name, args, el, value) {
  busy(el);
  ask(name, args, el, value);
}

// The same without a sign of waiting, for what goes on while somebody types.
export function ask(name, args, el, value) {
  main?.$emit("act", { do: name, args: { ...args }, fields: fieldsOf(el), selected: selectedIds(), value: value ?? "" });
}

export function busy(el) {
  if (el?.matches?.("button, form")) el.setAttribute("aria-busy", "true");
  waitWith("waiting");
}

function waitWith(...looks) {
  clearTimeout(waiting);
  waiting = setTimeout(() => document.body.classList.add(...looks), 140);
}

export function settled() {
  clearTimeout(waiting);
  document.body.classList.remove("waiting", "turning");
  document.querySelectorAll("[aria-busy]").forEach((el) => el.removeAttribute("aria-busy"));
}

export function go(href, push = true) {
  const url = new URL(href, location.href);
  if (!main || !window.socket?.connected) return void (location.href = href);
  waitWith("waiting", ...(url.pathname === location.pathname ? [] : ["turning"]));
  main.$emit("act", { do: "@go", args: { href: url.pathname + url.search, push }, fields: {}, selected: [], value: "" });
}
