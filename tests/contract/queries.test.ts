import assert from "node:assert/strict";
import type { Dashboard, Panel } from "./dashboard-json.ts";
import { exploreQueries } from "./explore-links.ts";
import { markdownQueries } from "./markdown.ts";
import { dashboardQueries } from "./queries.ts";
import { substitute } from "./variables.ts";

describe("queries in Markdown", () => {
  const file = "docs/x.md";
  const read = (...lines: string[]) =>
    markdownQueries(file, lines.join("\n")).map(({ place, language, text }) => ({ place, language, text }));

  it("are found in blocks, one a paragraph, without comments", () =>
    assert.deepEqual(
      read(
        "Text",
        "```traceql",
        "// slow",
        "{ a }",
        "",
        "{ b }",
        "  | rate()",
        "```",
        "```promql",
        "# up",
        "up",
        "```",
      ),
      [
        { place: "docs/x.md:3", language: "traceql", text: "{ a }" },
        { place: "docs/x.md:6", language: "traceql", text: "{ b }\n  | rate()" },
        { place: "docs/x.md:10", language: "promql", text: "up" },
      ],
    ));

  it("are found in blocks inside lists and quotes", () =>
    assert.equal(
      read("1. Ask", "   ```traceql", "   { a }", "   ```", "> ```promql", "> up", "> ```").length,
      2,
    ));

  it("are found in the text", () =>
    assert.deepEqual(read('Ask `{ span:status = error }` and read `{{service}}`, `{}` or `{"a":1}`.'), [
      { place: "docs/x.md:1", language: "traceql", text: "{ span:status = error }" },
    ]));

  it("are not looked for in blocks of other languages", () =>
    assert.deepEqual(read("```yaml", "a: `{ b = c }`", "```"), []));

  it("must be refused in a table that calls them refused, and there alone", () => {
    const found = markdownQueries(
      file,
      ["| query | refused for |", "| - | - |", "| `{ a = 1 } \\| rate()` | x |", "", "`{ b = 1 }`"].join(
        "\n",
      ),
    );
    assert.deepEqual(
      found.map(({ text, refused }) => [text, refused]),
      [
        ["{ a = 1 } | rate()", true],
        ["{ b = 1 }", undefined],
      ],
    );
  });

  it("know no variable of a dashboard", () =>
    assert.deepEqual(read("```promql", "rate(x[$interval])", "```"), [
      { place: "docs/x.md:2", language: "unreadable", text: "nothing fills in the variable $interval" },
    ]));
});

describe("variables", () => {
  it("are filled in with each value they offer, in all their spellings", () =>
    assert.deepEqual(substitute("$a ${a:regex} [[a]] $b", { a: ["1", "2"], b: ["x"] }).texts, [
      "1 1 1 x",
      "2 2 2 x",
    ]));
  it("are not mistaken for the groups of a pattern", () =>
    assert.deepEqual(substitute("$1", {}), { texts: ["$1"], unknown: [] }));
  it("with dots are one name", () =>
    assert.deepEqual(substitute("${__data.fields.traceID}", { __data: ["x"] }).unknown, [
      "__data.fields.traceID",
    ]));
});

describe("queries of a dashboard", () => {
  const dashboardOf = (panel: Partial<Panel>, list: object[] = []): Dashboard => ({
    uid: "d",
    title: "D",
    panels: [{ id: 1, type: "timeseries", title: "P", ...panel }],
    templating: { list: list as never[] },
  });
  const languages = (dashboard: Dashboard) =>
    dashboardQueries(dashboard, true).map(({ place, language, text }) => ({ place, language, text }));

  it("are asked once for each value of a variable", () =>
    assert.equal(
      languages(
        dashboardOf({ targets: [{ datasource: { type: "prometheus" }, expr: "rate(x[$w])" }] }, [
          { name: "w", type: "custom", query: "1m, 5m" },
        ]),
      ).length,
      2,
    ));

  it("are found behind the service map", () =>
    assert.deepEqual(
      languages(
        dashboardOf({
          targets: [
            { datasource: { type: "tempo" }, queryType: "serviceMap", serviceMapQuery: '{client="x"}' },
          ],
        }),
      ),
      [
        {
          place: "D › P",
          language: "promql",
          text: 'rate(traces_service_graph_request_total{client="x"}[5m])',
        },
      ],
    ));

  it("are found in variables", () =>
    assert.deepEqual(
      languages(
        dashboardOf({}, [
          {
            name: "m",
            type: "query",
            datasource: { type: "prometheus" },
            query: "label_values(x_total, model)",
          },
        ]),
      ),
      [{ place: "D › variable m", language: "promql", text: "sum by (model) (rate(x_total[5m]))" }],
    ));

  it("that cannot be read fail instead of passing unseen", () => {
    const unread = [
      dashboardOf({ targets: [{ datasource: { type: "loki" }, expr: "{}" }] }),
      dashboardOf({ targets: [{ datasource: { type: "tempo" }, queryType: "traceqlSearch" }] }),
      dashboardOf({}, [{ name: "m", type: "query", datasource: { type: "tempo" }, query: { type: 1 } }]),
      dashboardOf({ links: [{ title: "L", url: "/explore?panes=%7B" }] }),
    ];
    for (const dashboard of unread) {
      assert.deepEqual(
        languages(dashboard).map(({ language }) => language),
        ["unreadable"],
      );
    }
  });
});

describe("queries of links", () => {
  const site = { place: "L", variables: {} };
  it("are not looked for outside Explore", () =>
    assert.deepEqual(exploreQueries("/d/llm-tracing?var-x=1", site), []));
  it("are found in relative, absolute and prefixed addresses", () => {
    const panes = encodeURIComponent(
      JSON.stringify({ a: { queries: [{ datasource: { type: "prometheus" }, expr: "up" }] } }),
    );
    for (const path of ["explore", "/explore", "https://grafana.example.org/grafana/explore"]) {
      assert.deepEqual(exploreQueries(`${path}?schemaVersion=1&panes=${panes}`, site), [
        { place: "L", language: "promql", text: "up", legend: "" },
      ]);
    }
  });
});
