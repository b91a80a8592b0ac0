// Helpers for every module.

/** @type {(selector: string, within?: ParentNode) => any} */
export const $ = (selector, within = document) => within.querySelector(selector);
/** @type {(selector: string, within?: ParentNode) => any[]} */
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
export const root = document.documentElement;
export const isServed = /^https?:$/.test(location.protocol);

/** Listens for all elements that match, including those that a newer report adds. */
export const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) act(element, event);
  });

/** Sets a text if it differs: screen readers do not announce an unchanged one again. */
export const set = (element, text) => {
  if (element && element.textContent !== text) element.textContent = text;
};

export const say = (text) => set($("[data-announce]"), text);

export const span = (seconds) => {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
};

/** Fetches from the site; `patience` is in seconds. */
export const get = async (address, patience = 15) => {
  const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin", signal: AbortSignal.timeout(patience * 1000) });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer;
};
export const getSnapshot = async (id) => (await get(`${root.dataset.root}snapshots/${id}.json`, 120)).json();
