import { readSettings } from "./settings.ts";
import { LlmTracing, type Outputs } from "./stack.ts";

/** The Pulumi program: settings in, stack outputs out. */
export default (): Outputs => {
  const { settings, secrets } = readSettings();
  return new LlmTracing("llm-tracing", settings, secrets).outputs;
};
