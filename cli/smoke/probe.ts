import { randomBytes } from "node:crypto";
import type { Settings } from "../../settings.ts";
import { attributes } from "../../telemetry/attributes.ts";
import { payload, type Payload } from "../../tests/fixtures/otlp.ts";
import { endOf, type Trace } from "../../tests/fixtures/span.ts";
import { chat } from "../../tests/fixtures/traces.ts";

/** A chat that nobody had, unlike any other. */
export interface Probe {
  /** Name of its model, and of the model's provider: no other trace has it. */
  readonly id: string;
  readonly trace: Trace;
  /** Its spans, the last of which ends now. */
  readonly payload: () => Payload;
  /** How often its spans are counted, by kind and operation. */
  readonly counted: ReadonlyMap<string, number>;
}

/** Kind and operation, as labels of the span metrics have them. */
export const countKey = (kind: string, operation: string): string => `${kind} ${operation}`;

/** Makes a probe for applications with the environment's names. */
export function probe({ applications: { services }, environment }: Settings): Probe {
  const id = `smoke-${randomBytes(4).toString("hex")}`;
  const trace = chat({
    seed: `${id} ${randomBytes(8).toString("hex")}`,
    openWebui: services.openWebui,
    litellm: services.litellm,
    environment,
    model: { name: id, provider: id, deployment: id, address: "smoke", port: 80 },
    user: "smoke",
    chat: id,
    duration: 1.4,
    timeToFirstChunk: 0.3,
  });
  const startsAt = () => BigInt(Math.floor(Date.now() - 1000 * endOf(trace))) * 1_000_000n;
  return { id, trace, payload: () => payload(trace.id, trace.spans, startsAt()), counted: countsOf(trace) };
}

/** The spans that carry the model and are counted: LiteLLM's SERVER and CLIENT spans. */
function countsOf({ spans }: Trace): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, attributes: values } of spans) {
    if (kind === "internal" || values[attributes.requestModel.name] === undefined) continue;
    const operation = values[attributes.operation.name];
    const key = countKey(`SPAN_KIND_${kind.toUpperCase()}`, typeof operation === "string" ? operation : "");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
