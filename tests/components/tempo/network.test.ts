import assert from "node:assert/strict";
import { BlockList, isIP } from "node:net";
import { tempoArgs } from "../../../assembly/wiring.ts";
import { monolithPolicy } from "../../../components/tempo/network.ts";
import { parseSettings } from "../../../settings.ts";
import { run } from "../../program/run.ts";

interface Peer {
  readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly protocol: string; readonly port: number }[];
}

interface Policy {
  readonly podSelector: object;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** A policy as the edges it allows: `namespace/pods port port`; everything else is refused. */
const edges = (rules: readonly Rule[] = []): string[] =>
  rules.flatMap(({ from, to, ports }) => (from ?? to)!.map((peer) => `${nameOf(peer)} ${portsOf(ports)}`));

function nameOf({ namespaceSelector, podSelector, ipBlock }: Peer): string {
  if (ipBlock) return [ipBlock.cidr, ...(ipBlock.except ?? []).map((range) => `-${range}`)].join("");
  const namespace = namespaceSelector?.matchLabels["kubernetes.io/metadata.name"];
  assert.ok(namespace, "a peer without a namespace would be of Tempo's own");
  const pods =
    podSelector && Object.entries(podSelector.matchLabels).map(([key, value]) => `${key}=${value}`);
  return `${namespace}/${pods?.join() ?? "*"}`;
}

function addRange(list: BlockList, cidr: string): void {
  const [address, length] = cidr.split("/");
  list.addSubnet(address!, Number(length));
}

const portsOf = (ports: Rule["ports"]): string =>
  ports?.map(({ protocol, port }) => `${protocol}:${port}`).join(" ") ?? "any port";

const policyOf = (sections: Record<string, unknown> = {}): Policy =>
  monolithPolicy(tempoArgs(parseSettings({ environment: "dev", ...sections })), { app: "tempo" }) as Policy;

/** Settings without a collector. */
const direct = { collector: { enabled: false }, privacy: { mode: "off", reason: "no collector" } };

const dnsPods = "kube-system/* UDP:53 TCP:53";
const openShiftDns = "openshift-dns/* UDP:5353 TCP:5353";
const dns = [dnsPods, "169.254.0.0/16 UDP:53 TCP:53", openShiftDns];
const prometheus = "monitoring/app.kubernetes.io/name=prometheus TCP:9090";
const everywhere = (port: number) => [
  `0.0.0.0/0-100.100.100.200/32-168.63.129.16/32-169.254.0.0/16 TCP:${port}`,
  `::/0-fd00:ec2::/32-fd20:ce::254/128-fe80::/10 TCP:${port}`,
];

describe("Tempo's network policy", () => {
  it("lets in traces from the collector, and questions from Grafana and Prometheus; nothing else", () => {
    assert.deepEqual(edges(policyOf().ingress), [
      "tracing/app.kubernetes.io/name=otel,app.kubernetes.io/instance=llm-tracing TCP:4317 TCP:4318",
      "monitoring/app.kubernetes.io/name=grafana TCP:3200",
      "monitoring/app.kubernetes.io/name=prometheus TCP:3200",
    ]);
  });

  it("lets out name look-ups and metrics; nothing else", () => {
    assert.deepEqual(edges(policyOf().egress), [...dns, prometheus]);
  });

  for (const [where, server, port] of [
    ["kube-dns and CoreDNS", "kube-system/*", 53],
    ["NodeLocal DNSCache and GKE Autopilot", "169.254.20.10", 53],
    ["Cloud DNS of GKE", "169.254.169.254", 53],
    ["LocalDNS of AKS", "169.254.10.11", 53],
    ["OpenShift, whose pods listen on another port than their Service", "openshift-dns/*", 5353],
  ] as const) {
    it(`lets name look-ups out to ${where}`, () => {
      const reached = policyOf().egress!.filter(({ to, ports }) => {
        const known = new BlockList();
        for (const { ipBlock } of to!) if (ipBlock) addRange(known, ipBlock.cidr);
        const isServer =
          to!.some((peer) => nameOf(peer) === server) || (isIP(server) > 0 && known.check(server));
        return isServer && portsOf(ports) === `UDP:${port} TCP:${port}`;
      });
      assert.equal(reached.length, 1);
    });
  }

  it("lets nobody out to the metadata that clouds serve beside their DNS", () => {
    assert.deepEqual(
      edges(policyOf().egress).filter(
        (edge) => edge.startsWith("169.254.") && !edge.endsWith(" UDP:53 TCP:53"),
      ),
      [],
    );
  });

  it("lets name look-ups out to the addresses of the settings, in place of those on the node", () => {
    const addresses = (dnsAddresses: string[]) => edges(policyOf({ cluster: { dnsAddresses } }).egress);
    assert.deepEqual(addresses(["10.96.0.10/32", "fd00:10:96::a/128"]), [
      dnsPods,
      "10.96.0.10/32 UDP:53 TCP:53",
      "fd00:10:96::a/128 UDP:53 TCP:53",
      openShiftDns,
      prometheus,
    ]);
    assert.deepEqual(addresses([]), [dnsPods, openShiftDns, prometheus]);
  });

  it("rules both directions of Tempo's pods", () => {
    assert.deepEqual(policyOf().policyTypes, ["Ingress", "Egress"]);
    assert.deepEqual(policyOf().podSelector, { matchLabels: { app: "tempo" } });
  });

  it("lets traces in without a collector from every application's pods of the settings' labels alone, in each of their namespaces", () => {
    const podLabels = [{ app: "open-webui" }, { app: "litellm", tier: "api" }];
    const { ingress } = policyOf({ ...direct, applications: { namespaces: ["ai", "otel"], podLabels } });
    assert.deepEqual(edges(ingress).slice(0, -2), [
      "ai/app=open-webui TCP:4317 TCP:4318",
      "ai/app=litellm,tier=api TCP:4317 TCP:4318",
      "otel/app=open-webui TCP:4317 TCP:4318",
      "otel/app=litellm,tier=api TCP:4317 TCP:4318",
    ]);
  });

  it("names a port on every edge, wherever blocks and metrics go", () => {
    for (const [, section] of writes) {
      for (const [, storage] of storages) {
        const { ingress, egress } = policyOf({ prometheus: section, tempo: { storage } });
        for (const { ports } of [...ingress!, ...egress!]) assert.ok(ports!.length > 0);
      }
    }
  });

  it("follows the namespaces and labels of the settings", () => {
    const { ingress } = policyOf({
      ...direct,
      applications: { namespaces: ["ai"] },
      grafana: { namespace: "dashboards", podLabels: { app: "grafana" } },
      prometheus: { namespace: "metrics", podLabels: { app: "prom" } },
    });
    assert.deepEqual(edges(ingress), [
      "ai/* TCP:4317 TCP:4318",
      "dashboards/app=grafana TCP:3200",
      "metrics/app=prom TCP:3200",
    ]);
  });

  const writes: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
    [
      "a Prometheus in the cluster, on the port that its Service has",
      { url: "http://prom.metrics.svc.cluster.local:9091", namespace: "metrics", podLabels: { app: "prom" } },
      ["metrics/app=prom TCP:9091"],
    ],
    [
      "a Prometheus in the cluster whose Service maps its port",
      { url: "http://prom.metrics.svc", podPort: 9090, podLabels: { app: "prom" } },
      ["metrics/app=prom TCP:9090"],
    ],
    [
      "a receiver in another namespace than Prometheus's, whose pods carry other labels",
      { remoteWriteUrl: "http://mimir.mimir.svc:8080/api/v1/push" },
      ["mimir/* TCP:8080"],
    ],
    [
      "a receiver outside, on the port of its scheme",
      { remoteWriteUrl: "https://metrics.example.org/api/v1/push" },
      everywhere(443),
    ],
    [
      "a receiver outside, on its own port",
      { remoteWriteUrl: "https://metrics.example.org:8443/" },
      everywhere(8443),
    ],
    ["a receiver outside without TLS", { remoteWriteUrl: "http://metrics.example.org/" }, everywhere(80)],
    ["a receiver by its address", { remoteWriteUrl: "http://10.1.2.3:9090/api/v1/write" }, everywhere(9090)],
  ];
  for (const [receiver, section, allowed] of writes) {
    it(`lets metrics out to ${receiver}`, () => {
      assert.deepEqual(edges(policyOf({ prometheus: section }).egress), [...dns, ...allowed]);
    });
  }

  const storages: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
    ["the volume alone", { backend: "local" }, []],
    [
      "S3 outside",
      { backend: "s3", bucket: "b", endpoint: "s3.eu-central-1.amazonaws.com" },
      everywhere(443),
    ],
    [
      "S3 outside on a port of its own",
      { backend: "s3", bucket: "b", endpoint: "ceph.storage.example.org:7480", insecure: true },
      everywhere(7480),
    ],
    [
      "MinIO in the cluster",
      { backend: "s3", bucket: "b", endpoint: "minio.minio.svc:9000", insecure: true },
      ["minio/* TCP:9000"],
    ],
    [
      "MinIO in the cluster whose Service maps its port",
      { backend: "s3", bucket: "b", endpoint: "minio.minio.svc", podPort: 9443 },
      ["minio/* TCP:9443"],
    ],
    [
      "S3 outside with the keys of EKS Pod Identity, whose agent is on the node",
      { backend: "s3", bucket: "b", endpoint: "s3.eu-central-1.amazonaws.com", podIdentity: true },
      [...everywhere(443), "169.254.170.23/32 TCP:80", "fd00:ec2::23/128 TCP:80"],
    ],
    [
      "Google storage, with the metadata server that gives workloads their identity",
      { backend: "gcs", bucket: "b" },
      [...everywhere(443), "169.254.169.252/32 TCP:987 TCP:988", "169.254.169.254/32 TCP:80 TCP:8080"],
    ],
    ["Azure storage", { backend: "azure", container: "ccc", account: "acme" }, everywhere(443)],
  ];
  for (const [where, storage, allowed] of storages) {
    it(`lets blocks out to ${where}`, () => {
      assert.deepEqual(edges(policyOf({ tempo: { storage } }).egress), [...dns, prometheus, ...allowed]);
    });
  }
});

describe("traffic that no policy mentions", () => {
  const policies = async (create: boolean) => {
    const { kubernetes } = await run("dev", { namespace: { name: "tracing", create } });
    return kubernetes
      .filter(({ kind }) => kind === "NetworkPolicy")
      .map(({ metadata, spec }) => ({ name: metadata.name, ...(spec as Policy) }));
  };

  it("is refused for every pod of a namespace that we create", async () => {
    const [deny] = (await policies(true)).filter(({ name }) => name === "deny-all");
    assert.deepEqual(deny, { name: "deny-all", podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it("is left to others in a namespace that is given: our policies select our pods alone", async () => {
    const selectors = (await policies(false)).map(({ name, podSelector }) => ({ name, podSelector }));
    assert.deepEqual(
      selectors,
      ["tempo", "otel"].map((name) => ({
        name,
        podSelector: {
          matchLabels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": "llm-tracing" },
        },
      })),
    );
  });
});
