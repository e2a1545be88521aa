import { datasourceTypes, type DatasourceUids } from "../../grafana/datasources.ts";
import { attributes } from "../../telemetry/attributes.ts";
import { labels } from "../../telemetry/metrics.ts";
import type { Signals } from "../../telemetry/signals.ts";
import { correlations, type CorrelationArgs } from "./correlations.ts";
import type { Datasource } from "./datasource.ts";

interface TempoDatasourceArgs extends CorrelationArgs {
  readonly name: string;
  readonly url: string;
  readonly uids: DatasourceUids;
  readonly signals: Signals;
}

/**
 * The Tempo data source: traces, their way to metrics and logs, and the service map.
 *
 * There is no `tracesToLogsV2`: Grafana draws no button for OpenObserve. The correlations are the buttons.
 */
export const tempoDatasource = (args: TempoDatasourceArgs): Datasource => ({
  name: args.name,
  type: datasourceTypes.tempo,
  uid: args.uids.tempo,
  url: args.url,
  jsonData: {
    serviceMap: { datasourceUid: args.uids.prometheus },
    nodeGraph: { enabled: true },
    search: { hide: false },
    tracesToMetrics: {
      datasourceUid: args.uids.prometheus,
      spanStartTimeShift: "-15m",
      spanEndTimeShift: "15m",
      tags: [{ key: attributes.serviceName.name, value: labels.service }],
      queries: args.signals.requestRateOfSpan.queries.map(({ text }) => ({
        name: args.signals.requestRateOfSpan.title,
        query: text,
      })),
    },
    spanBar: { type: "Duration" },
    // Streaming puts a frame selector under trace tables.
    streamingEnabled: { search: false, metrics: false },
    timeRangeForTags: 86400,
  },
  correlations: correlations(args),
});
