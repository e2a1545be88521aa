import { parse } from "yaml";
import { secretPlaceholder } from "../settings/keys.ts";
import { isSecretName, secretsIn } from "../settings/secrets.ts";
import { podOf } from "./pods.ts";
import { decoded, ruleOfObjects, textsIn, tree, trees, type KubernetesObject, type Text } from "./rule.ts";

/** Anyone who may read pods and ConfigMaps, or the repository, reads what stands there (kubernetes.io/docs/concepts/configuration/secret). */
export const noSecretValue = ruleOfObjects(
  {
    id: "no-secret-value",
    severity: "error",
    protects: "passwords, keys and tokens from whoever may read ConfigMaps, pods or the repository",
    remedy: "Keep the value in a Secret, and name it: secretKeyRef for a variable, ${NAME} in a file.",
  },
  (object) =>
    object.kind === "Secret"
      ? []
      : [...named(object), ...textsIn(decoded(object)).flatMap(shaped)].filter(
          (found, index, all) => all.indexOf(found) === index,
        ),
);

/** What GitOps would put over something that is right. */
export const noPlaceholder = ruleOfObjects(
  {
    id: "no-placeholder",
    severity: "error",
    protects: "what runs in a cluster from a placeholder that GitOps applies in place of a secret",
    remedy:
      "Leave the secret to Grafana's environment (openobserve.passwordEnv) instead of openobservePassword; or, where Pulumi alone deploys, except it.",
  },
  (object, { forGitOps }) => {
    if (!forGitOps) return [];
    const ofServer = [
      "uid",
      "resourceVersion",
      "generation",
      "creationTimestamp",
      "managedFields",
      "generateName",
    ];
    return [
      ...textsIn(decoded(object))
        .filter(({ text }) => text.includes(secretPlaceholder))
        .map(({ path }) => `${path} has ${secretPlaceholder} in place of a secret`),
      ...ofServer
        .filter((field) => field in object.metadata)
        .map((field) => `metadata.${field} is the server's`),
      ...("status" in object ? ["status is the server's"] : []),
    ];
  },
);

/** Values with a name that says what they are: variables, arguments, annotations, and keys in files. */
function named(object: KubernetesObject): string[] {
  const variables = (podOf(object)?.containers ?? []).flatMap(({ name, spec }) => [
    ...trees(spec["env"])
      .filter((variable) => isSecretName(String(variable["name"])) && isValue(variable["value"]))
      .map((variable) => `${name}: variable ${String(variable["name"])} has its value here`),
    ...optionsOf([spec["command"], spec["args"]].flat().map(String))
      .filter(([option, value]) => isSecretName(option) && isValue(value))
      .map(([option]) => `${name}: option ${option} has its value here`),
  ]);
  const annotations = Object.entries(object.metadata.annotations ?? {})
    .filter(([key, value]) => isSecretName(key) && isValue(value))
    .map(([key]) => `annotation ${key} has a secret's name`);
  const files = ["data", "binaryData"].flatMap((field) =>
    Object.entries(tree(decoded(object)[field])).flatMap(([file, text]) =>
      isSecretName(file)
        ? [`${field}.${file} has a secret's name`]
        : keysOf(String(text)).map((key) => `${field}.${file}: ${key} has its value here`),
    ),
  );
  return [...variables, ...annotations, ...files];
}

/** Options of a command line, with the value after `=` or the word that follows. */
const optionsOf = (words: readonly string[]): [option: string, value: string | undefined][] =>
  words.flatMap((word, index): [string, string | undefined][] => {
    const [, option, value = words[index + 1]] = /^-{1,2}([\w.-]+)(?:=(.*))?$/s.exec(word) ?? [];
    return option === undefined ? [] : [[option, value]];
  });

/** Paths in a YAML or JSON file of keys that are named like secrets and have a value. */
const keysOf = (text: string): string[] =>
  textsIn(parsed(text))
    .filter(({ key, text: value }) => isSecretName(key) && isValue(value))
    .map(({ path }) => path);

function parsed(text: string): unknown {
  try {
    // JSON is YAML too, but read much faster.
    return JSON.parse(text);
  } catch {
    return fromYaml(text);
  }
}

function fromYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: "silent" });
  } catch {
    return undefined;
  }
}

/** Whether a text is a value, rather than nothing or a reference that somebody fills in. */
const isValue = (value: unknown): boolean =>
  typeof value === "string" && value !== "" && !/^\$[({\w]/.test(value) && !/^\$__/.test(value);

function shaped({ path, text }: Text): string[] {
  const decodedParts = [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)]
    .map(([part]) => Buffer.from(part, "base64").toString("utf8"))
    .filter((part) => part.includes(":") && !part.includes("\uFFFD"));
  const found = (candidate: string, how: string) =>
    secretsIn(candidate).map((what) => `${path} has ${what}${how}`);
  return [
    ...found(text, ""),
    ...decodedParts.flatMap((part) => [
      ...found(part, " in base64"),
      ...(keysOf(part).length > 0 ? [`${path} has a secret in base64`] : []),
    ]),
  ];
}
