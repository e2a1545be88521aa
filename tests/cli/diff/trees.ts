import { parse, stringify } from "yaml";
import { filesOfProject } from "../../../cli/diff/files.ts";
import type { Change, Report } from "../../../cli/diff/report.ts";
import { snapshot, type Files } from "../../../cli/diff/snapshot.ts";
import { compareSnapshots } from "../../../cli/diff/snapshots.ts";
import { renderEnvironment } from "../../../engine/rendering.ts";
import { environments, projectFolder, type ConfigValue } from "../../../engine/stack-files.ts";

/** Changes plain data in place. */
export type Edit = (root: unknown) => void;

/**
 * Puts a value where a path leads (`spec.ports.0.name`, `panels.Request Rate.type`): of keys, and of indices, names or
 * titles in lists. Undefined takes away what is there.
 */
export const put =
  (path: string, value: unknown): Edit =>
  (root) => {
    const keys = path.split(".");
    const last = keys.pop()!;
    const parent = keys.reduce((at, key) => (at as Record<string, unknown>)[place(at, key)], root);
    if (Array.isArray(parent) && value === undefined) parent.splice(Number(place(parent, last)), 1);
    else if (value === undefined) delete (parent as Record<string, unknown>)[last];
    else (parent as Record<string, unknown>)[last] = value;
  };

function place(at: unknown, key: string): string {
  if (!Array.isArray(at)) return key;
  const named = (at as { title?: unknown; name?: unknown }[]).findIndex(
    (member) => typeof member === "object" && [member?.title, member?.name].includes(key),
  );
  return named < 0 ? key : String(named);
}

/** Several edits as one. */
export const edits =
  (...all: readonly Edit[]): Edit =>
  (root) =>
    all.forEach((edit) => edit(root));

/** Edits the YAML or JSON text of a file within an object. */
const within =
  (part: string, file: string, edit: Edit): Edit =>
  (object) => {
    const texts = (object as Record<string, Record<string, string>>)[part]!;
    const value: unknown = parse(texts[file]!);
    edit(value);
    texts[file] = file.endsWith(".json") ? JSON.stringify(value) : stringify(value);
  };

export const everywhere = ["dev", "staging", "prod"];

/** This project's own tree, as it is committed. */
export const committed: Files = filesOfProject(projectFolder);

/** The tree that the program makes, with these settings of each environment replaced. */
export async function rendered(overrides: Record<string, ConfigValue> = {}): Promise<Files> {
  const files = new Map([...committed].filter(([path]) => path.startsWith("Pulumi.")));
  for (const environment of environments()) {
    const { objects } = await renderEnvironment(environment, overrides);
    for (const { file, yaml } of objects) files.set(`rendered/${environment}/${file}`, yaml);
  }
  return files;
}

/** The tree with one object of some environments edited. */
export function edited(files: Files, file: RegExp, edit: Edit, where: readonly string[] = everywhere): Files {
  let count = 0;
  const result = new Map(
    [...files].map(([path, text]) => {
      const [, environment, name] = path.split("/");
      if (!where.includes(environment!) || !name || !file.test(name)) return [path, text];
      const object: unknown = parse(text);
      edit(object);
      count++;
      return [path, stringify(object, { lineWidth: 0 })];
    }),
  );
  if (count !== where.length) throw new Error(`${file} is in ${count} environments, not in ${where.length}.`);
  return result;
}

/** The tree with the dashboard edited. */
export const withDashboard = (files: Files, edit: Edit, where?: readonly string[]): Files =>
  edited(files, /configmap-llm-tracing-dashboard/, within("data", "llm-tracing-dashboard.json", edit), where);

/** The tree with the file of data sources edited. */
export const withDatasources = (files: Files, edit: Edit, where?: readonly string[]): Files =>
  edited(
    files,
    /secret-llm-tracing-datasources/,
    within("stringData", "llm-tracing-datasources.yaml", edit),
    where,
  );

/** The tree with Tempo's configuration edited and, as its name is the hash of it, another name wherever that stands. */
export function withTempo(files: Files, edit: Edit, hash = "0123456789", where?: readonly string[]): Files {
  const tree = edited(files, /configmap-tempo-config/, within("data", "tempo.yaml", edit), where);
  const renamed = (text: string) => text.replaceAll(/tempo-config-[0-9a-f]{10}/g, `tempo-config-${hash}`);
  return new Map([...tree].map(([path, text]) => [renamed(path), renamed(text)]));
}

export const report = (base: Files, head: Files, only: readonly string[] = []): Report =>
  compareSnapshots(snapshot("base", base), snapshot("head", head), only);

/** Changes as lines: environments, section, action, subject and fields, and the values if there are any. */
export const said = (base: Files, head: Files): string[] => report(base, head).changes.map(line);

export function line({ environments, section, action, subject, fields, ...change }: Change): string {
  const value = (side: "old" | "new") => (side in change ? JSON.stringify(change[side]) : "-");
  const values = "old" in change || "new" in change ? [value("old"), value("new")].join(" → ") : "";
  const costs = change.costs.join(" + ");
  return [environments.join(), section, action, subject, fields.join(" & "), values, costs]
    .filter((part) => part !== "")
    .join(" | ");
}
