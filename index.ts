import { releaseOf } from "./assembly/bundle.ts";
import { checkPromotion } from "./release/gate.ts";
import { checkStored } from "./release/stored.ts";
import { readSettings } from "./settings.ts";
import { LlmTracing, type Outputs } from "./stack.ts";

/** The Pulumi program: settings in, stack outputs out. What is refused is so before anything is registered. */
export default async (): Promise<Outputs> => {
  const { settings, secrets } = readSettings();
  const release = releaseOf(settings);
  const promotion = await checkPromotion(settings.promotion, release);
  const stored = await checkStored(settings);
  return new LlmTracing("llm-tracing", { settings, secrets, release, promotion, stored }).outputs;
};
