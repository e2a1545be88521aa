/** Statements of the collector's transform processor that apply to one level of the data, in their order. */
export interface Statements {
  readonly context: "resource" | "scope" | "span" | "spanevent" | "log";
  readonly statements: readonly string[];
}

/** Conditions of the collector's filter processor: what meets any of them is dropped. */
export interface Conditions {
  readonly context: "span" | "spanevent" | "log";
  readonly conditions: readonly string[];
}

/** What the collector does to the data of each signal: conditions first, then statements. */
export interface CollectorRules {
  readonly drop: { readonly traces: readonly Conditions[]; readonly logs: readonly Conditions[] };
  readonly change: { readonly traces: readonly Statements[]; readonly logs: readonly Statements[] };
}

/** A literal of OTTL's. The collector's own expansion of variables reads `$$` as `$`. */
export const literal = (value: string): string => JSON.stringify(value).replaceAll("$", "$$$$");

/** A list of literals. */
export const literals = (values: readonly string[]): string => `[${values.map(literal).join(", ")}]`;

/** An attribute, by the level that it is on. */
export const at = (context: Statements["context"], name: string): string =>
  `${context}.attributes[${literal(name)}]`;

/** What a resource's `service.name` is. */
export const isService = (...names: readonly string[]): string =>
  `(${names.map((name) => `resource.attributes["service.name"] == ${literal(name)}`).join(" or ")})`;
