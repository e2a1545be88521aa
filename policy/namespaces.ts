import { ruleOfObjects } from "./rule.ts";

/** Kubernetes keeps `kube-` for itself (kubernetes.io/docs/concepts/overview/working-with-objects/namespaces). */
export const ownNamespaces = ruleOfObjects(
  {
    id: "own-namespaces",
    severity: "error",
    protects: "namespaces of others: their pods' traffic, labels and names",
    remedy:
      "Give Tempo a namespace of its own (namespace.name), or set namespace.create: false where it shares one; put nothing else into another's.",
  },
  ({ kind, metadata: { name, namespace, labels } }, context) => {
    const { createsNamespace, foreignNamespaces, grafanaNamespace } = context;
    if (kind === "Namespace") {
      if (/^(kube-.*|default)$/.test(name)) return ["takes over a namespace of Kubernetes itself"];
      if (name !== context.namespace || !createsNamespace)
        return ["takes over a namespace that is not the stack's own"];
      return foreignNamespaces.includes(name)
        ? ["takes over a namespace that settings say is another's"]
        : [];
    }
    if (namespace === undefined)
      return ["has no namespace: it is for the whole cluster, or lands wherever kubectl is"];
    if (namespace === context.namespace) return [];
    const forSidecar = labels?.["grafana_datasource"] === "1" || labels?.["grafana_dashboard"] === "1";
    const isData = kind === "Secret" || kind === "ConfigMap";
    return namespace === grafanaNamespace && isData && forSidecar
      ? []
      : [`is put into the namespace ${namespace}, which is another's`];
  },
);
