import type { TelemetryContext, DashboardFile } from "./dashboard.ts";
import { llmTracingHealth } from "./llm-tracing-health/dashboard.ts";
import { llmTrace } from "./llm-trace/dashboard.ts";
import { llmTracing } from "./llm-tracing/dashboard.ts";

/**
 * All dashboards. To add one: a function in a folder of its own, or JSON exported from Grafana beside this file,
 * `exported("gpu-dashboard", gpu)` with `import gpu from "./gpu.json" with { type: "json" }`.
 */
export const dashboards = (context: TelemetryContext): DashboardFile[] => [
  llmTracing(context),
  llmTrace(context),
  llmTracingHealth(context),
];
