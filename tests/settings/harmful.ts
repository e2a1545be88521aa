import type { Refusal } from "./refused.ts";

const cluster = { context: "prod" };
const s3 = { backend: "s3", endpoint: "s3.example.org" };
const azure = { backend: "azure", container: "traces" };
const uid = (name: string, value: string) => ({ [name]: { uid: value } });

/** What would harm: a foreign namespace, a secret in a manifest, traces deleted at once, a Tempo that does not start. */
export const refusedAsHarmful: readonly Refusal[] = [
  ...[
    "http://169.254.169.254",
    "http://[fe80::1]:9090",
    "http://[::ffff:a9fe:101]",
    "http://168.63.129.16/a",
  ].map((url): Refusal => [
    `to write metrics to an address of the node, ${url}`,
    { prometheus: { remoteWriteUrl: url } },
    /prometheus\.remoteWriteUrl: got "http:.*", want .*, not a link-local or metadata address/,
  ]),
  [
    "to keep blocks at the metadata address",
    { tempo: { storage: { ...s3, bucket: "b", endpoint: "169.254.169.254" } } },
    /storage\.endpoint: got "169\.254\.169\.254", want host\[:port\], not a link-local or metadata address/,
  ],
  [
    "a set of no labels, which would be every pod",
    { applications: { podLabels: [{ app: "litellm" }, {}] } },
    /applications\.podLabels\.1: got \{\}, want at least one label/,
  ],
  [
    "to cut off metrics by the port of a Service that maps it",
    { prometheus: { url: "http://prometheus-server.monitoring.svc" } },
    /prometheus\.url: got ".*", want the port that its pods listen on as podPort beside it, since a Service on port 80 maps it/,
  ],
  [
    "to cut off metrics by the port of a receiver that maps it",
    { prometheus: { remoteWriteUrl: "https://mimir.mimir.svc/api/v1/push" } },
    /prometheus\.remoteWriteUrl: got ".*", want the port that its pods listen on .* a Service on port 443 maps it/,
  ],
  [
    "to cut off blocks by the port of a Service that maps it",
    { tempo: { storage: { ...s3, bucket: "b", endpoint: "minio.minio.svc" } } },
    /storage\.endpoint: got "minio\.minio\.svc", want the port that its pods listen on as podPort/,
  ],
  [
    "the port of pods of a server outside the cluster",
    { prometheus: { url: "https://prom.example.org", podPort: 9090 } },
    /prometheus\.podPort: got 9090, want no port of pods, as url is no Service's/,
  ],
  ...["kube-system", "kube-public", "default", "openshift-dns", "openshift"].map((name): Refusal => [
    `to take over the cluster's namespace ${name}`,
    { namespace: { name } },
    /namespace\.name: got ".*", want a namespace of Tempo's own; or namespace\.create: false, if it exists/,
  ]),
  [
    "to take over Grafana's namespace, which somebody wrote",
    { namespace: { name: "graf" }, grafana: { namespace: "graf" } },
    /namespace\.name: got "graf", want a namespace of Tempo's own/,
  ],
  [
    "to take over the default namespace of Grafana and Prometheus",
    { namespace: { name: "monitoring" } },
    /namespace\.name: got "monitoring", want a namespace of Tempo's own/,
  ],
  [
    "Prometheus in the namespace that is created for Tempo, and blames what was written",
    { prometheus: { namespace: "tracing" } },
    /prometheus\.namespace: got "tracing", want another namespace than that which is created/,
  ],
  [
    "an application in the namespace that is created for Tempo",
    { applications: { namespaces: ["litellm", "tracing"] } },
    /applications\.namespaces\.1: got "tracing", want another namespace/,
  ],
  [
    "OpenObserve in the namespace that is created for Tempo",
    { openobserve: { url: "http://openobserve.tracing.svc:5080" } },
    /openobserve\.url: got "http:\/\/openobserve\.tracing\.svc:5080", want another namespace/,
  ],
  ...(
    [
      ["prometheus", "url"],
      ["prometheus", "remoteWriteUrl"],
      ["openobserve", "url"],
      ["grafana", "url"],
    ] as const
  ).flatMap(([section, key]): Refusal[] => [
    [
      `credentials in ${section}.${key}, and does not repeat them`,
      { [section]: { [key]: "https://admin:hunter2@prom.example.org:99999/x?token=hunter2" } },
      /url: got "https:\/\/…@prom\.example\.org:99999\/x\?…", want .*, without user and password/i,
    ],
    [
      `a query in ${section}.${key}, and does not repeat it`,
      { [section]: { [key]: "https://prom.example.org/?token=hunter2" } },
      /url: got "https:\/\/prom\.example\.org\/\?…", want .*, without "\?" and "#"/i,
    ],
    [
      `a variable in ${section}.${key}, which Tempo would fill in`,
      { [section]: { [key]: "https://prom.example.org/${HOME}" } },
      /url: got "https:\/\/prom\.example\.org\/\$\{HOME\}", want .*, without "\$\{"/i,
    ],
    [
      `a port in ${section}.${key} that is none`,
      { [section]: { [key]: "http://p.example.org:web" } },
      /url: got "http:\/\/p\.example\.org:web", want .*: a URL whose host and port are valid/i,
    ],
    [
      `a host in ${section}.${key} that is no name`,
      { [section]: { [key]: "http://p.x!y.svc" } },
      /url: got "http:\/\/p\.x!y\.svc", want .*: a URL whose host and port are valid/i,
    ],
  ]),
  [
    "a host with a label that begins with a dash",
    { prometheus: { url: "http://p.-x-.svc" } },
    /prometheus\.url: got .*, want .* host and port are valid/,
  ],
  [
    "credentials in the endpoint of S3, and does not repeat them",
    { tempo: { storage: { ...s3, bucket: "b", endpoint: "user:hunter2@s3.example.org" } } },
    /tempo\.storage\.endpoint: got "…@s3\.example\.org", want host\[:port\], without credentials/,
  ],
  ...["minio.x!y.svc:9000", "s3.example.org:web", "${S3}"].map((endpoint): Refusal => [
    `${endpoint} for the endpoint of S3`,
    { tempo: { storage: { ...s3, bucket: "b", endpoint } } },
    /tempo\.storage\.endpoint: got ".*", want a valid host\[:port\]/,
  ]),
  ...["${BUCKET}", "a b", "-b", "b/c", "x".repeat(223)].map((bucket): Refusal => [
    `${bucket.slice(0, 12)} for a bucket`,
    { tempo: { storage: { ...s3, bucket } } },
    /tempo\.storage\.bucket: got ".*, want the bucket's name/,
  ]),
  ...["my account", "${A}", "ab", "Acme"].map((account): Refusal => [
    `${account} for a storage account`,
    { tempo: { storage: { ...azure, account } } },
    /tempo\.storage\.account: got ".*", want the storage account: 3 to 24 lower-case letters and digits/,
  ]),
  ...["1ms", "1s", "1m", "59m", "0.4ms", "4000d"].map((retention): Refusal => [
    `${retention} for a retention`,
    { tempo: { retention } },
    /tempo\.retention: got ".*", want a duration from 1h to 3650d/,
  ]),
  ...["0.4ms", "2h", "36500d"].map((longestAnswer): Refusal => [
    `${longestAnswer} for the longest answer`,
    { tempo: { longestAnswer } },
    /tempo\.longestAnswer: got ".*", want a duration from 1s to 1h/,
  ]),
  [
    "traces that go before their last span came",
    { tempo: { retention: "1h", longestAnswer: "1h" } },
    /tempo\.retention: got "1h", want longer than tempo\.longestAnswer/,
  ],
  [
    "a slow request that is longer than the longest answer, and blames what was written",
    { tempo: { longestAnswer: "2s" }, slo: { latency: { under: "1s" } } },
    /tempo\.longestAnswer: got "2s", want at least applications\.slowRequest/,
  ],
  [
    "an objective that is longer than the longest answer, which every answer would keep",
    { tempo: { longestAnswer: "1m" }, slo: { latency: { under: "75s" } } },
    /slo\.latency\.under: got "75s", want at most tempo\.longestAnswer/,
  ],
  [
    "a longest answer that is shorter than the objective, and blames what was written",
    { tempo: { longestAnswer: "20s" } },
    /tempo\.longestAnswer: got "20s", want at least slo\.latency\.under/,
  ],
  [
    "a first token that may come after the last one",
    { slo: { firstToken: { under: "60s" } } },
    /slo\.firstToken\.under: got "60s", want at most slo\.latency\.under, which is to the last token/,
  ],
  [
    "a last token before the first",
    { slo: { latency: { under: "5s" }, firstToken: { under: "10s" } } },
    /slo\.firstToken\.under: got "10s", want at most slo\.latency\.under, which is to the last token/,
  ],
  [
    "alerts on a Tempo that Prometheus may not scrape: one would say for ever that it is down",
    { prometheus: { scrape: "none" } },
    /prometheus\.scrape: got "none", want that Prometheus finds Tempo, .*; or alerts\.rules: none/,
  ],
  ...[93.9, 100, 99.995, 0.995].flatMap((share): Refusal[] => [
    [
      `${share} % of requests that must not fail`,
      { slo: { availability: share } },
      /slo\.availability: got [\d.]+, want a share in percent from 94 to 99\.99/,
    ],
    [
      `${share} % of requests that must end in time`,
      { slo: { latency: { target: share } } },
      /slo\.latency\.target: got [\d.]+, want a share in percent from 94 to 99\.99/,
    ],
    [
      `${share} % of answers that must begin in time`,
      { slo: { firstToken: { target: share } } },
      /slo\.firstToken\.target: got [\d.]+, want a share in percent from 94 to 99\.99/,
    ],
  ]),
  ...["6d", "91d"].map((window): Refusal => [
    `${window} for the window of the objectives`,
    { slo: { window } },
    /slo\.window: got ".*", want a duration from 7d to 90d/,
  ]),
  ...[0, -1, 1.5, 1_000_001].map((minimumRequests): Refusal => [
    `${minimumRequests} requests from which on alerts speak`,
    { slo: { minimumRequests } },
    /slo\.minimumRequests: got -?[\d.]+, want a whole number from 1 to 1000000/,
  ]),
  ...[
    "runbooks of ours",
    "https://wiki.example.org/run books",
    "https://wiki.example.org/runbooks#tempodown",
    "https://reader:hunter2@wiki.example.org/runbooks",
    "https://reader:a/hunter2@wiki.example.org",
    "https://wiki.example.org/{{ $labels.alertname }}",
    "ftp://wiki.example.org/runbooks",
    "",
  ].map((runbooks): Refusal => [
    `${JSON.stringify(runbooks.replace("hunter2", "…"))} for where the runbooks are`,
    { alerts: { runbooks } },
    /alerts\.runbooks: got ".*", want the address of the runbooks/,
  ]),
  [
    "a template of Prometheus's in the address that alerts lead to",
    { grafana: { url: "https://grafana.example.org/{{x}}" } },
    /grafana\.url: got ".*", want .*, without .* and "\{\{", which Tempo and Prometheus would fill in/,
  ],
  ...[100_000_001, 4_294_967_296].map((maxActiveSeries): Refusal => [
    `${maxActiveSeries} series`,
    { tempo: { maxActiveSeries } },
    /tempo\.maxActiveSeries: got \d+, want a whole number from 1000 to 100000000/,
  ]),
  ...[
    "not an image",
    "grafana/tempo:",
    "a:b:c",
    "GRAFANA/Tempo:1",
    " ",
    "grafana/tempo:3.0.3\n",
    "grafana/tempo@sha256:beef",
  ].map((image): Refusal => [
    `${JSON.stringify(image)} for an image`,
    { tempo: { image } },
    /tempo\.image: got ".*", want an image reference such as/,
  ]),
  ...["grafana/tempo", "registry.example.org:5000/grafana/tempo"].map((image): Refusal => [
    `the image ${image}, which has neither tag nor digest`,
    { tempo: { image } },
    /tempo\.image: got ".*", want an image reference with a tag or a digest/,
  ]),
  ...(
    [
      ["https://registry.example.org/mirror", "a registry without a scheme"],
      ["user:hunter2@registry.example.org/mirror", "a registry without user and password"],
      ["hunter2@registry.example.org", "a registry without user and password"],
      ["registry.example.org/mirror:3.0.3", "a registry without a tag or digest"],
      [`registry.example.org/mirror@sha256:${"a".repeat(64)}`, "a registry without a tag or digest"],
      ["registry.example.org/mirror/", "a registry, with a path if any, such as"],
      ["registry.example.org:web/mirror", "a registry, with a path if any, such as"],
      ["registry.example.org/Mirror", "a registry, with a path if any, such as"],
      ["mirror/of-docker", "a registry, with a path if any, such as"],
      ["registry.example.org\n", "a registry, with a path if any, such as"],
      ["-.example.org", "a registry, with a path if any, such as"],
      ["", "a registry, with a path if any, such as"],
      [`registry.example.org/${"x".repeat(200)}`, "a registry, at most 200 characters"],
    ] as const
  ).map(([mirror, wanted]): Refusal => [
    `${JSON.stringify(mirror).slice(0, 40)} for a mirror`,
    { images: { mirror } },
    new RegExp(`images\\.mirror: got ".*, want ${wanted}`),
  ]),
  [
    "a demand for digests in a word that is none",
    { images: { requireDigest: "yes" } },
    /images\.requireDigest: got "yes", want true or false/,
  ],
  ...["{{x}}", "   ", "fast\n", "Fast"].map((storageClass): Refusal => [
    `${JSON.stringify(storageClass)} for a storage class`,
    { tempo: { volume: { storageClass } } },
    /tempo\.volume\.storageClass: got ".*", want a storage class: lower-case/,
  ]),
  ...["10", "0.5", "100m"].map((size): Refusal => [
    `a volume of ${size} bytes`,
    { tempo: { volume: { size } } },
    /tempo\.volume\.size: got ".*", want a Kubernetes quantity such as "20Gi"/,
  ]),
  [
    "cores in bytes",
    { tempo: { resources: { limits: { cpu: "2Gi" } } } },
    /tempo\.resources\.limits\.cpu: got "2Gi", want a Kubernetes quantity such as "500m"/,
  ],
  [
    "less memory than is asked for, and blames what was written",
    { tempo: { resources: { limits: { memory: "256Mi" } } } },
    /tempo\.resources\.limits\.memory: got "256Mi", want at least the request, 512Mi/,
  ],
  [
    "less memory than a collector needs for one request",
    { collector: { resources: { requests: { memory: "32Mi" }, limits: { memory: "63Mi" } } } },
    /collector\.resources\.limits\.memory: got "63Mi", want a Kubernetes quantity such as "2Gi", at least 64Mi/,
  ],
  [
    "a key of a Secret that Kubernetes refuses",
    { prometheus: { credentialsSecret: { name: "s", usernameKey: "the user" } } },
    /prometheus\.credentialsSecret\.usernameKey: got "the user", want the key of the user name: letters/,
  ],
  [
    "user name and password in one key",
    { prometheus: { credentialsSecret: { name: "s", usernameKey: "k", passwordKey: "k" } } },
    /prometheus\.credentialsSecret\.usernameKey: got "k", want another key than the other one's/,
  ],
  [
    "both keys of S3 in one",
    {
      tempo: {
        storage: { ...s3, bucket: "b", credentialsSecret: { name: "s", secretKeyKey: "AWS_ACCESS_KEY_ID" } },
      },
    },
    /credentialsSecret\.secretKeyKey: got …, want another key/,
  ],
  [
    "user and password in one variable of Grafana's",
    { openobserve: { passwordEnv: "OPENOBSERVE_USER" } },
    /openobserve\.passwordEnv: got …, want another variable/,
  ],
  ...[" ", "\t \n"].flatMap((blank) =>
    (
      [
        ["openobserve.organization", { openobserve: { organization: blank } }],
        ["openobserve.user", { openobserve: { user: blank } }],
        ["cluster.context", { cluster: { context: blank } }],
        ["cluster.name", { cluster: { name: blank } }],
        ["grafana.datasources.tempo.name", { grafana: { datasources: { tempo: { name: blank } } } }],
        ["tempo.storage.bucket", { tempo: { storage: { ...s3, bucket: blank } } }],
        ["tempo.storage.region", { tempo: { storage: { ...s3, bucket: "b", region: blank } } }],
        ["promotion.override", { cluster, promotion: { from: "staging", override: blank } }],
        ["tempo.acceptLoss", { tempo: { acceptLoss: blank } }],
      ] as const
    ).map(([key, given]): Refusal => [
      `${JSON.stringify(blank)} for ${key}`,
      given,
      new RegExp(
        `${key.replaceAll(".", "\\.")}: got ${JSON.stringify(JSON.stringify(blank)).slice(1, -1)}, want `,
      ),
    ]),
  ),
  [
    "an image's name of ten million characters, and does not repeat it",
    { tempo: { image: `r/${"x".repeat(10_000_000)}:1` } },
    /tempo\.image: got "r\/x{10,80}…, want an image reference, at most 500 characters/,
  ],
  [
    "a password where the name of its variable belongs, and does not repeat it",
    { openobserve: { passwordEnv: "hunter2!" } },
    /openobserve\.passwordEnv: got …, want the name of an environment variable/,
  ],
  [
    "a password in place of the Secret that holds it, and does not repeat it",
    { prometheus: { credentialsSecret: "hunter2" } },
    /prometheus\.credentialsSecret: got …, want a section/,
  ],
  ...["/etc", "../../etc", "..", "a/b", "a\\b", "x".repeat(190), "a\nb", "a\0", "  "].map(
    (folder): Refusal => [
      `${JSON.stringify(folder).slice(0, 20)} for a folder`,
      { grafana: { folder } },
      /grafana\.folder: got ".*, want a folder's title/,
    ],
  ),
  [
    "no labels of pods, which would be all pods of the namespace",
    { grafana: { podLabels: {} } },
    /grafana\.podLabels: got \{\}, want at least one label/,
  ],
  ...["a..b/c", "a.-b/c", `${"x".repeat(254)}/c`].map((key): Refusal => [
    `the label key ${key.slice(0, 12)}`,
    { grafana: { podLabels: { [key]: "v" } } },
    /grafana\.podLabels\..*: got "v", want a key of at most 63/,
  ]),
  [
    "a key that JavaScript would take for an object's ancestor",
    { grafana: { podLabels: JSON.parse('{"__proto__": {"app": "x"}, "app": "grafana"}') as object } },
    /grafana\.podLabels\.__proto__ is unknown/,
  ],
  [
    "annotations that Kubernetes has no room for",
    { tempo: { serviceAccountAnnotations: { a: "x".repeat(300_000) } } },
    /tempo\.serviceAccountAnnotations: got \{"a":"x+…, want annotations of at most 64 KiB/,
  ],
  [
    "two services of one name",
    { applications: { services: { openWebui: "x", litellm: "x" } } },
    /applications\.services\.openWebui: got "x", want another name/,
  ],
  ...["$user", "${x}", "[[user]]", "x".repeat(201), "\ud800", "a\0b"].map((litellm): Refusal => [
    `${JSON.stringify(litellm).slice(0, 12)} for a service's name`,
    { applications: { services: { litellm } } },
    /applications\.services\.litellm: got ".*, want a service name/,
  ]),
  [
    "a namespace twice",
    { applications: { namespaces: ["a", "a"] } },
    /applications\.namespaces: got \["a","a"\], want each namespace once/,
  ],
  [
    "uids that differ in case only",
    { grafana: { datasources: { ...uid("tempo", "a"), ...uid("prometheus", "A") } } },
    /grafana\.datasources\.prometheus\.uid: got "A", want a uid that no other data source has/,
  ],
  [
    "the uid that another has by default, and blames what was written",
    { grafana: { datasources: uid("tempo", "llm-tracing-prometheus") } },
    /grafana\.datasources\.tempo\.uid: got "llm-tracing-prometheus", want a uid that no other/,
  ],
  ...["..", "x".repeat(101)].map((from): Refusal => [
    `${from.slice(0, 12)} for a stack`,
    { cluster, promotion: { from } },
    /promotion\.from: got ".*, want the name of a stack/,
  ]),
  ...(
    [
      [
        { prometheus: { url: "https://u:a/hunter2@p.example.org" } },
        /prometheus\.url: got "https:\/\/…@p\.e/,
      ],
      [{ prometheus: { url: 'https://u:hunter2"@p.example.org' } }, /prometheus\.url: got "https:\/\/…@p\.e/],
      [
        { prometheus: { url: `https://u:${"x".repeat(1200)}hunter2@p.example.org` } },
        /prometheus\.url: got "https:\/\/…@p\.example\.org", want/,
      ],
      [{ tempo: { retention: { password: "hunter2" } } }, /tempo\.retention: got \{"password":"…"\}, want/],
      [{ prometheus: { credentialsSecret: "u:hunter2" } }, /credentialsSecret: got …, want a section/],
      [{ openobserve: { passwordEnv: "hunter2!" } }, /openobserve\.passwordEnv: got …, want the name/],
      [{ grafana: { folder: "Bearer hunter2hunter2" } }, /grafana\.folder: got …, want no secret/],
      [
        { openobserve: { user: "https://u:hunter2@p.example.org" } },
        /openobserve\.user: got "https:\/\/…@p\.example\.org", want no secret .* an address with a password/,
      ],
      [{ grafana: { podLabels: { password: "hunter2" } } }, /podLabels\.password: got …, want no secret/],
      [
        { tempo: { serviceAccountAnnotations: { "a/token": "hunter2" } } },
        /serviceAccountAnnotations\.a\/token: got …, want no secret/,
      ],
    ] as const
  ).map(([given, says], index): Refusal => [`a secret, and does not repeat it (${index})`, given, says]),
  [
    "what stands for a secret where there is none",
    { cluster: { name: "a [secret]" } },
    /cluster\.name: got "a \[secret\]", want no secret and nothing in place of one/,
  ],
  ...["openWebui", "litellm"].map((name): Refusal => [
    `an address for the service ${name}`,
    { applications: { services: { [name]: "https://p.example.org" } } },
    /applications\.services\..*: got "https:\/\/p\.example\.org", want a service name, which is no address/,
  ]),
  [
    "a key with a line break, which it shows in one line",
    { tempo: { "a\nb\u001b[2J": 1 } },
    /tempo\.a\\u000ab\\u001b\[2J is unknown/,
  ],
  [
    "a text that a terminal would obey, which it shows in one line",
    { grafana: { folder: "a\u0085\u202e" } },
    /grafana\.folder: got "a\\u0085\\u202e", want/,
  ],
  [
    "a key without end, and shows its beginning",
    { tempo: { ["x".repeat(5000)]: 1 } },
    /tempo\.x{200,300}… is unknown/,
  ],
  [
    "a key of another storage, and does not advise the same key",
    { tempo: { storage: { backend: "gcs", bucket: "b", region: "r" } } },
    /tempo\.storage\.region has no meaning with what is set beside it$/,
  ],
  [
    "a number that is none",
    { tempo: { maxActiveSeries: Number.NaN } },
    /tempo\.maxActiveSeries: got NaN, want a whole number/,
  ],
  [
    "a key of another section, and says where it belongs",
    { retention: "7d" },
    /llm-tracing:retention is unknown; did you mean tempo\.retention\?/,
  ],
  [
    "a key that is like no other",
    { tempo: { colour: "red" } },
    /llm-tracing:tempo\.colour is unknown; see docs\/settings\.md/,
  ],
];
