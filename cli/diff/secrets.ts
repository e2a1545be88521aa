import { isSecretName as isSecret } from "../../settings/secrets.ts";

/** Stands for every secret value. */
export const secret = "(secret)";

/** Keys of Pulumi's and Grafana's files whose values are secrets, beside those that every rule knows. */
const ofFiles = /(^secure|secureJsonData|encryptionsalt|encryptedkey)$/i;

/** Keys that sound like secrets and name a Secret. */
const references = ["credentialsSecret", "imagePullSecrets"];

const isSecretName = (part: string): boolean => {
  const name = part.replace(/^\["?|"?\]$/g, "");
  return (isSecret(name) || ofFiles.test(name)) && !references.includes(name);
};

/** A value as it may be shown: texts below a key that names a secret, and secrets within addresses, are left out. */
export function withoutSecrets(value: unknown, path: readonly string[] = []): unknown {
  return path.some(isSecretName) ? hidden(value) : shown(value);
}

function shown(value: unknown): unknown {
  if (typeof value === "string") return withoutCredentials(value);
  if (Array.isArray(value)) {
    return value.map((member, index) => (isValueOf(value[index - 1], member) ? secret : shown(member)));
  }
  if (typeof value !== "object" || value === null) return value;
  const named = "name" in value && typeof value.name === "string" && isSecretName(value.name);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      isSecretName(key) || (named && key === "value") ? hidden(member) : shown(member),
    ]),
  );
}

function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hidden(member)]));
  }
  return typeof value === "boolean" || value === null || value === undefined ? value : secret;
}

/** Whether a word is the value of the option before it. */
const isValueOf = (option: unknown, word: unknown): boolean =>
  typeof option === "string" &&
  typeof word === "string" &&
  /^-{1,2}[\w.-]+$/.test(option) &&
  isSecretName(option);

const withoutCredentials = (text: string): string =>
  text
    .replace(/:\/\/[^\s/?#]+@/g, `://${secret}@`)
    .replace(/([?&](?:\w*token|\w*key|password|secret|sig|signature)=)[^&\s]+/gi, `$1${secret}`)
    .replace(/(?<![\w.-])([\w.-]+):[^\s:@/"']+@(tcp|unix)\(/g, `$1:${secret}@$2(`)
    .replace(
      /(?<![\w-])(-{1,2}[\w.-]+)(=|\s+(?!-))("[^"]*"|'[^']*'|\S+)/g,
      (all, option: string, between: string) => (isSecretName(option) ? `${option}${between}${secret}` : all),
    )
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g, `$1 ${secret}`);
