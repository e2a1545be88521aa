import assert from "node:assert/strict";
import { panelFindings } from "../../../cli/diff/panels.ts";
import { committed, edited, edits, put, said, withDashboard, type Edit } from "./trees.ts";

const board = "LLM Request Tracing";

/** The section of dashboards, without what all lines have. */
const changes = (edit: Edit): string[] =>
  said(committed, withDashboard(committed, edit)).map((line) =>
    line.replace("dev,staging,prod | dashboards | ", "").replace(/ \| in place$/, ""),
  );

describe("diff of a dashboard", () => {
  const cases: readonly [what: string, edit: Edit, ...lines: string[]][] = [
    ["its title", put("title", "Chats"), `renamed | Chats | "${board}" → "Chats"`],
    ["its description", put("description", undefined), `removed | ${board} | description`],
    [
      "its time range",
      put("time.from", "now-6h"),
      `changed | ${board} | time range | "now-1h to now" → "now-6h to now"`,
    ],
    [
      "a variable's values, of which its options follow",
      edits(put("templating.list.interval.query", "1m,5m"), put("templating.list.interval.options", [])),
      `changed | ${board} | variable interval: query | "1m,5m,15m,1h" → "1m,5m"`,
    ],
    [
      "a variable's options alone",
      put("templating.list.interval.options.0.text", "one"),
      `variable interval: options`,
    ],
    ["a link", put("links.1", { title: "Guide", url: "https://a" }), `added | ${board} | link`],
    [
      "what a panel is called",
      put("panels.Request Rate.title", "Requests"),
      `renamed | ${board} › Requests | "Request Rate" → "Requests"`,
    ],
    [
      "a unit",
      put("panels.Request Rate.fieldConfig.defaults.unit", "ops"),
      `Request Rate | unit | "reqps" → "ops"`,
    ],
    [
      "a description",
      put("panels.Request Rate.description", "Less"),
      `changed | ${board} › Request Rate | description | "Requests that each service answered`,
    ],
    [
      "a data source, which its queries follow",
      edits(
        put("panels.Request Rate.datasource.uid", "x"),
        put("panels.Request Rate.targets.0.datasource.uid", "x"),
      ),
      `Request Rate | data source | "prometheus \${prometheus_datasource}" → "prometheus x"`,
    ],
    [
      "a kind of panel",
      put("panels.Request Rate.type", "stat"),
      `Request Rate | type | "timeseries" → "stat"`,
    ],
    [
      "a legend",
      put("panels.Request Rate.targets.0.legendFormat", "x"),
      `Request Rate | query A: legendFormat`,
    ],
    [
      "a query that goes",
      put("panels.LiteLLM Latency Percentiles.targets.1", undefined),
      `removed | ${board} › LiteLLM Latency Percentiles | query B`,
    ],
    [
      "how a panel is drawn",
      put("panels.Request Rate.fieldConfig.defaults.custom.lineWidth", 1),
      `Request Rate | custom.lineWidth | 2 → 1`,
    ],
    [
      "a size",
      put("panels.Recent Traces.gridPos.h", 14),
      `changed | ${board} › Recent Traces | size | "24 × 11" → "24 × 14"`,
    ],
    [
      "a column",
      put("panels.Error Rate (5xx).gridPos.x", 17),
      `moved | ${board} › Error Rate (5xx) | "top, column 14, line 4" → "top, column 17, line 4"`,
    ],
    [
      "the order of panels",
      edits(put("panels.Recent Traces.gridPos.y", 21), put("panels.Slow Requests (> 5s).gridPos.y", 32)),
      `moved | ${board} › Slow Requests (> 5s) | "top, column 0, line 21" → "top, column 0, line 32"`,
    ],
    [
      "nothing but a line",
      put("panels.AI Service Topology.gridPos.y", 44),
      `moved | ${board} › AI Service Topology | "top, column 0, line 41" → "top, column 0, line 44"`,
    ],
    [
      "nothing but an id",
      put("panels.Recent Traces.id", 99),
      `changed | ${board} › Recent Traces | id | 17 → 99`,
    ],
    [
      "a row that opens",
      put("panels.Where LiteLLM's time goes.collapsed", false),
      `› row Where LiteLLM's time goes | collapsed | true → false`,
    ],
    [
      "a row's title",
      put("panels.Where LiteLLM's time goes.title", "Time"),
      `renamed | ${board} › row Time | "Where LiteLLM's time goes" → "Time"`,
    ],
  ];
  for (const [what, edit, ...wanted] of cases) {
    it(`says that ${what} changes, and nothing else`, () => {
      const lines = changes(edit);
      assert.equal(lines.length, wanted.length, lines.join("\n"));
      wanted.forEach((text, index) => assert.ok(lines[index]!.includes(text), lines[index]));
    });
  }

  it("says that a panel is put between others, not that those below have other ids and lines", () => {
    const insert: Edit = (root) => {
      const { panels } = root as { panels: { id: number; gridPos: { y: number } }[] };
      panels.forEach((panel, index) => {
        panel.gridPos.y += 8;
        panel.id = index + 2;
      });
      panels.unshift({ ...panels[1]!, id: 1, title: "First", gridPos: { x: 0, y: 0, w: 12, h: 8 } } as never);
    };
    assert.deepEqual(changes(insert), [`added | ${board} › First`]);
  });

  it("says that a panel goes from one row to another", () => {
    const move: Edit = (root) => {
      const { panels } = root as { panels: { title: string; panels: { gridPos: object }[] }[] };
      const row = (title: string) => panels.find((panel) => panel.title === title)!.panels;
      const [panel] = row("Where LiteLLM's time goes").splice(0, 1);
      row("Models").push({ ...panel, gridPos: { ...panel!.gridPos, x: 0, y: 60 } });
    };
    const [line, ...others] = changes(move);
    assert.deepEqual(others, []);
    assert.match(
      line!,
      /^moved .* Latency of requests \| "row Where LiteLLM's time goes, column 0, line \d+" → "row Models, column 0, line 60"$/,
    );
  });

  it("takes a dashboard under another name for the same one, by its uid", () => {
    const head = edited(committed, /configmap-llm-tracing-dashboard/, put("metadata.name", "board"));
    assert.deepEqual(said(committed, head), [
      'dev,staging,prod | objects | renamed | ConfigMap monitoring/board | "llm-tracing-dashboard" → "board" | in place',
    ]);
  });

  it("says that a dashboard is no JSON any more", () => {
    const head = edited(committed, /configmap-llm-tracing-dashboard/, (object) =>
      put("data", { "llm-tracing-dashboard.json": "{" })(object),
    );
    assert.deepEqual(said(committed, head), [
      "dev,staging,prod | dashboards | changed | llm-tracing-dashboard.json | in place",
    ]);
  });
});

describe("panels", () => {
  const panel = (id: number, title: string, y: number, type = "stat") => ({
    id,
    title,
    type,
    gridPos: { x: 0, y, w: 24, h: 4 },
  });
  const found = (old: object[], next: object[]) =>
    panelFindings("D", old as Record<string, unknown>[], next as Record<string, unknown>[]).map(
      ({ action, subject }) => `${action} ${subject}`,
    );

  it("of the same title are told apart by their ids", () => {
    assert.deepEqual(found([panel(1, "", 0), panel(2, "", 4)], [panel(2, "", 0)]), ["removed D › #1"]);
  });

  it("below an open row are in it", () => {
    const row = panel(9, "R", 4, "row");
    assert.deepEqual(found([panel(1, "A", 0), row], [row, panel(1, "A", 8)]), ["moved D › A"]);
    assert.deepEqual(
      found([row, panel(1, "A", 8)], [{ ...row, collapsed: true, panels: [panel(1, "A", 8)] }]),
      ["added D › row R"],
    );
  });

  it("with another title, id and place are others", () => {
    assert.deepEqual(found([panel(1, "A", 0)], [panel(2, "B", 0)]), ["removed D › A", "added D › B"]);
  });
});
