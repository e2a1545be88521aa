import { UserError } from "../../errors.ts";

/** Most bytes `kubectl apply` can note of an object in its annotation; Kubernetes itself stores 1 MiB. */
const maxBytes = 262_144;

/**
 * Refuses a text that does not fit into an object that `kubectl apply` and GitOps tools can handle.
 *
 * @throws UserError naming it and its size.
 */
export function checkSize(what: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes >= maxBytes) {
    throw new UserError(
      `${what} has ${bytes} bytes; kubectl apply handles less than ${maxBytes}. Split it in two.`,
    );
  }
}
