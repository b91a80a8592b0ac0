// Everything interactive. Without it, a page shows all its content and only ages.
import { $, set } from "./dom.js";
import "./settings.js";
import "./refresh.js";
import "./tour.js";
import "./search.js";
import "./simulator.js";
import "./save.js";
import "./compare.js";

addEventListener("beforeprint", () => set($("[data-address]"), location.href.split(/[?#]/)[0]));
