import { request, urlBelow } from "../../clients/http.ts";

/** The sum of one of the metrics that a program shows of itself; 0 before its first series. */
export async function ownMetric(url: string, name: string): Promise<number> {
  const { text } = await request("the program", urlBelow(url, "/metrics"));
  return [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gm"))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );
}
