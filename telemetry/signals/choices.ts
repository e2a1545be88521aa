import { attributes } from "../attributes.ts";
import { labels, names } from "../metrics.ts";
import { selectors } from "./selectors.ts";
import type { SignalOptions } from "./signal.ts";

/** What {@link choices} gives. */
export type Choices = ReturnType<typeof choices>;

/** Where the values come from that a dashboard's variables offer. */
export function choices(options: Pick<SignalOptions, "services" | "users">) {
  const { anyModelCalls } = selectors(options);
  return {
    /** Grafana's question to Prometheus. */
    environments: `label_values(${names.calls}, ${labels.environment})`,
    /** The same; models of the environment chosen. */
    models: `label_values(${names.calls}{${anyModelCalls}}, ${labels.providerModel})`,
    /** Attribute whose values Tempo is asked for, where traces have any. */
    ...(options.users && { users: attributes.userId.name }),
  } as const;
}
