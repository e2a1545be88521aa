import { literal } from "./ottl.ts";

/** Name of a log record that tells of a failed call; LiteLLM writes it. */
export const failedCall = "gen_ai.client.operation.exception";

/** What a text is replaced by, and what is. */
type Mask = readonly [pattern: string, by: string];

/**
 * Of an access line of uvicorn's: method, the beginning of the path where it is one of the API's, status. The rest of a path
 * holds ids and file names, its query what was searched for.
 */
const accessLine: Mask = [
  String.raw`^\S+ - "([A-Z]+) ((?:/(?:api|openai|ollama|v1))?(?:/v[0-9])?(?:/[a-z_]+)?(?:/[a-z_]+)?)[^"]*" ([0-9]{3}).*$`,
  "$1 $2 $3",
];

/** Marks after which programs put values into the words of a line. */
const firstMark = String.raw`(?s)\s*[:=\[\](){}<>"'` + "`" + String.raw`\n\r].*$`;

/** Values that stand in the midst of words. */
const masks: readonly Mask[] = [
  [String.raw`[\w.+-]+@[\w.-]+`, "{email}"],
  [String.raw`(?i)\b(?:sk|pk|key|bearer|basic|token)[-_ ][\w.~+/-]{8,}`, "{key}"],
  [String.raw`\beyJ[\w.-]+`, "{key}"],
  [String.raw`(?i)\buser(name)? \S+`, "user {user}"],
  [String.raw`\S*/\S+`, "{path}"],
  [String.raw`\b[\w-]*[0-9][\w-]{6,}\b`, "{id}"],
];

const replace = ([pattern, by]: Mask): string =>
  `replace_pattern(log.body, ${literal(pattern)}, ${literal(by)})`;

/**
 * Statements after which a log record's body has the words of its program, and none of what people wrote: programs put that
 * after a colon, an equals sign, a quote or a bracket. What an exception said becomes its type. What is no text, or has no word before such a mark, is `{text}`.
 *
 * Seen of 1,191 lines that Open WebUI 0.12.4 can log; what tells of a search, a file or a user in the midst of its words is
 * masked by form. Two lines log an error's own words alone (`routers/openai.py`, `routers/memories.py`): of these the words
 * before a mark stay.
 */
export const plainLines: readonly string[] = [
  'set(log.body, "") where log.body != nil and not IsString(log.body)',
  `set(log.body, log.attributes["exception.type"]) where log.attributes["exception.type"] != nil and ` +
    `(log.body == log.attributes["exception.message"] or log.event_name == ${literal(failedCall)} or ` +
    `log.attributes["event.name"] == ${literal(failedCall)})`,
  `set(log.cache["access"], true) where instrumentation_scope.name == "uvicorn.access" and IsMatch(log.body, ${literal(accessLine[0])})`,
  `${replace(accessLine)} where log.cache["access"] != nil`,
  ...[[firstMark, ""] as const, ...masks].map((mask) => `${replace(mask)} where log.cache["access"] == nil`),
  // A line without a word looks like a fault of the store.
  'set(log.body, "{text}") where log.body == ""',
];
