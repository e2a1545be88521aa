import { attributes as known } from "../telemetry/attributes.ts";
import { spanId } from "./ids.ts";
import { isModelCall, type Attributes, type Trace, type TracedSpan } from "./span.ts";

/**
 * Adds to a trace what LiteLLM's database adds to every request of LiteLLM's: the look-up of the key and the note of
 * what the request cost; and on the model's calls the names of the virtual key and its team.
 *
 * Not recorded, since LiteLLM's database needs programs that no package registry has. Source: LiteLLM 1.106.2,
 * `litellm/integrations/otel/model/{spans,db_endpoint,baggage}.py`.
 */
export function litellmDatabase(trace: Trace): Trace {
  const added = trace.spans
    .filter(({ kind, scope }) => kind === "server" && scope.includes("fastapi"))
    .flatMap((request): TracedSpan[] => {
      const call = (name: string, start: number, attributes: Attributes): TracedSpan => ({
        id: spanId(request.id, name),
        parentId: request.id,
        service: request.service,
        scope: "litellm",
        name,
        kind: "client",
        start,
        end: start + 0.003,
        status: "unset",
        statusMessage: "",
        attributes: { ...postgres, ...attributes },
        doubles: new Set(),
        events: [],
      });
      return [
        call("postgres.select LiteLLM_VerificationToken", request.start + 0.002, {
          [known.dbOperation.name]: "select",
          "db.collection.name": "LiteLLM_VerificationToken",
          "db.query.summary": "SELECT LiteLLM_VerificationToken",
          "litellm.service.name": "postgres",
          "litellm.service.call_type": "get_key_object",
        }),
        call("batch_write_to_db update_spend_logs", request.end - 0.004, {
          [known.dbOperation.name]: "update_spend_logs",
          "litellm.service.name": "batch_write_to_db",
          "litellm.service.call_type": "update_spend_logs",
        }),
      ];
    });
  const withKey = (span: TracedSpan): TracedSpan =>
    isModelCall(span) ? { ...span, attributes: { ...span.attributes, ...virtualKey } } : span;
  return { ...trace, spans: [...trace.spans.map(withKey), ...added] };
}

const virtualKey: Attributes = { [known.keyAlias.name]: "notebooks", [known.teamAlias.name]: "research" };

const postgres: Attributes = {
  [known.dbSystem.name]: "postgresql",
  [known.oldDbSystem.name]: "postgresql",
  [known.dbNamespace.name]: "litellm",
  [known.serverAddress.name]: "postgres",
  "server.port": 5432,
};
