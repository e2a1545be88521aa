import { request, urlBelow } from "../../clients/http.ts";

/**
 * The sum of one of the metrics that a program shows of itself; 0 before its first series.
 *
 * @param label - that counts, such as `data_type="traces"`. @default all
 */
export async function ownMetric(url: string, name: string, label?: string): Promise<number> {
  const { text } = await request("the program", urlBelow(url, "/metrics"));
  const labels = label === undefined ? "(?:\\{.*\\})?" : `\\{.*${label}.*\\}`;
  return [...text.matchAll(new RegExp(`^${name}${labels} (\\S+)$`, "gm"))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );
}
