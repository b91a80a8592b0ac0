// Runs before the first paint, so that the reader's settings apply without a flash.
(() => {
  const root = document.documentElement;
  let chosen = {};
  try {
    chosen = JSON.parse(localStorage.getItem("sresnap") || "{}") || {};
  } catch {
    // No storage, or invalid content: use the site's defaults.
  }
  if (/^https?:$/.test(location.protocol)) root.classList.add("served");
  root.classList.add("js");
  if (chosen.theme === "light" || chosen.theme === "dark") root.dataset.theme = chosen.theme;
  if (chosen.density === "compact") root.dataset.density = "compact";
  root.classList.toggle("no-side", chosen.side === "hidden");
  for (const name of ["light", "dark"]) {
    if (/^#[0-9a-f]{6}$/.test(chosen[name])) root.style.setProperty(`--own-${name}`, chosen[name]);
  }
})();
