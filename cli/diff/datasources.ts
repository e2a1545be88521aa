import { compare, isPlain, pathText, same } from "./compare.ts";
import { parsed } from "./contents.ts";
import type { Finding } from "./report.ts";
import { withoutSecrets } from "./secrets.ts";
import { actionOf, sidesOf } from "./tempo.ts";
import { together } from "./together.ts";

type Plain = Readonly<Record<string, unknown>>;

/** What changes in provisioning files of Grafana's data sources, by data source and key. */
export function datasourceFindings(old: Plain, next: Plain): Finding[] {
  const [before, after] = [provisioned(old), provisioned(next)];
  const ids = [...new Set([...after.sources.keys(), ...before.sources.keys()])];
  const order = [before, after].map(({ sources }) =>
    [...sources.keys()].filter((id) => has(before, id) && has(after, id)),
  );
  return [
    ...ids.flatMap((id) => ofSource(before.sources.get(id), after.sources.get(id))),
    ...ofFields("Data sources", before.rest, after.rest),
    ...ofFields("Data sources", { order: order[0] }, { order: order[1] }),
  ];
}

interface Provisioned {
  /** By uid, which is what dashboards know; by name without one. */
  readonly sources: ReadonlyMap<string, Plain>;
  readonly rest: Plain;
}

const has = ({ sources }: Provisioned, id: string): boolean => sources.has(id);

function provisioned(files: Plain): Provisioned {
  const sources = new Map<string, Plain>();
  const rest: Record<string, unknown> = {};
  for (const [file, text] of Object.entries(files)) {
    const value = parsed(text);
    // A text that is no YAML may hold anything.
    if (!isPlain(value)) {
      rest[file] = { secret: text };
      continue;
    }
    const { datasources, ...others } = value;
    if (Object.keys(others).length > 0) rest[file] = others;
    const list = Array.isArray(datasources) ? (datasources as unknown[]) : [];
    for (const source of list.filter(isPlain)) sources.set(String(source["uid"] ?? source["name"]), source);
  }
  return { sources, rest };
}

function ofSource(old: Plain | undefined, next: Plain | undefined): Finding[] {
  const subject = String((next ?? old)?.["name"]);
  const base = { section: "datasources", subject, fields: [], costs: ["in place"] } as const;
  if (!old) return [{ ...base, action: "added", new: gist(next!) }];
  if (!next)
    return [{ ...base, action: "removed", old: gist(old), note: "Dashboards that use it show an error." }];
  return ofFields(subject, old, next);
}

/** What a data source is, in a few words. */
const gist = ({ type, url }: Plain): unknown =>
  withoutSecrets([type, url].filter((part) => typeof part === "string").join(" "));

function ofFields(subject: string, old: Plain, next: Plain): Finding[] {
  if (same(old, next)) return [];
  const findings = compare(old, next).map((change): Finding => ({
    section: "datasources",
    action: actionOf(change),
    subject,
    fields: [pathText(change.path)],
    ...sidesOf(change),
    costs: ["in place"],
  }));
  return together(findings);
}
