// Short messages in the corner: four at most, read aloud, above a dialog where one is open.
const host = () => document.querySelector("dialog[open]") || document.body;

// Messages outlive the dialog above which they stand: they are taken out of it while it changes or goes.
export function keepMessages(change) {
  const stack = document.getElementById("toasts");
  if (stack && stack.parentElement !== document.body) document.body.append(stack);
  change();
  if (stack && stack.parentElement !== host()) host().append(stack);
}

export function tell(tone, title, what) {
  let stack = document.getElementById("toasts");
  if (!stack) {
    stack = Object.assign(document.createElement("div"), { id: "toasts" });
    stack.setAttribute("role", "status");
    stack.setAttribute("aria-live", "polite");
    document.body.append(stack);
  }
  if (stack.parentElement !== host()) host().append(stack);
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
