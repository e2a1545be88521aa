import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../errors.ts";
import { Diagnostics } from "./diagnostics.ts";
import { explain, type StackInBackend } from "./explain.ts";
import { Progress } from "./progress.ts";

/** What an operation did, or in a preview would do: number of resources by operation, such as `create` or `same`. */
export type Changes = Partial<Record<string, number>>;

/** Whether an operation changed anything. */
export function hasChanges(changes: Changes): boolean {
  return Object.entries(changes).some(([operation, count]) => operation !== "same" && count !== 0);
}

/** Objects of the stack were edited by hand, and server-side apply does not take the edited fields back. */
export class EditedByHand extends UserError {
  /** The URNs of their resources. */
  readonly urns: readonly string[];

  constructor(message: string, urns: readonly string[]) {
    super(message);
    this.name = "EditedByHand";
    this.urns = urns;
  }
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
  const diagnostics = new Diagnostics();
  const output: EngineOutput = {
    color: color && diff ? "always" : "never",
    diff,
    suppressOutputs: true,
    // The events tell which properties change, but not from what to what.
    onOutput: show && diff ? (text) => void show.write(text) : undefined,
    onEvent: (event) => {
      const inWords = diagnostics.take(event);
      progress?.take(inWords);
    },
  };
  try {
    return (await work(output)) ?? {};
  } catch (error) {
    throw userError(operation, error, { diagnostics, wereShown: show !== undefined });
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

/** @param told - What the engine told of before it failed: nothing when it cannot begin. */
function userError(
  operation: Operation,
  error: unknown,
  told: { diagnostics: Pick<Diagnostics, "errors" | "edited">; wereShown: boolean } = {
    diagnostics: { errors: new Set(), edited: new Set() },
    wereShown: false,
  },
): UserError {
  if (error instanceof UserError) return error;
  const { what, refusal } = operation;
  const { diagnostics, wereShown } = told;
  const [errors, edited] = [[...diagnostics.errors], [...diagnostics.edited]];
  const words = error instanceof Error ? error.message : String(error);
  const explained = explain(words, operation) ?? explain(errors.join("\n"), operation);
  if (edited.length > 0 && edited.length === errors.length)
    return new EditedByHand(`${what} failed:\n${errors.join("\n")}`, edited);
  if (wereShown && errors.length > 0)
    return new UserError(explained ?? `${what} failed; Pulumi says why above.`);
  return refusal() ?? new UserError(explained ?? `${what} failed:\n${errors.join("\n") || words}`);
}
