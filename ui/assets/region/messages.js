// Short messages in the corner: four at most, read aloud, above a dialog where one is open.
export function tell(tone, title, what) {
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
