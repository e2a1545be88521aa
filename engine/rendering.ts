import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import program from "../index.ts";
import { releaseOf } from "../assembly/bundle.ts";
import { alertsArgs, telemetryContext } from "../assembly/wiring.ts";
import type { KubernetesObject } from "../policy/rule.ts";
import { readStackOutputs } from "../release/stack-outputs.ts";
import { readSettings, secretSettings, type Settings } from "../settings.ts";
import { projectName, secretPlaceholder, strip } from "../settings/keys.ts";
import type { Outputs } from "../stack.ts";
import { UserError } from "../errors.ts";
import { readStackFile, type ConfigValue } from "./stack-files.ts";

/** A Kubernetes object as the stack would create it. */
export interface RenderedObject {
  /** Name of its file below `rendered/<environment>/`; in this order the objects can be applied. */
  readonly file: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly yaml: string;
}

/** A resource as the program registered it. */
export interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** What the program makes of one environment. */
export interface Rendering {
  readonly settings: Settings;
  readonly resources: readonly RegisteredResource[];
  /** The Kubernetes objects among them, as plain data. */
  readonly kubernetes: readonly KubernetesObject[];
  readonly objects: readonly RenderedObject[];
  /** Rules and alerts as a file for a Prometheus without the operator. */
  readonly rules: string;
  readonly outputs: RenderedOutputs;
}

/** The stack's outputs, as far as they are known without an engine. */
export type RenderedOutputs = Omit<Outputs, "promotion"> & {
  readonly promotion: Outputs["promotion"] | { readonly from: string; readonly status: "not checked" };
};

/**
 * Runs the program for an environment in this process, on the SDK's mock monitor: no CLI, no plugin, no cluster.
 * One at a time: the SDK keeps its monitor for the whole process.
 *
 * @param overrides - Configuration that replaces that of the environment's file, key by key.
 * @throws UserError when its settings are refused.
 */
export const renderEnvironment = (
  environment: string,
  overrides: Record<string, ConfigValue> = {},
): Promise<Rendering> => renderConfig(environment, { ...readStackFile(environment).config, ...overrides });

/**
 * Like {@link renderEnvironment}, of a stack's configuration wherever it comes from.
 *
 * @throws UserError when its settings are refused.
 */
export async function renderConfig(
  environment: string,
  config: Readonly<Record<string, ConfigValue>>,
): Promise<Rendering> {
  const resources: RegisteredResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (inputs) resources.push({ type, name, inputs: unwrapSecrets(inputs) as Record<string, unknown> });
        return { id: name, state: inputs as Record<string, unknown> };
      },
      call: ({ token }) =>
        token === readStackOutputs ? { outputs: releaseOf(readSettings().settings) } : {},
    },
    projectName,
    environment,
    false,
    "organization",
  );
  pulumi.runtime.setAllConfig(Object.fromEntries(Object.entries(config).map(toConfig)), secretKeys(config));
  const outputs = await runProgram(environment);
  const { settings } = readSettings();
  const kubernetes = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => inputs as unknown as KubernetesObject);
  return {
    settings,
    resources,
    kubernetes,
    objects: objectsOf(kubernetes),
    rules: stringify({ groups: alertsArgs(settings, telemetryContext(settings)).groups }, yamlFormat),
    outputs: withUncheckedPromotion(outputs),
  };
}

/** There was no engine to ask: the other stack was taken to run what this program is. */
const withUncheckedPromotion = (outputs: Outputs): RenderedOutputs => {
  const { from } = outputs.promotion;
  return from === undefined ? outputs : { ...outputs, promotion: { from, status: "not checked" } };
};

/** What to say of a promotion that nobody checked; nothing where none is needed. */
export const promotionNotes = ({ promotion: { from, status } }: RenderedOutputs): string[] =>
  status === "not checked" ? [`promotion from ${from}: not checked, there is no engine`] : [];

async function runProgram(environment: string): Promise<Outputs> {
  // A rejection that reaches the SDK also rejects a promise of the SDK's own, which nobody can catch.
  let failure: Error | undefined;
  const outputs = await pulumi.runtime.runInPulumiStack(() =>
    program().catch((error: unknown) => {
      failure = error as Error;
      return {};
    }),
  );
  await pulumi.runtime.disconnect();
  if (!failure) return outputs as unknown as Outputs;
  throw failure instanceof UserError ? new UserError(`${environment}: ${failure.message}`) : failure;
}

/** A secret setting is one also where a stack file has it in plain text. */
const isSecret = (key: string, value: ConfigValue): boolean =>
  (typeof value === "object" && value !== null && "secure" in value) ||
  Object.hasOwn(secretSettings, strip(key) ?? "");

const toConfig = ([key, value]: [string, ConfigValue]): [string, string] => [
  key,
  isSecret(key, value)
    ? secretPlaceholder
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value),
];

const secretKeys = (config: Readonly<Record<string, ConfigValue>>): string[] =>
  Object.keys(config).filter((key) => isSecret(key, config[key]!));

function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (!value || typeof value !== "object") return value;
  if (pulumi.runtime.isRpcSecret(value)) return unwrapSecrets(pulumi.runtime.unwrapRpcSecret(value));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unwrapSecrets(member)]));
}

/** Kinds that others need before them; the rest follows in the order of the alphabet. */
const firstKinds = [
  "Namespace",
  "ServiceAccount",
  "NetworkPolicy",
  "ConfigMap",
  "Secret",
  "PersistentVolumeClaim",
  "Service",
];

/** One form for the same object; and kubectl still reads YAML 1.1, where `on` is a truth value. */
export const yamlFormat = {
  lineWidth: 0,
  sortMapEntries: true,
  aliasDuplicateObjects: false,
  compat: "yaml-1.1",
} as const;

function objectsOf(kubernetes: readonly KubernetesObject[]): RenderedObject[] {
  return kubernetes
    .map((object) => {
      const { kind, metadata } = object;
      const place = firstKinds.includes(kind) ? firstKinds.indexOf(kind) : firstKinds.length;
      return {
        file: `${place}-${kind.toLowerCase()}-${metadata.name}.yaml`,
        kind,
        namespace: metadata.namespace,
        name: metadata.name,
        yaml: stringify(object, yamlFormat),
      };
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}
