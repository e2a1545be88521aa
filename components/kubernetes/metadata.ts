import { stackVersion } from "../../version.ts";

/** Labels by which a Service or policy finds its pods; they never change, a changed selector replaces the workload. */
export const selectorLabels = (name: string): Record<string, string> => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/instance": "llm-tracing",
});

/** Labels of every object: what it is, and that Pulumi manages it. The stack's version is an annotation. */
export const labels = (name: string, component: string): Record<string, string> => ({
  ...selectorLabels(name),
  "app.kubernetes.io/component": component,
  "app.kubernetes.io/part-of": "llm-tracing",
  "app.kubernetes.io/managed-by": "pulumi",
});

/** Annotations of every object. */
export const annotations = (): Record<string, string> => ({ "llm-tracing/version": stackVersion });
