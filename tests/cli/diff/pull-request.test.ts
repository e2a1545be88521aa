import assert from "node:assert/strict";
import { stringify } from "yaml";
import { markdown, marker } from "../../../cli/diff/markdown.ts";
import type { Files } from "../../../cli/diff/snapshot.ts";
import { text } from "../../../cli/diff/text.ts";
import { edits, everywhere, put, rendered, report, said, withDashboard } from "./trees.ts";

const query = "sum by (service) (rate(traces_spanmetrics_calls_total[$interval]))";

/** What a dashboard's file adds, without going through the program. */
function withNewDashboard(files: Files): Files {
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "gpu-dashboard", namespace: "monitoring", labels: { grafana_dashboard: "1" } },
    data: { "gpu-dashboard.json": JSON.stringify({ uid: "gpu", title: "GPUs", panels: [] }) },
  };
  const added = everywhere.map(
    (name) => [`rendered/${name}/3-configmap-gpu.yaml`, stringify(object)] as const,
  );
  return new Map([...files, ...added]);
}

describe("diff of a pull request that edits a query, a threshold and Tempo's retention, and adds a dashboard", () => {
  let base: Files;
  let head: Files;

  before(async () => {
    base = await rendered({ "llm-tracing:tempo": { retention: "72h" } });
    const retained = await rendered({ "llm-tracing:tempo": { retention: "96h" } });
    head = withNewDashboard(
      withDashboard(
        retained,
        edits(
          put("panels.Request Rate.targets.0.expr", query),
          put("panels.LiteLLM Latency Percentiles.fieldConfig.defaults.thresholds.steps.1.value", 10),
        ),
      ),
    );
  });

  it("says exactly these four things, once for all environments", () => {
    const panel = "LLM Request Tracing › ";
    const old =
      'sum by (service) (rate(traces_spanmetrics_calls_total{environment="$environment",service=~"open-webui|litellm",span_kind="SPAN_KIND_SERVER"}[$interval]))';
    const retention = [
      "backend_worker.compaction.block_retention",
      "backend_scheduler.provider.compaction.compaction.block_retention",
      "query_frontend.search.max_duration",
      "query_frontend.metrics.max_duration",
    ].join(" & ");
    assert.deepEqual(said(base, head), [
      `dev,staging,prod | tempo | changed | Tempo | ${retention} | "72h" → "96h" | Tempo restarts`,
      "dev,staging,prod | dashboards | added | GPUs | in place",
      `dev,staging,prod | dashboards | changed | ${panel}Request Rate | query A | ${JSON.stringify(old)} → ${JSON.stringify(query)} | in place`,
      `dev,staging,prod | dashboards | changed | ${panel}LiteLLM Latency Percentiles | thresholds | "green, orange from 5" → "green, orange from 10" | in place`,
    ]);
  });

  it("says what only one environment changes under that environment", () => {
    const one = withDashboard(head, put("panels.Request Rate.fieldConfig.defaults.unit", "ops"), ["prod"]);
    const lines = said(base, one);
    assert.equal(lines.length, 5);
    assert.equal(
      lines.at(-1),
      'prod | dashboards | changed | LLM Request Tracing › Request Rate | unit | "reqps" → "ops" | in place',
    );
  });

  it("is the same each time, and each way of printing it", () => {
    const print = () => {
      const made = report(base, head);
      return [JSON.stringify(made), markdown(made), text(made, process.stdout)];
    };
    assert.deepEqual(print(), print());
  });

  it("becomes a comment with the counts in its heading, and one closed block for each section", () => {
    const comment = markdown(report(base, head)).split("\n");
    assert.equal(comment[0], marker);
    assert.equal(comment[1], "### 4 changes · `dev, staging, prod`: 1 restarting Tempo, 3 in place");
    assert.deepEqual(
      comment.filter((line) => line.startsWith("<summary>")),
      ["<summary>Tempo's configuration (1)</summary>", "<summary>Dashboards (3)</summary>"],
    );
    assert.equal(comment.filter((line) => line === "<details>").length, 2);
    assert.equal(comment.filter((line) => line === "</details>").length, 2);
  });

  it("shows the old query and the new one, each whole", () => {
    const comment = markdown(report(base, head));
    assert.match(comment, /^ {2}- sum by \(service\) .*SPAN_KIND_SERVER"\}\[\$interval\]\)\)$/m);
    assert.ok(comment.includes(`\n  + ${query}\n`));
  });

  it("counts retention that gets shorter as data at risk, and says what is deleted", () => {
    const { counts, changes } = report(head, base);
    assert.deepEqual(counts["prod"], { "data at risk": 1, "in place": 3 });
    assert.deepEqual(changes[0]?.costs, ["data at risk", "Tempo restarts"]);
    assert.equal(changes[0]?.note, "Traces older than 72h are deleted.");
  });
});
