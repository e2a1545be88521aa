import { createHash } from "node:crypto";

/**
 * A trace id that follows from the seed: 32 hexadecimal digits, of which exactly `leadingZeros` are zeros in front.
 */
export function traceId(seed: string, leadingZeros: number): string {
  const digits = hash(`trace ${seed}`, 32 - leadingZeros);
  return "0".repeat(leadingZeros) + digits.replace(/^0/, "f");
}

/** The id of the span at this place in the tree: 16 hexadecimal digits. */
export const spanId = (seed: string, path: string): string => hash(`span ${seed} ${path}`, 16);

const hash = (text: string, length: number): string =>
  createHash("sha256").update(text).digest("hex").slice(0, length);
