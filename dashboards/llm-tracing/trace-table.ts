import type { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { exploreUrl } from "../../grafana/explore.ts";
import { openobserveQuery } from "../../grafana/openobserve.ts";
import { logsOfFoundTrace, type Signal } from "../../telemetry/signals.ts";
import type { DashboardContext } from "../dashboard.ts";
import { tablePanel } from "../panels.ts";
import { datasourceOf } from "../targets.ts";
import { keepVariables } from "../variables.ts";
import { uid } from "./uid.ts";

const traceId = "${__data.fields.traceID}";

/** A table of traces. A click on a trace's name shows it in this dashboard, or opens it or its logs in Explore. */
export function traceTable(signal: Signal, context: DashboardContext): PanelBuilder {
  const { signals, logs } = context;
  const links = [
    {
      // Viewers have no Explore: this link alone stays within what they may see.
      title: "Show in the row Trace below",
      url: `/d/${uid}?${keepVariables}&var-traceId=${traceId}&\${__url_time_range}`,
      targetBlank: false,
    },
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
  return tablePanel(signal, context)
    .overrideByName("traceName", [
      { id: "displayName", value: "Trace" },
      { id: "links", value: links },
    ])
    .overrideByName("traceService", [
      { id: "displayName", value: "Began in" },
      { id: "custom.width", value: 140 },
    ])
    .overrideByName("traceDuration", [
      { id: "displayName", value: "Duration" },
      { id: "unit", value: "ms" },
      { id: "custom.width", value: 110 },
    ])
    .overrideByName("startTime", [
      { id: "displayName", value: "Began at" },
      { id: "custom.width", value: 180 },
    ])
    .overrideByName("traceID", [
      { id: "displayName", value: "Trace id" },
      { id: "custom.width", value: 280 },
    ]);
}
