import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { collectorArgs } from "../../assembly/wiring.ts";
import { collectorConfig } from "../../components/collector/config.ts";
import { collectorOverlay, type CollectorPlace } from "../../sandbox/collector-overlay.ts";
import { parseSettings } from "../../settings.ts";
import { flat } from "../components/tempo/flat.ts";

const place = {
  folder: "/home/me/.sandbox/otel-0",
  ports: { otlpGrpc: 30001, otlpHttp: 30002, metrics: 30003, health: 30004 },
  tempoUrl: "http://127.0.0.1:30005",
  prometheusUrl: "http://127.0.0.1:30006",
};

const tls = { tempo: { otlpTls: { secretName: "tls", clientCertificates: true } } };

function overlaid(sections: Record<string, unknown>, more: Partial<CollectorPlace> = {}) {
  const args = collectorArgs(parseSettings({ environment: "dev", ...sections }));
  const deployed = stringify(collectorConfig(args));
  const here = collectorOverlay(deployed, { ...place, ...more });
  return { before: flat(parse(deployed)), after: flat(parse(here)) };
}

describe("the collector's configuration in the sandbox", () => {
  it("has addresses and files of its own, and is otherwise as deployed", () => {
    const { before, after } = overlaid({});
    const metrics = "service.telemetry.metrics.readers.0.pull.exporter.prometheus";
    assert.deepEqual(Object.fromEntries([...after].filter(([key, value]) => before.get(key) !== value)), {
      "extensions.health_check.endpoint": "127.0.0.1:30004",
      "extensions.file_storage.directory": "/home/me/.sandbox/otel-0",
      "extensions.file_storage.compaction.directory": "/home/me/.sandbox/otel-0",
      "receivers.otlp.protocols.grpc.endpoint": "127.0.0.1:30001",
      "receivers.otlp.protocols.http.endpoint": "127.0.0.1:30002",
      "exporters.otlp_http/tempo.endpoint": "http://127.0.0.1:30005",
      "exporters.prometheus_remote_write.http.endpoint": "http://127.0.0.1:30006/api/v1/write",
      [`${metrics}.host`]: "127.0.0.1",
      [`${metrics}.port`]: 30003,
    });
    assert.deepEqual([...before.keys()].toSorted(), [...after.keys()].toSorted());
  });

  it("speaks plain text, or with certificates that are given, where TLS is deployed", () => {
    const { before, after } = overlaid(tls);
    assert.ok([...before.keys()].some((key) => key.includes(".tls.")));
    assert.deepEqual(
      [...after.keys()].filter((key) => key.includes(".tls.")),
      [],
    );
    const given = [...overlaid(tls, { tlsFolder: "/home/me/tls" }).after].filter(([key]) =>
      key.endsWith("_file"),
    );
    assert.deepEqual([...new Set(given.map(([, file]) => file))].toSorted(), [
      "/home/me/tls/ca.crt",
      "/home/me/tls/tls.crt",
      "/home/me/tls/tls.key",
    ]);
  });

  it("leaves credentials to the environment, as they are deployed", () => {
    const { before, after } = overlaid({ prometheus: { credentialsSecret: { name: "remote-write" } } });
    const secret = [...before].filter(([, value]) => /^\$\{env:REMOTE_WRITE_\w+\}$/.test(String(value)));
    assert.equal(secret.length, 2);
    assert.deepEqual(
      secret.map(([key]) => [key, after.get(key)]),
      secret,
    );
    assert.deepEqual([...before.keys()].toSorted(), [...after.keys()].toSorted());
  });

  it("listens and sends nowhere else", () => {
    const text = [...overlaid({}).after].map(([key, value]) => `${key}: ${String(value)}`).join("\n");
    assert.doesNotMatch(text, /0\.0\.0\.0|\/var\/otelcol|\.svc/);
  });
});
