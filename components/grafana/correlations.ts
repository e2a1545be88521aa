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

/**
 * The link from a line of logs to its trace.
 *
 * The plugin's frame has the whole record as JSON in its field `Content`, always, and fields of its own only once its editor has
 * asked for the stream's (`getLogsDataFrame`, `src/features/log/queryResponseBuilder.ts` of 1.0.0). Grafana lists a link on the
 * line's own field in the line's details (`getNonEmptyVisibleFields`, `public/app/features/logs/components/logParser.ts`).
 */
export const traceOfLine = ({ tempo }: Pick<DatasourceUids, "tempo">): Correlation => ({
  label: "Trace",
  description: "The trace in Tempo that the line was written in",
  type: "query",
  targetUID: tempo,
  config: {
    field: "Content",
    target: { queryType: "traceql", query: "${trace}" },
    // A quote within the record's texts is escaped, so that none of them passes for the field.
    transformations: [{ type: "regex", expression: '"trace_id":"(?<trace>[0-9a-f]{32})"' }],
  },
});
