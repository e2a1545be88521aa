import assert from "node:assert/strict";
import {
  committed,
  edits,
  everywhere,
  put,
  report,
  said,
  withDatasources,
  withTempo,
  type Edit,
} from "./trees.ts";

const all = "dev,staging,prod";

describe("diff of Tempo's configuration", () => {
  it("is by key, and has no word of the ConfigMap's name or who refers to it", () => {
    const edit = edits(put("server.log_format", "logfmt"), put("server.log_level", "warn"));
    assert.deepEqual(said(committed, withTempo(committed, edit)), [
      `${all} | tempo | changed | Tempo | server.log_format | "json" → "logfmt" | Tempo restarts`,
      `${all} | tempo | added | Tempo | server.log_level | - → "warn" | Tempo restarts`,
    ]);
  });

  const path = "metrics_generator.processor.span_metrics.dimensions";
  it("has a list of words as one value", () => {
    const [change] = report(committed, withTempo(committed, put(`${path}.9`, "team"))).changes;
    assert.deepEqual(change?.fields, [path]);
    assert.deepEqual((change?.new as string[]).at(-1), "team");
  });

  const risks: readonly [what: string, edit: Edit, note: string][] = [
    ["the backend", put("storage.trace.backend", "s3"), "no longer finds the traces"],
    ["the folder of blocks", put("storage.trace.local.path", "/var/other"), "no longer finds the traces"],
    ["a shorter retention", put("backend_worker.compaction.block_retention", "1h30m"), "older than 1h30m"],
    [
      "a shorter retention of one tenant's defaults",
      put("overrides.defaults.compaction", { block_retention: "2d" }),
      "older than 2d are",
    ],
  ];
  for (const [what, edit, note] of risks) {
    it(`says that ${what} puts data at risk`, () => {
      const { changes } = report(committed, withTempo(committed, edit));
      assert.deepEqual([...new Set(changes.flatMap(({ environments }) => environments))], everywhere);
      for (const change of changes) {
        assert.deepEqual(change.costs, ["data at risk", "Tempo restarts"]);
        assert.ok(change.note?.includes(note), change.note);
      }
    });
  }

  it("sees no risk in the same retention in other words, or a longer one", () => {
    const kept = (text: string): Edit =>
      edits(
        put("backend_worker.compaction.block_retention", text),
        put("backend_scheduler.provider.compaction.compaction.block_retention", text),
      );
    const base = withTempo(committed, kept("72h"));
    for (const text of ["3d", "72h1s", "4320m", "1w"]) {
      const [change] = report(base, withTempo(committed, kept(text), "1111111111")).changes;
      assert.deepEqual(change?.costs, ["Tempo restarts"], text);
    }
  });

  it("takes Tempo's own 14 days for the retention where none is set", () => {
    const none = edits(
      put("backend_worker.compaction.block_retention", undefined),
      put("backend_scheduler.provider.compaction.compaction.block_retention", undefined),
    );
    const of = (base: Edit, head: Edit) =>
      report(withTempo(committed, base), withTempo(committed, head, "1111111111")).changes.flatMap(
        ({ costs }) => costs,
      );
    const month = edits(
      put("backend_worker.compaction.block_retention", "720h"),
      put("backend_scheduler.provider.compaction.compaction.block_retention", "720h"),
    );
    assert.ok(of(month, none).includes("data at risk"));
    assert.ok(!of(none, month).includes("data at risk"));
  });
});

describe("diff of data sources", () => {
  const cases: readonly [what: string, edit: Edit, ...lines: string[]][] = [
    [
      "an address",
      put("datasources.1.url", "http://mimir"),
      'changed | Prometheus (LLM tracing) | url | "http://prometheus-operated.monitoring.svc:9090" → "http://mimir"',
    ],
    [
      "a correlation, by its label",
      put("datasources.0.correlations.0.config.target.stream", "chat"),
      'changed | Tempo | correlations[Logs for this span].config.target.stream | "default" → "chat"',
    ],
    [
      "a name, by its uid",
      put("datasources.0.name", "Traces"),
      'changed | Traces | name | "Tempo" → "Traces"',
    ],
    [
      "one that goes",
      put("datasources.2", undefined),
      'removed | OpenObserve | "openobserve http://openobserve.openobserve.svc:5080" → -',
    ],
    [
      "one that comes",
      put("datasources.3", { uid: "loki", name: "Loki", type: "loki", url: "http://me:pw@loki" }),
      'added | Loki | - → "loki http://(secret)@loki"',
    ],
    [
      "a password",
      put("datasources.2.secureJsonData.basicAuthPassword", "hunter2"),
      'changed | OpenObserve | secureJsonData.basicAuthPassword | "(secret)" → "(secret)"',
    ],
    [
      "what is around them",
      put("apiVersion", 2),
      'Data sources | ["llm-tracing-datasources.yaml"].apiVersion | 1 → 2',
    ],
  ];
  for (const [what, edit, ...wanted] of cases) {
    it(`says ${what}`, () => {
      const lines = said(committed, withDatasources(committed, edit));
      assert.deepEqual(
        lines.map((line) => line.endsWith(" | in place")),
        wanted.map(() => true),
        lines.join("\n"),
      );
      wanted.forEach((text, index) => assert.ok(lines[index]!.includes(text), lines[index]));
    });
  }

  it("says that they stand in another order", () => {
    const turn: Edit = (file) => (file as { datasources: unknown[] }).datasources.reverse();
    assert.match(said(committed, withDatasources(committed, turn))[0]!, /\| Data sources \| order \|/);
  });
});

describe("diff of settings", () => {
  it("has each key that changes in an environment's file, and counts none as a change of objects", () => {
    const of = (retention: string) =>
      new Map(committed).set(
        "Pulumi.dev.yaml",
        `config: { "llm-tracing:tempo": { retention: ${retention} } }`,
      );
    const [base, head] = [of("72h"), of("96h")];
    assert.deepEqual(said(base, head), [
      'dev | settings | changed | Settings | tempo.retention | "72h" → "96h"',
    ]);
    assert.deepEqual(report(base, head).counts, {});
  });
});
