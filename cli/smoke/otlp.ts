import { AnsweredError, request, urlBelow, wordsOf } from "../../clients/http.ts";
import type { Probe } from "./probe.ts";

/**
 * Exports the probe once, never twice: a second export would be counted as well.
 *
 * @throws UnreachableError when there is no answer in time.
 * @throws AnsweredError when its spans are refused.
 */
export async function exportProbe({ payload }: Probe, otlp: string, timeoutSeconds: number): Promise<void> {
  const { status, text } = await request("OTLP", urlBelow(otlp, "/v1/traces"), {
    timeoutSeconds,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload()),
  });
  if (status >= 300) throw new AnsweredError("OTLP", status, wordsOf(text));
  const refused = rejectedSpans(text);
  if (refused > 0) throw new AnsweredError("OTLP", 429, `it refused ${refused} spans: ${wordsOf(text)}`);
}

/** The receiver may take the request, and not all of its spans. */
function rejectedSpans(text: string): number {
  try {
    const { partialSuccess } = JSON.parse(text) as { partialSuccess?: { rejectedSpans?: string | number } };
    return Number(partialSuccess?.rejectedSpans ?? 0);
  } catch {
    throw new AnsweredError("OTLP", 405, `no OTLP, but ${JSON.stringify(wordsOf(text).slice(0, 80))}`);
  }
}
