// The panel that names the keys of this page and those of every page.
function wordsOf(button) {
  const copy = button.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((key) => key.remove());
  return copy.textContent.trim();
}

export function toggleKeys() {
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
