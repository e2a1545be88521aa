import { styleText } from "node:util";
import type {
  DiagnosticEvent,
  EngineEvent,
  OpType,
  StepEventMetadata,
  SummaryEvent,
} from "@pulumi/pulumi/automation/index.js";
import { formatSeconds } from "../terminal/duration.ts";
import { kubernetesProviderVersion } from "../tools/programs.ts";

type Style = Parameters<typeof styleText>[0];

/** The steps the engine takes, each with its sign and with its names in a plan, while it runs and when it is done. */
const steps: Partial<
  Record<OpType, readonly [string, Style, planned: string, running: string, done: string]>
> = {
  create: ["+", "green", "create", "creating", "created"],
  update: ["~", "yellow", "update", "updating", "updated"],
  delete: ["-", "red", "delete", "deleting", "deleted"],
  replace: ["+-", "magenta", "replace", "replacing", "replaced"],
  "create-replacement": ["++", "green", "create replacement", "creating replacement", "created replacement"],
  "delete-replaced": ["--", "red", "delete original", "deleting original", "deleted original"],
  read: [">", "cyan", "read", "reading", "read"],
};

const stepOf = (op: OpType) => steps[op] ?? (["", "reset", op, op, op] as const);

/**
 * Pulumi compares the provider's version with that of the SDK, which is newer: the newest provider published as a Go
 * module is older than the newest SDK on npm, and does all that this stack needs.
 */
function isExpectedWarning({ severity, message }: DiagnosticEvent): boolean {
  return (
    severity === "warning" &&
    message.includes("resource plugin kubernetes is expected to have version >=") &&
    message.includes(`but has ${kubernetesProviderVersion};`)
  );
}

/** A diagnostic's own words: with colours asked for, Pulumi puts tags such as `<{%reset%}>` among them. */
export const messageOf = ({ message }: DiagnosticEvent): string =>
  message.replaceAll(/<\{%[^%]*%\}>/g, "").trimEnd();

/** How a {@link Progress} is shown. */
export interface ProgressOptions {
  readonly color: boolean;
  /** Leaves steps and summary out, where Pulumi's own text has them. */
  readonly diagnosticsOnly: boolean;
}

/** Shows a person what the engine does, from its events. */
export class Progress {
  readonly #write: (text: string) => void;
  readonly #options: ProgressOptions;
  /** When the steps under way began, by their resources' URNs. */
  readonly #begun = new Map<string, number>();
  /** The last message on each step, which a provider repeats. */
  readonly #status = new Map<string, string>();
  /** By resource; of an inline program's error the engine tells twice. */
  readonly #diagnostics = new Map<string, Set<string>>();
  #planning = false;
  #summary: SummaryEvent | undefined;

  constructor(write: (text: string) => void, options: ProgressOptions) {
    this.#write = write;
    this.#options = options;
  }

  /** Takes the next event. */
  take({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent }: EngineEvent) {
    if (resourcePreEvent) {
      this.#planning = resourcePreEvent.planning ?? false;
      this.#begin(resourcePreEvent.metadata);
    }
    if (resOutputsEvent?.metadata.op === "refresh") this.#tellDrift(resOutputsEvent.metadata);
    else if (resOutputsEvent && !resOutputsEvent.planning) this.#end(resOutputsEvent.metadata, "done");
    if (resOpFailedEvent) this.#end(resOpFailedEvent.metadata, "failed");
    if (diagnosticEvent) this.#diagnose(diagnosticEvent);
    if (summaryEvent) this.#summary = summaryEvent;
  }

  /** Shows diagnostics and summary, when there are no more events. */
  end(): void {
    if (this.#diagnostics.size > 0) this.#line(this.#paint("bold", "\nDiagnostics:"));
    for (const [resource, texts] of this.#diagnostics) {
      if (resource) this.#line(`  ${resource}:`);
      for (const text of texts) this.#line(text.replaceAll(/^/gm, "    "));
    }
    if (this.#summary && !this.#options.diagnosticsOnly) this.#summarize(this.#summary);
  }

  #begin(step: StepEventMetadata): void {
    if (step.op === "same" || step.op === "refresh") return;
    const [, , planned, running] = stepOf(step.op);
    const properties = propertiesOf(step);
    const changed = properties.length > 0 ? ` [${properties.join(", ")}]` : "";
    this.#begun.set(step.urn, Date.now());
    this.#row(step, (this.#planning ? planned : running) + changed);
  }

  /** A component's outputs may come more than once: only what is under way can end. */
  #end(step: StepEventMetadata, how: "done" | "failed"): void {
    const begun = this.#begun.get(step.urn);
    if (begun === undefined) return;
    this.#begun.delete(step.urn);
    this.#status.delete(step.urn);
    const [, , planned, , done] = stepOf(step.op);
    const words = how === "done" ? done : this.#paint("red", `${planned} failed`);
    this.#row(step, `${words} (${formatSeconds((Date.now() - begun) / 1000)})`);
  }

  /** The engine reads each object before it changes any. */
  #tellDrift(step: StepEventMetadata): void {
    const properties = propertiesOf(step);
    if (step.new && properties.length === 0) return;
    const what = step.new ? `changed [${properties.join(", ")}]${editorOf(step)}` : "deleted";
    const object = `${step.type} ${nameOf(step.urn)}`;
    this.#line(` ${this.#paint("yellow", "! ")} ${object} was ${what} since the last deployment`);
  }

  #row({ op, type, urn }: Pick<StepEventMetadata, "op" | "type" | "urn">, words: string): void {
    if (this.#options.diagnosticsOnly) return;
    const [sign, style] = stepOf(op);
    this.#line(` ${this.#paint(style, sign.padEnd(2))} ${type} ${nameOf(urn)} ${words}`);
  }

  #diagnose(diagnostic: DiagnosticEvent): void {
    const { severity, urn = "", ephemeral } = diagnostic;
    const message = messageOf(diagnostic);
    if (message === "" || isExpectedWarning(diagnostic)) return;
    if (severity === "info" && ephemeral) {
      const isNews = this.#status.get(urn) !== message;
      this.#status.set(urn, message);
      // While the engine reads an object, the provider tells of it as if it waited for it.
      if (isNews && this.#begun.has(urn) && !this.#options.diagnosticsOnly)
        this.#line(`    ${typeOf(urn)} ${nameOf(urn)}: ${message}`);
    } else if (severity === "info" || severity === "warning" || severity === "error") {
      const prefix = this.#paint(severity === "error" ? "red" : "yellow", `${severity}:`);
      const resource = urn && `${typeOf(urn)} (${nameOf(urn)})`;
      const texts = this.#diagnostics.get(resource) ?? new Set();
      this.#diagnostics.set(resource, texts.add(`${prefix} ${message}`));
    }
  }

  #summarize({ resourceChanges: { same = 0, ...changes }, durationSeconds }: SummaryEvent): void {
    this.#line(this.#paint("bold", "\nResources:"));
    for (const [op, count] of Object.entries(changes)) {
      const [sign, style, planned, , done] = stepOf(op as OpType);
      this.#line(`    ${this.#paint(style, `${sign} ${count} ${this.#planning ? `to ${planned}` : done}`)}`);
    }
    if (same > 0) this.#line(`    ${same} unchanged`);
    if (!this.#planning)
      this.#line(`\n${this.#paint("bold", "Duration:")} ${formatSeconds(durationSeconds)}`);
  }

  #line(text: string): void {
    this.#write(`${text}\n`);
  }

  #paint(style: Style, text: string): string {
    return this.#options.color ? styleText(style, text, { validateStream: false }) : text;
  }
}

/** The properties of an object that a step finds changed. */
const propertiesOf = ({ detailedDiff }: StepEventMetadata): string[] => [
  ...new Set(Object.keys(detailedDiff ?? {}).map((path) => /^[^.[]+/.exec(path)?.[0] ?? path)),
];

/** Who wrote to an object last, as the API server has it: the field manager and when. */
function editorOf({ new: found }: StepEventMetadata): string {
  const { metadata } = (found?.outputs ?? {}) as {
    metadata?: { managedFields?: { manager?: string; time?: string; subresource?: string }[] };
  };
  const [last] = (metadata?.managedFields ?? [])
    .filter(
      ({ manager, subresource }) => subresource === undefined && !manager?.startsWith("pulumi-kubernetes"),
    )
    .sort((a, b) => (b.time ?? "").localeCompare(a.time ?? ""));
  return last ? ` by ${last.manager} (${last.time})` : "";
}

/** A URN ends with `::<parents' types>$<type>::<name>`. */
const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";
const typeOf = (urn: string): string => urn.split("::").at(-2)?.split("$").at(-1) ?? "";
