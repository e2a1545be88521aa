import { tempoRoles, type TempoRole } from "../../telemetry/tempo-roles.ts";
import { annotations, labels } from "../kubernetes/metadata.ts";
import type { PlannedObject } from "../kubernetes/planned.ts";
import { unscrapedLabel } from "../kubernetes/scraping.ts";
import type { TempoArgs } from "./args.ts";
import { rolePolicy } from "./network.ts";
import { dataVolume, rolePod } from "./pod.ts";
import { ports, tempoName } from "./ports.ts";
import { gossipLabel, gossipName, roleName, rolePods, roles, workloadsOf, zoneLabel } from "./roles.ts";
import type { Workload } from "./roles.ts";

type DistributedArgs = TempoArgs & Required<Pick<TempoArgs, "distributed">>;
type Objects = Readonly<Record<string, PlannedObject>>;

/** What runs a distributed Tempo: the workloads of each role, what lets them be reached, and how many of them may be away. */
export function distributedWorkloads(args: DistributedArgs, configMapName: string): Objects {
  const gossip: PlannedObject = {
    kind: "Service",
    name: gossipName,
    object: {
      metadata: metadataOf(args, gossipName, "gossip", unscrapedLabel),
      spec: {
        clusterIP: "None",
        publishNotReadyAddresses: true,
        selector: gossipLabel,
        ports: [{ name: "gossip", port: ports.gossip, targetPort: "gossip" }],
      },
    },
    after: ["namespace"],
  };
  // Those that follow others after those.
  const inOrder = tempoRoles.toSorted(
    (a, b) => Number("follows" in roles[a]) - Number("follows" in roles[b]),
  );
  const ofRoles = inOrder.flatMap((role): Objects[] => [
    { [`${roleName(role)}-policy`]: policy(args, role) },
    disruptionBudget(args, role),
    ...workloadsOf(role).map((workload) => ({
      [`${workload.name}-service`]: headlessService(args, workload),
      [workload.name]: workloadObject(args, workload, configMapName),
    })),
    autoscaler(args, role),
  ]);
  return Object.fromEntries(
    [{ [gossipName]: gossip }, ...ofRoles].flatMap((objects) => Object.entries(objects)),
  );
}

const metadataOf = (
  { namespace }: Pick<TempoArgs, "namespace">,
  name: string,
  component: string,
  more: Readonly<Record<string, string>> = {},
) => ({
  name,
  namespace,
  labels: { ...labels(tempoName, component), ...more },
  annotations: annotations(),
});

const policy = (args: DistributedArgs, role: TempoRole): PlannedObject => ({
  kind: "NetworkPolicy",
  name: roleName(role),
  object: { metadata: metadataOf(args, roleName(role), role), spec: rolePolicy(args, role) },
  after: ["namespace"],
});

/** Of both zones' live-stores together one may be away: the same partition of both would be a gap. */
function disruptionBudget(args: DistributedArgs, role: TempoRole): Objects {
  const { replicas, autoscale } = args.distributed.roles[role];
  if ((autoscale?.max ?? replicas) * workloadsOf(role).length < 2) return {};
  return {
    [`${roleName(role)}-budget`]: {
      kind: "PodDisruptionBudget",
      name: roleName(role),
      object: {
        metadata: metadataOf(args, roleName(role), role),
        spec: { maxUnavailable: 1, selector: { matchLabels: rolePods(role) } },
      },
      after: ["namespace"],
    },
  };
}

/** Writes the `replicas` of a Deployment that has none of its own. */
function autoscaler(args: DistributedArgs, role: TempoRole): Objects {
  const { replicas, autoscale } = args.distributed.roles[role];
  if (autoscale === undefined) return {};
  const { max, cpu } = autoscale;
  const name = roleName(role);
  return {
    [`${name}-autoscaler`]: {
      kind: "HorizontalPodAutoscaler",
      name,
      object: {
        metadata: metadataOf(args, name, role),
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: roles[role].kind, name },
          minReplicas: replicas,
          maxReplicas: max,
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpu } },
            },
          ],
        },
      },
      after: ["namespace", name],
    },
  };
}

/** Gives the pods their names, others the addresses of all of them, and Prometheus their metrics. */
const headlessService = (args: DistributedArgs, { name, role, zone }: Workload): PlannedObject => ({
  kind: "Service",
  name,
  object: {
    metadata: metadataOf(args, name, role),
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: workloadPods(role, zone),
      ports: [
        { name: "metrics", port: ports.http, targetPort: ports.http },
        { name: "grpc", port: ports.grpc, targetPort: "grpc" },
      ],
    },
  },
  after: ["namespace"],
});

function workloadObject(args: DistributedArgs, workload: Workload, configMapName: string): PlannedObject {
  const { name, role, zone } = workload;
  const { kind, keeps, gossip, readySeconds } = roles[role];
  const { replicas, autoscale } = args.distributed.roles[role];
  const selector = workloadPods(role, zone);
  const podLabels = {
    ...labels(tempoName, role),
    ...selector,
    ...(gossip && gossipLabel),
  };
  const shared = {
    metadata: inWave(metadataOf(args, name, role), waveOf(workload)),
    after: [
      "namespace",
      "serviceAccount",
      "configMap",
      gossipName,
      `${name}-service`,
      ...earlier(workload).map((each) => each.name),
    ],
    spec: {
      ...(autoscale === undefined && { replicas }),
      ...(readySeconds !== undefined && { minReadySeconds: readySeconds }),
      selector: { matchLabels: selector },
      template: rolePod(args, workload, {
        labels: podLabels,
        selector,
        serviceAccountName: tempoName,
        configMapName,
      }),
    },
  };
  const { after, metadata, spec } = shared;
  const options = { customTimeouts: patience(role, autoscale?.max ?? replicas) };
  if (kind === "Deployment") return { kind, name, object: { metadata, spec }, after, options };
  return {
    kind,
    name,
    options,
    object: {
      metadata,
      spec: {
        ...spec,
        serviceName: name,
        // None waits for another.
        podManagementPolicy: "Parallel",
        ...(keeps && {
          volumeClaimTemplates: [claimTemplate(args.volume, selector)],
          // It has nothing that is neither in the bucket nor in Kafka, or in the other zone; and may have the marker by which it was
          // made to go, with which it would never be ready again.
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
        }),
      },
    },
    after,
  };
}

/**
 * How long Pulumi waits for a role: its own 10 minutes at least. A rolling update takes one pod after the other, each of which ends, finds
 * its volume again, and is ready after two minutes at most (a live-store that has much to read, a worker).
 */
function patience(role: TempoRole, replicas: number) {
  const { graceSeconds, readySeconds = 0 } = roles[role];
  const seconds = Math.max(600, replicas * (graceSeconds + 180 + readySeconds));
  return { create: `${seconds}s`, update: `${seconds}s` };
}

/** Labels by which the pods of a workload are found. */
const workloadPods = (role: TempoRole, zone: string | undefined): Record<string, string> => ({
  ...rolePods(role),
  ...(zone !== undefined && { [zoneLabel]: zone }),
});

/** Those that are updated before a workload: what its role follows, and of the zones the one before it, so that one of them answers. */
const earlier = ({ name, role }: Workload): readonly Workload[] => [
  ...workloadsOf(role).filter((zone) => zone.name < name),
  ...(roles[role].follows ?? []).flatMap(workloadsOf),
];

/** The same order for Argo CD, which waits for each wave to be healthy (argo-cd docs/user-guide/sync-waves.md). */
const waveOf = (workload: Workload): number =>
  Math.max(0, ...earlier(workload).map((each) => waveOf(each) + 1));

const inWave = (metadata: ReturnType<typeof metadataOf>, wave: number) => ({
  ...metadata,
  annotations: { ...metadata.annotations, "argocd.argoproj.io/sync-wave": String(wave) },
});

const claimTemplate = (
  { size, storageClass }: TempoArgs["volume"],
  selector: Readonly<Record<string, string>>,
) => ({
  metadata: { name: dataVolume, labels: { ...selector } },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName: storageClass,
    resources: { requests: { storage: size.text } },
  },
});
