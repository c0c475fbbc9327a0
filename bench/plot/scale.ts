import { fileURLToPath } from "node:url";
import { drawCharts } from "./chart.ts";
import { readSeries } from "./results.ts";

const results = fileURLToPath(new URL("../../docs/measurements", import.meta.url));

/** Time and memory over size, from the stored results: an SVG document. */
export function plotScale(): string {
  const { time, memory } = readSeries(results);
  const show = { showX: showCount, showY: significant };
  return drawCharts(
    [
      { title: "Load both sides and compare them: seconds", series: time, ...show },
      { title: "Peak memory of the process: MiB", series: memory, ...show },
    ],
    "records a side",
  );
}

function showCount(count: number): string {
  return count >= 1e6 ? `${count / 1e6}M` : `${count / 1e3}k`;
}

/** Two figures that count, or as many as stand before the point. */
function significant(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}
