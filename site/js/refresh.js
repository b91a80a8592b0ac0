"use strict";
// Looks for a newer report and replaces the panels that changed. A page opened from a folder is left as it is.
(() => {
  if (!/^https?:$/.test(location.protocol)) return;
  const root = document.documentElement;
  const page = root.dataset.page;
  if (!page) return;

  const EVERY = 20 * 1000;
  const LONGEST = 5 * 60 * 1000;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

  let paused = false;
  let failures = 0;
  let trouble = "";
  let timer = 0;
  let busy = false;

  const span = (seconds) => {
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min`;
    if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
    return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
  };
  const set = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };
  const say = (text) => set($("[data-announce]"), text);

  // Ages, and why a report is old: the job, the site or the reader's own network.
  const tell = () => {
    const now = Date.now();
    for (const element of $$("[data-ago]")) {
      const age = (now - Date.parse(element.dataset.ago)) / 1000;
      set(element, age < -60 ? "(in the future: is this clock right?)" : `(${span(age)} ago)`);
    }
    const age = (now - Date.parse(root.dataset.generated)) / 1000;
    const schedule = Number(root.dataset.schedule);
    const state = age > 3 * schedule ? "stale" : age > 1.5 * schedule ? "late" : "";
    const cause = trouble || (paused ? "Updates are paused." : "The job that makes it is late or has stopped.");
    root.classList.toggle("is-late", state === "late");
    root.classList.toggle("is-stale", state === "stale");
    const box = $("[data-stale]");
    if (box) {
      const text = state ? `${state === "stale" ? "✕ Stale" : "▲ Late"}: this report is ${span(age)} old; one was due every ${span(schedule)}. ${cause}` : failures > 1 ? `▲ ${trouble}` : "";
      set(box, text);
      box.hidden = !text;
    }
    set($("[data-live-text]"), paused ? "Updates paused" : trouble ? "Trying again" : `Checked every ${span(EVERY / 1000)}`);
  };

  const open = (within) => $$("details[open]", within).map((d) => d.dataset.key || $("summary", d)?.textContent);
  const way = (element, top) => {
    const steps = [];
    for (let at = element; at && at !== top; at = at.parentElement) steps.unshift([...at.parentElement.children].indexOf(at));
    return steps;
  };

  const keep = (old, fresh) => {
    const opened = open(old);
    for (const d of $$("details", fresh)) d.open = opened.includes(d.dataset.key || $("summary", d)?.textContent);
    for (const input of $$("input:checked", old)) {
      const same = $$("input", fresh).find((i) => i.name === input.name && i.value === input.value);
      if (same) same.checked = true;
    }
    const places = $$(".scroll", old).map((e) => [e.scrollLeft, e.scrollTop]);
    const active = document.activeElement;
    const steps = old.contains(active) ? way(active, old) : null;
    old.replaceWith(fresh);
    $$(".scroll", fresh).forEach((e, i) => places[i] && e.scrollTo(...places[i]));
    if (steps) {
      const target = steps.reduce((at, i) => at?.children[i], fresh);
      if (target?.tagName === active.tagName) target.focus({ preventScroll: true });
      else $("#main")?.focus({ preventScroll: true });
    }
  };

  const swap = (text) => {
    const next = new DOMParser().parseFromString(text, "text/html");
    const head = next.documentElement;
    if (head.dataset.page !== page || head.dataset.rev === root.dataset.rev) return;
    const asset = (d) => $("link[rel=stylesheet]", d)?.getAttribute("href") + $("script[src]", d)?.getAttribute("src");
    const names = (d) => $$("[data-panel]", d).map((p) => p.dataset.panel).join();
    if (asset(next) !== asset(document) || names(next) !== names(document)) return location.reload();
    const panels = $$("[data-panel]");
    const anchor = panels.find((p) => p.getBoundingClientRect().bottom > 0);
    const key = anchor?.dataset.panel;
    const before = anchor?.getBoundingClientRect().top;
    for (const old of panels) {
      const fresh = $$("[data-panel]", next).find((p) => p.dataset.panel === old.dataset.panel);
      if (fresh.dataset.rev !== old.dataset.rev) keep(old, document.importNode(fresh, true));
    }
    const moved = key && $(`[data-panel="${key}"]`).getBoundingClientRect().top - before;
    if (moved && scrollY > 0) scrollBy(0, moved);
    const was = root.dataset.status;
    for (const name of ["rev", "generated", "schedule", "status"]) root.dataset[name] = head.dataset[name];
    document.title = next.title;
    const foot = $(".foot p", next);
    if (foot) set($(".foot p"), foot.textContent);
    if (was !== head.dataset.status) say(`Status changed from ${was} to ${head.dataset.status}`);
  };

  const get = async (address) => {
    const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin", signal: AbortSignal.timeout(15000) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer;
  };

  // The answer: what keeps this page from being as new as the site.
  const look = async () => {
    const latest = await (await get(`${root.dataset.root}latest.json`)).json();
    const wanted = latest.pages?.[page];
    if (!wanted) return "This page is not part of the latest report.";
    if (wanted !== root.dataset.rev) swap(await (await get(location.pathname + location.search)).text());
    return wanted === root.dataset.rev ? "" : "A newer report is announced but not yet served.";
  };

  const plan = () => {
    clearTimeout(timer);
    if (paused || document.hidden) return;
    const wait = Math.min(EVERY * 2 ** Math.min(failures, 5), LONGEST);
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
      trouble = navigator.onLine === false ? "Your browser is offline." : /^HTTP/.test(error.message) ? `The site does not answer as it should (${error.message}).` : "The site cannot be reached from here.";
    }
    busy = false;
    tell();
    plan();
  };

  const button = $("[data-pause]");
  button?.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    set(button, paused ? "Resume updates" : "Pause updates");
    tell();
    if (paused) clearTimeout(timer);
    else poll();
  });
  document.addEventListener("visibilitychange", () => (document.hidden || paused ? clearTimeout(timer) : poll()));
  addEventListener("online", () => paused || poll());
  const live = $("[data-live]");
  if (live) live.hidden = false;
  setInterval(tell, 5000);
  tell();
  plan();
})();
