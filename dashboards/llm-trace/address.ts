import { keepDatasources } from "../variables.ts";

/** The dashboard's uid in Grafana: its address is `/d/<uid>`. */
export const uid = "llm-trace";

/** Data sources that it asks. */
export const shownSources = ["tempo", "openobserve"] as const;

/** A link to it, with the trace's id, the data sources and the time range of the dashboard that the link stands in. */
export const traceAddress = (traceId: string): string =>
  `/d/${uid}?${keepDatasources(shownSources)}&var-traceId=${traceId}&\${__url_time_range}`;
