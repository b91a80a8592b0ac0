// Compares any two kept reports, from their JSON: the budget left in each, and the budget spent between them.
import { $, $$, get, getSnapshot, isServed, on, set } from "./dom.js";

const form = $("[data-compare]");
const percent = (ratio) => (ratio === null ? "unknown" : `${String(+(100 * ratio).toFixed(4)).replace("-", "−")}\u202f%`);
const objectives = ({ at, services }) =>
  new Map(services.flatMap(({ name, slos }) => slos.map((slo) => [`${name} ${slo.name}`, { ...slo, at }])));
const copy = (selector) => $(selector, form)?.cloneNode(true) ?? "";

/** Both parts of a verdict; reports of earlier versions have the status of the window only. */
const verdict = ({ now, status }) => copy(`[data-verdict="${now?.state ?? ""} ${status}"]`);
const judged = (slo) => (slo ? [verdict(slo), percent(slo.budget.remaining_ratio)] : ["not in the report", ""]);

/** The rules that a share of the budget depends on. */
const rules = (slo) => [slo.objective, slo.kind ?? "occurrences", slo.basis, slo.window, slo.threshold_seconds, slo.slice_seconds, slo.slice_target].join();

/** Whether a correction of time that the earlier report had judged was added or removed. */
const isRestated = (before, after) => {
  const [was, now] = [before, after].map((slo) => (slo.uncorrected?.applied ?? []).filter(({ start }) => start < before.at));
  const lacks = (list) => (one) => !list.some(({ start, end, reason }) => start === one.start && end === one.end && reason === one.reason);
  return now.some(lacks(was)) || was.filter(({ end }) => end > after.windows[after.window].start).some(lacks(now));
};

const spent = (before, after) => {
  if (before && after && (rules(before) !== rules(after) || isRestated(before, after))) return "not comparable";
  const [was, is] = [before, after].map((slo) => slo?.budget.remaining_ratio ?? null);
  return percent(was === null || is === null ? null : was - is);
};

const row = (name, before, after) => {
  const line = document.createElement("tr");
  for (const content of [name, ...judged(before), ...judged(after), spent(before, after)]) line.insertCell().append(content);
  return line;
};

const compareChosen = async () => {
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
    select.selectedIndex = Math.min(i, times.length - 1);
  });
};

const report = async (act) => set($("output", form), await act().catch((error) => `Cannot compare the reports: ${error.message}`));

if (form && isServed) {
  report(fill);
  on("click", "[data-compare] button", () => report(compareChosen));
}
