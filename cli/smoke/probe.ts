import { randomBytes } from "node:crypto";
import type { Settings } from "../../settings.ts";
import { attributes } from "../../telemetry/attributes.ts";
import { smokePrefix } from "../../telemetry/smoke.ts";
import { chats } from "../../traffic/chats.ts";
import type { Payload } from "../../clients/otlp.ts";
import { payload } from "../../traffic/otlp.ts";
import { endOf, isDatabaseCall, type Trace } from "../../traffic/span.ts";

/** A chat that nobody had. */
export interface Probe {
  /** Its user and chat, which no other trace has. */
  readonly id: string;
  readonly trace: Trace;
  /** Its spans, the last of which ends now. */
  readonly payload: () => Payload;
  /** How often its spans are counted, by service, kind and operation. */
  readonly counted: ReadonlyMap<string, number>;
}

/**
 * Names of the probe's applications, and of its model's provider: the same in every run, so that production's metrics
 * get a few series once, and left out of every panel.
 */
export const probeServices = {
  openWebui: `${smokePrefix}-open-webui`,
  litellm: `${smokePrefix}-litellm`,
  provider: smokePrefix,
};

/** Service, kind and operation, as labels of the span metrics have them. */
export const countKey = (service: string, kind: string, operation: string): string =>
  [service, kind, operation].join(" ").trim();

/** Makes a probe in the environment. */
export function probe({ environment }: Pick<Settings, "environment">): Probe {
  const id = `smoke-${randomBytes(4).toString("hex")}`;
  const chat = chats.chat({
    seed: `${id} ${randomBytes(8).toString("hex")}`,
    openWebui: probeServices.openWebui,
    litellm: probeServices.litellm,
    environment,
    model: { name: smokePrefix, provider: probeServices.provider, deployment: smokePrefix },
    user: id,
    duration: 1.4,
    timeToFirstChunk: 0.3,
  });
  const spans = chat.spans.filter((span) => !isDatabaseCall(span) && !isPiece(span));
  const trace = { ...chat, spans: spans.map((span) => (isCall(span) ? ofChat(span, id) : span)) };
  const startsAt = () => BigInt(Math.floor(Date.now() - 1000 * endOf(trace))) * 1_000_000n;
  return { id, trace, payload: () => payload(trace.id, trace.spans, startsAt()), counted: countsOf(trace) };
}

type Span = Trace["spans"][number];

/** A call of the model. */
const isCall = ({ attributes: values }: Span): boolean => values[attributes.operation.name] !== undefined;

/** With the chat that it belongs to, as in the browser: by that it is searched, which is kept where users are not. */
const ofChat = (span: Span, chat: string): Span => ({
  ...span,
  attributes: { ...span.attributes, [attributes.conversation.name]: chat },
});

/** A piece of the answer as it passes through Open WebUI. */
const isPiece = ({ name }: Span): boolean => / http (send|receive)$/.test(name);

function countsOf({ spans }: Trace): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { service, kind, attributes: values } of spans) {
    if (kind === "internal") continue;
    const operation = String(values[attributes.operation.name] ?? "");
    const key = countKey(service.name, `SPAN_KIND_${kind.toUpperCase()}`, operation);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
