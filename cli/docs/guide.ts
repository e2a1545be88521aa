import { generator } from "../../telemetry/generator.ts";
import { metrics, type Metric } from "../../telemetry/metrics.ts";
import { privacyModes, privacyTable, type PrivacyMode, type PrivacyRule } from "../../telemetry/privacy.ts";
import { inMarks } from "./marks.ts";

/** The page whose tables follow from `telemetry/`. */
export const guidePath = "docs/guide.md";

/** The page with its tables of metrics and of personal data as they follow from the contract. */
export const guideOf = (page: string): string =>
  inMarks(guidePath, inMarks(guidePath, page, "metrics", metricsTable()), "personal data", personalTable());

function personalTable(): string {
  const code = (name: string) => `\`${name}\``;
  return [
    `| attributes | written by | what they hold | when | ${privacyModes.map(code).join(" | ")} |`,
    `| --- | --- | --- | --- | ${privacyModes.map(() => "---").join(" | ")} |`,
    ...privacyTable.map(
      ({ attributes, application, holds, when, rule }) =>
        `| ${attributes.map(code).join(", ")} | ${application} | ${holds} | ${when} | ` +
        `${privacyModes.map((mode) => becomes(rule, mode)).join(" | ")} |`,
    ),
  ].join("\n");
}

/** What becomes of an attribute, in a word. */
function becomes(rule: PrivacyRule["rule"], mode: PrivacyMode): string {
  if (mode === "off" && rule !== "always") return "kept";
  return mode === "identities" && rule === "hash" ? "hashed" : "deleted";
}

function metricsTable(): string {
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
