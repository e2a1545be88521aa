import { UserError } from "../errors.ts";
import { explain, type Asked } from "./explain.ts";
import { calmOutput } from "./pulumi-output.ts";

/** What an operation did, or in a preview would do: number of resources by operation, such as `create` or `same`. */
export type Changes = Partial<Record<string, number>>;

/** Whether an operation changed anything. */
export function hasChanges(changes: Changes): boolean {
  return Object.entries(changes).some(([operation, count]) => operation !== "same" && count !== 0);
}

/** How an operation tells what it does. */
export interface OperationOptions {
  /** Takes Pulumi's own words as they come; left out, they are told only when the operation fails. */
  show?: { isTTY?: boolean; write(text: string): unknown };
  /** Show what changes within each resource. */
  diff?: boolean;
}

/** What the Automation API is told about showing an operation. */
export interface Shown {
  color: "always" | "never";
  diff: boolean;
  suppressOutputs: true;
  onOutput?: (text: string) => void;
}

/** An operation of the engine, for the words when it fails. */
export interface Operation extends Asked {
  readonly what: string;
  /** Why our own program refused to run, if it did. */
  readonly refusal: () => UserError | undefined;
  /** Whether Pulumi's own words were shown. */
  readonly wasShown?: boolean;
}

/** Runs an operation and shows it as asked. */
export async function operate(
  operation: Operation,
  { show, diff = false }: OperationOptions = {},
  work: (shown: Shown) => Promise<Changes | undefined>,
): Promise<Changes> {
  const output = show && calmOutput((text) => void show.write(text));
  const shown: Shown = {
    color: show?.isTTY ? "always" : "never",
    diff,
    suppressOutputs: true,
    onOutput: output && ((text) => output.write(text)),
  };
  return told({ ...operation, wasShown: show !== undefined }, async () => {
    try {
      return (await work(shown)) ?? {};
    } finally {
      output?.end();
    }
  });
}

/**
 * Runs work in the engine.
 *
 * @throws UserError with one sentence where the failure is known, else with Pulumi's words
 */
export async function told<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) {
      throw error;
    }
    const words = error instanceof Error ? error.message : String(error);
    const { what, wasShown, refusal } = operation;
    if (wasShown) throw new UserError(explain(words, operation) ?? `${what} failed; Pulumi says why above.`);
    throw refusal() ?? new UserError(explain(words, operation) ?? `${what} failed:\n${words}`);
  }
}
