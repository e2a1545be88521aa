import { checkPromotion } from "./release/gate.ts";
import { readSettings } from "./settings.ts";
import { LlmTracing, type Outputs } from "./stack.ts";

/** The Pulumi program: settings in, stack outputs out. What may not come is refused before anything is registered. */
export default async (): Promise<Outputs> => {
  const { settings, secrets } = readSettings();
  const promotion = await checkPromotion(settings);
  return { ...new LlmTracing("llm-tracing", settings, secrets).outputs, promotion };
};
