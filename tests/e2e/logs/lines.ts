import { randomBytes } from "node:crypto";
import { request, urlBelow } from "../../../clients/http.ts";

/** Sends one line by OTLP, as an application does, and returns the id of its trace. */
export async function sendLine(otlpHttp: string, body: string): Promise<string> {
  const traceId = randomBytes(16).toString("hex");
  const line = {
    timeUnixNano: `${Date.now()}000000`,
    severityNumber: 9,
    body: { stringValue: body },
    traceId,
    spanId: randomBytes(8).toString("hex"),
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "litellm" } }] };
  const { status, text } = await request("the collector", urlBelow(otlpHttp, "/v1/logs"), {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [line] }] }] }),
  });
  if (status !== 200) throw new Error(`The collector answered ${status}: ${text}`);
  return traceId;
}
