/** A line of a chart, its points from left to right. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** A chart with logarithmic axes. */
export interface Chart {
  readonly title: string;
  readonly series: readonly Series[];
  /** How a size is written, and a figure. */
  readonly showX: (x: number) => string;
  readonly showY: (y: number) => string;
}

const width = 430;
const height = 330;
/** Between a chart's edge and where its lines are drawn, in pixels. */
const inset = { left: 62, right: 30, top: 44, bottom: 44 };
const legendHeight = 40;

/** Draws charts of the same series side by side, under one legend: an SVG document. */
export function drawCharts(charts: readonly Chart[], xLabel: string): string {
  const names = charts[0]?.series.map(({ name }) => name) ?? [];
  const whole = { width: width * charts.length, height: legendHeight + height };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole.width} ${whole.height}" role="img">
<title>${charts.map(({ title }) => title).join("; ")}</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.heading { font-weight: 600; font-size: 13px }
.paper { fill: #ffffff }
.grid { stroke: #d8dee4 }
.s0 { stroke: #bc4c00; fill: #bc4c00 }
.s1 { stroke: #0969da; fill: #0969da }
.s2 { stroke: #1a7f37; fill: #1a7f37; stroke-dasharray: 6 4 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.paper { fill: #0d1117 }
.grid { stroke: #30363d }
.s0 { stroke: #f0883e; fill: #f0883e }
.s1 { stroke: #58a6ff; fill: #58a6ff }
.s2 { stroke: #3fb950; fill: #3fb950 }
}
.line { fill: none; stroke-width: 2 }
.dot { stroke: none }
</style>
<rect class="paper" width="100%" height="100%" rx="6"/>
${names.map(drawLegend).join("\n")}
${charts
  .map((chart, index) => {
    return `<g transform="translate(${index * width} ${legendHeight})">\n${drawChart(chart, xLabel)}\n</g>`;
  })
  .join("\n")}
</svg>
`;
}

function drawLegend(name: string, index: number): string {
  const x = inset.left + index * 210;
  return [
    `<path class="line s${index}" d="M${x} 26h28"/>`,
    drawDot(index, x + 14, 26),
    `<text x="${x + 36}" y="30">${name}</text>`,
  ].join("");
}

function drawChart({ title, series, showX, showY }: Chart, xLabel: string): string {
  const all = series.flatMap(({ points }) => points);
  const xs = decades(all.map(({ x }) => x));
  const ys = decades(all.map(({ y }) => y));
  const x = scale(xs, inset.left + 26, width - inset.right);
  const y = scale(ys, height - inset.bottom, inset.top);
  const bottom = height - inset.bottom;
  return [
    `<text class="heading" x="${inset.left}" y="24">${title}</text>`,
    ...xs.map((at) => {
      const place = x(at);
      return (
        `<path class="grid" d="M${place} ${inset.top}V${bottom}"/>` +
        `<text x="${place}" y="${bottom + 18}" text-anchor="middle">${showX(at)}</text>`
      );
    }),
    ...ys.map((at) => {
      const place = y(at);
      return (
        `<path class="grid" d="M${inset.left} ${place}H${width - inset.right}"/>` +
        `<text x="${inset.left - 8}" y="${place + 4}" text-anchor="end">${showY(at)}</text>`
      );
    }),
    `<text x="${(inset.left + width - inset.right) / 2}" y="${height - 6}" text-anchor="middle">${xLabel}</text>`,
    ...series.map(({ points }, index) => {
      const path = points.map((point) => `${x(point.x)} ${y(point.y)}`).join("L");
      const dots = points.map((point) => {
        const place = { x: x(point.x), y: y(point.y) };
        const isLowest = all.every((other) => other.x !== point.x || other.y >= point.y);
        const label = place.y + (isLowest ? 18 : -9);
        return (
          drawDot(index, place.x, place.y) +
          `<text x="${place.x}" y="${round(label)}" text-anchor="middle">${showY(point.y)}</text>`
        );
      });
      return [`<path class="line s${index}" d="M${path}"/>`, ...dots].join("");
    }),
  ].join("\n");
}

/** Another shape for each series: colours alone do not tell them apart for everybody. */
function drawDot(index: number, x: number, y: number): string {
  const shapes = [
    `M${x - 4} ${y - 4}h8v8h-8z`,
    `M${x - 4.5} ${y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z`,
    `M${x} ${y - 5}l5 9h-10z`,
  ];
  return `<path class="dot s${index}" d="${shapes[index % shapes.length] ?? ""}"/>`;
}

/** The powers of ten from below the least value to above the greatest. */
function decades(values: readonly number[]): readonly number[] {
  const first = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const last = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const low = Math.log10(ticks[0] ?? 1);
  const high = Math.log10(ticks.at(-1) ?? 10);
  return (value) => round(from + ((Math.log10(value) - low) / (high - low)) * (to - from));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
