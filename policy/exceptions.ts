/** Lets one object fail one rule, for a reason, until a day. */
export interface Exception {
  /** The rule's id. */
  readonly rule: string;
  /** The object, as messages name it: `Secret monitoring/llm-tracing-datasources`. */
  readonly object: string;
  readonly reason: string;
  /** The last day on which it holds, as `2027-06-30`; from the next day on it fails. */
  readonly until: string;
}

/** All exceptions. One that has expired, or that no environment needs, fails. */
export const exceptions: readonly Exception[] = [];
