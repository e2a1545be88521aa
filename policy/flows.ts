import { namespaceOfService, nodeAddresses, portOf } from "../service-url.ts";
import type { Settings } from "../settings.ts";

/**
 * Every flow of traffic that settings declare, one edge each: whose pods, direction, other side and port, in words such as
 * `otel: in from namespace litellm, TCP 4317`. Told from the settings alone, not from the policies that should allow it.
 *
 * Ports: 4317 and 4318 are OTLP's (opentelemetry.io/docs/specs/otlp), 3200 is Tempo's HTTP API, 8888 shows the collector's own
 * metrics (opentelemetry.io/docs/collector/internal-telemetry).
 *
 * @param storageUrl - Where blocks are kept, if that is not the data volume.
 */
export function flowsOf(settings: Settings, storageUrl: string | undefined): ReadonlySet<string> {
  const { cluster, collector } = settings;
  const dns = toDns(cluster.dnsAddresses);
  const flows = {
    ...(settings.tempo.mode === "distributed"
      ? ofRoles(settings, dns, storageUrl)
      : { tempo: [...intoTempo(settings), ...dns, ...outOfTempo(settings, storageUrl)] }),
    ...(collector.enabled && { otel: [...intoCollector(settings), ...dns, ...outOfCollector(settings)] }),
  };
  return new Set(Object.entries(flows).flatMap(([name, edges]) => edges.map((each) => ofPods(name, each))));
}

/** An edge of some pods' policy. */
export const ofPods = (name: string, edge: string): string => `${name}: ${edge}`;

/** Labels by which the stack's own pods are selected: all of a name, or those of a component. */
export const stackPods = (name: string, component?: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/instance": "llm-tracing",
  ...(component !== undefined && { "app.kubernetes.io/component": component }),
});

/** Name of pods in the words of an edge. */
export const nameOfPods = (name: string, component?: string): string =>
  component === undefined ? name : `${name} ${component}`;

/** Roles of a distributed Tempo that tell each other who is there (7946), that talk to Kafka, and that read or write blocks. */
const members = [
  "distributor",
  "live-store",
  "block-builder",
  "metrics-generator",
  "querier",
  "backend-worker",
];
const kafkaClients = ["distributor", "live-store", "block-builder", "metrics-generator"];
const blockReaders = ["block-builder", "query-frontend", "querier", "backend-scheduler", "backend-worker"];

/** Whom each role asks over gRPC (9095). */
const asked: Readonly<Record<string, readonly string[]>> = {
  querier: ["query-frontend", "live-store"],
  "backend-worker": ["backend-scheduler"],
};

/** The flows of each role of a distributed Tempo: what `-target=<role>` listens on and dials (seen of v3.0.3). */
function ofRoles(settings: Settings, dns: readonly string[], storageUrl: string | undefined) {
  const { namespace, prometheus, grafana, tempo } = settings;
  const podsOfRole = (role: string) => podsOf(namespace.name, stackPods("tempo", role));
  const roles = Object.keys(tempo.roles);
  return Object.fromEntries(
    roles.map((role): [string, string[]] => {
      const users = [...(role === "query-frontend" ? [grafana] : []), ...scrapers(prometheus)];
      const askers = roles.filter((other) => asked[other]?.includes(role));
      const gossip = members.includes(role) ? members.map(podsOfRole) : [];
      return [
        nameOfPods("tempo", role),
        [
          ...(role === "distributor" ? fromSenders(settings) : []),
          ...into(
            users.map(({ namespace, podLabels }) => podsOf(namespace, podLabels)),
            [3200],
          ),
          ...into(askers.map(podsOfRole), [9095]),
          ...into(gossip, [7946]),
          ...dns,
          ...outOf((asked[role] ?? []).map(podsOfRole), ["TCP 9095"]),
          ...outOf(gossip, ["TCP 7946"]),
          ...(kafkaClients.includes(role) ? toKafka(settings) : []),
          ...(role === "metrics-generator" ? toRemoteWrite(prometheus) : []),
          ...(blockReaders.includes(role) ? toStorage(settings, storageUrl) : []),
        ],
      ];
    }),
  );
}

function toKafka({ kafka }: Settings): string[] {
  const url = `http://${kafka!.address}`;
  return toServer(url, kafka!.podPort, {
    namespace: namespaceOfService(url),
    podLabels: kafka!.podLabels,
  });
}

const fromSenders = ({ namespace, collector, applications }: Settings): string[] =>
  into(
    collector.enabled ? [podsOf(namespace.name, stackPods("otel"))] : applicationPods(applications),
    [4317, 4318],
  );

function intoTempo(settings: Settings): string[] {
  const { grafana, prometheus } = settings;
  return [
    ...fromSenders(settings),
    ...into(
      [grafana, ...scrapers(prometheus)].map(({ namespace, podLabels }) => podsOf(namespace, podLabels)),
      [3200],
    ),
  ];
}

const outOfTempo = (settings: Settings, storageUrl: string | undefined): string[] => [
  ...toRemoteWrite(settings.prometheus),
  ...toStorage(settings, storageUrl),
];

function toStorage({ tempo: { storage } }: Settings, storageUrl: string | undefined): string[] {
  return [
    ...(storageUrl === undefined
      ? []
      : toServer(storageUrl, "podPort" in storage ? storage.podPort : undefined)),
    // GKE's workload identity (cloud.google.com/kubernetes-engine/docs/how-to/workload-identity).
    ...(storage.backend === "gcs"
      ? [
          ...outOf([addresses("169.254.169.252/32")], ["TCP 987", "TCP 988"]),
          ...outOf([addresses("169.254.169.254/32")], ["TCP 80", "TCP 8080"]),
        ]
      : []),
    // EKS Pod Identity (docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html).
    ...(storage.backend === "s3" && storage.podIdentity
      ? outOf([addresses("169.254.170.23/32"), addresses("fd00:ec2::23/128")], ["TCP 80"])
      : []),
  ];
}

const intoCollector = ({ applications, prometheus }: Settings): string[] => [
  ...into(applicationPods(applications), [4317, 4318]),
  ...into(
    scrapers(prometheus).map(({ namespace, podLabels }) => podsOf(namespace, podLabels)),
    [8888],
  ),
];

const outOfCollector = ({ namespace, tempo, prometheus, openobserve }: Settings): string[] => [
  ...outOf(
    [podsOf(namespace.name, stackPods("tempo", tempo.mode === "distributed" ? "distributor" : undefined))],
    ["TCP 4318"],
  ),
  ...toRemoteWrite(prometheus),
  ...(openobserve.credentialsSecret
    ? toServer(openobserve.url, openobserve.podPort, {
        namespace: namespaceOfService(openobserve.url),
        podLabels: openobserve.podLabels,
      })
    : []),
];

const toRemoteWrite = (prometheus: Settings["prometheus"]): string[] =>
  toServer(prometheus.remoteWriteUrl ?? `${prometheus.url}/api/v1/write`, prometheus.podPort, prometheus);

const applicationPods = ({ namespaces, podLabels }: Settings["applications"]): string[] =>
  namespaces.flatMap((namespace) =>
    podLabels.length === 0 ? [podsOf(namespace)] : podLabels.map((labels) => podsOf(namespace, labels)),
  );

const scrapers = (prometheus: Settings["prometheus"]) => (prometheus.scrape === "none" ? [] : [prometheus]);

/** OpenShift's DNS pods listen on 5353 (openshift/cluster-dns-operator). */
const toDns = (ranges: readonly string[]): string[] => [
  ...outOf([podsOf("kube-system"), ...ranges.map((range) => addresses(range))], ["UDP 53", "TCP 53"]),
  ...outOf([podsOf("openshift-dns")], ["UDP 5353", "TCP 5353"]),
];

/** An edge of a network policy, in the words of {@link flowsOf}. */
export const edge = (direction: "in from" | "out to", peer: string, port: string): string =>
  `${direction} ${peer}, ${port}`;

/** Pods of a namespace, in the words of an edge. */
export const podsOf = (namespace: string, labels: Readonly<Record<string, unknown>> = {}): string =>
  [
    `namespace ${namespace}`,
    ...Object.entries(labels)
      .map(([key, value]) => `${key}=${String(value)}`)
      .sort(),
  ].join(" ");

/** A range of addresses, in the words of an edge. */
export const addresses = (cidr: string, except: readonly string[] = []): string =>
  [`addresses ${cidr}`, ...(except.length > 0 ? [`but ${[...except].sort().join(" ")}`] : [])].join(" ");

/** Stands for every port, in the words of an edge. */
export const anyPort = "any port";

const into = (peers: readonly string[], ports: readonly number[]): string[] =>
  peers.flatMap((peer) => ports.map((port) => edge("in from", peer, `TCP ${port}`)));

const outOf = (peers: readonly string[], ports: readonly string[]): string[] =>
  peers.flatMap((peer) => ports.map((port) => edge("out to", peer, port)));

/** Outside the cluster a server may be anywhere but on the node: there are the credentials of the node. */
function toServer(
  url: string,
  podPort: number | undefined,
  known?: {
    readonly namespace: string | undefined;
    readonly podLabels: Readonly<Record<string, string>> | undefined;
  },
): string[] {
  const namespace = namespaceOfService(url);
  const peers =
    namespace !== undefined
      ? [podsOf(namespace, namespace === known?.namespace ? known.podLabels : {})]
      : [addresses("0.0.0.0/0", nodeAddresses.ipv4), addresses("::/0", nodeAddresses.ipv6)];
  return outOf(peers, [`TCP ${podPort ?? portOf(url)}`]);
}
