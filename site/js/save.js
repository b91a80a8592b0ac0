// Downloads the unrounded data of a chart from the report's JSON, as JSON or CSV.
import { getSnapshot, on, root, say } from "./dom.js";

const at = (value, pointer) =>
  pointer
    .split("/")
    .slice(1)
    .reduce((found, key) => found?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], value);

const time = (start, step, index) => new Date(Date.parse(start) + index * step * 1000).toISOString().replace(".000", "");

const rows = (data) => {
  const columns = Object.keys(data).filter((key) => Array.isArray(data[key]));
  const length = Math.max(0, ...columns.map((key) => data[key].length));
  const step = data.step_seconds || 3600;
  return [["time", ...columns], ...Array.from({ length }, (_, i) => [time(data.start, step, i), ...columns.map((key) => data[key][i])])];
};

on("click", "[data-save]", async (button) => {
  const id = root.dataset.report;
  try {
    const data = at(await getSnapshot(id), button.dataset.save);
    const isCsv = button.dataset.as === "csv";
    const text = isCsv ? rows(data).map((row) => row.join(",") + "\r\n").join("") : JSON.stringify(data, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: isCsv ? "text/csv" : "application/json" }));
    link.download = `${id}${button.dataset.save.replaceAll(/[^\w]+/g, "-")}.${button.dataset.as}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    say(`Cannot download the data: ${error.message}`);
  }
});
