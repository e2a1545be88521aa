import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.ts";

/** A value with the type that OTLP gave it. */
export type RecordedValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "int" | "double"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "array"; readonly value: readonly RecordedValue[] };

/** A value that is a text. */
export const textOf = (value: RecordedValue | undefined): string | undefined =>
  value?.type === "string" ? value.value : undefined;

/** Attributes by OpenTelemetry name. */
export type RecordedAttributes = Readonly<Record<string, RecordedValue>>;

/** A span as a real application sent it. */
export interface RecordedSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Empty at the root. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: "internal" | "server" | "client" | "producer" | "consumer";
  /** Nanoseconds since 1970, as are the other times. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: "unset" | "ok" | "error"; readonly message: string };
  readonly attributes: RecordedAttributes;
  readonly events: readonly {
    readonly name: string;
    readonly timeUnixNano: string;
    readonly attributes: RecordedAttributes;
  }[];
  readonly resource: RecordedAttributes;
  /** The instrumentation that made it. */
  readonly scope: { readonly name: string; readonly version: string };
}

/** What an application sent in one case, of one or more traces. */
export interface Recording {
  /** Of the case, such as `upstream-429`. */
  readonly name: string;
  readonly spans: readonly RecordedSpan[];
}

/** Applications and versions that recordings are of: folders of `traffic/recorded/`. */
export const recordedOf = {
  litellm: "litellm-1.106.2",
  litellmV1: "litellm-1.106.2-tracing-v1",
  openWebui: "open-webui-0.12.4",
} as const;

/** An application whose spans are recorded. */
export type Recorded = keyof typeof recordedOf;

/**
 * Reads what was recorded of a case.
 *
 * @throws UserError when there is no such recording
 */
export function recording(application: Recorded, name: string): Recording {
  const file = fileOf(application, name);
  if (!existsSync(file)) throw new UserError(`There is no recording ${recordedOf[application]}/${name}.`);
  return { name, spans: JSON.parse(readFileSync(file, "utf8")) as RecordedSpan[] };
}

/** The cases that are recorded of an application. */
export const recordedCases = (application: Recorded): string[] =>
  existsSync(folderOf(application))
    ? readdirSync(folderOf(application)).map((file) => path.basename(file, ".json"))
    : [];

/** Writes a recording, a span a line. */
export function writeRecording(application: Recorded, { name, spans }: Recording): void {
  mkdirSync(folderOf(application), { recursive: true });
  const lines = spans.map((span) => JSON.stringify(span));
  writeFileSync(fileOf(application, name), `[\n${lines.join(",\n")}\n]\n`);
}

/** Takes the recording of a case away. */
export const removeRecording = (application: Recorded, name: string): void =>
  rmSync(fileOf(application, name));

const folderOf = (application: Recorded): string =>
  fileURLToPath(new URL(`recorded/${recordedOf[application]}`, import.meta.url));

const fileOf = (application: Recorded, name: string): string =>
  path.join(folderOf(application), `${name}.json`);
