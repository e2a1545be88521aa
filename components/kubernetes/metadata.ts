import { stackVersion } from "../../release/version.ts";

/** API of the Prometheus operator's objects. */
export const operatorApi = "monitoring.coreos.com/v1";

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

/**
 * Annotations of an object that holds data: Argo CD, Flux and Helm leave it where they prune or delete the others.
 * `kubectl delete` reads none of them. (argo-cd docs/user-guide/sync-options.md; kustomize-controller
 * docs/spec/v1/kustomizations.md; helm.sh/docs/howto/charts_tips_and_tricks)
 */
export const keptAnnotations = (): Record<string, string> => ({
  ...annotations(),
  "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
  "kustomize.toolkit.fluxcd.io/prune": "disabled",
  "helm.sh/resource-policy": "keep",
});
