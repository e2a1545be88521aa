/** How a value of one of Grafana's units is written. */
export function withUnit(value: number, unit: string): string {
  switch (unit) {
    case "s":
      if (value >= 3600) return `${significant(value / 3600)} h`;
      return value > 0 && value < 0.1 ? `${significant(value * 1000)} ms` : `${significant(value)} s`;
    case "ms":
      return value < 1000 ? `${Math.round(value)} ms` : withUnit(value / 1000, "s");
    case "reqps":
      return `${significant(value)} req/s`;
    case "percent":
      return `${value.toFixed(1)} %`;
    case "bytes":
      return scaled(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);
    case "Bps":
      return scaled(value, 1000, ["B/s", "kB/s", "MB/s"]);
    case "currencyUSD":
      return `$${value === 0 ? "0" : value.toFixed(4)}`;
    default:
      return significant(value);
  }
}

/** In the largest of the units that leaves at least 1. */
function scaled(value: number, step: number, [unit, ...larger]: readonly string[]): string {
  return Math.abs(value) < step || larger.length === 0
    ? `${significant(value)} ${unit}`
    : scaled(value / step, step, larger);
}

const significant = (value: number): string =>
  Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));

/** A name from Grafana's template of it, such as `{{client}} → {{server}}`; a label that is not there is empty. */
export const legendOf = (template: string, labels: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => labels[name] ?? "");

const bars = "▁▂▃▄▅▆▇█";

type Point = readonly [seconds: number, value: number];

/**
 * A line as a row of bars, from 0 to its highest value. A point stands for the time half-way to its neighbours; where
 * there is none it is blank.
 *
 * @param width - In characters.
 */
export function sparkline(
  points: readonly Point[],
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
): string {
  const highest = Math.max(...points.map(([, value]) => value));
  const reach = spacing(points, to - from) / 2;
  const at = (column: number) => from + ((column + 0.5) / width) * (to - from);
  return Array.from({ length: width }, (_, column) => nearest(points, at(column), reach))
    .map((value) => (value === undefined ? " " : barOf(value, highest)))
    .join("");
}

/** Seconds between two points; a single one stands for all of the time. */
const spacing = (points: readonly Point[], range: number): number =>
  points.length < 2
    ? 2 * range
    : Math.min(...points.slice(1).map(([time], index) => time - points[index]![0]));

function nearest(points: readonly Point[], time: number, reach: number): number | undefined {
  const distance = ([seconds]: Point) => Math.abs(seconds - time);
  const near = points.filter((point) => distance(point) <= reach);
  return near.sort((a, b) => distance(a) - distance(b))[0]?.[1];
}

const barOf = (value: number, highest: number): string =>
  bars[highest > 0 ? Math.round((Math.max(0, value) / highest) * (bars.length - 1)) : 0]!;

/** The time of day, from seconds since 1970. */
export const clock = (seconds: number): string => new Date(seconds * 1000).toTimeString().slice(0, 8);

/** Text in a column, cut off where it is too long. */
export const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;
