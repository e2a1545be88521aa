import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";

interface Exported {
  readonly resources?: readonly {
    readonly type: string;
    readonly delete?: boolean;
    readonly inputs?: Record<string, unknown>;
  }[];
}

/** The Kubernetes objects that a stack's state holds, as the program gave them. */
export async function deployedObjects(stack: Stack): Promise<Record<string, unknown>[]> {
  const { resources } = (await stack.exportStack()).deployment as Exported;
  return (resources ?? [])
    .filter((resource) => resource.type.startsWith("kubernetes:") && !resource.delete && resource.inputs)
    .map(({ inputs }) => asGiven(withPlaintext(inputs) as Record<string, unknown>));
}

/** The provider puts a Secret's `stringData` as base64 into `data`. */
function asGiven(object: Record<string, unknown>): Record<string, unknown> {
  const { data, ...rest } = object;
  if (object["kind"] !== "Secret" || !data) return object;
  const decode = ([key, text]: [string, string]) => [key, Buffer.from(text, "base64").toString("utf8")];
  return { ...rest, stringData: Object.fromEntries(Object.entries(data).map(decode)) as unknown };
}

/** Puts secrets in the clear: an exported state has a secret's value as JSON beside the mark. */
function withPlaintext(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlaintext);
  if (!value || typeof value !== "object") return value;
  if (pulumi.runtime.isRpcSecret(value) && "plaintext" in value)
    return withPlaintext(JSON.parse(String(value.plaintext)));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withPlaintext(member)]));
}
