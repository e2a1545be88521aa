/** SQL for the logs of a span's service in its trace; variables are those of Grafana's trace view. */
export const logsOfSpan = (stream: string): string =>
  `SELECT * FROM "${stream}" WHERE trace_id = '\${traceID}' AND service_name = '\${serviceName}' ORDER BY _timestamp`;

/** SQL for the logs of all services in a trace; the variable is that of Grafana's trace view, with all 32 characters. */
export const logsOfWholeTrace = (stream: string): string =>
  `SELECT * FROM "${stream}" WHERE trace_id = '\${traceID}' ORDER BY _timestamp`;

/**
 * SQL for the logs of a trace that a search found. The id is matched by its end: Tempo's search drops leading
 * zeros (1 trace in 16 has one), OpenObserve keeps all 32 characters. No id finds nothing, not everything.
 */
export const logsOfFoundTrace = (stream: string, traceId: string): string =>
  `SELECT _timestamp, service_name, severity, body FROM "${stream}" WHERE '${traceId}' <> '' AND trace_id LIKE '%${traceId}' ORDER BY _timestamp`;
