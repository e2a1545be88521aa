import { DashboardBuilder, DashboardCursorSync } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Signal, Signals } from "../../telemetry/signals.ts";
import type { DashboardFile, TelemetryContext } from "../dashboard.ts";
import { layout, type ClosedRow, type Placed } from "../layout.ts";
import { siblings } from "../links.ts";
import { normalise } from "../normalise.ts";
import { statPanel, timeseriesPanel, type Thresholds } from "../panels.ts";
import { datasourceVariables, intervalVariable } from "../variables.ts";

/** The dashboard "Tracing Health", for those who run Tempo: whether what the other dashboards show is all there is. */
export function llmTracingHealth(context: TelemetryContext): DashboardFile {
  const dashboard = new DashboardBuilder("Tracing Health")
    .uid("llm-tracing-health")
    .description(
      "Whether Tempo gets every span, keeps it, counts it and passes the numbers on; and for how long its volume lasts.",
    )
    .tags(["llm", "tracing"])
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .links([siblings()])
    .variables([...datasourceVariables(context.uids, ["prometheus"]), intervalVariable()])
    .build();
  dashboard.panels = layout(panels(context), [
    ...rolesRow(context),
    ...(context.hasCollector ? [collectorRow(context)] : []),
  ]);
  return { name: "llm-tracing-health-dashboard", json: normalise(dashboard) };
}

const never: Thresholds = [{ color: "green" }, { color: "red", from: 1 }];
const always: Thresholds = [{ color: "red" }, { color: "green", from: 1 }];
const plain: Thresholds = [{ color: "text" }];

function panels(context: TelemetryContext): Placed[] {
  const { signals } = context;
  const stats = [
    statPanel(signals.tempoUp, { ...context, thresholds: upFrom(context) }),
    statPanel(signals.tempoUptime, { ...context, thresholds: plain }),
    statPanel(signals.tempoRestarts, { ...context, thresholds: never }),
    statPanel(signals.volumeForecast, {
      ...context,
      thresholds: [{ color: "red" }, { color: "green", from: 1 }],
    }),
  ];
  const graphs: readonly (readonly Signal[])[] = [
    [signals.spansReceived, signals.bytesReceived, signals.spansLost],
    [signals.spansUncounted, signals.generatorSeries, signals.expiredEdges],
    [signals.samplesWritten, signals.remoteWriteBehind, signals.searchLatency],
    [signals.queriesFailed, signals.storageFailures, signals.volumeLeft],
    // Of many processes it stands in their own row.
    ...(context.roles ? [] : [[signals.tempoMemory]]),
  ];
  return [
    ...stats.map((panel, index) => ({ at: { x: index * 6, y: 0, w: 6, h: 4 }, panel })),
    ...graphs.flatMap((line, row) => graphsOf(line, 4 + row * 8, context)),
  ];
}

/** Green when all pods that there are to be are there. */
const upFrom = ({ roles }: TelemetryContext): Thresholds =>
  roles
    ? [
        { color: "red" },
        { color: "orange", from: 1 },
        { color: "green", from: Object.values(roles).reduce((sum, pods) => sum + pods, 0) },
      ]
    : always;

/** The roles of a distributed Tempo; none where it is one process. */
function rolesRow(context: TelemetryContext): ClosedRow[] {
  if (!context.roles) return [];
  const { roleReplicas, partitionLag, partitionRecords, partitions, backendJobs, tempoMemory } =
    context.signals as Required<Signals>;
  const graphs: readonly (readonly Signal[])[] = [
    [roleReplicas, tempoMemory, backendJobs],
    [partitions, partitionLag, partitionRecords],
  ];
  return [{ title: "Roles", panels: graphs.flatMap((line, row) => graphsOf(line, row * 8, context)) }];
}

function collectorRow(context: TelemetryContext): ClosedRow {
  const { signals } = context;
  const graphs: readonly (readonly Signal[])[] = [
    [signals.collectorReceived, signals.collectorRefused, signals.collectorSent],
    [signals.collectorDropped, signals.collectorQueue, signals.collectorMemory],
  ];
  return {
    title: "Collector",
    panels: [
      {
        at: { x: 0, y: 0, w: 24, h: 4 },
        panel: statPanel(signals.collectors, { ...context, thresholds: always }),
      },
      ...graphs.flatMap((line, row) => graphsOf(line, 4 + row * 8, context)),
    ],
  };
}

const graphsOf = (line: readonly Signal[], y: number, context: TelemetryContext): Placed[] =>
  line.map((signal, column) => ({
    at: { x: column * 8, y, w: 8, h: 8 },
    panel: timeseriesPanel(signal, context),
  }));
