// Filters a list: concepts, or the services of a large fleet.
import { $, $$, on, set } from "./dom.js";

const narrow = (input) => {
  const wanted = input.value.trim().toLowerCase().split(/\s+/);
  const items = $$(input.dataset.search);
  let found = 0;
  for (const item of items) {
    const text = item.textContent.toLowerCase();
    const isFound = wanted.every((word) => text.includes(word));
    item.hidden = !isFound;
    found += Number(isFound);
  }
  set($(`[data-found-for="${input.id}"]`), input.value.trim() ? `${found} of ${items.length}` : "");
};

on("input", "[data-search]", narrow);
