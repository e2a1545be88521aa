import { AnsweredError, request, urlBelow, wordsOf } from "./http.ts";

/** A line of logs as OpenObserve finds it. */
export type LogLine = Readonly<Record<string, string | number | boolean>>;

/** Where and as whom logs are asked for. */
export interface LogReader {
  readonly url: string;
  readonly organization: string;
  /** The Authorization header, whole. */
  readonly authorization: string;
}

/**
 * Asks SQL as OpenObserve's plugin for Grafana does in Explore (`doRequest`, `src/datasource.ts` of 1.0.0).
 *
 * @param range in milliseconds since 1970
 * @throws AnsweredError when OpenObserve refuses it
 */
export async function searchLogs(
  { url, organization, authorization }: LogReader,
  sql: string,
  range: { readonly from: number; readonly to: number },
): Promise<LogLine[]> {
  const query = {
    sql,
    start_time: Math.round(range.from * 1000),
    end_time: Math.round(range.to * 1000),
    size: 300,
    sql_mode: "full",
  };
  const address = urlBelow(url, `/api/${encodeURIComponent(organization)}/_search`, {
    type: "logs",
    search_type: "ui",
    use_cache: "true",
  });
  const { status, text } = await request("OpenObserve", address, {
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  if (status !== 200) throw new AnsweredError("OpenObserve", status, wordsOf(text));
  return (JSON.parse(text) as { hits: LogLine[] }).hits;
}
