import { compare, isPlain, pathText } from "./compare.ts";
import type { Finding } from "./report.ts";
import { actionOf, sidesOf } from "./tempo.ts";

/** What changes in a `Pulumi.<environment>.yaml`. Values that Pulumi encrypted are secrets in any case. */
export const settingsFindings = (old: unknown, next: unknown): Finding[] =>
  compare(settings(old), settings(next)).map((change) => ({
    section: "settings",
    action: actionOf(change),
    subject: "Settings",
    fields: [pathText(change.path)],
    ...sidesOf(change),
    costs: [],
  }));

/** The project's own keys as the documentation names them. */
function settings(file: unknown): Readonly<Record<string, unknown>> {
  if (!isPlain(file)) return {};
  const { config, ...rest } = file;
  const own = Object.entries(isPlain(config) ? config : {}).map(([key, value]) => [
    key.replace(/^llm-tracing:/, ""),
    value,
  ]);
  return { ...rest, ...(Object.fromEntries(own) as object) };
}
