import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings.ts";
import { releaseObject } from "../kubernetes/release.ts";
import {
  claimObject,
  configMapObject,
  configText,
  denyAllObject,
  headlessServiceObject,
  namespaceObject,
  policyObject,
  serviceAccountObject,
  serviceObject,
  statefulSetObject,
  tempoMetadata,
  tempoName as name,
} from "./objects.ts";
import { ports } from "./ports.ts";

/** Arguments of {@link Tempo}: the sections of the settings it follows from. */
export type TempoArgs = Pick<
  Settings,
  "environment" | "cluster" | "namespace" | "tempo" | "prometheus" | "grafana" | "applications"
>;

/** Where Tempo is reached within the cluster. */
export interface TempoEndpoints {
  /** HTTP API, for Grafana. */
  readonly url: string;
  /** OTLP over gRPC, for applications. */
  readonly otlpGrpc: string;
  /** OTLP over HTTP, without `/v1/traces`. */
  readonly otlpHttp: string;
}

/** The addresses of a Tempo in this namespace. */
export function tempoEndpoints(namespace: string): TempoEndpoints {
  const host = `http://${name}.${namespace}.svc`;
  return {
    url: `${host}:${ports.http}`,
    otlpGrpc: `${host}:${ports.otlpGrpc}`,
    otlpHttp: `${host}:${ports.otlpHttp}`,
  };
}

/** Grafana Tempo, monolithic, with its metrics generator, volume and network policies. */
export class Tempo extends pulumi.ComponentResource {
  constructor(componentName: string, args: TempoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-tracing:index:Tempo", componentName, {}, opts);
    const parent = { parent: this };
    const namespace = createNamespace(this, args.namespace);
    const meta = (objectName: string) => tempoMetadata(objectName, namespace);

    const serviceAccount = new k8s.core.v1.ServiceAccount(
      name,
      serviceAccountObject(meta(name), args),
      parent,
    );
    const configMap = createConfigMap(this, meta, args);
    new k8s.core.v1.ConfigMap("release", releaseObject(namespace), parent);
    const claim = createClaim(this, meta(`${name}-data`), args.tempo.volume);
    createPolicies(this, meta, args);
    const headless = new k8s.core.v1.Service(
      `${name}-headless`,
      headlessServiceObject(meta(`${name}-headless`)),
      parent,
    );
    const statefulSet = new k8s.apps.v1.StatefulSet(
      name,
      statefulSetObject(meta(name), args, {
        serviceName: headless.metadata.name,
        serviceAccountName: serviceAccount.metadata.name,
        configMapName: configMap.metadata.name,
        claimName: claim.metadata.name,
      }),
      parent,
    );
    // After the workload: Pulumi waits until a Service has endpoints.
    new k8s.core.v1.Service(name, serviceObject(meta(name)), { ...parent, dependsOn: statefulSet });
    this.registerOutputs({});
  }
}

type Meta = (objectName: string) => ReturnType<typeof tempoMetadata>;

/** The namespace, or the name of one that exists. It holds the data volume, so it outlives the stack as that does. */
function createNamespace(
  parent: pulumi.Resource,
  { name, create }: Settings["namespace"],
): pulumi.Input<string> {
  if (!create) return name;
  return new k8s.core.v1.Namespace(name, namespaceObject(name), { parent, retainOnDelete: true }).metadata
    .name;
}

/** Named by its content, so that a change restarts Tempo and a rollback finds the old one's name again. */
function createConfigMap(parent: pulumi.Resource, meta: Meta, args: TempoArgs): k8s.core.v1.ConfigMap {
  const text = configText(args);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  return new k8s.core.v1.ConfigMap(`${name}-config`, configMapObject(meta(`${name}-config-${hash}`), text), {
    parent,
  });
}

const createClaim = (
  parent: pulumi.Resource,
  metadata: ReturnType<Meta>,
  volume: Settings["tempo"]["volume"],
) =>
  new k8s.core.v1.PersistentVolumeClaim(`${name}-data`, claimObject(metadata, volume), {
    parent,
    retainOnDelete: true,
    protect: volume.protect,
  });

function createPolicies(parent: pulumi.Resource, meta: Meta, args: TempoArgs): void {
  if (args.namespace.create) {
    new k8s.networking.v1.NetworkPolicy("deny-all", denyAllObject(meta("deny-all")), { parent });
  }
  new k8s.networking.v1.NetworkPolicy(name, policyObject(meta(name), args), { parent });
}
