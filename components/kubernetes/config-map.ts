import { createHash } from "node:crypto";
import { stringify } from "yaml";

/** A ConfigMap with one file, named by its content: a change restarts who mounts it, and a rollback finds the old one again. */
export function configMap(prefix: string, file: string, config: object) {
  const text = stringify(config, { lineWidth: 0, aliasDuplicateObjects: false, blockQuote: false });
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  return { name: `${prefix}-${hash}`, content: { immutable: true, data: { [file]: text } } };
}
