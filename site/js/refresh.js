// Checks for a newer report and replaces the panels that changed. A page opened from a folder is not refreshed.
import { $, $$, get, isServed, on, root, say, set, span } from "./dom.js";
import { settings } from "./settings.js";

const USUAL = 20;
const LONGEST = 5 * 60 * 1000;
const page = root.dataset.page;

let paused = false;
let busy = false;
let failures = 0;
let trouble = "";
let timer = 0;
let skew = 0;
let ticked = Date.now();

// A pause lasts for the visit, across pages.
const keepPause = (isKept) => {
  try {
    if (isKept) sessionStorage.paused = paused ? 1 : "";
    else paused = !!sessionStorage.paused;
  } catch {
    // It lasts for this page only.
  }
};
keepPause(false);

const every = () => (Number(settings().every) || USUAL) * 1000;
const now = () => Date.now() - skew;

// Shows ages, and why a report is old: the job, the site, or the reader's network, clock or sleep.
const showState = () => {
  if (Date.now() - ticked > 60_000 && !paused) poll();
  ticked = Date.now();
  for (const element of $$("[data-ago]")) {
    const age = (now() - Date.parse(element.dataset.ago)) / 1000;
    set(element, age < -60 ? "(in the future?)" : `(${span(age)} ago)`);
  }
  for (const element of $$("[data-clock]")) {
    const form = { timeZone: element.dataset.clock, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
    set(element, new Intl.DateTimeFormat("en-GB", form).format(now()));
  }
  const age = (now() - Date.parse(root.dataset.generated)) / 1000;
  const schedule = Number(root.dataset.schedule);
  const state = age > 3 * schedule ? "stale" : age > 1.5 * schedule ? "late" : "";
  const clock = skew ? ` Your clock is ${span(60 * Math.round(Math.abs(skew) / 60_000))} ${skew > 0 ? "fast" : "slow"}; ages use the site's clock.` : "";
  const cause = trouble || (paused ? "Updates are paused." : "The job that builds it is late or has stopped.");
  root.classList.toggle("is-stale", state === "stale");
  const box = $("[data-stale]");
  const old = `${state === "stale" ? "✕ Stale" : "▲ Late"}: this report is ${span(age)} old; one is due every ${span(schedule)}. ${cause}${clock}`;
  const text = state ? old : trouble && failures !== 1 ? `▲ ${trouble}` : "";
  set(box, text);
  if (box) box.hidden = !text;
  set($("[data-live-text]"), paused ? "Updates paused" : trouble ? "Trying again" : `Checked every ${span(every() / 1000)}`);
  $("[data-pause]")?.setAttribute("aria-pressed", String(paused));
  set($("[data-pause-word]"), paused ? "Resume" : "Pause");
};

const name = (details) => details.dataset.key || $("summary", details)?.textContent;
const way = (element, top) => {
  const steps = [];
  for (let at = element; at && at !== top; at = at.parentElement) steps.unshift([...at.parentElement.children].indexOf(at));
  return steps;
};

// Replaces a panel and keeps what the reader opened, chose, scrolled and focused.
const keep = (old, fresh) => {
  const opened = $$("details[open]", old).map(name);
  for (const details of $$("details", fresh)) details.open = opened.includes(name(details));
  for (const input of $$("input:checked", old)) {
    const same = $$("input", fresh).find((i) => i.name === input.name && i.value === input.value);
    if (same) same.checked = true;
  }
  fresh.classList.toggle("toured", old.classList.contains("toured"));
  const sought = $("[type=search]", old)?.value;
  const places = $$(".scroll", old).map((e) => [e.scrollLeft, e.scrollTop]);
  const active = document.activeElement;
  const steps = old.contains(active) ? way(active, old) : null;
  const explained = $$(".pop:popover-open").filter((pop) => $(`[popovertarget="${pop.id}"]`, old));
  old.replaceWith(fresh);
  if (sought) {
    const search = $("[type=search]", fresh);
    search.value = sought;
    search.dispatchEvent(new Event("input", { bubbles: true }));
  }
  $$(".scroll", fresh).forEach((e, i) => places[i] && e.scrollTo(...places[i]));
  if (steps) {
    const target = steps.reduce((at, i) => at?.children[i], fresh);
    if (target?.tagName === active.tagName) target.focus({ preventScroll: true });
    else $("#main")?.focus({ preventScroll: true });
  }
  for (const pop of explained) {
    // Anchor it to the new button.
    const source = $(`[popovertarget="${pop.id}"]`, fresh);
    pop.hidePopover();
    if (source) pop.showPopover({ source });
  }
};

const swap = (text) => {
  const next = new DOMParser().parseFromString(text, "text/html");
  const head = next.documentElement;
  if (head.dataset.page !== page || head.dataset.rev === root.dataset.rev) return;
  const assets = (d) => $$("link[rel=stylesheet], script[src]", d).map((e) => e.getAttribute("href") || e.getAttribute("src")).join();
  const names = (d) => $$("[data-panel]", d).map((p) => p.dataset.panel).join();
  if (assets(next) !== assets(document) || names(next) !== names(document)) {
    location.reload();
    return;
  }
  const anchor = $$("main [data-panel]").find((p) => p.getBoundingClientRect().bottom > 0);
  const key = anchor?.dataset.panel;
  const before = anchor?.getBoundingClientRect().top;
  for (const old of $$("[data-panel]")) {
    const fresh = $$("[data-panel]", next).find((p) => p.dataset.panel === old.dataset.panel);
    if (fresh.dataset.rev !== old.dataset.rev) keep(old, document.importNode(fresh, true));
  }
  const moved = key && $(`[data-panel="${key}"]`).getBoundingClientRect().top - before;
  if (moved && scrollY > 0) scrollBy(0, moved);
  for (const term of $$(".pop", next)) if (!document.getElementById(term.id)) $("#terms").append(document.importNode(term, true));
  const was = root.dataset.status;
  for (const item of ["rev", "report", "generated", "schedule", "status"]) root.dataset[item] = head.dataset[item];
  document.title = next.title;
  const [icon, fresh] = [document, next].map((d) => $("link[rel=icon]", d));
  if (fresh && !icon?.isEqualNode(fresh)) icon?.replaceWith(fresh);
  $(".foot").replaceWith($(".foot", next));
  if (was !== head.dataset.status) say(`Status changed from ${was} to ${head.dataset.status}`);
};

// A reader's clock that is minutes off would make reports look late or fresh.
const compare = (answer) => {
  const served = Date.parse(answer.headers.get("date")) + 1000 * Number(answer.headers.get("age") || 0);
  const off = Date.now() - served;
  skew = Math.abs(off) > 120_000 ? off : 0;
};

// Returns why this page is older than the site, or an empty text.
const look = async () => {
  const answer = await get(`${root.dataset.root}latest.json`);
  compare(answer);
  const wanted = (await answer.json()).pages?.[page];
  if (!wanted) return "This page is not in the latest report.";
  if (wanted === root.dataset.rev) return "";
  const selection = getSelection();
  if (selection && !selection.isCollapsed && $("#main").contains(selection.anchorNode)) return "A newer report is ready. It shows when no text is selected.";
  swap(await (await get(location.pathname + location.search)).text());
  return wanted === root.dataset.rev ? "" : "There is a newer report, but the server still sends the old page. A cache may hold it.";
};

const plan = () => {
  clearTimeout(timer);
  if (paused || document.hidden) return;
  const wait = Math.min(every() * 2 ** Math.min(failures, 5), Math.max(LONGEST, every()));
  timer = setTimeout(poll, wait * (failures ? 0.8 + 0.4 * Math.random() : 0.85 + 0.15 * Math.random()));
};

const poll = async () => {
  if (busy) return;
  busy = true;
  try {
    trouble = await look();
    failures = 0;
  } catch (error) {
    failures += 1;
    trouble = navigator.onLine === false ? "Your browser is offline." : error instanceof SyntaxError ? "latest.json is not valid JSON. Is it a login page?" : error.message.startsWith("HTTP") ? `The site answers ${error.message}.` : "Cannot reach the site.";
  }
  busy = false;
  showState();
  plan();
};

if (isServed && page) {
  on("click", "[data-pause]", () => {
    paused = !paused;
    keepPause(true);
    showState();
    if (paused) clearTimeout(timer);
    else poll();
  });
  on("change", "[data-setting=every]", () => {
    showState();
    plan();
  });
  document.addEventListener("visibilitychange", () => (document.hidden || paused ? clearTimeout(timer) : poll()));
  addEventListener("online", () => paused || poll());
  setInterval(showState, 5000);
  showState();
  plan();
}
