import type { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import type { DynamicConfigValue } from "@grafana/grafana-foundation-sdk/dashboard";
import { exploreUrl } from "../../grafana/explore.ts";
import { openobserveQuery } from "../../grafana/openobserve.ts";
import { attributes } from "../../telemetry/attributes.ts";
import { logsOfFoundTrace, type Signal } from "../../telemetry/signals.ts";
import type { TelemetryContext } from "../dashboard.ts";
import { traceAddress } from "../llm-trace/address.ts";
import { tablePanel } from "../panels.ts";
import { datasourceOf } from "../targets.ts";

/** The field of a table of spans that holds the trace's id; Grafana does not show it. */
const traceId = "${__data.fields.traceIdHidden}";

/** A column: what Grafana calls it, what it is called here, and its width in pixels. */
type Column = readonly [grafanas: string, ours: string, width?: number];

const began: Column = ["Start time", "Began at", 180];
const duration: Column = ["Duration", "Duration", 110];
const trace: Column = ["Trace Name", "Trace"];

/** Requests, as a person reads them: when, of what, for whom, how long, how it ended. */
export const requestTable = (signal: Signal, context: TelemetryContext): PanelBuilder =>
  spanTable(signal, context, [
    began,
    [attributes.requestModel.name, "Model", 170],
    ...(context.choices.users === undefined ? [] : [[context.choices.users, "User", 170] as const]),
    duration,
    [attributes.httpStatusCode.name, "Status", 80],
    [attributes.errorType.name, "Error", 190],
    [attributes.errorProvider.name, "Provider that failed", 160],
    trace,
  ]).overrideByName("Duration", orangeFrom(context.slowRequestSeconds));

/** Calls of models, with what each used. */
export const callTable = (signal: Signal, context: TelemetryContext): PanelBuilder =>
  spanTable(signal, context, [
    began,
    [attributes.providerModel.name, "Model", 240],
    duration,
    [attributes.timeToFirstChunk.name, "First token (s)", 130],
    [attributes.inputTokens.name, "Tokens in", 100],
    [attributes.outputTokens.name, "Tokens out", 100],
    [attributes.costTotal.name, "Cost ($)", 110],
    [attributes.errorType.name, "Error", 190],
    trace,
  ]);

/** Columns that a table of spans has without being asked, and those of attributes that only conditions name. */
const unasked = [
  "Trace Service",
  "Span ID",
  "Name",
  "kind",
  "status",
  attributes.serviceName.name,
  attributes.deploymentEnvironment.name,
  attributes.httpRoute.name,
  attributes.endUserId.name,
  attributes.operation.name,
  attributes.callType.name,
];

/** A table of spans with these columns in this order. A click shows the trace, or opens it or its logs in Explore. */
function spanTable(signal: Signal, context: TelemetryContext, columns: readonly Column[]): PanelBuilder {
  const organize = {
    excludeByName: Object.fromEntries(unasked.map((name) => [name, true])),
    indexByName: Object.fromEntries(columns.map(([name], index) => [name, index])),
    renameByName: Object.fromEntries(columns.map(([name, ours]) => [name, ours])),
  };
  const table = tablePanel(signal, context)
    .transformations([{ id: "organize", options: organize }])
    .overrideByRegexp("/^(Began at|Model|Trace)$/", [{ id: "links", value: linksTo(context) }]);
  return columns.reduce(
    (with_, [, name, width]) =>
      width === undefined ? with_ : with_.overrideByName(name, [{ id: "custom.width", value: width }]),
    table,
  );
}

/** Grafana gives the duration of a span in nanoseconds. */
const orangeFrom = (seconds: number): DynamicConfigValue[] => [
  {
    id: "thresholds",
    value: {
      mode: "absolute",
      steps: [
        { color: "text", value: null },
        { color: "orange", value: seconds * 1e9 },
      ],
    },
  },
  { id: "custom.cellOptions", value: { type: "color-text" } },
];

const linksTo = ({ signals, logs }: TelemetryContext) => [
  // Viewers have no Explore: this link alone stays within what they may see.
  { title: "Show the trace", url: traceAddress(traceId), targetBlank: false },
  {
    title: "Open in Explore",
    url: exploreUrl("/explore", datasourceOf(signals.trace), { queryType: "traceql", query: traceId }),
    targetBlank: true,
  },
  {
    title: "Logs of the trace in Explore",
    url: exploreUrl(
      "/explore",
      datasourceOf(signals.traceLogs),
      openobserveQuery(logs, logsOfFoundTrace(logs.stream, traceId), "logs"),
    ),
    targetBlank: true,
  },
];
