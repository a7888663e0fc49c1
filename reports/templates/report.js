"use strict";

const byId = (id) => document.getElementById(id);
const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

/* Charts: unpack Plotly, then draw each figure in the page's own colors. Without it the tables still say it all. */

async function loadPlotly() {
  const packed = Uint8Array.from(atob(byId("plotly").textContent), (character) => character.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const script = document.createElement("script");
  script.textContent = await new Response(unpacked).text();
  document.head.append(script);
}

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function colored(figure) {
  const { data, layout } = structuredClone(figure);
  const line = color("line");
  for (const trace of data) {
    trace.marker.color = color(trace.meta);
    trace.marker.line = { color: color("surface"), width: 1 };
    trace.marker.pattern.fgcolor = color("surface");
    trace.marker.pattern.solidity = 0.18;
  }
  layout.font = { color: color("text"), family: "system-ui, sans-serif", size: 13 };
  layout.hoverlabel = { bgcolor: color("surface"), bordercolor: line, font: { color: color("text") }, align: "left" };
  Object.assign(layout.xaxis, { gridcolor: line, zerolinecolor: line });
  return { data, layout };
}

function draw(figures) {
  for (const [id, figure] of Object.entries(figures)) {
    const { data, layout } = colored(figure);
    Plotly.react(byId(id), data, layout, { displayModeBar: false, responsive: true });
  }
}

async function showCharts() {
  const figures = JSON.parse(byId("figures").textContent);
  try {
    await loadPlotly();
  } catch (error) {
    document.querySelectorAll(".chart, .legend").forEach((chart) => chart.remove());
    return;
  }
  draw(figures);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(figures));
  document.documentElement.dataset.charts = "drawn";
}

/* The table of changes: sort by a column, filter by words, risk and labels. */

function compare(column, numeric, sign) {
  const value = (row) => row.cells[column].dataset.value;
  if (numeric) return (a, b) => sign * (Number(value(a)) - Number(value(b)));
  return (a, b) => sign * value(a).localeCompare(value(b), "en");
}

function sortBy(button) {
  const header = button.closest("th");
  const numeric = button.dataset.type === "number";
  const before = header.getAttribute("aria-sort");
  const descending = before ? before === "ascending" : numeric;
  byId("table").querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const body = byId("table").tBodies[0];
  body.append(...[...body.rows].sort(compare(header.cellIndex, numeric, descending ? -1 : 1)));
}

const texts = new Map();

function text(row) {
  if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
  return texts.get(row);
}

function fits(row, words, choices) {
  return choices.every((choice) => !choice.value || row.dataset[choice.dataset.filter] === choice.value)
    && words.every((word) => text(row).includes(word));
}

function filter() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const choices = [...byId("filters").querySelectorAll("select")];
  const rows = [...byId("table").tBodies[0].rows];
  rows.forEach((row) => { row.hidden = !fits(row, words, choices); });
  const changes = rows.filter((row) => row.dataset.first === "1");
  const shown = changes.filter((row) => !row.hidden);
  const freed = shown.reduce((sum, row) => sum + Number(row.dataset.frees), 0);
  const count = shown.length === changes.length ? changes.length : `${shown.length} of ${changes.length}`;
  byId("count").textContent = `${count} changes, freeing ${dollars.format(freed)} a month.`;
  byId("none").hidden = shown.length > 0;
}

if (byId("table")) {
  byId("filters").hidden = false;
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("input", filter);
  byId("table").tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) sortBy(button);
  });
}

/* On paper nothing can be opened: print what is behind the summaries too. */

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  opened.forEach((details) => { details.open = true; });
});
addEventListener("afterprint", () => opened.forEach((details) => { details.open = false; }));

showCharts();
