// The reader's settings on this device: theme, accent, density, how often to check, the sidebar.
import { $, $$, on, root, set } from "./dom.js";

const KEY = "sresnap";

export const settings = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY) || "{}") || {};
  } catch {
    return {};
  }
};

// Contrast as in WCAG. The accent moves towards black or white until it has 4.6:1, as in the build.
const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
export const readable = (colour, surface, towards) => {
  let mixed = channels(colour);
  for (let step = 0; step <= 50; step += 1) {
    mixed = channels(colour).map((c) => Math.round(c + ((towards - c) * step) / 50));
    if (contrast(mixed, channels(surface)) >= 4.6) break;
  }
  return `#${mixed.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
};

const apply = (chosen) => {
  for (const name of ["theme", "density"]) {
    if (chosen[name]) root.dataset[name] = chosen[name];
    else delete root.dataset[name];
  }
  root.classList.toggle("no-side", chosen.side === "hidden");
  for (const name of ["light", "dark"]) {
    if (chosen[name]) root.style.setProperty(`--own-${name}`, chosen[name]);
    else root.style.removeProperty(`--own-${name}`);
  }
  for (const control of $$("[data-setting]")) {
    const value = String(chosen[control.dataset.setting] ?? "");
    if (control.type === "radio") control.checked = control.value === value;
    else if (value || control.type !== "color") control.value = value;
  }
  set($("[data-collapse]"), chosen.side === "hidden" ? "Show sidebar" : "Hide sidebar");
};

const store = (changes) => {
  const chosen = { ...settings(), ...changes };
  if ("accent" in changes) {
    const own = /^#[0-9a-f]{6}$/.test(changes.accent);
    chosen.light = own ? readable(changes.accent, "#f5f6f8", 0) : "";
    chosen.dark = own ? readable(changes.accent, "#181d25", 255) : "";
  }
  for (const name of Object.keys(chosen)) if (chosen[name] === "") delete chosen[name];
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // Kept for this page only.
  }
  apply(chosen);
};

on("change", "[data-setting]", (control) => store({ [control.dataset.setting]: control.value }));
on("click", "[data-reset]", () => store({ theme: "", density: "", every: "", accent: "", side: "", window: "" }));
on("click", "[data-collapse]", () => store({ side: root.classList.contains("no-side") ? "" : "hidden" }));
apply(settings());
