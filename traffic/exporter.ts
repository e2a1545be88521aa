/**
 * How the exporters of the OpenTelemetry SDK for Python deliver spans: `BatchSpanProcessor` of 1.42.1 and 1.45.2
 * (`opentelemetry/sdk/_shared_internal`), and the OTLP exporters of both protocols.
 */

/** Seconds between two batches. */
export const batchSeconds = 5;

/** The jitter of each wait between two tries: 20 % less or more. */
export const jitter = { least: 0.8, most: 1.2 } as const;

const mostTries = 6;

/**
 * When an exporter tries to deliver a batch if every try fails at once, in seconds from the first; then the batch is lost.
 *
 * @param timeoutSeconds `OTEL_EXPORTER_OTLP_TIMEOUT`; the SDK's own is 10
 * @param factor of the waits of 1, 2, 4, 8 and 16 s
 */
export function triesAt(timeoutSeconds: number, factor: number): number[] {
  const tries = [0];
  for (let wait = factor; tries.length < mostTries; wait *= 2) {
    const last = tries.at(-1)!;
    if (wait > timeoutSeconds - last) break;
    tries.push(last + wait);
  }
  return tries;
}
