// What an objective allows, what an outage spends, how long a budget lasts.
import { $, $$, span } from "./dom.js";

const form = $("[data-simulator]");
const number = (name) => Number($(`[name=${name}]`, form).value);
const percent = (ratio) => {
  // Two significant digits of what is left to 0 or 100: 75 %, 99.988 %. Very near to 100 the rest is cut off.
  const far = 100 * Math.min(Math.abs(ratio), Math.abs(1 - ratio));
  const scale = 10 ** (far < 1e-4 ? 4 : Math.max(0, 1 - Math.floor(Math.log10(far))));
  const value = (far < 1e-4 ? Math.floor(ratio * 100 * scale + 1e-6) : Math.round(ratio * 100 * scale)) / scale;
  return `${String(value).replace("-", "−")}\u202f%`;
};

const update = () => {
  const [target, days, outage, burn] = ["target", "days", "outage", "burn"].map(number);
  const put = (name, text) => ($(`[data-out=${name}]`, form).textContent = text);
  if (!(target > 0 && target < 100 && days > 0 && outage >= 0 && burn >= 0)) {
    for (const output of $$("[data-out]", form)) output.textContent = "—";
    return;
  }
  const seconds = (100 - target) * 864 * days;
  const left = Math.round(1e9 - (outage * 6e10) / seconds) / 1e9;
  put("budget", span(seconds));
  put("left", percent(left));
  put("sli", percent(1 - (outage * 60) / (days * 86400)));
  put("lasts", left <= 0 ? "overspent" : burn === 0 ? "no end" : span((left * days * 86400) / burn));
};

if (form) {
  form.addEventListener("input", (event) => {
    const preset = event.target.closest("[name=preset]")?.selectedOptions[0];
    for (const name of ["target", "days", "outage", "burn"]) {
      if (preset?.dataset[name] !== undefined) $(`[name=${name}]`, form).value = preset.dataset[name];
    }
    update();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  update();
}
