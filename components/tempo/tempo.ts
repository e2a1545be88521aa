import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Settings } from "../../settings.ts";
import { annotations, labels, selectorLabels } from "../kubernetes/metadata.ts";
import { restrictedNamespace } from "../kubernetes/security.ts";
import { tempoConfig } from "./config.ts";
import { denyAll, tempoPolicy } from "./network.ts";
import { ports } from "./ports.ts";
import { podTemplate } from "./statefulset.ts";

/** Arguments of {@link Tempo}: the sections of the settings it follows from. */
export type TempoArgs = Pick<Settings, "namespace" | "tempo" | "prometheus" | "grafana" | "applications">;

const name = "tempo";

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
    const namespace = createNamespace(this, args.namespace);
    const meta = (objectName: pulumi.Input<string>) => ({
      name: objectName,
      namespace,
      labels: labels(name, "tracing-backend"),
      annotations: annotations(),
    });

    const serviceAccount = createServiceAccount(this, meta(name), args);
    const configMap = createConfigMap(this, meta, args);
    const claim = createClaim(this, meta(`${name}-data`), args.tempo.volume);
    createPolicies(this, meta, args);
    const headless = createHeadlessService(this, meta(`${name}-headless`));
    const statefulSet = new k8s.apps.v1.StatefulSet(
      name,
      {
        metadata: meta(name),
        spec: {
          replicas: args.tempo.replicas,
          serviceName: headless.metadata.name,
          selector: { matchLabels: selectorLabels(name) },
          template: podTemplate({
            tempo: args.tempo,
            prometheus: args.prometheus,
            labels: labels(name, "tracing-backend"),
            serviceAccountName: serviceAccount.metadata.name,
            configMapName: configMap.metadata.name,
            claimName: claim.metadata.name,
          }),
        },
      },
      { parent: this },
    );
    createService(this, meta(name), statefulSet);
    this.registerOutputs({});
  }
}

type Metadata = k8s.types.input.meta.v1.ObjectMeta;
type NamedMetadata = (objectName: string) => Metadata;

/** The namespace, or the name of one that exists. It holds the data volume, so it outlives the stack as that does. */
function createNamespace(
  parent: pulumi.Resource,
  { name, create }: Settings["namespace"],
): pulumi.Input<string> {
  if (!create) return name;
  const namespace = new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name,
        labels: { ...labels(name, "namespace"), ...restrictedNamespace },
        annotations: annotations(),
      },
    },
    { parent, retainOnDelete: true },
  );
  return namespace.metadata.name;
}

const createServiceAccount = (parent: pulumi.Resource, metadata: Metadata, { tempo }: TempoArgs) =>
  new k8s.core.v1.ServiceAccount(
    name,
    {
      metadata: { ...metadata, annotations: { ...annotations(), ...tempo.serviceAccountAnnotations } },
      automountServiceAccountToken: false,
    },
    { parent },
  );

/** Named by its content, so that a change restarts Tempo and a rollback finds the old one's name again. */
function createConfigMap(
  parent: pulumi.Resource,
  meta: NamedMetadata,
  args: TempoArgs,
): k8s.core.v1.ConfigMap {
  const text = stringify(tempoConfig(args), { lineWidth: 0, aliasDuplicateObjects: false });
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  return new k8s.core.v1.ConfigMap(
    `${name}-config`,
    { metadata: meta(`${name}-config-${hash}`), immutable: true, data: { "tempo.yaml": text } },
    { parent },
  );
}

function createClaim(parent: pulumi.Resource, metadata: Metadata, volume: Settings["tempo"]["volume"]) {
  return new k8s.core.v1.PersistentVolumeClaim(
    `${name}-data`,
    {
      // Whether it is bound shows in the StatefulSet; with WaitForFirstConsumer it is not before there is a pod.
      metadata: { ...metadata, annotations: { ...annotations(), "pulumi.com/skipAwait": "true" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: volume.storageClass,
        resources: { requests: { storage: volume.size.text } },
      },
    },
    { parent, retainOnDelete: true, protect: volume.protect },
  );
}

const createHeadlessService = (parent: pulumi.Resource, metadata: Metadata) =>
  new k8s.core.v1.Service(
    `${name}-headless`,
    {
      metadata,
      spec: {
        clusterIP: "None",
        publishNotReadyAddresses: true,
        selector: selectorLabels(name),
        ports: [{ name: "http", port: ports.http, targetPort: "http" }],
      },
    },
    { parent },
  );

/** What applications and Grafana talk to. After the workload: Pulumi waits until a Service has endpoints. */
const createService = (parent: pulumi.Resource, metadata: Metadata, workload: pulumi.Resource) =>
  new k8s.core.v1.Service(
    name,
    {
      metadata,
      spec: {
        type: "ClusterIP",
        selector: selectorLabels(name),
        ports: [
          { name: "http", port: ports.http, targetPort: "http" },
          {
            name: "otlp-grpc",
            port: ports.otlpGrpc,
            targetPort: "otlp-grpc",
            appProtocol: "kubernetes.io/h2c",
          },
          { name: "otlp-http", port: ports.otlpHttp, targetPort: "otlp-http" },
        ],
      },
    },
    { parent, dependsOn: workload },
  );

function createPolicies(parent: pulumi.Resource, meta: NamedMetadata, args: TempoArgs): void {
  if (args.namespace.create) {
    new k8s.networking.v1.NetworkPolicy(
      "deny-all",
      { metadata: meta("deny-all"), spec: denyAll },
      { parent },
    );
  }
  new k8s.networking.v1.NetworkPolicy(
    name,
    { metadata: meta(name), spec: tempoPolicy(args, selectorLabels(name)) },
    { parent },
  );
}
