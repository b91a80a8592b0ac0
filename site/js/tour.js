// A tour of the panels; its texts are in the page.
import { $, $$, on } from "./dom.js";

const box = $("#tour");
const steps = $$("[data-tour] > li").filter((step) => $(`#p-${step.dataset.for}`));
let at = 0;

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
  on("click", "[data-tour-start]", (button) => {
    $("#side").hidePopover();
    box.showPopover({ source: button });
    show(0);
    $("[data-tour-next]", box).focus();
  });
  on("click", "[data-tour-next]", () => (at + 1 < steps.length ? show(at + 1) : end()));
  on("click", "[data-tour-back]", () => show(at - 1));
  on("click", "[data-tour-end]", end);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.matches(":popover-open")) end();
  });
} else {
  for (const button of $$("[data-tour-start]")) button.hidden = true;
}
