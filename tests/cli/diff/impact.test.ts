import assert from "node:assert/strict";
import { fieldImpact, tempoImpact } from "../../../cli/diff/impact.ts";
import { parseDuration, parseQuantity } from "../../../settings/units.ts";

const cost = (kind: string, field: string, sealed = false): string =>
  fieldImpact(kind, sealed, { path: field.split("."), old: "a", new: "b" }).costs.join(" + ");

describe("the cost of a changed field", () => {
  const cases: readonly [kind: string, field: string, cost: string][] = [
    ["Secret", "type", "replaced"],
    ["Secret", "stringData.a", "in place"],
    ["ConfigMap", "data.a", "in place"],
    ["StatefulSet", "spec.selector.matchLabels.a", "replaced"],
    ["StatefulSet", "spec.podManagementPolicy", "replaced"],
    ["StatefulSet", "spec.revisionHistoryLimit", "replaced"],
    ["StatefulSet", "spec.serviceName", "replaced"],
    ["StatefulSet", "spec.volumeClaimTemplates.[0]", "replaced"],
    ["StatefulSet", "spec", "replaced + Tempo restarts"],
    ["StatefulSet", "spec.template.spec.dnsPolicy", "Tempo restarts"],
    ["StatefulSet", "spec.replicas", "in place"],
    ["Deployment", "spec.replicas", "in place"],
    ["StatefulSet", "spec.updateStrategy", "in place"],
    ["Deployment", "spec.template", "Tempo restarts"],
    ["Deployment", "spec.strategy", "in place"],
    ["Deployment", "spec.selector", "replaced"],
    ["PersistentVolumeClaim", "spec.accessModes", "data at risk + replaced"],
    ["PersistentVolumeClaim", "spec.selector", "data at risk + replaced"],
    ["PersistentVolumeClaim", "spec.storageClassName", "data at risk + replaced"],
    ["PersistentVolumeClaim", "spec.volumeName", "data at risk + replaced"],
    ["Service", "spec.clusterIP", "replaced"],
    ["Service", "spec.clusterIPs", "in place"],
    ["NetworkPolicy", "apiVersion", "replaced"],
    ["NetworkPolicy", "spec.ingress", "in place"],
  ];
  for (const [kind, field, wanted] of cases) {
    it(`is "${wanted}" for ${field} of a ${kind}`, () => assert.equal(cost(kind, field), wanted));
  }

  it("is another object for the content of one that says it is immutable", () => {
    assert.equal(cost("ConfigMap", "data.a", true), "replaced");
    assert.equal(cost("ConfigMap", "metadata.labels.a", true), "in place");
  });
});

describe("the cost of another mode of Tempo", () => {
  const kafka = (topic: string) => ({ ingest: { kafka: { address: "kafka:9092", topic } } });
  const cases: readonly [what: string, old: object, next: object, path: string, note: RegExp][] = [
    ["distributed", {}, kafka("a"), "ingest", /becomes distributed\. What it has not uploaded yet stays/],
    ["one process", kafka("a"), {}, "ingest", /becomes one process\. What is in Kafka/],
    ["another topic", kafka("a"), kafka("b"), "ingest.kafka.topic", /in the old topic/],
  ];
  for (const [what, old, next, path, note] of cases) {
    it(`is data at risk for ${what}, which it says`, () => {
      const impact = tempoImpact({ ...old }, { ...next })({ path: path.split("."), old: "a", new: "b" });
      assert.deepEqual(impact.costs, ["data at risk", "Tempo restarts"]);
      assert.match(impact.note!, note);
    });
  }
});

describe("quantities and durations of files", () => {
  it("are read in all their units, or not at all", () => {
    assert.deepEqual(["1", "1.5Gi", 2, "1k", "1G", "1Pi", "1Q", "Gi", "", undefined].map(parseQuantity), [
      1,
      1.5 * 2 ** 30,
      2,
      1e3,
      1e9,
      2 ** 50,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(
      ["90s", "1h30m", "2d", "1w", "500ms", "1.5h", "1x", "h", "", undefined, "1h x"].map(parseDuration),
      [90, 5400, 172800, 604800, 0.5, 5400, undefined, undefined, undefined, undefined, undefined],
    );
  });
});
