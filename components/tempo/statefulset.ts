import type { types } from "@pulumi/kubernetes";
import { fromSecret, goMemoryLimit } from "../kubernetes/environment.ts";
import { otlpContainerPorts, tlsMount, tlsVolume } from "../kubernetes/otlp.ts";
import { resourceList } from "../kubernetes/quantity.ts";
import { scrapeAnnotations } from "../kubernetes/scraping.ts";
import { remoteWriteVariables } from "../kubernetes/remote-write.ts";
import { restrictedContainer, restrictedPod } from "../kubernetes/security.ts";
import type { TempoArgs, TempoStorage } from "./args.ts";
import { configFolder, dataFolder, ports } from "./ports.ts";

type EnvVar = types.input.core.v1.EnvVar;
type Probe = types.input.core.v1.Probe;

/** The user the image runs as; its folder /var/tempo belongs to it (`cmd/tempo/Dockerfile`). */
const uid = 10001;

/**
 * Seconds from SIGTERM to SIGKILL, and so the most of a restart that Tempo itself takes. It takes no spans from the first second
 * on, and once it has answered a query it never ends by itself (grafana/tempo#7967, in 2.10.8 and 3.0.3).
 *
 * Enough for what must be written: on SIGTERM the live store, or the ingester of 2.10, writes the traces that it holds in
 * memory to its log (0.2 s; 49 MB on one busy core: 2.1 s; `max_live_traces_bytes` is 250 MB), all else is on the volume
 * or is done again: a block's completion and upload, a compaction. Few enough for an exporter to hold its spans until
 * Tempo is back: see `exportTimeoutSeconds` in `assembly/application-env.ts`.
 */
export const gracePeriodSeconds = 15;

type PodArgs = Pick<TempoArgs, "image" | "storage" | "resources" | "prometheus" | "otlpTls">;

/** What the pod is found by, and what it refers to. */
interface PodReferences {
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccountName: string;
  readonly configMapName: string;
  readonly claimName: string;
}

/** The pod template: restricted, with a read-only root; one volume holds all that Tempo writes. */
export const podTemplate = (
  args: PodArgs,
  references: PodReferences,
): types.input.core.v1.PodTemplateSpec => ({
  metadata: {
    labels: { ...references.labels, ...identityLabels(args.storage) },
    ...(args.prometheus.scrape === "annotations" && { annotations: scrapeAnnotations(ports.http) }),
  },
  spec: {
    serviceAccountName: references.serviceAccountName,
    automountServiceAccountToken: false,
    // Else Kubernetes would set TEMPO_… variables for the Service of the same name.
    enableServiceLinks: false,
    securityContext: restrictedPod(uid),
    terminationGracePeriodSeconds: gracePeriodSeconds,
    containers: [
      {
        name: "tempo",
        image: args.image,
        imagePullPolicy: "IfNotPresent",
        args: ["-target=all", `-config.file=${configFolder}/tempo.yaml`, "-config.expand-env=true"],
        env: environment(args),
        ports: [{ name: "http", containerPort: ports.http }, ...otlpContainerPorts],
        // Every second: until it is ready, no Service leads to it, and new traces wait.
        startupProbe: { ...ready, periodSeconds: 1, failureThreshold: 300 },
        readinessProbe: { ...ready, periodSeconds: 10, failureThreshold: 3 },
        // Not /ready: it fails while Tempo replays its log or stops, when a restart would only harm.
        livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 20, failureThreshold: 3 },
        resources: {
          requests: resourceList(args.resources.requests),
          limits: resourceList(args.resources.limits),
        },
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: "config", mountPath: configFolder, readOnly: true },
          { name: "data", mountPath: dataFolder },
          ...(args.otlpTls ? [tlsMount] : []),
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: references.configMapName } },
      { name: "data", persistentVolumeClaim: { claimName: references.claimName } },
      ...(args.otlpTls ? [tlsVolume(args.otlpTls)] : []),
    ],
  },
});

const ready: Probe = { httpGet: { path: "/ready", port: "http" } };

/** Go's memory limit, below the container's; and credentials, each by reference to a Secret. */
function environment({ resources, storage, prometheus }: PodArgs): EnvVar[] {
  const s3 = storage.backend === "s3" ? storage.credentialsSecret : undefined;
  return [
    goMemoryLimit(resources.limits),
    ...remoteWriteVariables(prometheus),
    ...(s3
      ? [
          fromSecret("AWS_ACCESS_KEY_ID", s3.name, s3.accessKeyKey),
          fromSecret("AWS_SECRET_ACCESS_KEY", s3.name, s3.secretKeyKey),
        ]
      : []),
  ];
}

/** Azure's workload identity looks for this label on the pod. */
const identityLabels = (storage: TempoStorage): Record<string, string> =>
  storage.backend === "azure" ? { "azure.workload.identity/use": "true" } : {};
