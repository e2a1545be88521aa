import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** The kinds of objects that components make. */
const classes = {
  ConfigMap: k8s.core.v1.ConfigMap,
  Deployment: k8s.apps.v1.Deployment,
  HorizontalPodAutoscaler: k8s.autoscaling.v2.HorizontalPodAutoscaler,
  Namespace: k8s.core.v1.Namespace,
  NetworkPolicy: k8s.networking.v1.NetworkPolicy,
  PersistentVolumeClaim: k8s.core.v1.PersistentVolumeClaim,
  PodDisruptionBudget: k8s.policy.v1.PodDisruptionBudget,
  PrometheusRule: k8s.apiextensions.CustomResource,
  Secret: k8s.core.v1.Secret,
  Service: k8s.core.v1.Service,
  ServiceAccount: k8s.core.v1.ServiceAccount,
  ServiceMonitor: k8s.apiextensions.CustomResource,
  StatefulSet: k8s.apps.v1.StatefulSet,
};

type Classes = typeof classes;

/** An object as it is to be registered, in plain data: {@link register} makes it so, and the bundle's digest hashes it. */
export type PlannedObject = { [Kind in keyof Classes]: Planned<Kind> }[keyof Classes];

interface Planned<Kind extends keyof Classes> {
  readonly kind: Kind;
  /** Name of the resource in Pulumi's state. */
  readonly name: string;
  readonly object: NonNullable<ConstructorParameters<Classes[Kind]>[1]>;
  /**
   * Those of its list that must be there before it, as far as they are in it: a namespace may not be.
   *
   * @default none
   */
  readonly after?: readonly string[];
  /**
   * How Pulumi treats it.
   *
   * @default as any other
   */
  readonly options?: Pick<pulumi.CustomResourceOptions, "retainOnDelete" | "protect" | "customTimeouts">;
}

/** Objects by keys of their own, in an order in which they can be made. */
type PlannedList<Key extends string> = {
  readonly [Each in Key]?: PlannedObject & { readonly after?: readonly NoInfer<Key>[] };
};

type AnyClass = new (name: string, object: object, opts: pulumi.CustomResourceOptions) => pulumi.Resource;

/** Registers the objects of a list below a component, each after those that it names. */
export function register<Key extends string>(parent: pulumi.Resource, list: PlannedList<Key>): void {
  const registered: Partial<Record<string, pulumi.Resource>> = {};
  for (const [key, planned] of Object.entries<PlannedList<Key>[Key]>(list)) {
    const { kind, name, object, after = [], options } = planned!;
    const dependsOn = after.flatMap((other) => registered[other] ?? []);
    registered[key] = new (classes[kind] as AnyClass)(name, object, { ...options, parent, dependsOn });
  }
}
