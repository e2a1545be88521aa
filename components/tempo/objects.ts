import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Settings } from "../../settings.ts";
import { annotations, keptAnnotations, labels, selectorLabels } from "../kubernetes/metadata.ts";
import { restrictedNamespace } from "../kubernetes/security.ts";
import { tempoConfig, type TempoConfigArgs } from "./config.ts";
import { denyAll, tempoPolicy, type TempoNetworkArgs } from "./network.ts";
import { ports } from "./ports.ts";
import { podTemplate, type PodArgs } from "./statefulset.ts";

/** Name of Tempo's objects, and beginning of those that there are several of. */
export const tempoName = "tempo";

type Metadata = types.input.meta.v1.ObjectMeta;

/** Metadata of an object of Tempo's. */
export const tempoMetadata = (name: pulumi.Input<string>, namespace: pulumi.Input<string>) => ({
  name,
  namespace,
  labels: labels(tempoName, "tracing-backend"),
  annotations: annotations(),
});

/** The namespace, in which only restricted pods run. Who deletes it deletes the data volume. */
export const namespaceObject = (name: string) => ({
  metadata: {
    name,
    labels: { ...labels(name, "namespace"), ...restrictedNamespace },
    annotations: keptAnnotations(),
  },
});

/** The account Tempo runs as; it has no token, but may carry a workload identity. */
export const serviceAccountObject = (metadata: Metadata, { tempo }: Pick<Settings, "tempo">) => ({
  metadata: { ...metadata, annotations: { ...annotations(), ...tempo.serviceAccountAnnotations } },
  automountServiceAccountToken: false,
});

/** Text of the file that Tempo reads. */
export const configText = (args: TempoConfigArgs): string =>
  stringify(tempoConfig(args), { lineWidth: 0, aliasDuplicateObjects: false, blockQuote: false });

/** The ConfigMap of that text. */
export const configMapObject = (metadata: Metadata, text: string) => ({
  metadata,
  immutable: true,
  data: { "tempo.yaml": text },
});

/** The claim of the data volume. */
export const claimObject = (metadata: Metadata, volume: Settings["tempo"]["volume"]) => ({
  // Whether it is bound shows in the StatefulSet; with WaitForFirstConsumer it is not before there is a pod.
  metadata: { ...metadata, annotations: { ...keptAnnotations(), "pulumi.com/skipAwait": "true" } },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName: volume.storageClass,
    resources: { requests: { storage: volume.size.text } },
  },
});

/** The Service that gives the StatefulSet's pod its name. */
export const headlessServiceObject = (metadata: Metadata) => ({
  metadata,
  spec: {
    clusterIP: "None",
    publishNotReadyAddresses: true,
    selector: selectorLabels(tempoName),
    ports: [{ name: "http", port: ports.http, targetPort: "http" }],
  },
});

/** The Service that applications and Grafana talk to. */
export const serviceObject = (metadata: Metadata) => ({
  metadata,
  spec: {
    type: "ClusterIP",
    selector: selectorLabels(tempoName),
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
});

/** The policy that refuses what no other allows. */
export const denyAllObject = (metadata: Metadata) => ({ metadata, spec: denyAll });

/** The policy that says who talks to Tempo. */
export const policyObject = (metadata: Metadata, args: TempoNetworkArgs) => ({
  metadata,
  spec: tempoPolicy(args, selectorLabels(tempoName)),
});

/** What the StatefulSet refers to. */
export type References = Pick<PodArgs, "serviceAccountName" | "configMapName" | "claimName"> & {
  readonly serviceName: pulumi.Input<string>;
};

/** Tempo's workload: one pod. */
export const statefulSetObject = (
  metadata: Metadata,
  { tempo, prometheus }: Pick<Settings, "tempo" | "prometheus">,
  { serviceName, ...references }: References,
) => ({
  metadata,
  spec: {
    replicas: tempo.replicas,
    serviceName,
    selector: { matchLabels: selectorLabels(tempoName) },
    template: podTemplate({
      tempo,
      prometheus,
      labels: labels(tempoName, "tracing-backend"),
      ...references,
    }),
  },
});
