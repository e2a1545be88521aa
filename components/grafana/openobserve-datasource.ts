import { datasourceTypes, type DatasourceUids } from "../../grafana/datasources.ts";
import { traceOfLine } from "./correlations.ts";
import type { Credential, Datasource } from "./datasource.ts";

interface OpenobserveDatasourceArgs {
  readonly name: string;
  readonly url: string;
  readonly uids: DatasourceUids;
  readonly user: Credential;
  readonly password: Credential;
}

/** The OpenObserve data source: logs, and their way to traces. Organization and stream are said by each query. */
export const openobserveDatasource = (args: OpenobserveDatasourceArgs): Datasource => ({
  name: args.name,
  type: datasourceTypes.openobserve,
  uid: args.uids.openobserve,
  url: args.url,
  basicAuth: true,
  basicAuthUser: args.user,
  jsonData: { timestamp_column: "_timestamp" },
  secureJsonData: { basicAuthPassword: args.password },
  correlations: [traceOfLine(args.uids)],
});
