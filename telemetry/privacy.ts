import { attributes } from "./attributes.ts";
import { failedCall, plainLines } from "./privacy/log-lines.ts";
import { hashed, kept, patternOf } from "./privacy/known.ts";
import { at, isService, literal, literals, type CollectorRules, type Statements } from "./privacy/ottl.ts";
import { guardedNamespaces, privacyTable } from "./privacy/table.ts";
import type { Application } from "./signals/signal.ts";

export { boundingRules } from "./privacy/bounds.ts";
export { kept, ruleOf } from "./privacy/known.ts";
export type { CollectorRules, Conditions, Statements } from "./privacy/ottl.ts";
export { guardedNamespaces, privacyTable, type PrivacyRule } from "./privacy/table.ts";

/** What of people is kept: nobody's id, ids as salted hashes, or all but what {@link privacyTable} keeps in no mode. */
export const privacyModes = ["strict", "identities", "off"] as const;

/** One of them. */
export type PrivacyMode = (typeof privacyModes)[number];

/** Variable of the collector's environment that has the salt of the hashes. Letters, digits and `+/=_-` alone may be in it. */
export const saltVariable = "PRIVACY_SALT";

/** Fewest characters of a salt: with fewer, or none, who has a hash finds the id by trying. */
export const leastSalt = 16;

/** Stands in place of every id where the salt is shorter. */
export const withoutSalt = `no hash: the salt of privacy.saltSecret has fewer than ${leastSalt} characters`;

/** Characters of a hash: enough to tell a million users apart. */
const hashLength = 16;

/** Names that are deleted unless they are known, as one regular expression. */
const guarded = `^((${guardedNamespaces.map(patternOf).join("|")})\\..*|${privacyTable
  .flatMap((row) => row.attributes)
  .map(patternOf)
  .join("|")})$`;

/** Events, of spans and as log records, that are nothing but prompts and answers; all that the convention will add, too. */
const contentEvent = (path: string): string =>
  `IsMatch(${path}, "^gen_ai\\\\.") and ${path} != ${literal(failedCall)}`;

/**
 * What the collector takes out of traces and logs. Metrics need none of it: of them only what the contract names is kept.
 *
 * What a statement deletes is told by {@link privacyTable}. Beside that, what begins with one of {@link guardedNamespaces}, and of
 * LiteLLM's spans and of both applications' log records every attribute, is deleted unless it is one of {@link kept}: LiteLLM
 * writes what it is given under bare names, too. RE2 has no "all but these", hence the copy.
 */
export function privacyRules({
  mode,
  services,
}: {
  readonly mode: PrivacyMode;
  readonly services: Readonly<Record<Application, string>>;
}): CollectorRules {
  if (mode === "off") return { drop: { traces: [], logs: [] }, change: { traces: [], logs: [] } };
  const ids = mode === "identities" ? hashed : [];
  const known = literals([...kept, ...ids]);
  const guard = (context: Statements["context"], closed: readonly string[] = []): Statements => ({
    context,
    statements: [
      ...ids.flatMap((name) => hash(at(context, name))),
      `set(${context}.cache["known"], ${context}.attributes)`,
      `keep_keys(${context}.cache["known"], ${known})`,
      `delete_matching_keys(${context}.attributes, ${literal(guarded)})`,
      `merge_maps(${context}.attributes, ${context}.cache["known"], "upsert")`,
      ...(closed.length > 0
        ? [`keep_keys(${context}.attributes, ${known}) where ${isService(...closed)}`]
        : []),
    ],
  });
  const { openWebui, litellm } = services;
  return {
    drop: {
      traces: [{ context: "spanevent", conditions: [contentEvent("spanevent.name")] }],
      logs: [
        {
          context: "log",
          conditions: [
            ...["log.event_name", 'log.attributes["event.name"]', 'log.attributes["event_name"]'].map(
              contentEvent,
            ),
            // What programs say to those who look for a mistake in them: whole requests among it.
            "log.severity_number > SEVERITY_NUMBER_UNSPECIFIED and log.severity_number < SEVERITY_NUMBER_INFO",
          ],
        },
      ],
    },
    change: {
      traces: [
        guard("resource"),
        guard("scope"),
        withMore(guard("span", [litellm]), [
          'set(span.status.message, "")',
          // A header of the caller's.
          'set(span.trace_state, "")',
          `delete_key(span.attributes, ${literal(attributes.callRoute.name)}) where ${hasId}`,
        ]),
        guard("spanevent", [litellm]),
      ],
      logs: [
        guard("resource"),
        guard("scope"),
        { context: "log", statements: [...plainLines, ...guard("log", [litellm, openWebui]).statements] },
      ],
    },
  };
}

const withMore = ({ context, statements }: Statements, more: readonly string[]): Statements => ({
  context,
  statements: [...statements, ...more],
});

/** A route as it was asked for, with an id in it: that of a file or an answer. */
const hasId = `IsMatch(${at("span", attributes.callRoute.name)}, "[0-9][^/]{3,}|[^/]{24,}")`;

/** Expanded by the collector, which reads `$` in nothing else of it. */
const salt = `"\${env:${saltVariable}}"`;

const hash = (path: string): string[] => [
  `set(${path}, Substring(SHA256(Concat([${salt}, ${path}], "")), 0, ${hashLength})) where ${path} != nil`,
  `set(${path}, ${literal(withoutSalt)}) where ${path} != nil and Len(${salt}) < ${leastSalt}`,
];
