import type { DiagnosticEvent, EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { explainFault, isEditedByHand } from "./explain.ts";
import { messageOf } from "./progress.ts";

/** What the engine says of the objects of one operation, in words of ours. */
export class Diagnostics {
  /** What went wrong, each once. */
  readonly errors = new Set<string>();
  /** URNs of objects whose update failed as somebody had edited them by hand. */
  readonly edited = new Set<string>();
  /** What keeps an object from being ready, by its URN; the provider tells of it as a warning while it waits. */
  readonly #reasons = new Map<string, string>();
  readonly #steps = new Map<string, StepEventMetadata>();

  /** The event to show: its diagnostic is in our words, and left out where it adds nothing. */
  take(event: EngineEvent): EngineEvent {
    const { resourcePreEvent, diagnosticEvent } = event;
    if (resourcePreEvent) this.#steps.set(resourcePreEvent.metadata.urn, resourcePreEvent.metadata);
    return diagnosticEvent ? { ...event, diagnosticEvent: this.#inWords(diagnosticEvent) } : event;
  }

  #inWords(diagnostic: DiagnosticEvent): DiagnosticEvent | undefined {
    const { severity, urn = "", ephemeral } = diagnostic;
    const words = messageOf(diagnostic);
    const step = this.#steps.get(urn);
    const object = step && nameOf(step);
    const explained = object && explainFault(words, object);
    // The provider tells of each attempt, and then of the failure.
    if (severity === "info" && ephemeral) return explained ? undefined : diagnostic;
    if (severity === "warning" && isLostRace(words)) return undefined;
    if (addsNothing(words) && (severity === "warning" || this.errors.size > 0)) return undefined;
    if (explained && severity === "warning") {
      this.#reasons.set(urn, explained);
      return { ...diagnostic, severity: "info", ephemeral: true, message: explained };
    }
    const plain = explained ?? (object ? words.replaceAll(`resource "${urn}"`, object) : words);
    if (severity !== "error") return { ...diagnostic, message: plain };
    const message = [plain, this.#reasons.get(urn) ?? []].flat().join("\n");
    this.errors.add(message);
    if (step?.op === "update" && isEditedByHand(words)) this.edited.add(urn);
    return { ...diagnostic, message };
  }
}

/** The engine's last word on what it has told of; and an object that was not ready when the engine read it. */
const addsNothing = (words: string): boolean =>
  /^\w+ failed$|^Refreshed resource is in an unhealthy state/.test(words);

/**
 * A controller's write that came after another's: it tries again at once. So the StatefulSet controller, when it makes a claim
 * that the volume controller binds in the same moment.
 */
const isLostRace = (words: string): boolean =>
  words.endsWith(
    "the object has been modified; please apply your changes to the latest version and try again",
  );

/** An object as `Kind namespace/name`; what is none, by its type and name in the state. */
function nameOf({ urn, type, new: next, old }: StepEventMetadata): string {
  const { kind, metadata } = ((next ?? old)?.inputs ?? {}) as {
    kind?: string;
    metadata?: { namespace?: string; name?: string };
  };
  if (kind === undefined || metadata?.name === undefined) return `${type} ${urn.split("::").at(-1)}`;
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}
