/** Pieces of PromQL, so that labels and series come from `metrics.ts`. A value may hold a dashboard's variable. */

const matcher = (operator: string) => (label: string, value: string) =>
  `${label}${operator}${JSON.stringify(value)}`;

/** Matchers of one label: equal, not equal, by a regular expression of the whole value, not by one. */
export const is = matcher("=");
export const isNot = matcher("!=");
export const matches = matcher("=~");
export const matchesNot = matcher("!~");

/** Matchers that all hold. */
export const all = (...matchers: readonly string[]): string => matchers.join(",");

/** The interval that the dashboard has chosen. */
const chosenInterval = "$interval";

/** Growth per second over a window, such as `5m`; that which the dashboard has chosen, unless another is named. */
export const rate = (series: string, matchers: string, window: string = chosenInterval): string =>
  `rate(${series}{${matchers}}[${window}])`;

/** Growth over a window; over the dashboard's time range, unless another is named. */
export const increase = (series: string, matchers: string, window: string = "$__range"): string =>
  `increase(${series}{${matchers}}[${window}])`;

/** A sum, by labels or of all. */
export const sum = (what: string, ...by: readonly string[]): string =>
  by.length > 0 ? `sum by (${by.join(", ")}) (${what})` : `sum(${what})`;

/** Grafana's template of a series' name: the values of these labels. */
export const valuesOf = (...names: readonly string[]): string => names.map((name) => `{{${name}}}`).join(" ");
