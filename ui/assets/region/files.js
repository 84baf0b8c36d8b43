// Files that are chosen, dropped or pasted.
import { act, busy, go, settled } from "asking";
import { tell } from "messages";

export async function onFile(e) {
  const box = e.target.closest("input[type=file][data-upload]");
  if (!box?.files.length) return;
  const body = new FormData();
  for (const file of box.files) body.append("file", file);
  for (const [name, value] of Object.entries(box.dataset)) body.append(name, value);
  busy(box);
  try {
    const answer = await fetch(box.dataset.upload, { method: "POST", body, headers: { accept: "application/json" } });
    const said = await answer.json();
    if (!showAnswer(box, answer.ok, said)) tell(answer.ok ? "ok" : "bad", said.title, said.what_to_do || "");
    if (answer.ok && said.go) go(said.go);
    else if (answer.ok && !box.dataset.answer) act("@refresh", {});
  } catch {
    tell("bad", "The file did not arrive.", "Nothing was stored. Try again.");
  }
  box.value = "";
  settled();
}

// An answer that is read at leisure stays on the page, with the file it is about; whether there is a place for it.
function showAnswer(box, ok, said) {
  const place = document.getElementById(box.dataset.answer);
  if (!place) return false;
  place.className = "notice " + (ok ? "ok" : "bad");
  place.querySelector("strong").textContent = said.title;
  place.querySelector("span").textContent = `${box.files[0].name}: ${said.what_to_do || ""}`;
  const link = place.querySelector("a");
  link.hidden = !said.href;
  if (said.href) link.href = said.href;
  place.hidden = false;
  return true;
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

export function onAttach(e) {
  const box = e.target.closest("input[type=file][data-attach]");
  const place = box && dropFor(box);
  if (!place || !box.files.length) return;
  attach(place, [...box.files]);
  box.value = "";
}

export function onDrag(e) {
  if (!carriesFiles(e)) return;
  e.preventDefault();
  document.querySelectorAll("[data-drop]").forEach((el) => el.classList.toggle("dropping", e.type === "dragover" && el === dropFor(e.target)));
  if (e.type !== "drop") return;
  const place = dropFor(e.target);
  if (place) attach(place, [...e.dataTransfer.files]);
}

// Files among what is pasted; whether there were any and a place for them.
export function pasteFiles(e) {
  const files = [...(e.clipboardData?.files || [])];
  const place = files.length && dropFor(e.target);
  if (!place || document.querySelector("dialog[open]")) return false;
  e.preventDefault();
  attach(place, files);
  return true;
}
