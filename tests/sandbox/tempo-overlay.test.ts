import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { tempoArgs } from "../../assembly/wiring.ts";
import { tempoConfig } from "../../components/tempo/config.ts";
import { overlay, type TempoPlace } from "../../sandbox/tempo-overlay.ts";
import { parseSettings } from "../../settings.ts";
import { flat } from "../components/tempo/flat.ts";

const place = {
  folder: "/home/me/.sandbox/tempo",
  ports: { http: 30001, grpc: 30002, otlpGrpc: 30003, otlpHttp: 30004 },
  prometheusUrl: "http://127.0.0.1:30005",
};

const remoteWrite = "metrics_generator.storage.remote_write.0";

/** All that differs on any line, and only files differ from line to line. */
const moved = {
  "server.http_listen_address": "127.0.0.1",
  "server.http_listen_port": 30001,
  "server.grpc_listen_address": "127.0.0.1",
  "server.grpc_listen_port": 30002,
  "distributor.receivers.otlp.protocols.grpc.endpoint": "127.0.0.1:30003",
  "distributor.receivers.otlp.protocols.http.endpoint": "127.0.0.1:30004",
  "storage.trace.local.path": "/home/me/.sandbox/tempo/blocks",
  "storage.trace.wal.path": "/home/me/.sandbox/tempo/wal",
  "metrics_generator.storage.path": "/home/me/.sandbox/tempo/generator/wal",
  [`${remoteWrite}.url`]: "http://127.0.0.1:30005/api/v1/write",
};

const files = {
  "3.0": {
    "live_store.wal.path": "/home/me/.sandbox/tempo/live-store/traces",
    "live_store.shutdown_marker_dir": "/home/me/.sandbox/tempo",
    "backend_scheduler.local_work_path": "/home/me/.sandbox/tempo",
  },
  "2.10": { "metrics_generator.traces_storage.path": "/home/me/.sandbox/tempo/generator/traces" },
};

describe("Tempo's configuration in the sandbox", () => {
  for (const [line, own] of Object.entries(files)) {
    it(`has addresses and files of its own on line ${line}, and is otherwise as deployed`, () => {
      const { before, after } = overlaid({ tempo: { line } });
      const changed = [...after].filter(([key, value]) => before.get(key) !== value);
      assert.deepEqual(Object.fromEntries(changed), { ...moved, ...own });
      assert.deepEqual(
        [...before.keys()].filter((key) => !after.has(key)),
        [],
      );
    });
  }

  it("leaves credentials to the environment, as they are deployed", () => {
    const { before, after } = overlaid({ prometheus: { credentialsSecret: { name: "remote-write" } } });
    const password = `${remoteWrite}.basic_auth.password`;
    assert.match(String(before.get(password)), /^\$\{\w+\}$/);
    assert.equal(after.get(password), before.get(password));
  });

  it("takes spans in plain text, or with certificates that are given, where TLS is deployed", () => {
    const sections = { tempo: { otlpTls: { secretName: "tls", clientCertificates: true } } };
    const { before, after } = overlaid(sections);
    assert.deepEqual(
      [...before.keys()].filter((key) => !after.has(key)).filter((key) => !key.includes(".tls.")),
      [],
    );
    assert.deepEqual(
      [...after.keys()].filter((key) => key.includes(".tls.")),
      [],
    );
    const given = [...overlaid(sections, { tlsFolder: "/home/me/tls" }).after];
    assert.deepEqual(
      given.filter(([key]) => /grpc\.tls\..*_file$/.test(key)).map(([, file]) => file),
      ["/home/me/tls/tls.crt", "/home/me/tls/tls.key", "/home/me/tls/ca.crt"],
    );
  });

  it("has the sandbox's bucket where there is one, and else the one that is deployed", () => {
    const s3 = { backend: "s3", bucket: "traces", endpoint: "minio.storage.svc:9000" };
    const sections = { tempo: { storage: s3 } };
    const endpoint = (given: object) => overlaid(sections, given).after.get("storage.trace.s3.endpoint");
    assert.equal(endpoint({}), s3.endpoint);
    assert.equal(endpoint({ objectStorage: { address: "127.34.5.2", port: 9000 } }), "127.34.5.2:9000");
  });

  it("listens nowhere else", () => {
    const text = [...overlaid({}).after].map(([key, value]) => `${key}: ${String(value)}`).join("\n");
    assert.doesNotMatch(text, /0\.0\.0\.0|\/var\/tempo|\/etc\/tempo|\.svc/);
  });
});

function overlaid(sections: Record<string, unknown>, more: Partial<TempoPlace> = {}) {
  const deployed = tempoConfig(tempoArgs(parseSettings({ environment: "dev", ...sections })));
  return { before: flat(deployed), after: flat(parse(overlay(stringify(deployed), { ...place, ...more }))) };
}
