// Any two kept reports side by side, from their own JSON: what was left of each budget, and what was spent between them.
import { $, $$, get, getSnapshot, isServed, on, set } from "./dom.js";

const form = $("[data-compare]");
const percent = (ratio) => (ratio === null ? "unknown" : `${String(+(100 * ratio).toFixed(4)).replace("-", "−")}\u202f%`);
const objectives = ({ services }) => new Map(services.flatMap(({ name, slos }) => slos.map((slo) => [`${name} ${slo.name}`, slo])));
const judged = (slo) => (slo ? [$(`[data-status=${slo.status}]`, form).cloneNode(true), percent(slo.budget.remaining_ratio)] : ["not there", ""]);

const row = (name, before, after) => {
  const [was, is] = [before, after].map((slo) => slo?.budget.remaining_ratio ?? null);
  const line = document.createElement("tr");
  for (const content of [name, ...judged(before), ...judged(after), percent(was === null || is === null ? null : was - is)]) line.insertCell().append(content);
  return line;
};

const work = async () => {
  const ids = $$("select", form).map((select) => select.value).sort();
  const [before, after] = (await Promise.all(ids.map(getSnapshot))).map(objectives);
  const names = new Set([...after.keys(), ...before.keys()]);
  $("tbody", form).replaceChildren(...[...names].map((name) => row(name, before.get(name), after.get(name))));
  $(".scroll", form).hidden = false;
  return ids.join(" → ");
};

const fill = async () => {
  const { entries } = await (await get("../index.json")).json();
  const times = entries.map(({ id, at }) => [at.replace(/T(.*)Z/, " $1 UTC"), id]).sort().reverse();
  $$("select", form).forEach((select, i) => {
    select.append(...times.map((time) => new Option(...time)));
    select.selectedIndex = Math.min(1 - i, times.length - 1);
  });
};

const tell = async (act) => set($("output", form), await act().catch((error) => `No comparison: ${error.message}`));

if (form && isServed) {
  tell(fill);
  on("click", "[data-compare] button", () => tell(work));
}
