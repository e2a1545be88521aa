import * as pulumi from "@pulumi/pulumi";
import { annotations, labels, operatorApi } from "../kubernetes/metadata.ts";
import { register, type PlannedObject } from "../kubernetes/planned.ts";

/** Arguments of {@link Alerts}. */
export interface AlertsArgs {
  /** Namespace of the object; the operator reads that of every namespace. */
  readonly namespace: string;
  /** Labels by which the operator's Prometheus selects rules. */
  readonly labels: Readonly<Record<string, string>>;
  /** Groups of rules, as Prometheus reads them. */
  readonly groups: readonly object[];
}

/** Rules and alerts, which the Prometheus operator gives to Prometheus. */
export class Alerts extends pulumi.ComponentResource {
  constructor(name: string, args: AlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:Alerts", name, {}, opts);
    register(this, { rules: alertsObject(args) });
    this.registerOutputs({});
  }
}

const objectName = "llm-tracing-rules";

/** The PrometheusRule with all of them. */
export const alertsObject = ({ namespace, groups, ...args }: AlertsArgs) =>
  ({
    kind: "PrometheusRule",
    name: objectName,
    object: {
      apiVersion: operatorApi,
      kind: "PrometheusRule",
      metadata: {
        name: objectName,
        namespace,
        labels: { ...labels(objectName, "alerts"), ...args.labels },
        annotations: annotations(),
      },
      spec: { groups },
    },
  }) as const satisfies PlannedObject;
