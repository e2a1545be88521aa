import { generator } from "../telemetry/generator.ts";
import { metrics, type Metric } from "../telemetry/metrics.ts";

/** The page that lists the metrics. */
export const guidePath = "docs/guide.md";

const begin = "<!-- metrics: made by `make docs` from telemetry/ -->";
const end = "<!-- /metrics -->";

/** The page with its table of metrics as it follows from what Tempo is told. */
export function withMetrics(page: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined)
    throw new Error(`${guidePath} has lost the marks around its table of metrics: ${begin} … ${end}`);
  return `${before}${begin}\n\n${table()}\n\n${end}${after}`;
}

function table(): string {
  const list = metrics(generator({ openWebui: "open-webui", litellm: "litellm" }));
  return [
    "| metric | type | what it counts | labels |",
    "| --- | --- | --- | --- |",
    ...list.map(
      (metric) =>
        `| ${name(metric)} | ${metric.type}, ${metric.unit} | ${metric.description} | ${labels(metric)} |`,
    ),
    "",
    ...list
      .filter(({ bounds }) => bounds)
      .map(({ name, bounds }) => `- Bounds of \`${name}\`: ${bounds!.join(", ")} s.`),
  ].join("\n");
}

const name = ({ name, type }: Metric): string =>
  type === "histogram" ? `\`${name}_bucket\`, \`_sum\`, \`_count\`` : `\`${name}\``;

const labels = ({ labels }: Metric): string =>
  labels
    .filter((label) => !label.startsWith("__"))
    .map((label) => `\`${label}\``)
    .join(", ");
