import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A line of logs as a real application sent it. */
export interface RecordedLine {
  /** `service.name` of the application. */
  readonly service: string;
  /** Name of the logger that wrote it. */
  readonly logger: string;
  readonly severityNumber: number;
  /** Empty in LiteLLM's events. */
  readonly severityText: string;
  readonly body: string;
  /** Names of its attributes. */
  readonly attributes: readonly string[];
}

interface AttributeJson {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface ExportJson {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly AttributeJson[] };
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string };
      readonly logRecords: readonly {
        readonly severityNumber: number;
        readonly severityText?: string;
        readonly body: AttributeJson["value"];
        readonly attributes?: readonly AttributeJson[];
      }[];
    }[];
  }[];
}

/** What was sent in a case of LiteLLM 1.106.2, or of Open WebUI 0.12.4 before it: an export of OTLP, `recorded-logs/<case>.json`. */
export function recordedExport(name: string): unknown {
  return JSON.parse(
    readFileSync(fileURLToPath(new URL(`recorded-logs/${name}.json`, import.meta.url)), "utf8"),
  );
}

/** Its lines. */
export const recordedLines = (name: string): RecordedLine[] =>
  (recordedExport(name) as ExportJson).resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map(({ severityNumber, severityText = "", body, attributes = [] }) => ({
        service: resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "",
        logger: scope.name,
        severityNumber,
        severityText,
        body: body.stringValue ?? "",
        attributes: attributes.map(({ key }) => key),
      })),
    ),
  );
