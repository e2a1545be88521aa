import { compare, isPlain, type Plain } from "./compare.ts";
import { fieldFinding, together, wholeFinding, type Finding } from "./report.ts";
import { withoutSecrets } from "./secrets.ts";

/** What changes in provisioning files of Grafana's data sources, by data source and key. */
export function datasourceFindings(old: Plain, next: Plain): Finding[] {
  const [before, after] = [provisioned(old), provisioned(next)];
  const ids = new Set([...after.sources.keys(), ...before.sources.keys()]);
  const both = (id: string) => before.sources.has(id) && after.sources.has(id);
  const others = ({ sources, rest }: Provisioned) => ({ ...rest, order: [...sources.keys()].filter(both) });
  return [
    ...[...ids].flatMap((id) => sourceFindings(before.sources.get(id), after.sources.get(id))),
    ...fieldFindings("Data sources", others(before), others(after)),
  ];
}

interface Provisioned {
  /** By uid, which is what dashboards know; by name without one. */
  readonly sources: ReadonlyMap<string, Plain>;
  /** What else the files say. */
  readonly rest: Plain;
}

function provisioned(files: Plain): Provisioned {
  const sources = new Map<string, Plain>();
  const rest: Record<string, unknown> = {};
  for (const [file, value] of Object.entries(files)) {
    // A text that is no YAML may hold anything.
    const { datasources, ...others } = isPlain(value) ? value : { secret: value };
    if (Object.keys(others).length > 0) rest[file] = others;
    for (const source of Array.isArray(datasources) ? datasources.filter(isPlain) : []) {
      sources.set(String(source["uid"] ?? source["name"]), source);
    }
  }
  return { sources, rest };
}

function sourceFindings(old: Plain | undefined, next: Plain | undefined): Finding[] {
  const subject = String((next ?? old)!["name"]);
  if (old && next) return fieldFindings(subject, old, next);
  const about = { section: "datasources", subject } as const;
  if (next) return [wholeFinding(about, "added", { new: gist(next) })];
  return [
    { ...wholeFinding(about, "removed", { old: gist(old!) }), note: "Dashboards that use it show an error." },
  ];
}

/** What a data source is, in a few words. */
const gist = ({ type, url }: Plain): unknown =>
  withoutSecrets([type, url].filter((part) => typeof part === "string").join(" "));

const fieldFindings = (subject: string, old: Plain, next: Plain): Finding[] =>
  together(compare(old, next).map((change) => fieldFinding({ section: "datasources", subject }, change)));
