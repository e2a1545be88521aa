/**
 * What every name begins with that `smoke` sends: services, model and provider. Its traces make the same few series in
 * every run, and no panel shows them.
 */
export const smokePrefix = "llm-tracing-smoke";
