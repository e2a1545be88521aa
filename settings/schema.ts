import { z } from "zod";
import { latencyBoundsSeconds } from "../telemetry/generator.ts";
import { duration, quantity, want } from "./units.ts";

const dnsLabel = (what: string) =>
  z
    .string(want(what))
    .max(63, want(`${what}, at most 63 characters`))
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, want(`${what}: lower-case letters, digits and "-"`));

const text = (what: string) => z.string(want(what)).min(1, want(`${what}, not empty`));

const url = (what: string) =>
  z
    .string(want(what))
    .regex(/^https?:\/\/[^/\s]+(\/\S*)?$/, { ...want(`${what}: an http:// or https:// URL`), abort: true })
    .refine((value) => URL.canParse(value), want(`${what}: a URL whose host and port are valid`))
    .transform((value) => value.replace(/\/+$/, ""));

const labelValue = z
  .string(want("a label value"))
  .max(63, want("a label value, at most 63 characters"))
  .regex(
    /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
    want("a label value: letters, digits, and -_. between them"),
  );

const keyPattern = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Labels or annotations of a Kubernetes object. */
const metadata = (value: z.ZodString) =>
  z.record(z.string().regex(keyPattern), value, {
    error: ({ code }) =>
      code === "invalid_key"
        ? "a key of at most 63 letters, digits and -_., after a domain and a slash if any"
        : undefined,
  });

const podLabels = (defaults: Record<string, string>, who: string) =>
  metadata(labelValue).default(defaults).describe(`Labels of ${who} pods, for the NetworkPolicy.`);

const uid = (id: string) =>
  z
    .string(want("a data source uid"))
    .regex(/^[A-Za-z0-9_-]{1,40}$/, want("a data source uid: at most 40 letters, digits, - and _"))
    .default(id)
    .describe("Grafana's uid of it. Two with one uid keep Grafana from starting.");

const datasource = (id: string, name: string) =>
  z
    .strictObject({
      uid: uid(id),
      name: text("a name")
        .default(name)
        .describe("Its name in Grafana; one of the same name is overwritten."),
    })
    .prefault({})
    .describe(`The ${name.replace(/ \(.*/, "")} data source.`);

const secretKey = (what: string, key: string) =>
  text(`the key of ${what}`).default(key).describe(`Key of the Secret that holds ${what}.`);

const storage = z
  .discriminatedUnion(
    "backend",
    [
      z.strictObject({ backend: z.literal("local").describe("Blocks on the data volume.") }),
      z.strictObject({
        backend: z.literal("s3").describe("Blocks in S3 or what speaks its protocol."),
        bucket: text("the bucket's name").describe("Bucket; must exist. No default: it is yours."),
        endpoint: text("host[:port] of the S3 API, without a scheme")
          .regex(/^[^/\s]+$/, { ...want("host[:port] of the S3 API, without a scheme"), abort: true })
          .refine((host) => URL.canParse(`https://${host}`), want("a valid host[:port]"))
          .describe(
            "Host of the S3 API, such as s3.eu-central-1.amazonaws.com. No default: it depends on the region.",
          ),
        region: text("a region").optional().describe("Region, where the endpoint does not tell."),
        insecure: z.boolean(want("true or false")).default(false).describe("Plain HTTP."),
        pathStyle: z
          .boolean(want("true or false"))
          .default(false)
          .describe("Bucket in the path: MinIO, SeaweedFS, Ceph."),
        credentialsSecret: z
          .strictObject({
            name: dnsLabel("the name of a Secret in Tempo's namespace").describe("The Secret."),
            accessKeyKey: secretKey("the access key id", "AWS_ACCESS_KEY_ID"),
            secretKeyKey: secretKey("the secret access key", "AWS_SECRET_ACCESS_KEY"),
          })
          .optional()
          .describe("Secret with the keys. Default: workload identity (serviceAccountAnnotations)."),
      }),
      z.strictObject({
        backend: z.literal("gcs").describe("Blocks in Google Cloud Storage, by workload identity."),
        bucket: text("the bucket's name").describe("Bucket; must exist. No default: it is yours."),
      }),
      z.strictObject({
        backend: z.literal("azure").describe("Blocks in Azure Blob Storage, by workload identity."),
        container: text("the container's name").describe("Container; must exist. No default: it is yours."),
        account: text("the storage account").describe("Storage account. No default: it is yours."),
      }),
    ],
    want('a storage whose backend is "local", "s3", "gcs" or "azure"'),
  )
  .default({ backend: "local" })
  .describe(
    "Where trace blocks are kept. The data volume is needed with each: the newest minute exists only there.",
  );

const amounts = (defaults: { cpu: string; memory: string; ephemeralStorage: string }) =>
  z
    .strictObject({
      cpu: quantity("500m").prefault(defaults.cpu).describe("CPU."),
      memory: quantity("2Gi").prefault(defaults.memory).describe("Memory."),
      ephemeralStorage: quantity("256Mi").prefault(defaults.ephemeralStorage).describe("Ephemeral storage."),
    })
    .prefault({});

const resources = z
  .strictObject({
    requests: amounts({ cpu: "250m", memory: "512Mi", ephemeralStorage: "64Mi" }).describe(
      "What Tempo is sure to get.",
    ),
    limits: amounts({ cpu: "2", memory: "2Gi", ephemeralStorage: "256Mi" }).describe("The most it may take."),
  })
  .superRefine(({ requests, limits }, context) => {
    for (const key of ["cpu", "memory", "ephemeralStorage"] as const) {
      if (requests[key].amount > limits[key].amount) {
        context.addIssue({
          code: "custom",
          path: ["requests", key],
          message: `at most the limit, ${limits[key].text}`,
        });
      }
    }
  })
  .prefault({})
  .describe("CPU, memory and scratch space of the Tempo container.");

const tempo = z.strictObject({
  line: z
    .enum(["3.0", "2.10"], want('a supported line of Tempo: "3.0" or "2.10"'))
    .default("3.0")
    .describe(
      "Line of Tempo; its newest release known to this version is run. There is no way back from 3.0 to 2.10 with the same data.",
    ),
  image: text("an image reference")
    .optional()
    .describe("Image in place of the line's own: a mirror, or pinned by digest."),
  replicas: z
    .literal(1, want("1: several monolithic Tempos would each schedule the same compactions"))
    .default(1)
    .describe("Replicas. Only 1 is supported by Tempo's monolithic mode."),
  retention: duration().prefault("14d").describe("How long traces are kept."),
  longestAnswer: duration()
    .prefault("3m")
    .describe(
      "Longest time a model may take to answer. Tempo waits that long for the second half of a call in the service graph, " +
        "and Ollama appears there that much later.",
    ),
  maxActiveSeries: z
    .int(want("a whole number from 1000 up"))
    .min(1000, want("a whole number from 1000 up"))
    .default(50000)
    .describe("Most metric series the generator may keep; what exceeds it is counted as overflow."),
  storage,
  volume: z
    .strictObject({
      size: quantity("20Gi").prefault("20Gi").describe("Size of the data volume."),
      storageClass: text("a storage class").optional().describe("Storage class. Default: the cluster's."),
      protect: z
        .boolean(want("true or false"))
        .default(false)
        .describe(
          "Refuse every update that would delete the volume. It outlives `pulumi destroy` in any case.",
        ),
    })
    .prefault({})
    .describe("The data volume at /var/tempo."),
  resources,
  serviceAccountAnnotations: metadata(z.string(want("text")))
    .default({})
    .describe("Annotations of the ServiceAccount, for workload identity (IRSA and its like)."),
});

const prometheus = z.strictObject({
  url: url("the address of Prometheus as Grafana reaches it")
    .default("http://prometheus-operated.monitoring.svc:9090")
    .describe(
      "Prometheus, as Grafana asks it. The default is there in every kube-prometheus-stack in namespace monitoring.",
    ),
  remoteWriteUrl: url("the remote-write address")
    .optional()
    .describe("Where Tempo writes its metrics. Default: /api/v1/write of url."),
  namespace: dnsLabel("Prometheus's namespace")
    .default("monitoring")
    .describe("Namespace Prometheus runs in."),
  podLabels: podLabels({ "app.kubernetes.io/name": "prometheus" }, "Prometheus's"),
  credentialsSecret: z
    .strictObject({
      name: dnsLabel("the name of a Secret in Tempo's namespace").describe("The Secret."),
      usernameKey: secretKey("the user name", "username"),
      passwordKey: secretKey("the password", "password"),
    })
    .optional()
    .describe("Secret with the basic-auth credentials of the remote write. Default: none are sent."),
});

const envName = (name: string, what: string) =>
  z
    .string(want("the name of an environment variable"))
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, want("the name of an environment variable"))
    .default(name)
    .describe(`Environment variable of Grafana that holds ${what}.`);

const openobserve = z.strictObject({
  url: url("the address of OpenObserve as Grafana reaches it")
    .default("http://openobserve.openobserve.svc:5080")
    .describe("OpenObserve, as Grafana asks it."),
  organization: text("OpenObserve's organization")
    .default("default")
    .describe("Organization that holds the logs."),
  stream: z
    .string(want("the name of a log stream"))
    .regex(/^[A-Za-z0-9_]+$/, want("the name of a log stream: letters, digits and _"))
    .default("default")
    .describe("Stream that holds the logs of Open WebUI and LiteLLM."),
  user: text("a user's name").optional().describe("User Grafana asks as. Default: taken from userEnv."),
  userEnv: envName("OPENOBSERVE_USER", "the user"),
  passwordEnv: envName(
    "OPENOBSERVE_PASSWORD",
    "the password; unused when the secret openobservePassword is set",
  ),
});

const grafana = z
  .strictObject({
    namespace: dnsLabel("Grafana's namespace").default("monitoring").describe("Namespace Grafana runs in."),
    podLabels: podLabels({ "app.kubernetes.io/name": "grafana" }, "Grafana's"),
    delivery: z
      .enum(["sidecar", "api"], want('"sidecar" or "api"'))
      .default("sidecar")
      .describe(
        "How data sources and dashboards reach Grafana: labelled Secret and ConfigMaps that its sidecars load, or its HTTP " +
          "API (credentials in GRAFANA_AUTH), which cannot carry the trace-to-logs buttons.",
      ),
    url: url("Grafana's own address")
      .optional()
      .describe(
        "Grafana's address, for absolute links; needed for delivery api. Default: links relative to Grafana.",
      ),
    folder: text("a folder's title").default("Tracing").describe("Folder of the dashboards."),
    datasources: z
      .strictObject({
        tempo: datasource("llm-tracing-tempo", "Tempo"),
        prometheus: datasource("llm-tracing-prometheus", "Prometheus (LLM tracing)"),
        openobserve: datasource("llm-tracing-openobserve", "OpenObserve"),
      })
      .superRefine((sources, context) => {
        for (const field of ["uid", "name"] as const) {
          const values = Object.values(sources).map((source) => source[field]);
          Object.keys(sources).forEach((key, index) => {
            if (values.indexOf(values[index]!) < index) {
              context.addIssue({
                code: "custom",
                path: [key, field],
                message: `a ${field} that no other data source has`,
              });
            }
          });
        }
      })
      .prefault({})
      .describe("Names and uids of the three data sources."),
  })
  .superRefine((value, context) => {
    if (value.delivery === "api" && !value.url) {
      context.addIssue({
        code: "custom",
        path: ["url"],
        message: "Grafana's address, because delivery is api",
      });
    }
  });

const applications = z.strictObject({
  namespaces: z
    .array(dnsLabel("a namespace"), want("a list of namespaces"))
    .min(1, want("at least one namespace"))
    .default(["open-webui", "litellm"])
    .describe("Namespaces whose pods may send traces to Tempo."),
  services: z
    .strictObject({
      openWebui: text("a service name").default("open-webui").describe("OTEL_SERVICE_NAME of Open WebUI."),
      litellm: text("a service name").default("litellm").describe("OTEL_SERVICE_NAME of LiteLLM."),
    })
    .prefault({})
    .describe("Names under which the applications send their spans."),
  slowRequest: duration()
    .refine(({ seconds }) => latencyBoundsSeconds.includes(seconds), {
      error: `one of the histogram's bounds: ${latencyBoundsSeconds.map((bound) => `${bound}s`).join(", ")}`,
    })
    .prefault("5s")
    .describe("A request that takes longer is slow."),
});

/** Every setting of a stack, with what it means and what it is when not given. */
export const schema = z.strictObject({
  environment: dnsLabel("the environment's name").describe(
    "Name of the environment, such as dev or prod. No default: two environments must not share one by accident.",
  ),
  cluster: z
    .strictObject({
      context: text("a kubeconfig context")
        .optional()
        .describe("Context of the kubeconfig. Default: its current one."),
      name: text("a name")
        .optional()
        .describe(
          "Identity of the cluster. Another name means another cluster: all is created anew. Default: environment.",
        ),
    })
    .prefault({})
    .describe("The Kubernetes cluster."),
  namespace: z
    .strictObject({
      name: dnsLabel("a namespace").default("tracing").describe("Namespace of Tempo."),
      create: z
        .boolean(want("true or false"))
        .default(true)
        .describe("Create it, with pod security restricted and traffic denied by default. False: it exists."),
    })
    .prefault({})
    .describe("Where Tempo runs."),
  tempo: tempo.prefault({}).describe("Grafana Tempo."),
  prometheus: prometheus.prefault({}).describe("The Prometheus that stores the metrics made from traces."),
  openobserve: openobserve.prefault({}).describe("The OpenObserve that holds the logs."),
  grafana: grafana.prefault({}).describe("The Grafana that shows it all."),
  applications: applications.prefault({}).describe("The applications that are traced."),
});

/** The settings of one stack, checked, with defaults filled in. */
export type Settings = z.infer<typeof schema>;
