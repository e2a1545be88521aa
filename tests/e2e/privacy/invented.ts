import { randomBytes } from "node:crypto";
import { exportSpans } from "../../../clients/otlp.ts";

/** What no version of any application writes yet. */
export const invented = "canary-invented-5b0e7c19a2d4";

/** Of somebody's own, in no namespace that is guarded. */
export const own = "not-guarded-c07d31e8f5a6";

/** On the resource, where no mode keeps it. */
export const command = "canary-command-9d2c4f7be013";

/** Id of a user. */
export const somebody = "canary-somebody-61f0a8c5d27e";

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** A request as a next version may write it: attributes, an event and a status that nobody knows yet, of LiteLLM and of another. */
export function sayInvented(otlpHttp: string): Promise<void> {
  const traceId = randomBytes(16).toString("hex");
  const now = BigInt(Date.now()) * 1_000_000n;
  const resourceSpans = ["litellm", "an-agent"].map((service) => ({
    resource: {
      attributes: [
        text("service.name", service),
        text("process.command_line", command),
        text("gen_ai.invented", invented),
      ],
    },
    scopeSpans: [
      {
        scope: { name: service, attributes: [text("gen_ai.invented", invented)] },
        spans: [
          {
            traceId,
            spanId: randomBytes(8).toString("hex"),
            name: service,
            kind: 2,
            startTimeUnixNano: String(now),
            endTimeUnixNano: String(now + 1_000_000n),
            status: { code: 2, message: invented },
            attributes: [
              text("enduser.id", somebody),
              ...["gen_ai", "litellm", "llm", "metadata", "mcp", "exception"].map((namespace) =>
                text(`${namespace}.invented`, invented),
              ),
              ...(service === "litellm" ? [text("invented", invented)] : [text("an_agent.tenant", own)]),
            ],
            events: [
              { name: "gen_ai.invented", timeUnixNano: String(now), attributes: [text("content", invented)] },
              { name: "kept", timeUnixNano: String(now), attributes: [text("gen_ai.prompt", invented)] },
            ],
          },
        ],
      },
    ],
  }));
  return exportSpans(otlpHttp, { resourceSpans }, 10);
}
