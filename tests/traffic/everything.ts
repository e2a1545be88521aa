import { recordedCases, recording } from "../../traffic/recorded.ts";
import { retell, type Model } from "../../traffic/retell.ts";
import type { Trace } from "../../traffic/span.ts";

/** Everything that was recorded of LiteLLM's tracing v2 and Open WebUI, told again, as if of this model. */
export const everything = (seed: string, model?: Model): Trace[] =>
  (["litellm", "openWebui"] as const).flatMap((application) =>
    recordedCases(application).flatMap((name) =>
      [...Map.groupBy(recording(application, name).spans, ({ traceId }) => traceId).values()].map(
        (spans, index) =>
          retell(spans, { seed: `${seed} ${application} ${name} ${index}`, ...(model && { model }) }),
      ),
    ),
  );
