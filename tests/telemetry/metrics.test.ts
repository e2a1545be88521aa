import assert from "node:assert/strict";
import fc from "fast-check";
import { attributes } from "../../telemetry/attributes.ts";
import { generator } from "../../telemetry/generator.ts";
import { label, metrics, seriesNames } from "../../telemetry/metrics.ts";

const settings = generator({ openWebui: "open-webui", litellm: "litellm" });

/** Labels that Tempo itself gives span metrics; a dimension of that name would come with `__` before it. */
const intrinsic = [
  "service",
  "span_name",
  "span_kind",
  "status_code",
  "status_message",
  "job",
  "instance",
  "le",
];

const byName = (name: string, from = settings) => metrics(from).find((metric) => metric.name === name)!;

describe("the metrics that follow from the generator's settings", () => {
  it("are those that Tempo's two processors make, under Prometheus's names for them", () => {
    assert.deepEqual(metrics(settings).flatMap(seriesNames).toSorted(), [
      "traces_service_graph_request_client_seconds_bucket",
      "traces_service_graph_request_client_seconds_count",
      "traces_service_graph_request_client_seconds_sum",
      "traces_service_graph_request_failed_total",
      "traces_service_graph_request_server_seconds_bucket",
      "traces_service_graph_request_server_seconds_count",
      "traces_service_graph_request_server_seconds_sum",
      "traces_service_graph_request_total",
      "traces_spanmetrics_calls_total",
      "traces_spanmetrics_latency_bucket",
      "traces_spanmetrics_latency_count",
      "traces_spanmetrics_latency_sum",
      "traces_spanmetrics_size_total",
    ]);
  });

  it("are one series a histogram where those are native, with no bounds", () => {
    const native = metrics({ ...settings, histograms: "native" });
    assert.deepEqual(native.flatMap(seriesNames), [
      "traces_spanmetrics_calls_total",
      "traces_spanmetrics_latency",
      "traces_spanmetrics_size_total",
      "traces_service_graph_request_total",
      "traces_service_graph_request_failed_total",
      "traces_service_graph_request_server_seconds",
      "traces_service_graph_request_client_seconds",
    ]);
    assert.ok(native.every(({ bounds }) => bounds === undefined));
  });

  it("gain a label with a dimension and lose it with the dimension, on span metrics alone", () => {
    const without = { ...settings, dimensions: settings.dimensions.filter((name) => name !== "http.route") };
    for (const name of ["traces_spanmetrics_calls_total", "traces_spanmetrics_latency"]) {
      assert.ok(byName(name).labels.includes("http_route"));
      assert.deepEqual(
        byName(name, without).labels,
        byName(name).labels.filter((each) => each !== "http_route"),
      );
    }
    assert.deepEqual(
      byName("traces_service_graph_request_total", without).labels,
      byName("traces_service_graph_request_total").labels,
    );
  });

  it("have the bounds of the processor that makes them", () => {
    assert.equal(byName("traces_spanmetrics_latency").bounds, settings.latencyBoundsSeconds);
    for (const side of ["server", "client"]) {
      assert.equal(byName(`traces_service_graph_request_${side}_seconds`).bounds, settings.edgeBoundsSeconds);
    }
    const counters = metrics(settings).filter(({ type }) => type === "counter");
    assert.ok(counters.every(({ bounds }) => bounds === undefined));
  });

  it("have each label once, and none that Tempo would rename", () => {
    const labels = settings.dimensions.map(label);
    assert.equal(new Set(labels).size, labels.length);
    assert.deepEqual(
      labels.filter((each) => intrinsic.includes(each)),
      [],
    );
  });
});

describe("a label", () => {
  it("is what Prometheus accepts, whatever the attribute, and keeps its letters and digits", () => {
    fc.assert(
      fc.property(fc.string(), (attribute) => {
        assert.match(label(attribute), /^\w*$/);
        assert.equal(label(attribute).length, attribute.length);
        assert.equal(label(label(attribute)), label(attribute));
      }),
    );
  });

  it("is the attribute's name with every dot an underscore", () => {
    assert.equal(label("gen_ai.request.model"), "gen_ai_request_model");
    assert.equal(label("http.response.status_code"), "http_response_status_code");
  });
});

describe("attributes", () => {
  it("stand once each, in one scope, so that a query can name them in one way", () => {
    const names = Object.values(attributes).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });

  it("of users and chats are never resource attributes, which become labels of targets", () => {
    const resources = Object.values(attributes).filter(({ scope }) => scope === "resource");
    assert.deepEqual(resources.map(({ name }) => name).toSorted(), [
      "deployment.environment",
      "service.name",
    ]);
  });
});
