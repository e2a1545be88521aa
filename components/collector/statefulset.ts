import type { types } from "@pulumi/kubernetes";
import { fromSecret, goMemoryLimit } from "../kubernetes/environment.ts";
import { otlpContainerPorts, tlsMount, tlsVolume } from "../kubernetes/otlp.ts";
import { resourceList } from "../kubernetes/quantity.ts";
import { remoteWriteVariables } from "../kubernetes/remote-write.ts";
import { restrictedContainer, restrictedPod } from "../kubernetes/security.ts";
import { scrapeAnnotations } from "../kubernetes/scraping.ts";
import { saltVariable } from "../../telemetry/privacy.ts";
import type { CollectorArgs } from "./args.ts";
import { openobserveEnv } from "./openobserve.ts";
import { configFolder, ports, queueFolder } from "./ports.ts";

type Probe = types.input.core.v1.Probe;

/** The user the image runs as (`distributions/otelcol-contrib/Dockerfile` of opentelemetry-collector-releases). */
const uid = 10001;

/** Seconds from SIGTERM to SIGKILL: to answer what has come in. What is in the queue is on disk. */
export const gracePeriodSeconds = 30;

/** Name of the claim of a replica's queue, before the pod's. */
export const queueClaim = "queue";

type PodArgs = Pick<CollectorArgs, "image" | "resources" | "prometheus" | "privacy" | "otlpTls" | "logs">;

/** What the pod is found by, and what it refers to. */
interface PodReferences {
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  readonly serviceAccountName: string;
  readonly configMapName: string;
}

/** The pod template: restricted, with a read-only root; one volume holds all that it writes. */
export const podTemplate = (
  { image, resources, prometheus, privacy: { saltSecret }, otlpTls, logs }: PodArgs,
  { labels, selector, serviceAccountName, configMapName }: PodReferences,
): types.input.core.v1.PodTemplateSpec => ({
  metadata: {
    labels: { ...labels },
    ...(prometheus.scrape === "annotations" && { annotations: scrapeAnnotations(ports.metrics) }),
  },
  spec: {
    serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(uid),
    terminationGracePeriodSeconds: gracePeriodSeconds,
    // So that a node's end is the end of one.
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              topologyKey: "kubernetes.io/hostname",
              labelSelector: { matchLabels: { ...selector } },
            },
          },
        ],
      },
    },
    containers: [
      {
        name: "collector",
        image,
        imagePullPolicy: "IfNotPresent",
        args: [`--config=file:${configFolder}/collector.yaml`],
        env: [
          goMemoryLimit(resources.limits),
          ...remoteWriteVariables(prometheus),
          ...(logs ? [openobserveEnv(logs)] : []),
          ...(saltSecret ? [fromSecret(saltVariable, saltSecret.name, saltSecret.key)] : []),
        ],
        ports: [
          ...otlpContainerPorts,
          { name: "metrics", containerPort: ports.metrics },
          { name: "health", containerPort: ports.health },
        ],
        startupProbe: { ...ready, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...ready, periodSeconds: 5, failureThreshold: 3 },
        livenessProbe: { tcpSocket: { port: "health" }, periodSeconds: 20, failureThreshold: 3 },
        resources: {
          requests: resourceList(resources.requests),
          limits: resourceList(resources.limits),
        },
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: "config", mountPath: configFolder, readOnly: true },
          { name: queueClaim, mountPath: queueFolder },
          ...(otlpTls ? [tlsMount] : []),
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: configMapName } },
      ...(otlpTls ? [tlsVolume(otlpTls, true)] : []),
    ],
  },
});

const ready: Probe = { httpGet: { path: "/", port: "health" } };
