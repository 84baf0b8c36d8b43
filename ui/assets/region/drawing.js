// Diagrams by Mermaid and charts by ECharts, in the colours of the theme; both libraries load with the first one drawn.
import { go } from "asking";

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
export const redraw = () => document.querySelectorAll("[data-chart]").forEach(drawChart);

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

export function draw(root) {
  root.querySelectorAll("[data-mermaid]").forEach(drawDiagram);
  root.querySelectorAll("[data-chart]").forEach(drawChart);
}
