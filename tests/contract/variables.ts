import type { Dashboard, Variable } from "./dashboard-json.ts";

/** Values that Grafana may put in a variable's place, by the variable's name. */
export type Variables = Readonly<Record<string, readonly string[]>>;

/** A trace id as every place but Tempo's search shows it. */
export const sampleTraceId = "0af7651916cd43dd8448eb211c80319c";

/** Variables that Grafana fills in everywhere. */
export const everywhere: Variables = {
  __interval: ["1m"],
  __interval_ms: ["60000"],
  __rate_interval: ["1m"],
  __range: ["1h"],
  __range_s: ["3600"],
  __from: ["1763900000000"],
  __to: ["1763903600000"],
};

/** Variables of a link in a table or a graph. */
export const ofDataLinks: Variables = {
  "__data.fields.traceIdHidden": [sampleTraceId.replace(/^0+/, "")],
  "__value.raw": [sampleTraceId.replace(/^0+/, "")],
  __url_time_range: ["from=now-1h&to=now"],
};

/** Variables of a link on a span. */
export const ofSpans: Variables = {
  traceID: [sampleTraceId],
  spanID: ["00f067aa0ba902b7"],
  serviceName: ["litellm"],
  startTime: ["1763900000000"],
  duration: ["5s"],
};

/** Variables of a dashboard, with every value that they offer. */
export const ofDashboard = ({ templating }: Dashboard): Variables =>
  Object.fromEntries((templating?.list ?? []).map((variable) => [variable.name, valuesOf(variable)]));

const variable = /\$\{([A-Za-z_][\w.]*)(?::\w+)?\}|\$([A-Za-z_]\w*)|\[\[([A-Za-z_]\w*)\]\]/g;

/** Every text that the variables can make of this one, and the names of those that nothing fills in. */
export function substitute(text: string, variables: Variables): { texts: string[]; unknown: string[] } {
  const names = new Set([...text.matchAll(variable)].map(nameIn));
  const unknown = [...names].filter((name) => !variables[name]);
  const texts = [...names].reduce(
    (made, name) => made.flatMap((one) => (variables[name] ?? []).map((value) => fillIn(one, name, value))),
    [text],
  );
  return { texts: unknown.length > 0 ? [] : texts, unknown };
}

const fillIn = (text: string, name: string, value: string): string =>
  text.replace(variable, (...match: string[]) => (nameIn(match) === name ? value : match[0]!));

const nameIn = (match: readonly (string | undefined)[]): string => match[1] ?? match[2] ?? match[3]!;

function valuesOf({ type, options = [], query, current }: Variable): readonly string[] {
  switch (type) {
    case "custom":
    case "interval":
      return options.length > 0
        ? options.map(({ value }) => value)
        : String(query)
            .split(",")
            .map((value) => value.trim());
    case "datasource":
      return ["sample-datasource"];
    case "query":
      return ["sample.*"];
    case "textbox":
      return ["", sampleTraceId];
    default:
      return [String(current?.value ?? query)];
  }
}
