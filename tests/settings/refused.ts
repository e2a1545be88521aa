/** Rule, settings that break it, and what the operator reads: key, value got, value wanted. */
export type Refusal = readonly [string, Record<string, unknown>, RegExp];

const cluster = { context: "prod" };
const s3 = { backend: "s3", endpoint: "s3.example.org" };

/** What the section `tempo` refuses. */
export const refusedOfTempo: readonly Refusal[] = [
  [
    "TLS without a Secret",
    { tempo: { otlpTls: { clientCertificates: true } } },
    /tempo\.otlpTls\.secretName: got nothing, want the name of a Secret in Tempo's namespace/,
  ],
  [
    "TLS with a bearer token, which Tempo cannot check",
    { tempo: { otlpTls: { secretName: "tls", bearerToken: "t" } } },
    /tempo\.otlpTls\.bearerToken is unknown/,
  ],
  [
    "keys of a Secret and those of Pod Identity at once",
    { tempo: { storage: { ...s3, bucket: "b", credentialsSecret: { name: "keys" }, podIdentity: true } } },
    /storage\.podIdentity: got true, want false, as credentialsSecret has the keys/,
  ],
  [
    "a port that is none",
    { prometheus: { podPort: 65536 } },
    /prometheus\.podPort: got 65536, want a port, from 1 to 65535/,
  ],
  [
    "an unknown key in a section",
    { tempo: { retenton: "7d" } },
    /llm-tracing:tempo\.retenton is unknown; did you mean tempo\.retention\?/,
  ],
  [
    "an unknown key deep in a section",
    { tempo: { resources: { limits: { gpu: "1" } } } },
    /tempo\.resources\.limits\.gpu is unknown/,
  ],
  [
    "text where a section belongs",
    { tempo: "3.0" },
    /llm-tracing:tempo: got "3\.0", want a section with keys of its own/,
  ],
  [
    "a duration without a unit",
    { tempo: { retention: 14 } },
    /tempo\.retention: got 14, want a duration such as "5s", "72h" or "14d"/,
  ],
  [
    "a duration in words",
    { tempo: { retention: "14 days" } },
    /tempo\.retention: got "14 days", want a duration/,
  ],
  [
    "a retention of nothing",
    { tempo: { retention: "0s" } },
    /tempo\.retention: got "0s", want a duration from 1h to 3650d/,
  ],
  [
    "a quantity with a unit Kubernetes does not know",
    { tempo: { volume: { size: "20GB" } } },
    /tempo\.volume\.size: got "20GB", want a Kubernetes quantity such as "20Gi"/,
  ],
  [
    "a request above its limit",
    { tempo: { resources: { requests: { memory: "4Gi" }, limits: { memory: "2Gi" } } } },
    /tempo\.resources\.requests\.memory: got "4Gi", want at most the limit, 2Gi/,
  ],
  [
    "a distributed Tempo whose blocks would be on a volume",
    { tempo: { mode: "distributed" }, kafka: { address: "kafka.kafka.svc:9092" } },
    /tempo\.mode: got "distributed", want monolithic, because blocks are on the data volume/,
  ],
  [
    "a distributed Tempo without Kafka",
    { tempo: { mode: "distributed", storage: { backend: "gcs", bucket: "b" } } },
    /tempo\.mode: got "distributed", want monolithic, because there is no kafka\.address/,
  ],
  [
    "a distributed Tempo of the last line that has no Kafka",
    {
      tempo: { mode: "distributed", line: "2.10", storage: { backend: "gcs", bucket: "b" } },
      kafka: { address: "kafka.kafka.svc:9092" },
    },
    /tempo\.line: got "2\.10", want 3\.0, because tempo\.mode is distributed/,
  ],
  [
    "a volume that is protected and would be no more",
    {
      tempo: {
        mode: "distributed",
        storage: { backend: "gcs", bucket: "b" },
        volume: { protect: true },
      },
      kafka: { address: "kafka.kafka.svc:9092" },
    },
    /tempo\.volume\.protect: got true, want false, because tempo\.mode is distributed/,
  ],
  [
    "resources of one process where there are many",
    {
      tempo: {
        mode: "distributed",
        storage: { backend: "gcs", bucket: "b" },
        resources: { limits: { memory: "8Gi" } },
      },
      kafka: { address: "kafka.kafka.svc:9092" },
    },
    /tempo\.resources: got .*, want nothing but tempo\.roles\.<role>, because tempo\.mode is distributed/,
  ],
  [
    "labels of Kafka's pods where its address is no Service's",
    {
      tempo: { mode: "distributed", storage: { backend: "gcs", bucket: "b" } },
      kafka: { address: "kafka.example.org:9092", podLabels: { app: "kafka" } },
    },
    /kafka\.podLabels: got .*, want no labels of pods, as address is no Service's/,
  ],
  [
    "labels of OpenObserve's pods where its address is no Service's",
    { openobserve: { url: "https://logs.example.org", podLabels: { app: "openobserve" } } },
    /openobserve\.podLabels: got .*, want no labels of pods, as url is no Service's/,
  ],
  [
    "a Kafka that nobody uses",
    { kafka: { address: "kafka.kafka.svc:9092" } },
    /kafka: got .*, want nothing, because tempo\.mode is monolithic/,
  ],
  [
    "a role that nobody runs by itself",
    { tempo: { roles: { querier: { replicas: 3 } } } },
    /tempo\.roles\.querier: got .*, want nothing, because tempo\.mode is monolithic/,
  ],
  [
    "several addresses of Kafka, of which Tempo takes one",
    { kafka: { address: "a.example.org:9092,b.example.org:9092" } },
    /kafka\.address: got .*, want one host:port: Tempo 3\.0 takes no list/,
  ],
  [
    "an address of Kafka without a port",
    { kafka: { address: "kafka.kafka.svc" } },
    /kafka\.address: .*want host:port/,
  ],
  [
    "a role that is sure of more than it may take",
    {
      tempo: {
        mode: "distributed",
        storage: { backend: "gcs", bucket: "b" },
        roles: { querier: { requests: { cpu: "8" } } },
      },
      kafka: { address: "kafka.kafka.svc:9092" },
    },
    /tempo\.roles\.querier\.requests\.cpu: got "8", want at most the limit, 1/,
  ],
  [
    "traffic for which there would be more pods than are allowed",
    {
      tempo: { mode: "distributed", storage: { backend: "gcs", bucket: "b" } },
      kafka: { address: "kafka.kafka.svc:9092" },
      traffic: { requestsPerMinute: 6_000_000, spansPerRequest: 1000 },
    },
    /traffic\.requestsPerMinute: got 6000000, want at most \d+: it takes \d+ distributors, of 10000 at most; or traffic\.spansPerRequest/,
  ],
  [
    "fewer of a role at most than at least",
    {
      tempo: {
        mode: "distributed",
        storage: { backend: "gcs", bucket: "b" },
        roles: { querier: { replicas: 4, autoscale: { max: 3 } } },
      },
      kafka: { address: "kafka.kafka.svc:9092" },
    },
    /tempo\.roles\.querier\.autoscale\.max: got 3, want at least the replicas, 4/,
  ],
  [
    "a role that is scaled, and nobody runs by itself",
    { tempo: { roles: { distributor: { autoscale: { max: 3 } } } } },
    /tempo\.roles\.distributor: got .*, want nothing, because tempo\.mode is monolithic/,
  ],
  [
    "a role that cannot be scaled by its CPU",
    { tempo: { roles: { "live-store": { autoscale: { max: 3 } } } } },
    /tempo\.roles\.live-store\.autoscale is unknown/,
  ],
  [
    "more than one Tempo",
    { tempo: { replicas: 2 } },
    /tempo\.replicas: got 2, want 1: several monolithic Tempos/,
  ],
  [
    "more collectors than may be",
    { collector: { replicas: 1001 } },
    /collector\.replicas: got 1001, want a whole number from 1 to 1000/,
  ],
  ["no Tempo", { tempo: { replicas: 0 } }, /tempo\.replicas: got 0, want 1/],
  [
    "a line of Tempo that is not supported",
    { tempo: { line: "2.8" } },
    /tempo\.line: got "2\.8", want a supported line/,
  ],
  [
    "fewer series than the generator needs",
    { tempo: { maxActiveSeries: 10 } },
    /tempo\.maxActiveSeries: got 10, want a whole number from 1000 to 100000000/,
  ],
  [
    "fewer series than the traffic makes",
    { tempo: { maxActiveSeries: 2000 } },
    /tempo\.maxActiveSeries: got 2000, want at least 2420: 10 models and 24 kinds of requests make 2420 series; or traffic\.models at most 7, or traffic\.requestKinds at most 1$/,
  ],
  [
    "more models than there may be series of, and blames what was written",
    { traffic: { models: 300 } },
    /traffic\.models: got 300, want at most 288: 300 models .*; or tempo\.maxActiveSeries at least 52010, or traffic\.requestKinds less$/,
  ],
  [
    "a volume that is too small for the retention",
    { tempo: { volume: { size: "5Gi" } }, traffic: { bytesPerSpan: 900 } },
    /tempo\.volume\.size: got "5Gi", want at least 11Gi: 5Gi holds 6d of this traffic, tempo\.retention is 14d; or tempo\.retention at most 6d, or traffic\.requestsPerMinute at most \d+$/,
  ],
  [
    "a retention that is too long for the default volume, and blames what was written",
    { tempo: { retention: "365d" } },
    /tempo\.retention: got "365d", want at most 49d: 20Gi holds 49d of this traffic/,
  ],
  [
    "traffic that is too much for the default volume, and blames what was written",
    { traffic: { requestsPerMinute: 600 } },
    /traffic\.requestsPerMinute: got 600, want at most 107: 20Gi holds 53h of this traffic, .*; or tempo\.volume\.size at least 111Gi/,
  ],
  [
    "a volume that is too small on the line that stores every span twice",
    { tempo: { line: "2.10", volume: { size: "10Gi" } } },
    /tempo\.volume\.size: got "10Gi", want at least 12Gi/,
  ],
  [
    "a volume that does not hold an hour",
    { tempo: { retention: "1h", volume: { size: "1Gi" } }, traffic: { requestsPerMinute: 600 } },
    /tempo\.volume\.size: got "1Gi", want at least 4Gi: 1Gi holds not even an hour/,
  ],
  [
    "a volume without room for the newest blocks, beside object storage",
    {
      tempo: { storage: { backend: "gcs", bucket: "b" }, volume: { size: "1Gi" } },
      traffic: { requestsPerMinute: 9000 },
    },
    /tempo\.volume\.size: got "1Gi", want at least 12Gi: 1Gi has no room for the newest blocks of this traffic; or traffic\.requestsPerMinute at most 785/,
  ],
  [
    "more models than labels can tell apart",
    { traffic: { models: 401 } },
    /traffic\.models: got 401, want a whole number from 1 to 400/,
  ],
  [
    "traffic of nothing",
    { traffic: { requestsPerMinute: 0 } },
    /traffic\.requestsPerMinute: got 0, want a whole number from 1 to 6000000/,
  ],
  [
    "S3 without a bucket",
    { tempo: { storage: s3 } },
    /tempo\.storage\.bucket: got nothing, want the bucket's name/,
  ],
  [
    "S3 with an empty bucket",
    { tempo: { storage: { ...s3, bucket: "" } } },
    /tempo\.storage\.bucket: got "", want the bucket's name: letters/,
  ],
  [
    "S3 with a URL for an endpoint",
    { tempo: { storage: { ...s3, bucket: "b", endpoint: "https://s3.example.org" } } },
    /tempo\.storage\.endpoint: got "https:\/\/s3\.example\.org", want host\[:port\]/,
  ],
  [
    "Google storage without a bucket",
    { tempo: { storage: { backend: "gcs" } } },
    /tempo\.storage\.bucket: got nothing, want the bucket's name/,
  ],
  [
    "Azure storage without a container",
    { tempo: { storage: { backend: "azure", account: "acme" } } },
    /tempo\.storage\.container: got nothing, want the container's name/,
  ],
  [
    "a storage nobody has heard of",
    { tempo: { storage: { backend: "nfs" } } },
    /tempo\.storage\.backend: got "nfs", want a storage whose backend is "local", "s3", "gcs" or "azure"/,
  ],
  [
    "an annotation key that Kubernetes refuses",
    { tempo: { serviceAccountAnnotations: { "a b": "c" } } },
    /tempo\.serviceAccountAnnotations\.a b: got "c", want a key of at most 63/,
  ],
];

/** What the other sections refuse. */
export const refused: readonly Refusal[] = [
  [
    "a stack without an environment",
    { environment: undefined },
    /environment: got nothing, want the environment's name/,
  ],
  ["an unknown section", { tempoo: {} }, /llm-tracing:tempoo is unknown; did you mean tempo\?/],
  [
    "an empty section in the file, which is null",
    { grafana: null },
    /llm-tracing:grafana: got null, want a section/,
  ],
  [
    "a number where text belongs",
    { openobserve: { organization: 7 } },
    /openobserve\.organization: got 7, want OpenObserve's organization/,
  ],
  [
    "text where true or false belongs",
    { namespace: { create: "yes" } },
    /namespace\.create: got "yes", want true or false/,
  ],
  [
    "one namespace where a list belongs",
    { applications: { namespaces: "litellm" } },
    /applications\.namespaces: got "litellm", want a list/,
  ],
  [
    "a latency threshold above the top bucket",
    { applications: { slowRequest: "301s" } },
    /applications\.slowRequest: got "301s", want one of the histogram's bounds: .*300s; or prometheus\.nativeHistograms: true/,
  ],
  [
    "a latency threshold between two buckets",
    { applications: { slowRequest: "6s" } },
    /applications\.slowRequest: got "6s", want one of the histogram's bounds/,
  ],
  [
    "an empty OpenObserve organization",
    { openobserve: { organization: "" } },
    /openobserve\.organization: got "", want OpenObserve's organization, not empty/,
  ],
  [
    "a log stream that would end its SQL name",
    { openobserve: { stream: 'logs" --' } },
    /openobserve\.stream: got "logs\\" --", want the name of a log stream/,
  ],
  [
    "credentials for logs, and no collector that sends any",
    {
      openobserve: { credentialsSecret: { name: "logs" } },
      collector: { enabled: false },
      privacy: { mode: "off", reason: "a test" },
    },
    /openobserve\.credentialsSecret: got …, want not set, because collector\.enabled is false and Tempo takes no logs/,
  ],
  [
    "logs to a Service on a port that its pods cannot have",
    { openobserve: { url: "http://openobserve.logging.svc", credentialsSecret: { name: "logs" } } },
    /openobserve\.url: got "http:\/\/openobserve\.logging\.svc", want the port that its pods listen on as podPort/,
  ],
  [
    "a port of OpenObserve's pods where there are none",
    { openobserve: { url: "https://logs.example.org", podPort: 5080 } },
    /openobserve\.podPort: got 5080, want no port of pods, as url is no Service's/,
  ],
  [
    "a variable of Grafana's environment that has no such name",
    { openobserve: { passwordEnv: "O2-PASSWORD" } },
    /openobserve\.passwordEnv: got …, want the name of an environment variable/,
  ],
  [
    "a label value over 63 characters",
    { grafana: { podLabels: { app: "x".repeat(64) } } },
    /grafana\.podLabels\.app: got "x{64}", want a label value, at most 63 characters/,
  ],
  [
    "a way to find Tempo's metrics that Prometheus has not",
    { prometheus: { scrape: "podMonitor" } },
    /prometheus\.scrape: got "podMonitor", want "serviceMonitor", "annotations" or "none"/,
  ],
  [
    "a label for the operator that the stack itself sets",
    { prometheus: { operatorLabels: { "app.kubernetes.io/part-of": "monitoring" } } },
    /prometheus\.operatorLabels: got .*, want labels other than app\.kubernetes\.io\/…, which are the stack's own/,
  ],
  [
    "a share of requests in words",
    { slo: { availability: "99.5%" } },
    /slo\.availability: got "99\.5%", want a share in percent from 94 to 99\.99/,
  ],
  [
    "an objective of latency between two buckets",
    { slo: { latency: { under: "15s" } } },
    /slo\.latency\.under: got "15s", want one of the histogram's bounds/,
  ],
  [
    "an objective of latency as a number",
    { slo: { latency: 30 } },
    /slo\.latency: got 30, want a section with keys of its own/,
  ],
  [
    "an objective of the first token between two buckets",
    { slo: { firstToken: { under: "7s" } } },
    /slo\.firstToken\.under: got "7s", want one of the histogram's bounds: 0\.1s, .*, 120s$/,
  ],
  [
    "the same where other histograms are native: this one never is",
    { slo: { firstToken: { under: "7s" } }, prometheus: { nativeHistograms: true } },
    /slo\.firstToken\.under: got "7s", want one of the histogram's bounds: 0\.1s, .*, 120s$/,
  ],
  [
    "an objective of the first token above the top bucket",
    { slo: { firstToken: { under: "240s" }, latency: { under: "300s" } }, tempo: { longestAnswer: "5m" } },
    /slo\.firstToken\.under: got "240s", want one of the histogram's bounds: 0\.1s, .*, 120s$/,
  ],
  [
    "an objective of the first token as a number",
    { slo: { firstToken: 10 } },
    /slo\.firstToken: got 10, want a section with keys of its own/,
  ],
  ["an objective that there is not", { slo: { throughput: "2s" } }, /slo\.throughput is unknown/],
  [
    "a way for rules to reach Prometheus that there is not",
    { alerts: { rules: "configMap" } },
    /alerts\.rules: got "configMap", want "prometheusRule" or "none"/,
  ],
  [
    "a label value that begins with a dash",
    { prometheus: { podLabels: { app: "-x" } } },
    /prometheus\.podLabels\.app: got "-x", want a label value: letters/,
  ],
  [
    "a label key that Kubernetes refuses",
    { grafana: { podLabels: { "the app": "grafana" } } },
    /grafana\.podLabels\.the app: got "grafana", want a key of at most 63/,
  ],
  [
    "an environment that is no label",
    { environment: "Dev" },
    /environment: got "Dev", want the environment's name: lower-case/,
  ],
  [
    "an environment over 63 characters",
    { environment: "x".repeat(64) },
    /environment: got "x{64}", want the environment's name, at most 63 characters/,
  ],
  [
    "an address without http://",
    { prometheus: { url: "prometheus:9090" } },
    /prometheus\.url: got "prometheus:9090", want .* an http:\/\/ or https:\/\/ URL/,
  ],
  [
    "an address with a port that is no number",
    { prometheus: { remoteWriteUrl: "http://prometheus:web/api" } },
    /prometheus\.remoteWriteUrl: got "http:\/\/prometheus:web\/api", want .* host and port are valid/,
  ],
  [
    "two data sources with one uid",
    { grafana: { datasources: { tempo: { uid: "a" }, prometheus: { uid: "a" } } } },
    /grafana\.datasources\.prometheus\.uid: got "a", want a uid that no other data source has/,
  ],
  [
    "two data sources with one name",
    { grafana: { datasources: { tempo: { name: "T" }, openobserve: { name: "T" } } } },
    /grafana\.datasources\.openobserve\.name: got "T", want a name that no other data source has/,
  ],
  [
    "delivery through the API without Grafana's address",
    { grafana: { delivery: "api" } },
    /grafana\.url: got nothing, want Grafana's address, because delivery is api/,
  ],
  [
    "whatever context is current for an environment that is promoted to",
    { promotion: { from: "staging" } },
    /cluster\.context: got nothing, want this environment's kubeconfig context, .* or cluster\.useCurrentContext: true/,
  ],
  [
    "the current context in a word that is none",
    { cluster: { useCurrentContext: "yes" } },
    /cluster\.useCurrentContext: got "yes", want true or false/,
  ],
  ...["10.96.0.10", "10.96.0.10/33", "kube-dns.kube-system.svc", "::1", ""].map((range): Refusal => [
    `${JSON.stringify(range)} for the address range of a DNS server`,
    { cluster: { dnsAddresses: [range] } },
    /cluster\.dnsAddresses\.0: got ".*", want an address range such as "169\.254\.0\.0\/16" or/,
  ]),
  [
    "a promotion from a stack with its project",
    { cluster, promotion: { from: "acme/llm-tracing/staging" } },
    /promotion\.from: got "acme\/llm-tracing\/staging", want the name of a stack, without organization and project/,
  ],
  [
    "a promotion from itself",
    { cluster, promotion: { from: "dev" } },
    /promotion\.from: got "dev", want another environment than this one/,
  ],
  [
    "a reason to override nothing",
    { promotion: { override: "hot fix" } },
    /promotion\.override: got "hot fix", want no reason where there is nothing to override/,
  ],
  [
    "an override without a reason",
    { cluster, promotion: { from: "staging", override: "" } },
    /promotion\.override: got "", want the reason why/,
  ],
  [
    "a loss for no reason",
    { tempo: { acceptLoss: true } },
    /tempo\.acceptLoss: got true, want the reason why traces may be lost/,
  ],
  [
    "to take nothing out without a reason",
    { privacy: { mode: "off" } },
    /privacy\.reason: got nothing, want the reason why nothing is taken out, because privacy\.mode is off/,
  ],
  [
    "a reason for what is not so",
    { privacy: { reason: "a test" } },
    /privacy\.reason: got "a test", want none, because privacy\.mode is strict/,
  ],
  [
    "to leave the collector out, which takes out what is not kept",
    { collector: { enabled: false } },
    /collector\.enabled: got false, want true, because privacy\.mode is strict/,
  ],
  [
    "hashes without a salt",
    { privacy: { mode: "identities" } },
    /privacy\.saltSecret: got nothing, want the Secret with the salt of the hashes, because privacy\.mode is identities/,
  ],
  [
    "a salt for no hashes",
    { privacy: { mode: "off", reason: "a test", saltSecret: { name: "salt" } } },
    /privacy\.saltSecret: got …, want none, because privacy\.mode is off/,
  ],
];
