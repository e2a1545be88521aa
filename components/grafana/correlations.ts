import { datasourceTypes, type DatasourceUids } from "../../grafana/datasources.ts";
import { exploreUrl } from "../../grafana/explore.ts";
import { openobserveQuery, type LogStore } from "../../grafana/openobserve.ts";
import { logsOfSpan, logsOfWholeTrace } from "../../telemetry/signals.ts";
import type { Correlation } from "./datasource.ts";

/** What the buttons from traces to logs need. */
export interface CorrelationArgs {
  readonly uids: DatasourceUids;
  readonly logs: LogStore;
  /** Grafana's address; without it links are relative to the page. */
  readonly grafanaUrl?: string;
}

/** The two buttons from a span to its logs in OpenObserve. */
export function correlations({ uids, logs, grafanaUrl }: CorrelationArgs): Correlation[] {
  const openobserve = { type: datasourceTypes.openobserve, uid: uids.openobserve };
  // No leading slash: a Grafana below a sub path would put the path in front twice.
  const explore = grafanaUrl ? `${grafanaUrl}/explore` : "explore";
  return [
    {
      label: "Logs for this span",
      description:
        "Logs in OpenObserve of the span's service, with the trace's id, written while the span ran",
      type: "query",
      targetUID: uids.openobserve,
      config: { field: "spanID", target: openobserveQuery(logs, logsOfSpan(logs.stream), "logs") },
    },
    {
      label: "Logs for this trace",
      description: "Logs in OpenObserve of all services with the trace's id, over the time range shown",
      type: "external",
      config: {
        field: "traceID",
        target: {
          url: exploreUrl(
            explore,
            openobserve,
            openobserveQuery(logs, logsOfWholeTrace(logs.stream), "logs"),
          ),
        },
      },
    },
  ];
}
