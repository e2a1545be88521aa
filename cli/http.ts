import { UserError } from "../errors.ts";

/** A server that answered, but with an error. */
export class AnsweredError extends UserError {
  readonly status: number;

  constructor(server: string, status: number, words: string) {
    super(`${server} answered ${status}: ${words}`);
    this.status = status;
  }
}

/**
 * Asks a server for JSON.
 *
 * @param server - Its name, for the words of an error.
 * @throws AnsweredError when it answers with an error.
 * @throws UserError when it cannot be reached or does not answer in time.
 */
export async function getJson<T>(
  server: string,
  url: URL,
  { timeoutSeconds = 30, headers = {} }: { timeoutSeconds?: number; headers?: Record<string, string> } = {},
): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutSeconds * 1000), headers }).catch(
    (error: unknown) => {
      throw new UserError(unreachable(server, url, error, timeoutSeconds));
    },
  );
  const text = await response.text();
  if (!response.ok) throw new AnsweredError(server, response.status, firstLine(text));
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new UserError(
      `${server} at ${url.origin} does not speak JSON: is this really ${server}? It says: ${firstLine(text)}`,
    );
  }
}

function unreachable(server: string, { origin }: URL, error: unknown, timeoutSeconds: number): string {
  if (error instanceof Error && error.name === "TimeoutError") {
    return `${server} at ${origin} did not answer within ${timeoutSeconds} s.`;
  }
  const { cause } = error as { cause?: { code?: string; message?: string } };
  const reason = cause?.code === "ECONNREFUSED" ? "nothing listens there" : (cause?.message ?? String(error));
  return `${server} at ${origin} cannot be reached: ${reason}.`;
}

const firstLine = (text: string): string => text.trim().split("\n")[0]?.slice(0, 200) ?? "";
