// What goes on with the time: ages of moments, and the running clock of a coordinator.
import { act } from "asking";

const UNITS = [["d", 86400], ["h", 3600], ["min", 60]];
export function relativeTimes(root) {
  root.querySelectorAll("time[data-relative]").forEach((el) => {
    const seconds = (new Date(el.getAttribute("datetime")) - Date.now()) / 1000;
    const [unit, size] = UNITS.find(([, s]) => Math.abs(seconds) >= s) || ["", 1];
    const words = unit ? Math.floor(Math.abs(seconds) / size) + " " + unit : "moments";
    const text = el.dataset.relative === "due" ? (seconds < 0 ? words + " over" : "in " + words) : seconds > 0 ? "in " + words : words === "moments" ? "just now" : words + " ago";
    if (el.textContent !== text) el.textContent = text;
  });
}

// A running clock: its seconds, a word to the server that somebody is there, and a question when nobody is.
let lastSeen = Date.now(), lastTold = Date.now(), asked = false;
export const seen = () => { lastSeen = Date.now(); };
export function tickClocks() {
  const el = document.querySelector("time[data-clock]");
  if (!el) return;
  const whole = Math.max(0, Math.floor((Date.now() - new Date(el.getAttribute("datetime"))) / 1000));
  const two = (n) => String(n).padStart(2, "0");
  el.textContent = (whole >= 3600 ? Math.floor(whole / 3600) + ":" + two(Math.floor(whole / 60) % 60) : Math.floor(whole / 60)) + ":" + two(whole % 60);
  const away = "idleNow" in el.dataset || Date.now() - lastSeen > Number(el.dataset.idleSeconds) * 1000;
  if (away && !asked && !document.querySelector("dialog[open]")) { asked = true; return act(el.dataset.idle, { id: el.dataset.id }); }
  if (away) return;
  asked = false;
  if (lastSeen > lastTold && Date.now() - lastTold > 60000) { lastTold = Date.now(); act(el.dataset.seen, { id: el.dataset.id, ago: String(Math.floor((Date.now() - lastSeen) / 1000)) }); }
}
