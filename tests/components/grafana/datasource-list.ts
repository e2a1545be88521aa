import { datasourcesArgs, telemetryContext, tempoArgs } from "../../../assembly/wiring.ts";
import type { DatasourceList } from "../../../components/grafana/datasources.ts";
import { tempoEndpoints } from "../../../components/tempo/tempo.ts";
import type { Settings } from "../../../settings.ts";

/** The data sources that the program makes of settings. */
export const datasourceList = (settings: Settings): DatasourceList =>
  datasourcesArgs(settings, telemetryContext(settings), tempoEndpoints(tempoArgs(settings)).url).datasources;
