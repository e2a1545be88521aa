import assert from "node:assert/strict";
import { UserError } from "../../errors.ts";
import { parseSettings } from "../../settings.ts";

interface Refusal {
  readonly rule: string;
  readonly given: Record<string, unknown>;
  /** Key, value got and value wanted, as the operator reads them. */
  readonly says: RegExp;
}

const s3 = { backend: "s3", endpoint: "s3.example.org" };

const refusals: readonly Refusal[] = [
  {
    rule: "a stack without an environment",
    given: { environment: undefined },
    says: /environment: got nothing, want the environment's name/,
  },
  {
    rule: "an unknown section",
    given: { tempoo: {} },
    says: /llm-tracing:tempoo is unknown; see docs\/settings\.md/,
  },
  {
    rule: "an unknown key in a section",
    given: { tempo: { retenton: "7d" } },
    says: /llm-tracing:tempo\.retenton is unknown; see docs\/settings\.md/,
  },
  {
    rule: "an unknown key deep in a section",
    given: { tempo: { resources: { limits: { gpu: "1" } } } },
    says: /tempo\.resources\.limits\.gpu is unknown/,
  },
  {
    rule: "text where a section belongs",
    given: { tempo: "3.0" },
    says: /llm-tracing:tempo: got "3\.0", want a section with keys of its own/,
  },
  {
    rule: "an empty section in the file, which is null",
    given: { grafana: null },
    says: /llm-tracing:grafana: got null, want a section/,
  },
  {
    rule: "a number where text belongs",
    given: { openobserve: { organization: 7 } },
    says: /openobserve\.organization: got 7, want OpenObserve's organization/,
  },
  {
    rule: "text where true or false belongs",
    given: { namespace: { create: "yes" } },
    says: /namespace\.create: got "yes", want true or false/,
  },
  {
    rule: "one namespace where a list belongs",
    given: { applications: { namespaces: "litellm" } },
    says: /applications\.namespaces: got "litellm", want a list/,
  },
  {
    rule: "a duration without a unit",
    given: { tempo: { retention: 14 } },
    says: /tempo\.retention: got 14, want a duration such as "5s", "72h" or "14d"/,
  },
  {
    rule: "a duration in words",
    given: { tempo: { retention: "14 days" } },
    says: /tempo\.retention: got "14 days", want a duration/,
  },
  {
    rule: "a retention of nothing",
    given: { tempo: { retention: "0s" } },
    says: /tempo\.retention: got "0s", want a duration from 1ms/,
  },
  {
    rule: "a quantity with a unit Kubernetes does not know",
    given: { tempo: { volume: { size: "20GB" } } },
    says: /tempo\.volume\.size: got "20GB", want a Kubernetes quantity such as "20Gi"/,
  },
  {
    rule: "a request above its limit",
    given: { tempo: { resources: { requests: { memory: "4Gi" }, limits: { memory: "2Gi" } } } },
    says: /tempo\.resources\.requests\.memory: got "4Gi", want at most the limit, 2Gi/,
  },
  {
    rule: "more than one Tempo",
    given: { tempo: { replicas: 2 } },
    says: /tempo\.replicas: got 2, want 1: several monolithic Tempos/,
  },
  {
    rule: "no Tempo",
    given: { tempo: { replicas: 0 } },
    says: /tempo\.replicas: got 0, want 1/,
  },
  {
    rule: "a line of Tempo that is not supported",
    given: { tempo: { line: "2.8" } },
    says: /tempo\.line: got "2\.8", want a supported line/,
  },
  {
    rule: "fewer series than the generator needs",
    given: { tempo: { maxActiveSeries: 10 } },
    says: /tempo\.maxActiveSeries: got 10, want a whole number from 1000 up/,
  },
  {
    rule: "S3 without a bucket",
    given: { tempo: { storage: s3 } },
    says: /tempo\.storage\.bucket: got nothing, want the bucket's name/,
  },
  {
    rule: "S3 with an empty bucket",
    given: { tempo: { storage: { ...s3, bucket: "" } } },
    says: /tempo\.storage\.bucket: got "", want the bucket's name, not empty/,
  },
  {
    rule: "S3 with a URL for an endpoint",
    given: { tempo: { storage: { ...s3, bucket: "b", endpoint: "https://s3.example.org" } } },
    says: /tempo\.storage\.endpoint: got "https:\/\/s3\.example\.org", want host\[:port\]/,
  },
  {
    rule: "Google storage without a bucket",
    given: { tempo: { storage: { backend: "gcs" } } },
    says: /tempo\.storage\.bucket: got nothing, want the bucket's name/,
  },
  {
    rule: "Azure storage without a container",
    given: { tempo: { storage: { backend: "azure", account: "a" } } },
    says: /tempo\.storage\.container: got nothing, want the container's name/,
  },
  {
    rule: "a storage nobody has heard of",
    given: { tempo: { storage: { backend: "nfs" } } },
    says: /tempo\.storage\.backend: got "nfs", want a storage whose backend is "local", "s3", "gcs" or "azure"/,
  },
  {
    rule: "a latency threshold above the top bucket",
    given: { applications: { slowRequest: "301s" } },
    says: /applications\.slowRequest: got "301s", want one of the histogram's bounds: .*300s$/,
  },
  {
    rule: "a latency threshold between two buckets",
    given: { applications: { slowRequest: "6s" } },
    says: /applications\.slowRequest: got "6s", want one of the histogram's bounds/,
  },
  {
    rule: "an empty OpenObserve organization",
    given: { openobserve: { organization: "" } },
    says: /openobserve\.organization: got "", want OpenObserve's organization, not empty/,
  },
  {
    rule: "a log stream that would end its SQL name",
    given: { openobserve: { stream: 'logs" --' } },
    says: /openobserve\.stream: got "logs\\" --", want the name of a log stream/,
  },
  {
    rule: "a variable of Grafana's environment that has no such name",
    given: { openobserve: { passwordEnv: "O2-PASSWORD" } },
    says: /openobserve\.passwordEnv: got "O2-PASSWORD", want the name of an environment variable/,
  },
  {
    rule: "a label value over 63 characters",
    given: { grafana: { podLabels: { app: "x".repeat(64) } } },
    says: /grafana\.podLabels\.app: got "x{64}", want a label value, at most 63 characters/,
  },
  {
    rule: "a label value that begins with a dash",
    given: { prometheus: { podLabels: { app: "-x" } } },
    says: /prometheus\.podLabels\.app: got "-x", want a label value: letters/,
  },
  {
    rule: "a label key that Kubernetes refuses",
    given: { grafana: { podLabels: { "the app": "grafana" } } },
    says: /grafana\.podLabels\.the app: got "grafana", want a key of at most 63/,
  },
  {
    rule: "an annotation key that Kubernetes refuses",
    given: { tempo: { serviceAccountAnnotations: { "a b": "c" } } },
    says: /tempo\.serviceAccountAnnotations\.a b: got "c", want a key of at most 63/,
  },
  {
    rule: "an environment that is no label",
    given: { environment: "Dev" },
    says: /environment: got "Dev", want the environment's name: lower-case/,
  },
  {
    rule: "an environment over 63 characters",
    given: { environment: "x".repeat(64) },
    says: /environment: got "x{64}", want the environment's name, at most 63 characters/,
  },
  {
    rule: "an address without http://",
    given: { prometheus: { url: "prometheus:9090" } },
    says: /prometheus\.url: got "prometheus:9090", want .* an http:\/\/ or https:\/\/ URL/,
  },
  {
    rule: "an address with a port that is no number",
    given: { prometheus: { remoteWriteUrl: "http://prometheus:web/api" } },
    says: /prometheus\.remoteWriteUrl: got "http:\/\/prometheus:web\/api", want .* host and port are valid/,
  },
  {
    rule: "two data sources with one uid",
    given: { grafana: { datasources: { tempo: { uid: "a" }, prometheus: { uid: "a" } } } },
    says: /grafana\.datasources\.prometheus\.uid: got "a", want a uid that no other data source has/,
  },
  {
    rule: "two data sources with one name",
    given: { grafana: { datasources: { tempo: { name: "T" }, openobserve: { name: "T" } } } },
    says: /grafana\.datasources\.openobserve\.name: got "T", want a name that no other data source has/,
  },
  {
    rule: "delivery through the API without Grafana's address",
    given: { grafana: { delivery: "api" } },
    says: /grafana\.url: got nothing, want Grafana's address, because delivery is api/,
  },
];

describe("settings refuse", () => {
  for (const { rule, given, says } of refusals) {
    it(`${rule}, in one line`, () => {
      const [head, ...lines] = refusalOf({ environment: "dev", ...given }).split("\n");
      assert.equal(head, "The stack's settings have a problem:");
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0]!, says);
    });
  }

  it("all problems of a file at once, a line for each, in one message", () => {
    const message = refusalOf({
      enviroment: "dev",
      tempo: { retention: "forever", replicas: 3, volume: { size: "much" } },
      openobserve: { organization: "" },
      applications: { slowRequest: "1h" },
    });
    const lines = message.split("\n");
    assert.equal(lines[0], "The stack's settings have 7 problems:");
    const named = lines.slice(1).map((line) => /^ {2}- llm-tracing:([\w.]+)(:| is unknown)/.exec(line)?.[1]);
    assert.deepEqual(named.toSorted(), [
      "applications.slowRequest",
      "enviroment",
      "environment",
      "openobserve.organization",
      "tempo.replicas",
      "tempo.retention",
      "tempo.volume.size",
    ]);
  });

  it("without repeating a value that is long", () => {
    const message = refusalOf({ environment: "dev", tempo: { image: ["x".repeat(500)] } });
    assert.match(message, /tempo\.image: got \["x{70,}…, want an image reference/);
    assert.ok(message.length < 200);
  });
});

function refusalOf(values: unknown): string {
  try {
    parseSettings(values);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail("the settings were accepted");
}
