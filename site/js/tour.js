// A walk through the panels of the page; its words come with the page.
import { $, $$ } from "./dom.js";

const box = $("#tour");
const steps = $$("[data-tour] > li").filter((step) => $(`#p-${step.dataset.for}`));
let at = 0;
let from = null;

const panel = () => $(`#p-${steps[at]?.dataset.for}`)?.closest("section");
const mark = (isOn) => panel()?.classList.toggle("toured", isOn);

const show = (index) => {
  mark(false);
  at = index;
  mark(true);
  $("[data-tour-words]", box).replaceChildren(...[...steps[at].childNodes].map((node) => node.cloneNode(true)));
  $("[data-tour-count]", box).textContent = `${at + 1} of ${steps.length}`;
  $("[data-tour-back]", box).disabled = at === 0;
  $("[data-tour-next]", box).textContent = at + 1 < steps.length ? "Next" : "Done";
  panel()?.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
};

const end = () => {
  mark(false);
  box.hidePopover();
  $("[data-tour-start]")?.focus({ preventScroll: true });
};

if (box && steps.length > 1) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    if (button.matches("[data-tour-start]")) {
      from = button;
      box.showPopover({ source: from });
      show(0);
      $("[data-tour-next]", box).focus();
    } else if (button.matches("[data-tour-next]")) {
      if (at + 1 < steps.length) show(at + 1);
      else end();
    } else if (button.matches("[data-tour-back]")) show(Math.max(0, at - 1));
    else if (button.matches("[data-tour-end]")) end();
  });
  document.addEventListener("keydown", (event) => {
    if (!box.matches(":popover-open")) return;
    if (event.key === "Escape") end();
    if (event.key === "ArrowRight" && at + 1 < steps.length) show(at + 1);
    if (event.key === "ArrowLeft" && at > 0) show(at - 1);
  });
} else {
  for (const button of $$("[data-tour-start]")) button.hidden = true;
}
