import { collectorSignals } from "./signals/collector.ts";
import { applicationSignals } from "./signals/application.ts";
import { embeddingSignals } from "./signals/embeddings.ts";
import { glanceSignals } from "./signals/glance.ts";
import { graphSignals } from "./signals/graph.ts";
import { healthSignals } from "./signals/health.ts";
import { modelSignals } from "./signals/models.ts";
import { objectiveSignals } from "./signals/objectives.ts";
import { requestSignals } from "./signals/requests.ts";
import { roleSignals } from "./signals/roles.ts";
import type { SignalOptions } from "./signals/signal.ts";
import { tokenSignals } from "./signals/tokens.ts";
import { traceSignals } from "./signals/traces.ts";
import { teamSignals, userSignals } from "./signals/users.ts";

export * from "./signals/choices.ts";
export * from "./signals/events.ts";
export * from "./signals/logs.ts";
export { lateSeconds } from "./signals/tokens.ts";
export { searchDelaySeconds } from "./signals/traces.ts";
export { everything, selectors } from "./signals/selectors.ts";
export * from "./signals/signal.ts";

/** Every question we ask, by id, for one installation. */
export const signals = (options: SignalOptions) =>
  ({
    ...glanceSignals(options),
    ...graphSignals(options),
    ...requestSignals(options),
    ...traceSignals(options),
    ...modelSignals(options),
    ...embeddingSignals(options),
    ...tokenSignals(options),
    ...teamSignals(options),
    ...(options.users && userSignals(options)),
    ...applicationSignals(options),
    ...objectiveSignals(options),
    ...healthSignals(options),
    ...collectorSignals(options),
    ...(options.roles && roleSignals(options)),
  }) as const;

/** The signals of one installation. */
export type Signals = ReturnType<typeof signals>;
