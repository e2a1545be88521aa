import assert from "node:assert/strict";
import { retentionPaths } from "../../../components/tempo/ingest.ts";
import { generator } from "../../../telemetry/generator.ts";
import { configOf, listAt } from "./flat.ts";

describe("Tempo's configuration", () => {
  it("keeps traces as long as the settings say, where the worker reads it, and where the scheduler does", () => {
    const config = configOf({ tempo: { retention: "30d" } });
    assert.equal(config.get("backend_worker.compaction.block_retention"), "720h");
    assert.equal(config.get("backend_scheduler.provider.compaction.compaction.block_retention"), "720h");
    assert.equal(config.get("query_frontend.search.max_duration"), "720h");
  });

  it("keeps them as long in 2.10, where the compactor reads it", () => {
    const config = configOf({ tempo: { retention: "30d", line: "2.10", volume: { size: "30Gi" } } });
    assert.equal(config.get("compactor.compaction.block_retention"), "720h");
  });

  for (const line of ["3.0", "2.10"] as const) {
    it(`has retention in ${line} where it says it has it`, () => {
      const keys = [...configOf({ tempo: { line } }).keys()];
      assert.deepEqual(
        keys.filter((key) => key.endsWith(".block_retention")).sort(),
        retentionPaths[line].toSorted(),
      );
    });
  }

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
    const config = configOf({
      tempo: { longestAnswer: "1s" },
      applications: { slowRequest: "1s" },
      slo: { latency: { under: "1s" } },
    });
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
    const policies = `${processor}.span_metrics.filter_policies`;
    assert.equal(config.get(`${policies}.0.include.match_type`), "regex");
    contract.exclude.forEach((conditions, index) => {
      const policy = `${policies}.${index + 1}.exclude`;
      assert.equal(config.get(`${policy}.match_type`), "regex");
      conditions.forEach(({ key, value }, at) => {
        assert.equal(config.get(`${policy}.attributes.${at}.key`), key);
        assert.equal(config.get(`${policy}.attributes.${at}.value`), `^(?:${value})$`);
      });
    });
    assert.equal(config.get(`${policies}.1.exclude.attributes.0.value`), "^(?:chat\\.ui)$");
  });

  for (const line of ["3.0", "2.10"]) {
    it(`makes native histograms alone in ${line} where Prometheus takes them, and has no bounds for them`, () => {
      const config = configOf({ tempo: { line }, prometheus: { nativeHistograms: true } });
      assert.equal(config.get("overrides.defaults.metrics_generator.generate_native_histograms"), "native");
      assert.deepEqual(
        [...config.keys()].filter((key) => key.includes("histogram_buckets")),
        [],
      );
    });

    it(`says nothing of native histograms in ${line} where Prometheus takes none`, () => {
      const keys = [...configOf({ tempo: { line } }).keys()];
      assert.deepEqual(
        keys.filter((key) => key.includes("native")),
        [],
      );
    });
  }

  it("makes the same metrics on both lines", () => {
    const generatorOf = (line: string) =>
      [...configOf({ tempo: { line } })].filter(
        ([key]) =>
          key.startsWith("metrics_generator.processor.span_metrics") ||
          key.startsWith("metrics_generator.processor.service_graphs"),
      );
    assert.deepEqual(generatorOf("2.10"), generatorOf("3.0"));
  });

  it("limits the series that the generator may make, and the values of a label where the line can", () => {
    const limits = (line: string) => {
      const config = configOf({ tempo: { line, maxActiveSeries: 12_345 } });
      const key = "overrides.defaults.metrics_generator";
      return [config.get(`${key}.max_active_series`), config.get(`${key}.max_cardinality_per_label`)];
    };
    assert.deepEqual(limits("3.0"), [12_345, 500]);
    assert.deepEqual(limits("2.10"), [12_345, undefined]);
  });

  for (const [what, traffic, limits] of [
    [
      "Tempo's own, and full queues of both exporters",
      { requestsPerMinute: 1 },
      [385_024, 1_925_120, 10_000, 5_000_000, 10_000],
    ],
    [
      "a hundred times the average",
      { requestsPerMinute: 600, spansPerRequest: 200, bytesPerSpan: 1000 },
      [200_150_000, 1_000_750_000, 23_000, 20_000_000, 1_260_000],
    ],
  ] as const) {
    for (const line of ["3.0", "2.10"]) {
      it(`limits what ${line} takes in to ${what}`, () => {
        const config = configOf({ tempo: { line, volume: { size: "10Ti" } }, traffic });
        const defaults = "overrides.defaults";
        const keys = [
          `${defaults}.ingestion.rate_limit_bytes`,
          `${defaults}.ingestion.burst_size_bytes`,
          `${defaults}.ingestion.max_traces_per_user`,
          `${defaults}.global.max_bytes_per_trace`,
          "metrics_generator.processor.service_graphs.max_items",
        ];
        assert.deepEqual(
          keys.map((key) => config.get(key)),
          limits,
        );
      });
    }
  }

  it("marks every series with its environment and cluster", () => {
    const labels = (sections: Record<string, unknown>) =>
      ["environment", "cluster"].map((name) =>
        configOf(sections).get(`metrics_generator.registry.external_labels.${name}`),
      );
    assert.deepEqual(labels({ environment: "prod" }), ["prod", "prod"]);
    assert.deepEqual(labels({ environment: "prod", cluster: { name: "eu-1" } }), ["prod", "eu-1"]);
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

  it("tells nobody outside of its use, and listens where pods reach it", () => {
    const config = configOf();
    assert.equal(config.get("usage_report.reporting_enabled"), false);
    assert.equal(config.get("distributor.receivers.otlp.protocols.grpc.endpoint"), "0.0.0.0:4317");
    assert.equal(config.get("distributor.receivers.otlp.protocols.http.endpoint"), "0.0.0.0:4318");
  });
});
