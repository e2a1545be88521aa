import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ApiClient } from "../../clients/kubernetes.ts";

/** A JSON schema, as far as it is changed here. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/**
 * Writes the schema of every kind of some API versions, as an API server publishes them, but with no field allowed that
 * it does not name. Named as kubeconform names them: `statefulset-apps-v1.json`.
 */
export async function writeSchemas(
  api: ApiClient,
  apiVersions: ReadonlySet<string>,
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { paths } = await document<{ paths: Record<string, { serverRelativeURL: string }> }>(
    api,
    "/openapi/v3",
  );
  for (const apiVersion of apiVersions) {
    const published = paths[apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`];
    // kubeconform itself refuses what has no schema.
    if (published === undefined) continue;
    const { components } = await document<{ components: { schemas: Record<string, Schema> } }>(
      api,
      // Its query names the state of the schemas; that of a moment ago is no longer served.
      published.serverRelativeURL.replace(/\?.*$/, ""),
    );
    const schemas = Object.fromEntries(
      Object.entries(components.schemas).map(([name, schema]) => [name, closed(schema)]),
    );
    for (const [name, schema] of Object.entries(schemas)) {
      const own = schema["x-kubernetes-group-version-kind"]?.find((each) => versionOf(each) === apiVersion);
      if (own === undefined) continue;
      const text = JSON.stringify({ $ref: `#/components/schemas/${name}`, components: { schemas } });
      writeFileSync(path.join(folder, fileOf(own)), text);
    }
  }
}

/** The API server calls some of its JSON plain text. */
async function document<T>(api: ApiClient, path: string): Promise<T> {
  const answer = await api.send<T | string>("GET", path);
  return typeof answer === "string" ? (JSON.parse(answer) as T) : answer;
}

const versionOf = ({ group, version }: GroupVersionKind): string =>
  group === "" ? version : `${group}/${version}`;

const fileOf = ({ group, version, kind }: GroupVersionKind): string =>
  [kind, ...(group === "" ? [] : [group.split(".")[0]]), version].join("-").toLowerCase() + ".json";

/**
 * A type that takes no field it does not name. Kubernetes' own have references to other types within them, those of a
 * CustomResourceDefinition the types themselves.
 */
function closed({ properties, items, ...schema }: Schema): Schema {
  return {
    ...(properties !== undefined && schema["x-kubernetes-preserve-unknown-fields"] !== true
      ? { additionalProperties: false }
      : {}),
    ...schema,
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, type]) => [key, closed(type)])),
    }),
    ...(items !== undefined && { items: closed(items) }),
  };
}
