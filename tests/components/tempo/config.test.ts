import assert from "node:assert/strict";
import { tempoConfig } from "../../../components/tempo/config.ts";
import { parseSettings } from "../../../settings.ts";
import { generator } from "../../../telemetry/generator.ts";

const storages = {
  local: { backend: "local" },
  s3: { backend: "s3", bucket: "traces", endpoint: "s3.eu-central-1.amazonaws.com", region: "eu-central-1" },
  minio: {
    backend: "s3",
    bucket: "traces",
    endpoint: "minio.minio.svc:9000",
    insecure: true,
    pathStyle: true,
  },
  gcs: { backend: "gcs", bucket: "traces" },
  azure: { backend: "azure", container: "traces", account: "acme" },
} as const;

const settingsOf = (sections: Record<string, unknown>) => parseSettings({ environment: "dev", ...sections });

/** The configuration, flat: `a.b.0.c` → value. */
function configOf(sections: Record<string, unknown> = {}): ReadonlyMap<string, unknown> {
  return new Map(flatten(tempoConfig(settingsOf(sections)), ""));
}

const flatten = (value: unknown, path: string): [string, unknown][] =>
  value !== null && typeof value === "object"
    ? Object.entries(value).flatMap(([key, member]) => flatten(member, path ? `${path}.${key}` : key))
    : [[path, value]];

/** Values below a path, in order. */
const listAt = (config: ReadonlyMap<string, unknown>, path: string): unknown[] =>
  [...config].filter(([key]) => key.startsWith(`${path}.`)).map(([, value]) => value);

/** Keys of Tempo 2 with which Tempo 3.0 does not start: docs/sources/tempo/set-up-for-tracing/setup-tempo/upgrade.md. */
const goneIn3: readonly RegExp[] = [
  /^ingester(_client)?\b/,
  /^compactor\b/,
  /^metrics_generator_client\b/,
  /^partition_ring_live_store\b/,
  /^auth_enabled$/,
  /^ingest\.enabled$/,
  /^querier\.query_live_store$/,
  /^query_frontend\.(rf1_after|search\.query_ingesters_until)$/,
  /^metrics_generator\.traces_storage\b/,
  /^metrics_generator\.processor\.local_blocks\b/,
  /^block_builder\.block\.version$/,
  /^live_store\.block_config\b/,
];

/** Keys of Tempo 3 that Tempo 2.10 does not know. */
const unknownTo2: readonly RegExp[] = [/^live_store\b/, /^backend_(worker|scheduler)\b/, /^memory\b/];

/** Overrides that are not below a scope: either line refuses to start with them unless told otherwise. */
const flatOverride = /^overrides\.(?!defaults\.)/;

for (const [backend, storage] of Object.entries(storages)) {
  describe(`Tempo's configuration on ${backend} storage`, () => {
    it("has nothing for 3.0 that 3.0 has removed", () => {
      const found = [...configOf({ tempo: { storage } }).keys()].filter((key) =>
        [...goneIn3, flatOverride].some((gone) => gone.test(key)),
      );
      assert.deepEqual(found, []);
    });

    it("has nothing for 2.10 that came with 3.0", () => {
      const found = [...configOf({ tempo: { storage, line: "2.10" } }).keys()].filter((key) =>
        [...unknownTo2, flatOverride].some((unknown) => unknown.test(key)),
      );
      assert.deepEqual(found, []);
    });

    it("names the backend, its keys alone, and the write-ahead log on the data volume", () => {
      const config = configOf({ tempo: { storage } });
      assert.equal(config.get("storage.trace.backend"), storage.backend);
      assert.ok(String(config.get("storage.trace.wal.path")).startsWith("/var/tempo/"));
      const sections = new Set(
        [...config.keys()].map((key) => /^storage\.trace\.([a-z0-9]+)\./.exec(key)?.[1]).filter(Boolean),
      );
      assert.deepEqual([...sections].toSorted(), [storage.backend, "wal"].toSorted());
    });

    it("writes to no folder but the data volume: the root is read-only", () => {
      const places = [...configOf({ tempo: { storage } })].filter(
        ([key, value]) => /(path|_dir)$/.test(key) && typeof value === "string" && value.startsWith("/"),
      );
      assert.ok(places.length > 3);
      for (const [key, value] of places) assert.match(String(value), /^\/var\/tempo(\/|$)/, key);
    });
  });
}

describe("Tempo's configuration", () => {
  it("keeps traces as long as the settings say, where the worker reads it, and where the scheduler does", () => {
    const config = configOf({ tempo: { retention: "30d" } });
    assert.equal(config.get("backend_worker.compaction.block_retention"), "720h");
    assert.equal(config.get("backend_scheduler.provider.compaction.compaction.block_retention"), "720h");
    assert.equal(config.get("query_frontend.search.max_duration"), "720h");
  });

  it("keeps them as long in 2.10, where the compactor reads it", () => {
    const config = configOf({ tempo: { retention: "30d", line: "2.10" } });
    assert.equal(config.get("compactor.compaction.block_retention"), "720h");
  });

  for (const [longestAnswer, wait] of [
    ["3m", "3m"],
    ["90s", "1m30s"],
    ["10m", "10m"],
  ] as const) {
    it(`waits ${wait} for the second half of a call when answers take up to ${longestAnswer}`, () => {
      const config = configOf({ tempo: { longestAnswer } });
      assert.equal(config.get("metrics_generator.processor.service_graphs.wait"), wait);
      assert.equal(config.get("live_store.max_trace_live"), wait);
    });
  }

  it("never holds a trace in memory for less time than it may be idle there", () => {
    const config = configOf({ tempo: { longestAnswer: "1s" } });
    assert.equal(config.get("live_store.max_trace_idle"), "15s");
    assert.equal(config.get("live_store.max_trace_live"), "30s");
  });

  it("runs exactly the two processors that the dashboards ask, and 2.10 the one that answers TraceQL metrics", () => {
    const processors = (line: string) =>
      listAt(configOf({ tempo: { line } }), "overrides.defaults.metrics_generator.processors").toSorted();
    assert.deepEqual(processors("3.0"), ["service-graphs", "span-metrics"]);
    assert.deepEqual(processors("2.10"), ["local-blocks", "service-graphs", "span-metrics"]);
  });

  it("leaves the virtual-node label off, which makes the processor start over every 10 s", () => {
    for (const line of ["3.0", "2.10"]) {
      assert.deepEqual(
        [...configOf({ tempo: { line } }).keys()].filter((key) => key.includes("virtual_node")),
        [],
      );
    }
  });

  it("tells the generator the contract's dimensions, bounds and peers, and the service names of the settings", () => {
    const services = { openWebui: "chat.ui", litellm: "gateway" };
    const config = configOf({ applications: { services } });
    const contract = generator(services);
    const processor = "metrics_generator.processor";
    assert.deepEqual(listAt(config, `${processor}.span_metrics.dimensions`), contract.dimensions);
    assert.deepEqual(
      listAt(config, `${processor}.span_metrics.histogram_buckets`),
      contract.latencyBoundsSeconds,
    );
    assert.deepEqual(
      listAt(config, `${processor}.service_graphs.histogram_buckets`),
      contract.edgeBoundsSeconds,
    );
    assert.deepEqual(listAt(config, `${processor}.service_graphs.peer_attributes`), contract.peerAttributes);
    const policy = `${processor}.span_metrics.filter_policies.0`;
    assert.equal(config.get(`${policy}.include.match_type`), "regex");
    assert.equal(config.get(`${policy}.exclude.attributes.0.value`), "chat\\.ui");
  });

  it("makes the same metrics on both lines", () => {
    const generatorOf = (line: string) =>
      [...configOf({ tempo: { line } })].filter(
        ([key]) =>
          key.startsWith("metrics_generator.processor.span_metrics") ||
          key.startsWith("metrics_generator.processor.service_graphs"),
      );
    assert.deepEqual(generatorOf("2.10"), generatorOf("3.0"));
  });

  it("limits the series that the generator may make", () => {
    const config = configOf({ tempo: { maxActiveSeries: 1234 } });
    assert.equal(config.get("overrides.defaults.metrics_generator.max_active_series"), 1234);
  });

  it("writes metrics below Prometheus's address unless another is given", () => {
    const url = (prometheus: Record<string, unknown>) =>
      configOf({ prometheus }).get("metrics_generator.storage.remote_write.0.url");
    assert.equal(url({ url: "http://prom:9090/sub/" }), "http://prom:9090/sub/api/v1/write");
    assert.equal(url({ remoteWriteUrl: "https://mimir/api/v1/push" }), "https://mimir/api/v1/push");
  });

  it("takes the remote write's credentials from the environment, and only when there are some", () => {
    const auth = (prometheus: Record<string, unknown>) =>
      listAt(configOf({ prometheus }), "metrics_generator.storage.remote_write.0.basic_auth");
    assert.deepEqual(auth({ credentialsSecret: { name: "remote-write" } }), [
      "${REMOTE_WRITE_USERNAME}",
      "${REMOTE_WRITE_PASSWORD}",
    ]);
    assert.deepEqual(auth({}), []);
  });

  it("has no key of a storage: Tempo takes it from the environment or the workload's identity", () => {
    for (const storage of Object.values(storages)) {
      const keys = [...configOf({ tempo: { storage } }).keys()];
      assert.deepEqual(
        keys.filter((key) => /access_key|secret|account_key|token$/.test(key) && !/federated/.test(key)),
        [],
      );
    }
  });

  it("tells nobody outside of its use, and listens where pods reach it", () => {
    const config = configOf();
    assert.equal(config.get("usage_report.reporting_enabled"), false);
    assert.equal(config.get("distributor.receivers.otlp.protocols.grpc.endpoint"), "0.0.0.0:4317");
    assert.equal(config.get("distributor.receivers.otlp.protocols.http.endpoint"), "0.0.0.0:4318");
  });
});
