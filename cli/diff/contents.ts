import { parseDocument } from "yaml";
import { isPlain } from "./compare.ts";
import type { KubernetesObject } from "./snapshot.ts";

/** What an object carries besides being an object. */
export type Carries = "tempo" | "dashboards" | "datasources" | "secrets" | "files";

/** Tempo's configuration is the key of a ConfigMap; Grafana's sidecars find what is theirs by label. */
export function carries({ kind, value }: KubernetesObject): Carries {
  const metadata = isPlain(value["metadata"]) ? value["metadata"] : {};
  const labels = isPlain(metadata["labels"]) ? metadata["labels"] : {};
  if (kind === "ConfigMap" && "grafana_dashboard" in labels) return "dashboards";
  if ("grafana_datasource" in labels) return "datasources";
  if (kind === "Secret") return "secrets";
  return kind === "ConfigMap" && "tempo.yaml" in texts({ value }) ? "tempo" : "files";
}

/** Files in a ConfigMap or Secret, by name. */
export function texts({ value }: Pick<KubernetesObject, "value">): Readonly<Record<string, unknown>> {
  const part = (name: string) => (isPlain(value[name]) ? value[name] : {});
  return { ...part("data"), ...part("stringData") };
}

/** The object without the files in it. */
export function shell({ kind, value }: KubernetesObject): Readonly<Record<string, unknown>> {
  if (kind !== "ConfigMap" && kind !== "Secret") return value;
  const { data: _data, stringData: _stringData, ...rest } = value;
  return rest;
}

/** What a YAML or JSON text says; the text itself when it is neither. */
export function parsed(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return parsedYaml(text);
  }
}

function parsedYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { prettyErrors: false });
    return document.errors.length > 0 ? text : (document.toJS() as unknown);
  } catch {
    return text;
  }
}
