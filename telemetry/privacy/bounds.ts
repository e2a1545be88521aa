import { attributes } from "../attributes.ts";
import { passThroughPrefixes, escapeRegex } from "../generator.ts";
import type { Application } from "../signals/signal.ts";
import { patternOf } from "./known.ts";
import { at, isService, literal, type CollectorRules, type Statements } from "./ottl.ts";
import { privacyTable } from "./table.ts";

const span = (name: string): string => at("span", name);

/** LiteLLM's routes that it hands on as they are, and those of MCP: `http.route` and the span's name are the caller's own URL. */
const passThrough = `/(${[...passThroughPrefixes, "mcp"].map(escapeRegex).join("|")})/[^ ]*`;

const template = (path: string, before: string): string =>
  `replace_pattern(${path}, ${literal(`^(${before})${passThrough}`)}, ${literal("${1}/${2}/{endpoint}")})`;

const status = span(attributes.httpStatusCode.name);

/**
 * Refused for the caller's sake, as `signals/selectors.ts` has it. The SERVER span carries the model of the request's body
 * before the key is checked; with tracing v1 a span within it, too, which never has a status.
 */
const refused =
  `(span.name == "fastapi.dependencies" or (span.kind != SPAN_KIND_CLIENT and ${status} >= 400 and ${status} < 500 and ` +
  `(${status} == 400 or (${span(attributes.errorProvider.name)} == nil and ${span("error.llm_provider")} == nil))))`;

const ofNoMode = privacyTable.filter(({ rule }) => rule === "always").flatMap(({ attributes }) => attributes);

const withoutProcess: Statements = {
  context: "resource",
  statements: [
    `delete_matching_keys(resource.attributes, ${literal(`^(${ofNoMode.map(patternOf).join("|")})$`)})`,
  ],
};

/**
 * What bounds the data, whatever `privacy.mode` is: what no mode keeps is deleted, values that callers choose leave what becomes a label, and Open WebUI's
 * idle looks into its database are dropped.
 */
export function boundingRules({
  services: { openWebui, litellm },
}: {
  readonly services: Readonly<Record<Application, string>>;
}): CollectorRules {
  const ofLitellm = ` where ${isService(litellm)}`;
  return {
    drop: {
      traces: [
        {
          context: "span",
          // A connection without a request around it is a look for due work: 130,000 a day of an idle process.
          conditions: [`${isService(openWebui)} and span.name == "connect" and IsRootSpan()`],
        },
      ],
      logs: [],
    },
    change: {
      traces: [
        withoutProcess,
        {
          context: "span",
          statements: [
            ...[attributes.requestModel, attributes.providerModel].map(
              ({ name }) =>
                `delete_key(span.attributes, ${literal(name)}) where ${isService(litellm)} and ${refused}`,
            ),
            template(span(attributes.httpRoute.name), "") + ofLitellm,
            template(span(attributes.callRoute.name), "") + ofLitellm,
            template("span.name", "[A-Z]+ ") + ofLitellm,
            // Named by the path that was asked for.
            `set(span.name, "auth") where ${isService(litellm)} and HasPrefix(span.name, "auth /")`,
            // Named by the whole URL: of a provider, or of a page that a chat refers to.
            `replace_pattern(span.name, ${literal("^([A-Z]+) [a-z]+://.*$")}, ${literal("$1")}) where ${isService(openWebui)}`,
          ],
        },
      ],
      logs: [withoutProcess],
    },
  };
}
