import { parse } from "yaml";
import { parseDocuments } from "../../engine/yaml.ts";
import { UserError } from "../../errors.ts";
import { isPlain, type Plain } from "./compare.ts";

/** A Kubernetes object, as far as it is looked into. */
export interface KubernetesObject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** The object without its name and its files. */
  readonly value: Plain;
  /** What the files in a ConfigMap or Secret say, by name; their text where they are neither JSON nor YAML. */
  readonly files: Plain;
  readonly payload: Payload;
}

/** What an object carries besides being an object: Grafana's sidecars find what is theirs by label. */
export type Payload = "dashboards" | "datasources" | "secrets" | "files";

/** What one side of a comparison holds. */
export interface Snapshot {
  /** What it is called: a git ref, a folder. */
  readonly title: string;
  /** Objects by environment. */
  readonly environments: ReadonlyMap<string, readonly KubernetesObject[]>;
  /** Contents of `Pulumi.<environment>.yaml` by environment. */
  readonly settings: ReadonlyMap<string, unknown>;
}

/** Texts by path, with forward slashes: `rendered/<environment>/<file>.yaml` and `Pulumi.<environment>.yaml`. */
export type Files = ReadonlyMap<string, string>;

const manifest = /^rendered\/([^/]+)\/(?:.*\/)?[^/]+\.ya?ml$/;
const stackFile = /^Pulumi\.([\w-]+)\.yaml$/;

/** Whether a file of that path says something about an environment. */
export const matters = (path: string): boolean => manifest.test(path) || stackFile.test(path);

/**
 * Reads what files hold.
 *
 * @throws UserError that names the file which is no YAML, or the side on which nothing is rendered.
 */
export function snapshot(title: string, files: Files): Snapshot {
  const environments = new Map<string, KubernetesObject[]>();
  const settings = new Map<string, unknown>();
  for (const path of [...files.keys()].sort()) {
    const where = `${path} (${title})`;
    const [, environment] = manifest.exec(path) ?? [];
    const [, stack] = stackFile.exec(path) ?? [];
    if (stack) settings.set(stack, parseDocuments(where, files.get(path)!)[0] ?? {});
    if (!environment) continue;
    const objects = parseDocuments(where, files.get(path)!).map((value) => toObject(where, value));
    environments.set(environment, [...(environments.get(environment) ?? []), ...objects]);
  }
  if (environments.size > 0) return { title, environments, settings };
  throw new UserError(`There is nothing to compare in ${title}: it has no rendered/<environment>/*.yaml.`);
}

function toObject(where: string, object: unknown): KubernetesObject {
  const { kind, data, stringData, ...rest } = isPlain(object) ? object : {};
  const { name, ...metadata } = isPlain(rest["metadata"]) ? rest["metadata"] : {};
  if (typeof kind !== "string" || typeof name !== "string") {
    throw new UserError(`${where} is no Kubernetes object: it needs kind and metadata.name.`);
  }
  const { namespace, labels } = metadata;
  return {
    kind,
    ...(typeof namespace === "string" && { namespace }),
    name,
    value: { ...rest, metadata },
    files: { ...parsedFiles(data), ...parsedFiles(stringData) },
    payload: payloadOf(kind, isPlain(labels) ? labels : {}),
  };
}

function payloadOf(kind: string, labels: Plain): Payload {
  if (kind === "ConfigMap" && "grafana_dashboard" in labels) return "dashboards";
  if ("grafana_datasource" in labels) return "datasources";
  return kind === "Secret" ? "secrets" : "files";
}

const parsedFiles = (files: unknown): Plain =>
  isPlain(files) ? Object.fromEntries(Object.entries(files).map(([file, text]) => [file, parsed(text)])) : {};

/** JSON is tried first: a dashboard is long, and the YAML parser slow. */
function parsed(text: unknown): unknown {
  for (const read of [JSON.parse, parseYaml]) {
    try {
      if (typeof text === "string") return read(text);
    } catch {
      // It is another format, or none.
    }
  }
  return text;
}

const parseYaml = (text: string): unknown => parse(text, { logLevel: "error", prettyErrors: false });
