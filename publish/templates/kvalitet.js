"use strict";

// Filters live in the address (#omraade=sydbyen&aar=2022&alvor=warns), so that a view can be sent as a link.
// Everything is shown as it stands in the page when this does not run.
const form = document.getElementById("filter");
const fields = ["omraade", "aar", "alvor"];
const explanations = [...document.querySelectorAll("details")];

function wanted() {
  return Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
}

function filterFlags({ omraade, aar, alvor }) {
  const rows = [...document.querySelectorAll("table.flags tr[data-alvor]")];
  for (const row of rows) {
    const { omraade: area, aar: year, alvor: severity } = row.dataset;
    row.hidden = Boolean((omraade && area !== omraade) || (aar && year !== aar) || (alvor && severity !== alvor));
  }
  const shown = rows.filter((row) => !row.hidden).length;
  document.getElementById("antal").textContent = `Viser ${shown} af ${rows.length} fund.`;
  for (const body of document.querySelectorAll("table.flags tbody")) {
    body.hidden = [...body.rows].slice(1).every((row) => row.hidden);
  }
  for (const table of document.querySelectorAll("table.flags")) table.hidden = !shown;
  for (const hint of document.querySelectorAll("#uden")) hint.hidden = omraade === "uden" || !(omraade || aar);
}

function filterGrid(table, { omraade, aar, alvor }) {
  const years = [...table.tHead.rows[0].cells].map((cell) => cell.dataset.aar);
  const isYearShown = (at) => !aar || years[at] === undefined || years[at] === aar;
  [...table.tHead.rows[0].cells].forEach((cell, at) => { cell.hidden = !isYearShown(at); });
  for (const body of table.tBodies) {
    const [heading, ...rows] = body.rows;
    for (const row of rows) {
      const cells = [...row.cells];
      cells.forEach((cell, at) => { cell.hidden = !isYearShown(at); });
      const shown = cells.slice(1).filter((cell) => !cell.hidden && cell.firstElementChild);
      const isFlagged = !alvor || shown.some((cell) => (cell.dataset.alvor || "").split(" ").includes(alvor));
      row.hidden = Boolean((omraade && row.dataset.omraade !== omraade) || !shown.length || !isFlagged);
    }
    body.hidden = rows.every((row) => row.hidden);
  }
  const isEmpty = [...table.tBodies].every((body) => body.hidden);
  table.closest("section.grid").hidden = isEmpty;
  return !isEmpty;
}

function filter() {
  const choice = wanted();
  filterFlags(choice);
  const grids = [...document.querySelectorAll("table.grid")].map((table) => filterGrid(table, choice));
  document.getElementById("ingen-tal").hidden = grids.some(Boolean);
}

function follow() {
  const fragment = location.hash.slice(1);
  const asked = new URLSearchParams(fragment);
  if (!fragment || fields.some((name) => asked.has(name))) {
    for (const name of fields) {
      const options = [...form.elements[name].options].map((option) => option.value);
      form.elements[name].value = options.includes(asked.get(name)) ? asked.get(name) : "";
    }
    filter();
    return;
  }
  const target = document.getElementById(decodeURIComponent(fragment));
  const folded = target && target.closest("details");
  if (folded && !folded.open) {
    folded.open = true;
    target.scrollIntoView();
  }
}

function remember() {
  const chosen = Object.entries(wanted()).filter(([, value]) => value);
  history.replaceState(null, "", chosen.length ? `#${new URLSearchParams(chosen)}` : location.pathname);
  filter();
}

for (const details of explanations) details.open = false;
form.hidden = false;
form.addEventListener("change", remember);
form.addEventListener("reset", () => setTimeout(remember));
window.addEventListener("hashchange", follow);
filter();
follow();
