import assert from "node:assert/strict";
import manifest from "../../package.json" with { type: "json" };
import { environments } from "../../engine/stack-files.ts";
import { objectOf, run, type Run } from "./run.ts";

const api = [
  "applicationEnv",
  "bundleDigest",
  "collectorImage",
  "dashboards",
  "datasourceUids",
  "environment",
  "otlp",
  "promotion",
  "stackVersion",
  "stored",
  "tempo",
  "tempoImage",
];

describe("the stack's outputs", () => {
  for (const environment of environments()) {
    it(`are exactly the declared ones in ${environment}, each known before anything is created`, async () => {
      const { outputs } = await run(environment);
      assert.deepEqual(Object.keys(outputs).toSorted(), api);
      assert.equal(outputs.environment, environment);
      assert.equal(outputs.stackVersion, manifest.version);
      assert.equal(JSON.stringify(outputs), JSON.stringify(structuredClone(outputs)));
    });
  }

  const portsOf = (result: Run, name: string) => {
    const { metadata, spec } = objectOf(result, "Service", name);
    const { ports } = spec as { ports: { name: string; port: number }[] };
    assert.equal(metadata.namespace, "observability");
    return (port: string) => ports.find((each) => each.name === port)?.port;
  };

  for (const [door, sections] of [
    ["otel", {}],
    ["tempo", { collector: { enabled: false }, privacy: { mode: "off", reason: "no collector" } }],
  ] as const) {
    it(`say where ${door} takes OTLP, and Tempo is asked: ports that their Services open, in the namespace they are in`, async () => {
      const result = await run("dev", { namespace: { name: "observability" }, ...sections });
      const [own, tempo] = [portsOf(result, door), portsOf(result, "tempo")];
      const otlp = (name: string, port: typeof own) => ({
        grpc: `http://${name}.observability.svc:${port("otlp-grpc")}`,
        http: `http://${name}.observability.svc:${port("otlp-http")}`,
      });
      assert.deepEqual(result.outputs.otlp, otlp(door, own));
      assert.deepEqual(result.outputs.tempo, {
        url: `http://tempo.observability.svc:${tempo("http")}`,
        otlp: otlp("tempo", tempo),
      });
    });
  }

  for (const [section, name, output] of [
    ["tempo", "tempo", "tempoImage"],
    ["collector", "otel", "collectorImage"],
  ] as const) {
    it(`name the image of ${name} as its pod does`, async () => {
      const image = `acme/${name}:3.0.3@sha256:${"a".repeat(64)}`;
      const result = await run("dev", {
        images: { mirror: "registry.example.org/mirror" },
        [section]: { image },
      });
      const { template } = objectOf(result, "StatefulSet", name).spec as {
        template: { spec: { containers: { image: string }[] } };
      };
      assert.equal(result.outputs[output], `registry.example.org/mirror/${image}`);
      assert.equal(template.spec.containers[0]!.image, result.outputs[output]);
    });
  }

  it("send each application's spans here under the name the settings give it", async () => {
    const services = { openWebui: "chat", litellm: "gateway" };
    const { outputs } = await run("staging", { applications: { services } });
    const { openWebui, litellm } = outputs.applicationEnv;
    assert.equal(openWebui["OTEL_SERVICE_NAME"], "chat");
    assert.equal(openWebui["OTEL_OTLP_SPAN_EXPORTER"], "grpc");
    assert.equal(openWebui["OTEL_EXPORTER_OTLP_ENDPOINT"], outputs.otlp.grpc);
    assert.equal(litellm["OTEL_SERVICE_NAME"], "gateway");
    assert.equal(litellm["OTEL_EXPORTER"], "otlp_http");
    assert.equal(litellm["OTEL_ENDPOINT"], outputs.otlp.http);
    assert.equal(litellm["OTEL_ENVIRONMENT_NAME"], "staging");
  });

  for (const clientCertificates of [false, true]) {
    it(`send spans over TLS where it is set, ${clientCertificates ? "with" : "without"} a certificate of their own`, async () => {
      const { outputs } = await run("dev", {
        tempo: { otlpTls: { secretName: "otlp", clientCertificates } },
      });
      assert.deepEqual(outputs.tempo, {
        url: "http://tempo.tracing.svc:3200",
        otlp: { grpc: "https://tempo.tracing.svc:4317", http: "https://tempo.tracing.svc:4318" },
      });
      assert.deepEqual(outputs.otlp, {
        grpc: "https://otel.tracing.svc:4317",
        http: "https://otel.tracing.svc:4318",
      });
      const { openWebui, litellm } = outputs.applicationEnv;
      assert.equal(openWebui["OTEL_EXPORTER_OTLP_INSECURE"], "false");
      for (const application of [openWebui, litellm]) {
        const files = Object.entries(application).filter(([name]) => /CERTIFICATE|CLIENT_KEY/.test(name));
        assert.deepEqual(Object.fromEntries(files), {
          OTEL_EXPORTER_OTLP_CERTIFICATE: "/etc/otlp-tls/ca.crt",
          ...(clientCertificates && {
            OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "/etc/otlp-tls/tls.crt",
            OTEL_EXPORTER_OTLP_CLIENT_KEY: "/etc/otlp-tls/tls.key",
          }),
        });
      }
    });
  }

  it("ask the applications for logs where a store takes them", async () => {
    const { openWebui, litellm } = (
      await run("dev", { openobserve: { credentialsSecret: { name: "openobserve-writer" } } })
    ).outputs.applicationEnv;
    assert.equal(openWebui["ENABLE_OTEL_LOGS"], "true");
    assert.equal(litellm["LITELLM_OTEL_INTEGRATION_ENABLE_EVENTS"], "true");
    assert.equal(litellm["LITELLM_LOG"], "INFO");
  });

  it("ask the applications for traces and metrics, in both conventions, and for no prompt or answer", async () => {
    const { openWebui, litellm } = (await run()).outputs.applicationEnv;
    for (const application of [openWebui, litellm]) {
      assert.equal(application["OTEL_SEMCONV_STABILITY_OPT_IN"], "http/dup,database/dup");
    }
    assert.equal(openWebui["ENABLE_OTEL_METRICS"], "true");
    assert.equal(litellm["LITELLM_OTEL_INTEGRATION_ENABLE_METRICS"], "true");
    for (const application of [openWebui, litellm]) {
      assert.equal(application["OTEL_EXPERIMENTAL_RESOURCE_DETECTORS"], "host,process");
    }
    assert.equal(openWebui["ENABLE_OTEL_LOGS"], "false");
    assert.equal(litellm["LITELLM_OTEL_INTEGRATION_ENABLE_EVENTS"], undefined);
    assert.equal(litellm["LITELLM_OTEL_V2"], "true");
    assert.equal(litellm["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"], "no_content");
  });

  it("name each dashboard by the uid its file has, at the address Grafana gives it", async () => {
    const result = await run();
    const named = ["llm-tracing-dashboard", "llm-trace-dashboard", "llm-tracing-health-dashboard"].map(
      (name) => {
        const file = objectOf(result, "ConfigMap", name).data![`${name}.json`]!;
        const { uid, title } = JSON.parse(file) as { uid: string; title: string };
        return { uid, title, path: `/d/${uid}` };
      },
    );
    assert.deepEqual(result.outputs.dashboards, named);
  });
});
