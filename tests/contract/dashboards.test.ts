import assert from "node:assert/strict";
import { alerts } from "../../alerts/groups.ts";
import { ruleOptions } from "../../assembly/wiring.ts";
import type { Query } from "../../telemetry/signals.ts";
import { contractOf } from "./contract.ts";
import { panelsOf, type Dashboard, type Panel } from "./dashboard-json.ts";
import { dashboardProblems } from "./dashboard-rules.ts";
import { gate } from "./gate.ts";
import { distributedProduct, wanted } from "./distributed.ts";
import { isExported, productOf, settingsOf, type Product } from "./product.ts";
import { dashboardQueries } from "./queries.ts";

const product = productOf(settingsOf("dev"));
const textsOf = ({ signals }: Product) =>
  new Set(
    Object.values(signals)
      .flatMap(({ queries }): readonly Query[] => queries)
      .flatMap((query) => (query.language === "share" ? [query.part, query.whole] : [query]))
      .map(({ text }) => text),
  );
const signalTexts = textsOf(product);
const llmTrace = product.dashboards.find(({ uid }) => uid === "llm-trace")!;
const llmTracing = product.dashboards.find(({ uid }) => uid === "llm-tracing")!;
const options = { contract: contractOf(product.generator), logStream: product.logStream };

/** What the rules and the gate say about the dashboard when something in it is changed. */
function problemsAfter(change: (dashboard: Dashboard) => void, dashboard = llmTracing): string[] {
  const changed = structuredClone(dashboard);
  change(changed);
  return [...dashboardProblems(changed, { signalTexts }), ...gate(dashboardQueries(changed, false), options)];
}

const panel = (dashboard: Dashboard, title: string): Panel =>
  panelsOf(dashboard).find((placed) => placed.panel.title === title)!.panel;

const links = (of: Panel) =>
  of.fieldConfig!.overrides!.flatMap(({ properties }) => properties).find(({ id }) => id === "links")!
    .value as {
    title: string;
    url: string;
  }[];

describe("the topology", () => {
  it("is asked for native histograms where Tempo makes those, and only there", () => {
    const targets = (nativeHistograms: boolean) =>
      productOf(settingsOf("dev", { prometheus: { nativeHistograms } }))
        .dashboards.flatMap((dashboard) => panelsOf(dashboard))
        .flatMap(
          (placed) => (placed.panel.targets ?? []) as { readonly serviceMapUseNativeHistograms?: boolean }[],
        )
        .map((target) => target.serviceMapUseNativeHistograms)
        .filter((native) => native !== undefined);
    assert.deepEqual(targets(true), [true]);
    assert.deepEqual(targets(false), []);
  });
});

describe("Tracing Health", () => {
  const rows = ({ dashboards }: Product) =>
    dashboards
      .find(({ uid }) => uid === "llm-tracing-health")!
      .panels.filter(({ type }) => type === "row")
      .map(({ title, panels = [] }) => [title, panels.map((each) => each.title)]);

  it("has a row by role where Tempo is distributed, and no other place for their memory", () => {
    const distributed = distributedProduct();
    const health = distributed.dashboards.find(({ uid }) => uid === "llm-tracing-health")!;
    assert.deepEqual(rows(distributed)[0], [
      "Roles",
      ["Replicas", "Memory", "Jobs on blocks", "Partitions", "Behind Kafka", "Unread in Kafka"],
    ]);
    assert.equal(panelsOf(health).filter((placed) => placed.panel.title === "Memory").length, 1);
  });

  it("has none where it is one process", () =>
    assert.deepEqual(
      rows(product).map(([title]) => title),
      ["Collector"],
    ));

  it("is green when all pods are there that there are to be", () => {
    const health = distributedProduct().dashboards.find(({ uid }) => uid === "llm-tracing-health")!;
    const steps = (panel(health, "Up").fieldConfig as { defaults: { thresholds: { steps: object[] } } })
      .defaults.thresholds.steps;
    assert.deepEqual(
      steps.map((step) => (step as { value: number | null }).value),
      [null, 1, Object.values(wanted).reduce((sum, pods) => sum + pods, 0)],
    );
  });
});

describe("each dashboard", () => {
  for (const [which, all] of [
    ["", product],
    [" where Tempo is distributed", distributedProduct()],
  ] as const) {
    for (const dashboard of all.dashboards) {
      it(`"${dashboard.title}" keeps the rules${which}`, () =>
        assert.deepEqual(
          dashboardProblems(dashboard, { signalTexts: textsOf(all), exported: isExported(dashboard) }),
          [],
        ));
    }
  }

  const refusals: readonly { rule: string; change: (dashboard: Dashboard) => void; problem: string }[] = [
    {
      rule: "the v2 format",
      change: (dashboard) => Object.assign(dashboard, { elements: {} }),
      problem: "LLM Request Tracing: has elements, as in the v2 format; it must be classic",
    },
    {
      rule: "a Kubernetes-style wrapper",
      change: (dashboard) => Object.assign(dashboard, { apiVersion: "dashboard.grafana.app/v1", spec: {} }),
      problem: "LLM Request Tracing: has apiVersion, as in the v2 format; it must be classic",
    },
    {
      rule: "two panels with one id, one of them in a closed row",
      change: (dashboard) => (panel(dashboard, "Calls by model").id = panel(dashboard, "Requests").id),
      problem: "LLM Request Tracing: two panels have the id 1",
    },
    {
      rule: "two queries with one refId",
      change: (dashboard) => (panel(dashboard, "LiteLLM Latency Percentiles").targets![1]!.refId = "A"),
      problem: "LLM Request Tracing › LiteLLM Latency Percentiles: two queries have the refId A",
    },
    {
      rule: "a query without a data source",
      change: (dashboard) => delete panel(dashboard, "Request Rate").targets![0]!.datasource!.uid,
      problem: "LLM Request Tracing › Request Rate: query A has no data source",
    },
    {
      rule: "a query that is no signal's",
      change: (dashboard) => (panel(dashboard, "Request Rate").targets![0]!.expr = "vector(1)"),
      problem: "LLM Request Tracing › Request Rate: asks what no signal asks: vector(1)",
    },
    {
      rule: "more bytes than kubectl can apply",
      change: (dashboard) => (panel(dashboard, "Request Rate").description = "x".repeat(262_144)),
      problem: "LLM Request Tracing: has ",
    },
    {
      rule: "a table of any traces",
      change: (dashboard) => {
        const [target] = panel(dashboard, "Recent Traces").targets!;
        target!.query = target!.query!.replace(" with (most_recent=true)", "");
      },
      problem:
        "LLM Request Tracing › Recent Traces: asks for any matches, not the newest: add with (most_recent=true)",
    },
    {
      rule: "a link to logs by the whole id",
      change: (dashboard) => {
        const link = links(panel(dashboard, "Slow Requests (> 5s)")).find(({ title }) =>
          title.startsWith("Logs"),
        )!;
        link.url = link.url.replace("LIKE%20'%25", "%3D%20'");
      },
      problem:
        "LLM Request Tracing › Slow Requests (> 5s) › link Logs of the trace in Explore: searches drop leading zeros of trace ids: match the end, trace_id LIKE '%…'",
    },
    {
      rule: "a link to logs whose % is not encoded",
      change: (dashboard) => {
        const link = links(panel(dashboard, "Slow Requests (> 5s)")).find(({ title }) =>
          title.startsWith("Logs"),
        )!;
        link.url = link.url.replace("LIKE%20'%25", "LIKE%20'%");
      },
      problem: "LLM Request Tracing › Slow Requests (> 5s) › link Logs of the trace in Explore: ",
    },
    {
      rule: "a table that Grafana answers with 500: attributes in nested tables",
      change: (dashboard) => (panel(dashboard, "Recent Traces").targets![0]!.tableType = "traces"),
      problem:
        "LLM Request Tracing › Recent Traces: query A selects attributes into nested tables, for which Grafana answers 500: tableType must be spans",
    },
    {
      rule: "a table that Grafana answers with 500: no type",
      change: (dashboard) => delete panel(dashboard, "Recent Traces").targets![0]!.tableType,
      problem: "LLM Request Tracing › Recent Traces: query A has no tableType, for which Grafana answers 500",
    },
    {
      rule: "a variable that the dashboard does not have",
      change: (dashboard) => {
        dashboard.templating!.list!.splice(
          dashboard.templating!.list!.findIndex(({ name }) => name === "interval"),
          1,
        );
      },
      problem: "LLM Request Tracing › Request Rate: nothing fills in the variable $interval",
    },
  ];
  for (const { rule, change, problem } of refusals) {
    it(`is refused for ${rule}`, () => {
      const problems = problemsAfter(change);
      assert.ok(
        problems.some((line) => line.startsWith(problem)),
        problems.join("\n"),
      );
    });
  }

  it("is refused for logs in the dashboard by the whole id", () => {
    const problems = problemsAfter((dashboard) => {
      const [target] = panel(dashboard, "Logs of the trace").targets!;
      target!.query = target!.query!.replace("LIKE '%", "= '");
    }, llmTrace);
    assert.ok(
      problems.includes(
        "LLM Trace › Logs of the trace: searches drop leading zeros of trace ids: match the end, trace_id LIKE '%…'",
      ),
      problems.join("\n"),
    );
  });

  it("may ask what it likes when it was exported from Grafana", () => {
    const changed = structuredClone(llmTracing);
    panel(changed, "Request Rate").targets![0]!.expr = "rate(node_cpu_seconds_total[$interval])";
    assert.deepEqual(dashboardProblems(changed, { signalTexts, exported: true }), []);
    assert.deepEqual(gate(dashboardQueries(changed, true), options), []);
  });
});

describe('the dashboard "LLM Request Tracing"', () => {
  const open = llmTracing.panels.filter(({ type }) => type !== "row");

  it("begins with a row of numbers, each with a threshold and with a word for nothing", () => {
    const stats = open.slice(0, 7);
    assert.deepEqual(
      stats.map(({ title }) => title),
      ["Requests", "Failed", "p95", "First token p95", "In flight", "Tokens per minute", "Cost"],
    );
    for (const { type, title, fieldConfig } of stats) {
      assert.equal(type, "stat", title);
      assert.ok(
        fieldConfig!.defaults!.thresholds!.steps!.some(({ value }) => value !== null),
        title,
      );
      assert.equal((fieldConfig!.defaults as { noValue?: string }).noValue, "idle", title);
    }
  });

  it("has its six panels in sight, under these names", () => {
    const titles = new Set(open.map(({ title }) => title));
    for (const title of [
      "AI Service Topology",
      "Request Rate",
      "LiteLLM Latency Percentiles",
      "Error Rate (5xx)",
      "Slow Requests (> 5s)",
      "Recent Traces",
    ]) {
      assert.ok(titles.has(title), title);
    }
  });

  it("has every row closed, since a closed one asks nothing", () =>
    assert.deepEqual(
      llmTracing.panels.filter((row) => row.type === "row" && !(row as { collapsed?: boolean }).collapsed),
      [],
    ));

  it("leads from a request to its trace, in a dashboard that Viewers may see", () => {
    for (const title of ["Slow Requests (> 5s)", "Recent Traces", "Newest model calls"]) {
      const [first] = links(panel(llmTracing, title));
      assert.ok(first!.url.startsWith(`/d/${llmTrace.uid}?`), title);
      assert.ok(first!.url.includes("var-traceId=${__data.fields.traceIdHidden}"), title);
    }
  });

  it("hides every column that only a condition names, and shows every one that is selected", () => {
    for (const title of ["Slow Requests (> 5s)", "Recent Traces", "Newest model calls"]) {
      const { targets, transformations } = panel(llmTracing, title) as Panel & {
        transformations: { options: { excludeByName: object; renameByName: object } }[];
      };
      const { excludeByName, renameByName } = transformations[0]!.options;
      const [conditions, rest] = targets![0]!.query!.split("} |");
      const named = (text: string) =>
        [...text.matchAll(/\b(?:span|resource)\.([\w.]+)/g)].map(([, name]) => name!);
      const selected = named(rest!);
      assert.deepEqual(
        selected.filter((name) => !(name in renameByName)),
        [],
        title,
      );
      const others = named(conditions!).filter((name) => !selected.includes(name));
      assert.deepEqual(
        others.filter((name) => !(name in excludeByName) && !(name in renameByName)),
        [],
        title,
      );
    }
  });

  it("draws events at the moment that their value is, and alerts as long as they fire", () => {
    const list = llmTracing.annotations!.list as { name: string; useValueForTime?: boolean; expr?: string }[];
    assert.deepEqual(
      list.map(({ name }) => name),
      ["Tempo started", "New version of this stack", "Alert"],
    );
    const [alert, ...moments] = list.toReversed();
    assert.ok(moments.every(({ useValueForTime, expr }) => useValueForTime && expr!.endsWith("* 1000")));
    assert.equal(alert!.useValueForTime, false);
    for (const { name } of alerts(ruleOptions(settingsOf("dev"))))
      assert.match(name, new RegExp(`^(${/alertname=~"([^"]+)"/.exec(alert!.expr!)![1]!})$`));
  });

  it("offers 1m, 5m, 15m and 1h as $interval", () => {
    const interval = llmTracing.templating!.list!.find(({ name }) => name === "interval")!;
    assert.deepEqual(
      interval.options!.map(({ value }) => value),
      ["1m", "5m", "15m", "1h"],
    );
    assert.equal(interval.query, "1m,5m,15m,1h");
  });

  it("shows the last 50 traces", () =>
    assert.deepEqual(
      panel(llmTracing, "Recent Traces").targets!.map((target) => (target as { limit?: number }).limit),
      [50],
    ));
});
