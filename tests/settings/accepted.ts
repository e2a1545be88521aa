const s3 = { backend: "s3", endpoint: "s3.example.org" };

/** Settings that were refused once, and are right. */
export const accepted: readonly [what: string, given: Record<string, unknown>][] = [
  ["a Secret whose name has dots", { prometheus: { credentialsSecret: { name: "remote.write" } } }],
  ["no labels for an operator that selects everything", { prometheus: { operatorLabels: {} } }],
  ["the strictest and the loosest objective", { slo: { availability: 99.99, latency: { target: 94 } } }],
  [
    "an objective at the top bound, where answers take that long",
    { slo: { latency: { under: "300s" } }, tempo: { longestAnswer: "5m" } },
  ],
  [
    "answers that must end as soon as they begin, at the top bound of the first token",
    { slo: { latency: { under: "120s" }, firstToken: { under: "120s" } }, tempo: { longestAnswer: "5m" } },
  ],
  [
    "a last token before the first, which nobody counts without the collector",
    {
      slo: { latency: { under: "5s" }, firstToken: { under: "10s" } },
      collector: { enabled: false },
      privacy: { mode: "off", reason: "a test" },
    },
  ],
  ["alerts from one request on", { slo: { minimumRequests: 1 } }],
  ["runbooks on a page with a query", { alerts: { runbooks: "https://wiki.example.org/page?id=7" } }],
  ["runbooks in another folder", { alerts: { runbooks: "../wiki/runbooks.md" } }],
  [
    "thresholds between bounds, and above the top one, of native histograms",
    {
      prometheus: { nativeHistograms: true },
      applications: { slowRequest: "7s" },
      slo: { latency: { under: "301s" } },
      tempo: { longestAnswer: "10m" },
    },
  ],
  ["no rules where nobody scrapes Tempo", { alerts: { rules: "none" }, prometheus: { scrape: "none" } }],
  ["as many collectors as there may be of a role", { collector: { replicas: 1000 } }],
  ["a volume of 1Pi", { tempo: { volume: { size: "1Pi" } } }],
  [
    "ten years of little traffic on a small volume, with the blocks in object storage",
    { tempo: { retention: "3650d", storage: { ...s3, bucket: "b" }, volume: { size: "2Gi" } } },
  ],
  [
    "as many pods as a hundred thousand chats a second take",
    {
      tempo: {
        mode: "distributed",
        storage: { ...s3, bucket: "b" },
        roles: { distributor: { replicas: 1928 } },
      },
      kafka: { address: "kafka.kafka.svc:9092", partitions: 1928 },
      traffic: { requestsPerMinute: 6_000_000 },
    },
  ],
  ["memory as a power of ten", { tempo: { resources: { limits: { memory: "4e9" } } } }],
  [
    "an image by tag and digest",
    { tempo: { image: `r.example.org:5000/g/tempo:3.0.3@sha256:${"a".repeat(64)}` } },
  ],
  ["an image by digest", { tempo: { image: `grafana/tempo@sha256:${"0".repeat(64)}` } }],
  ...[
    "registry.example.org",
    "registry.example.org:5000/a/b",
    "localhost:5000",
    "localhost/mirror",
    "10.0.0.1/m",
  ].map((mirror): [string, Record<string, unknown>] => [`the mirror ${mirror}`, { images: { mirror } }]),
  ["an IPv6 address", { prometheus: { url: "http://[fd00::1]:9090" } }],
  ["a folder with a dot and a space", { grafana: { folder: "AI v1.2 tracing" } }],
  ["a foreign namespace that exists", { namespace: { name: "monitoring", create: false } }],
  ["a folder whose name has a word that comes before tokens", { grafana: { folder: "Basic dashboards" } }],
  ["a cluster whose name is an address", { cluster: { name: "k8s.example.org:6443" } }],
  [
    "a Service on port 80 whose pods' port is known",
    { prometheus: { url: "http://p.monitoring.svc", podPort: 9090 } },
  ],
  [
    "a server outside the cluster on port 80",
    { prometheus: { remoteWriteUrl: "http://prom.example.org/write" } },
  ],
  ["a private address", { prometheus: { remoteWriteUrl: "http://10.1.2.3:9090/write" } }],
  [
    "the endpoint of a MinIO on a port",
    { tempo: { storage: { ...s3, bucket: "b", endpoint: "minio.minio.svc:9000" } } },
  ],
];
