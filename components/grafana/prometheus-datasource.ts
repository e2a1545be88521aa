import { datasourceTypes, type DatasourceUids } from "../../grafana/datasources.ts";
import { exemplarLabels } from "../../telemetry/metrics.ts";
import type { Datasource } from "./datasource.ts";

interface PrometheusDatasourceArgs {
  readonly name: string;
  readonly url: string;
  readonly uids: DatasourceUids;
  /** Seconds between two samples of a series. */
  readonly sampleIntervalSeconds: number;
}

/** The Prometheus data source: the metrics made from traces, with exemplars that open their trace. */
export const prometheusDatasource = (args: PrometheusDatasourceArgs): Datasource => ({
  name: args.name,
  type: datasourceTypes.prometheus,
  uid: args.uids.prometheus,
  url: args.url,
  jsonData: {
    httpMethod: "POST",
    prometheusType: "Prometheus",
    timeInterval: `${args.sampleIntervalSeconds}s`,
    manageAlerts: false,
    exemplarTraceIdDestinations: exemplarLabels.map((name) => ({
      name,
      datasourceUid: args.uids.tempo,
      urlDisplayLabel: "View trace",
    })),
  },
});
