import { AnsweredError, request, urlBelow, wordsOf, type RequestOptions } from "./http.ts";

/** The body of an OTLP/HTTP export, in its JSON encoding. */
export interface Payload {
  readonly resourceSpans: readonly object[];
}

/**
 * Exports spans over OTLP/HTTP, once.
 *
 * @param endpoint such as `http://127.0.0.1:4318`, without `/v1/traces`
 * @param tls for a receiver with certificates of the stack's own
 * @throws UnreachableError when there is no answer in time
 * @throws AnsweredError when spans are refused, be it a part of them, or what answers is no receiver
 */
export async function exportSpans(
  endpoint: string,
  payload: Payload,
  timeoutSeconds: number,
  tls?: RequestOptions["tls"],
): Promise<void> {
  const { status, text } = await request("OTLP", urlBelow(endpoint, "/v1/traces"), {
    timeoutSeconds,
    tls,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload),
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
