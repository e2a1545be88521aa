import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../errors.ts";
import { explain, type StackInBackend } from "./explain.ts";
import { messageOf, Progress } from "./progress.ts";

/** What an operation did, or in a preview would do: number of resources by operation, such as `create` or `same`. */
export type Changes = Partial<Record<string, number>>;

/** Whether an operation changed anything. */
export function hasChanges(changes: Changes): boolean {
  return Object.entries(changes).some(([operation, count]) => operation !== "same" && count !== 0);
}

/** How an operation is shown. */
export interface OperationOptions {
  /** Takes the progress as it comes. @default only a failure is told of */
  show?: { isTTY?: boolean; write(text: string): unknown };
  /** Show what changes within each resource, in Pulumi's own words. @default false */
  diff?: boolean;
}

/** What the Automation API is given with every operation. */
export interface EngineOutput {
  color: "always" | "never";
  diff: boolean;
  suppressOutputs: true;
  onOutput?: (text: string) => void;
  onEvent: (event: EngineEvent) => void;
}

/** An operation of the engine, for the words when it fails. */
export interface Operation extends StackInBackend {
  readonly what: string;
  /** Why our own program refused to run, if it did. */
  readonly refusal: () => UserError | undefined;
}

/**
 * Runs an operation and shows it as asked.
 *
 * @throws UserError with one sentence where the failure is known, else with the engine's errors
 */
export async function operate(
  operation: Operation,
  { show, diff = false }: OperationOptions = {},
  work: (output: EngineOutput) => Promise<Changes | undefined>,
): Promise<Changes> {
  const color = show?.isTTY ?? false;
  const progress = show && new Progress((text) => void show.write(text), { color, diagnosticsOnly: diff });
  const errors = new Set<string>();
  const output: EngineOutput = {
    color: color && diff ? "always" : "never",
    diff,
    suppressOutputs: true,
    // The events tell which properties change, but not from what to what.
    onOutput: show && diff ? (text) => void show.write(text) : undefined,
    onEvent: (event) => {
      progress?.take(event);
      if (event.diagnosticEvent?.severity === "error") errors.add(messageOf(event.diagnosticEvent));
    },
  };
  try {
    return (await work(output)) ?? {};
  } catch (error) {
    throw userError(operation, error, { errors: [...errors], wereShown: show !== undefined });
  } finally {
    progress?.end();
  }
}

/**
 * Does other work in the engine, such as opening a stack.
 *
 * @throws UserError with one sentence where the failure is known, else with Pulumi's words
 */
export async function withUserErrors<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw userError(operation, error);
  }
}

/** @param diagnostics - Errors that the engine told of before it failed: it tells of none when it cannot begin. */
function userError(
  operation: Operation,
  error: unknown,
  diagnostics: { errors: readonly string[]; wereShown: boolean } = { errors: [], wereShown: false },
): UserError {
  if (error instanceof UserError) return error;
  const { what, refusal } = operation;
  const { errors, wereShown } = diagnostics;
  const words = error instanceof Error ? error.message : String(error);
  const explained = explain(words, operation);
  if (wereShown && errors.length > 0)
    return new UserError(explained ?? `${what} failed; Pulumi says why above.`);
  return refusal() ?? new UserError(explained ?? `${what} failed:\n${errors.join("\n") || words}`);
}
