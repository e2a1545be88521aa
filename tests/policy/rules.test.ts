import assert from "node:assert/strict";
import { environments } from "../../engine/stack-files.ts";
import { judge } from "../../policy/check.ts";
import { contextOf, type Context } from "../../policy/context.ts";
import { exceptions, type Exception } from "../../policy/exceptions.ts";
import type { KubernetesObject } from "../../policy/rule.ts";
import { rules } from "../../policy/rules.ts";
import { run, type Run, type Sections } from "../program/run.ts";
import { violations } from "./violations.ts";

const today = new Date("2026-11-25");

const objectsOf = ({ kubernetes }: Run) => kubernetes as unknown as KubernetesObject[];

const complaintsOf = (objects: readonly KubernetesObject[], context: Context, excepted = exceptions) =>
  judge(objects, context, { exceptions: excepted, today }).complaints.map(
    ({ rule, object, found }) => `${rule.id}: ${object}: ${found}`,
  );

/** Settings that change what is rendered, each in a way of its own. */
const variants: Readonly<Record<string, Sections>> = {
  "an older line of Tempo": { tempo: { line: "2.10" } },
  "an image of another registry": { tempo: { image: "registry.example.org:5000/tempo:3.0.3" } },
  "a mirror": { images: { mirror: "registry.example.org:5000/mirror" } },
  "a mirror, and an image that has to be pinned": {
    images: { mirror: "registry.example.org", requireDigest: true },
    tempo: { image: `docker.io/grafana/tempo:3.0.4@sha256:${"a".repeat(64)}` },
    collector: { image: `docker.io/otel/opentelemetry-collector-contrib:0.159.1@sha256:${"b".repeat(64)}` },
  },
  "S3 in the cluster": { tempo: { storage: s3("minio.minio.svc:9000", { insecure: true }) } },
  "S3 outside": { tempo: { storage: s3("s3.eu-central-1.amazonaws.com", { region: "eu-central-1" }) } },
  "S3 with credentials": { tempo: { storage: s3("s3.example.org", { credentialsSecret: { name: "s3" } }) } },
  "Google's storage": { tempo: { storage: { backend: "gcs", bucket: "traces" } } },
  "Azure's storage": { tempo: { storage: { backend: "azure", container: "traces", account: "account" } } },
  "S3 with Pod Identity": { tempo: { storage: s3("s3.eu-central-1.amazonaws.com", { podIdentity: true }) } },
  "S3 behind a Service that maps its port": { tempo: { storage: s3("minio.minio.svc", { podPort: 9443 }) } },
  "no collector": { collector: { enabled: false }, privacy: { mode: "off", reason: "no collector" } },
  "TLS for spans": { tempo: { otlpTls: { secretName: "otlp", clientCertificates: true } } },
  "labels of the applications' pods": {
    applications: { namespaces: ["ai"], podLabels: [{ app: "open-webui" }, { app: "litellm" }] },
  },
  "Prometheus behind a Service that maps its port": {
    prometheus: { url: "http://prometheus-server.monitoring.svc", podPort: 9090 },
  },
  "a namespace of another's": { namespace: { name: "observability", create: false } },
  "one namespace for all": {
    namespace: { name: "monitoring", create: false },
    applications: { namespaces: ["monitoring"] },
  },
  "Prometheus outside": {
    prometheus: {
      url: "https://prometheus.example.org",
      remoteWriteUrl: "https://mimir.example.org:8443/push",
    },
  },
  "Prometheus with credentials": { prometheus: { credentialsSecret: { name: "remote-write" } } },
  "logs, to a Service": { openobserve: { credentialsSecret: { name: "logs" } } },
  "logs, to a Service that maps its port": {
    openobserve: {
      url: "http://openobserve.logging.svc",
      podPort: 5080,
      podLabels: { app: "openobserve" },
      credentialsSecret: { name: "logs" },
    },
  },
  "logs, to the world outside": {
    openobserve: { url: "https://logs.example.org/o2", credentialsSecret: { name: "logs" } },
  },
  "Prometheus in a namespace of its own": {
    prometheus: {
      url: "http://prometheus.metrics:9090",
      namespace: "metrics",
      podLabels: { app: "prometheus" },
    },
  },
  "DNS elsewhere": { cluster: { dnsAddresses: ["10.96.0.10/32", "fd00::a/128"] } },
  "Grafana's API": {
    grafana: { delivery: "api", url: "https://grafana.example.org" },
    openobserve: { user: "reader" },
  },
  "Grafana's address": { grafana: { url: "https://grafana.example.org/grafana" } },
  "workload identity": {
    tempo: {
      serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/tempo" },
    },
  },
};

function s3(endpoint: string, more: object) {
  return { backend: "s3", bucket: "traces", endpoint, ...more };
}

describe("the policies", () => {
  for (const environment of environments()) {
    it(`find nothing in ${environment}`, async () => {
      const result = await run(environment);
      const context = contextOf(result.settings, { forGitOps: true });
      assert.deepEqual(complaintsOf(objectsOf(result), context), []);
    });
  }

  for (const [what, sections] of Object.entries(variants)) {
    it(`find nothing where settings have ${what}`, async () => {
      const password: Sections = what === "Grafana's API" ? { openobservePassword: "kept-in-the-stack" } : {};
      const result = await run("dev", { ...sections, ...password });
      assert.deepEqual(complaintsOf(objectsOf(result), contextOf(result.settings)), []);
    });
  }
});

describe("each policy", () => {
  let objects: readonly KubernetesObject[];
  let context: Context;

  before(async () => {
    const result = await run("prod", {
      collector: { image: `otel/opentelemetry-collector-contrib:0.159.0@sha256:${"b".repeat(64)}` },
    });
    objects = objectsOf(result);
    context = contextOf(result.settings, { forGitOps: true });
  });

  for (const { rule, what, change, context: more, says } of violations) {
    it(`${rule} finds ${what}`, () => {
      const found = complaintsOf(change(objects), { ...context, ...more });
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0]!, new RegExp(`^${rule}: `));
      assert.match(found[0]!, says);
    });
  }

  it("has a violation here", () => {
    const tried = new Set(violations.map(({ rule }) => rule));
    assert.deepEqual(
      rules.map(({ id }) => id).filter((id) => !tried.has(id)),
      [],
    );
  });

  it("has a name of its own, and says what it protects and what to do", () => {
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    for (const { id, protects, remedy } of rules) {
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
      assert.match(protects, /^\S.*[^.]$/, id);
      assert.match(remedy, /^[A-Z].*\.$/s, id);
    }
  });

  it("finds a violation whatever the environment", async () => {
    const dev = await run("dev");
    const { change } = violations.find(({ rule }) => rule === "read-only-root")!;
    assert.equal(complaintsOf(change(objectsOf(dev)), contextOf(dev.settings)).length, 1);
  });

  it("spares what is excepted until the day that it says, and that object alone", () => {
    const { change } = violations.find(({ rule }) => rule === "read-only-root")!;
    const exception = (more: Partial<Exception>): Exception[] => [
      {
        rule: "read-only-root",
        object: "StatefulSet tracing/tempo",
        reason: "a test",
        until: "2026-11-25",
        ...more,
      },
    ];
    assert.deepEqual(complaintsOf(change(objects), context, exception({})), []);
    assert.match(
      complaintsOf(change(objects), context, exception({ until: "2026-11-24" }))[0]!,
      /its exception ended with 2026-11-24$/,
    );
    assert.match(
      complaintsOf(change(objects), context, exception({ until: "tomorrow" }))[0]!,
      /its exception ended with tomorrow$/,
    );
    assert.equal(
      complaintsOf(change(objects), context, exception({ object: "StatefulSet tracing/t" })).length,
      1,
    );
    assert.equal(complaintsOf(change(objects), context, exception({ rule: "no-token" })).length, 1);
  });
});
