/** Stands for every secret value. */
export const secret = "(secret)";

/** Keys, also names of environment variables, whose values are secrets. */
const secretName =
  /(^secure|secureJsonData|password|passwd|passphrase|secret|secret[_-]?key|token|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|credentials?|authorization|connection[_-]?string|encryptionsalt|encryptedkey)$/i;

const isSecretName = (part: string): boolean => secretName.test(part.replace(/^\["?|"?\]$/g, ""));

/** A value as it may be shown: texts below a key that names a secret, and secrets within addresses, are left out. */
export function withoutSecrets(value: unknown, path: readonly string[] = []): unknown {
  return path.some(isSecretName) ? hidden(value) : shown(value);
}

function shown(value: unknown): unknown {
  if (typeof value === "string") return withoutCredentials(value);
  if (Array.isArray(value)) return value.map(shown);
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

const withoutCredentials = (text: string): string =>
  text
    .replace(/:\/\/[^\s/?#]+@/g, `://${secret}@`)
    .replace(/([?&](?:\w*token|\w*key|password|secret|sig|signature)=)[^&\s]+/gi, `$1${secret}`)
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/g, `$1 ${secret}`);
