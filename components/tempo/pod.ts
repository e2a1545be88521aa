import type { types } from "@pulumi/kubernetes";
import { fromSecret, goMemoryLimit } from "../kubernetes/environment.ts";
import { otlpContainerPorts, tlsMount, tlsVolume } from "../kubernetes/otlp.ts";
import { resourceList } from "../kubernetes/quantity.ts";
import { scrapeAnnotations } from "../kubernetes/scraping.ts";
import { remoteWriteVariables } from "../kubernetes/remote-write.ts";
import { restrictedContainer, restrictedPod } from "../kubernetes/security.ts";
import type { TempoArgs, TempoStorage } from "./args.ts";
import { kafkaVariables } from "./kafka.ts";
import { configFolder, dataFolder, ports } from "./ports.ts";
import { rolePods, roles, zoneLabel, type Workload } from "./roles.ts";

type ContainerPort = types.input.core.v1.ContainerPort;
type EnvVar = types.input.core.v1.EnvVar;
type PodTemplate = types.input.core.v1.PodTemplateSpec;
type Probe = types.input.core.v1.Probe;
type Volume = types.input.core.v1.Volume;

/** The user the image runs as; its folder /var/tempo belongs to it (`cmd/tempo/Dockerfile`). */
const uid = 10001;

/** Name of the volume with all that Tempo writes, and of its claim's template. */
export const dataVolume = "data";

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

type PodArgs = Pick<TempoArgs, "image" | "storage" | "resources" | "prometheus" | "otlpTls" | "distributed">;

/** What the pods of a workload are found by, and what they refer to. */
interface PodReferences {
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccountName: string;
  readonly configMapName: string;
}

/** The pod of a monolithic Tempo; one volume holds all that it writes. */
export const monolithPod = (
  args: PodArgs,
  { claimName, ...references }: PodReferences & { readonly claimName: string },
): PodTemplate =>
  pod(args, references, {
    graceSeconds: gracePeriodSeconds,
    arguments: ["-target=all"],
    env: [...remoteWriteVariables(args.prometheus), ...storageVariables(args.storage)],
    ports: [{ name: "http", containerPort: ports.http }, ...otlpContainerPorts],
    takesSpans: true,
    volumes: [{ name: dataVolume, persistentVolumeClaim: { claimName } }],
  });

/** A pod of a role. */
export function rolePod(
  args: PodArgs & Required<Pick<PodArgs, "distributed">>,
  { name, role, zone }: Workload,
  references: PodReferences & { readonly selector: Readonly<Record<string, string>> },
): PodTemplate {
  const { takesSpans, answers, writesMetrics, kafka, storage, gossip, keeps, graceSeconds } = roles[role];
  const { resources } = args.distributed.roles[role];
  return pod({ ...args, resources }, references, {
    graceSeconds,
    arguments: [
      `-target=${role}`,
      ...(zone === undefined ? [] : [`-live-store.instance-availability-zone=${zone}`]),
    ],
    env: [
      // Tempo itself would take the address of an interface that it knows by name (`eth0`).
      { name: podIp, valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: podName, valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      ...(writesMetrics ? remoteWriteVariables(args.prometheus) : []),
      ...(storage ? storageVariables(args.storage) : []),
      ...(kafka ? kafkaVariables(args.distributed.kafka) : []),
    ],
    ports: [
      // By its name the Service finds those that answer; all show their metrics there.
      { name: answers ? "http" : "metrics", containerPort: ports.http },
      { name: "grpc", containerPort: ports.grpc },
      ...(gossip ? [{ name: "gossip", containerPort: ports.gossip }] : []),
      ...(takesSpans ? otlpContainerPorts : []),
    ],
    takesSpans,
    // Without a volume of its own, of as much as the pod may take of its node.
    volumes: keeps
      ? []
      : [{ name: dataVolume, emptyDir: { sizeLimit: resources.limits.ephemeralStorage.text } }],
    spec: spread(references.selector, { name, role, zone }),
  });
}

/** Variables with the pod's own address and name. */
export const podIp = "POD_IP";
export const podName = "POD_NAME";

/**
 * So that a zone's end, or a node's, is the end of as few as can be. Live-stores of one zone of Tempo's keep together, and away from
 * those of the other, which hold the same: so no zone of the cluster's has both, as far as the scheduler can.
 */
const spread = (
  selector: Readonly<Record<string, string>>,
  { zone, role }: Workload,
): Partial<types.input.core.v1.PodSpec> => ({
  topologySpreadConstraints: (zone === undefined ? topologies : topologies.slice(1)).map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...selector } },
  })),
  ...(zone !== undefined && {
    affinity: {
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { topologyKey: topologies[0], labelSelector: { matchLabels: { ...selector } } },
          },
        ],
      },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: topologies.map((topologyKey) => ({
          weight: 100,
          podAffinityTerm: {
            topologyKey,
            labelSelector: {
              matchLabels: rolePods(role),
              matchExpressions: [{ key: zoneLabel, operator: "NotIn", values: [zone] }],
            },
          },
        })),
      },
    },
  }),
});

const topologies = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"] as const;

/** In what pods differ. */
interface Shape {
  readonly graceSeconds: number;
  readonly arguments: readonly string[];
  readonly env: readonly EnvVar[];
  readonly ports: readonly ContainerPort[];
  readonly takesSpans: boolean | undefined;
  readonly volumes: readonly Volume[];
  readonly spec?: Partial<types.input.core.v1.PodSpec>;
}

/** A pod: restricted, with a read-only root. */
function pod(
  { image, resources, prometheus, otlpTls, storage }: PodArgs,
  { labels, serviceAccountName, configMapName }: PodReferences,
  shape: Shape,
): PodTemplate {
  const tls = shape.takesSpans ? otlpTls : undefined;
  const [{ name: http }] = shape.ports as [ContainerPort];
  const ready: Probe = { httpGet: { path: "/ready", port: http as string } };
  return {
    metadata: {
      labels: { ...labels, ...identityLabels(storage) },
      ...(prometheus.scrape === "annotations" && { annotations: scrapeAnnotations(ports.http) }),
    },
    spec: {
      serviceAccountName,
      automountServiceAccountToken: false,
      // Else Kubernetes would set TEMPO_… variables for the Service of the same name.
      enableServiceLinks: false,
      securityContext: restrictedPod(uid),
      terminationGracePeriodSeconds: shape.graceSeconds,
      ...shape.spec,
      containers: [
        {
          name: "tempo",
          image,
          imagePullPolicy: "IfNotPresent",
          args: [...shape.arguments, `-config.file=${configFolder}/tempo.yaml`, "-config.expand-env=true"],
          env: [goMemoryLimit(resources.limits), ...shape.env],
          ports: [...shape.ports],
          // Every second: until it is ready, no Service leads to it, and new traces wait.
          startupProbe: { ...ready, periodSeconds: 1, failureThreshold: 300 },
          readinessProbe: { ...ready, periodSeconds: 10, failureThreshold: 3 },
          // Not /ready: it fails while Tempo replays its log or stops, when a restart would only harm.
          livenessProbe: { tcpSocket: { port: http as string }, periodSeconds: 20, failureThreshold: 3 },
          resources: {
            requests: resourceList(resources.requests),
            limits: resourceList(resources.limits),
          },
          securityContext: restrictedContainer,
          volumeMounts: [
            { name: "config", mountPath: configFolder, readOnly: true },
            { name: dataVolume, mountPath: dataFolder },
            ...(tls ? [tlsMount] : []),
          ],
        },
      ],
      volumes: [
        { name: "config", configMap: { name: configMapName } },
        ...shape.volumes,
        ...(tls ? [tlsVolume(tls)] : []),
      ],
    },
  };
}

/** Credentials of the bucket, each by reference to a Secret. */
function storageVariables(storage: TempoStorage): EnvVar[] {
  const s3 = storage.backend === "s3" ? storage.credentialsSecret : undefined;
  return s3
    ? [
        fromSecret("AWS_ACCESS_KEY_ID", s3.name, s3.accessKeyKey),
        fromSecret("AWS_SECRET_ACCESS_KEY", s3.name, s3.secretKeyKey),
      ]
    : [];
}

/** Azure's workload identity looks for this label on the pod. */
const identityLabels = (storage: TempoStorage): Record<string, string> =>
  storage.backend === "azure" ? { "azure.workload.identity/use": "true" } : {};
