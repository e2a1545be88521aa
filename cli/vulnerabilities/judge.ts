import { UserError } from "../../errors.ts";

/** What `npm audit --json` found. */
export interface Verdict {
  /** Why the registry did not tell; undefined when it did. */
  readonly unanswered?: string;
  /** A line for each package with a known vulnerability. */
  readonly found: readonly string[];
}

interface Report {
  readonly auditReportVersion?: number;
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  /** There when the registry answered with an error, or not at all. */
  readonly message?: string;
  /** There, with a code, when npm could not ask. */
  readonly error?: { readonly code?: string; readonly summary?: string };
}

interface Vulnerability {
  readonly name: string;
  readonly severity: string;
  readonly range: string;
  /** Advisories, and the names of packages that bring them. */
  readonly via: readonly (string | { readonly title: string; readonly url: string })[];
}

/**
 * Judges what `npm audit --json` printed.
 *
 * @throws UserError when npm did not come as far as to ask
 */
export function judge(output: string): Verdict {
  const { auditReportVersion, vulnerabilities = {}, message, error } = parsed(output);
  if (auditReportVersion !== undefined) {
    return { found: Object.values(vulnerabilities).map(lineOf) };
  }
  if (message !== undefined && error?.code === undefined) {
    return { unanswered: message, found: [] };
  }
  throw new UserError(`npm audit failed: ${error?.summary ?? output.trim().slice(0, 200)}`);
}

function parsed(output: string): Report {
  try {
    return JSON.parse(output) as Report;
  } catch {
    return {};
  }
}

const lineOf = ({ name, severity, range, via }: Vulnerability): string =>
  `${name} ${range} (${severity}): ${via
    .map((cause) => (typeof cause === "string" ? `by ${cause}` : `${cause.title} ${cause.url}`))
    .join("; ")}`;
