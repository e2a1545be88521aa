import type { DashboardJson } from "../../dashboards/normalise.ts";

/** Values of a dashboard's variables. */
export type Presets = Readonly<Record<string, string>>;

interface Variable {
  readonly name: string;
  readonly current?: { readonly value?: string | readonly string[] };
  readonly allValue?: string | null;
}

/** What a dashboard's variables are preset to, as Grafana fills them into its queries. */
export function presets({ templating }: DashboardJson): Presets {
  const { list = [] } = (templating ?? {}) as { list?: readonly Variable[] };
  return Object.fromEntries(list.map((variable) => [variable.name, presetOf(variable)]));
}

function presetOf({ current, allValue }: Variable): string {
  const values = [current?.value ?? ""].flat();
  return values.includes("$__all") ? (allValue ?? ".*") : values.join("|");
}
