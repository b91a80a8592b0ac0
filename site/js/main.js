// All that a page does by itself. Without it every page is whole, only older by the minute.
import { $, set } from "./dom.js";
import "./settings.js";
import "./refresh.js";
import "./tour.js";
import "./search.js";
import "./simulator.js";
import "./save.js";
import "./compare.js";

addEventListener("beforeprint", () => set($("[data-address]"), location.href.split(/[?#]/)[0]));
