import assert from "node:assert/strict";
import type { Rule, RuleGroup } from "../../alerts/groups.ts";
import { panelAddress } from "../../dashboards/links.ts";
import { panelsOf, type Dashboard, type Panel } from "../contract/dashboard-json.ts";
import { distributedProduct } from "../contract/distributed.ts";
import { nodesOf } from "../contract/ast.ts";
import { productOf, settingsOf } from "../contract/product.ts";
import { nameOf } from "../contract/promql-series.ts";
import { parsePromql } from "../contract/promql-syntax.ts";
import { objectOf, run } from "../program/run.ts";

type Told = Extract<Rule, { readonly alert: string }>;

const toldBy = (groups: readonly RuleGroup[]): Told[] =>
  groups.flatMap(({ rules }) => rules).filter((rule): rule is Told => "alert" in rule);

const product = (sections: Record<string, unknown> = {}) => productOf(settingsOf("dev", sections));

/** The panel that an address leads to, closed rows opened. */
function panelAt(address: string, dashboards: readonly Dashboard[]): Panel | undefined {
  const [, uid, id] = /\/d\/([\w-]+)\?viewPanel=(\d+)$/.exec(address)!;
  const dashboard = dashboards.find((each) => each.uid === uid);
  return dashboard && panelsOf(dashboard).find(({ panel }) => panel.id === Number(id))?.panel;
}

const seriesIn = (text: string): (string | undefined)[] => {
  const { query } = parsePromql(text.replace(/\$\w+/g, "5m"));
  return nodesOf(query)
    .filter(({ name }) => name === "VectorSelector")
    .map((node) => nameOf(node, query));
};

/**
 * Alerts whose panel shows the same in other series: those that there are reach the most that there may be; and what fails
 * beside what no longer runs.
 */
const shownOtherwise = ["TempoSeriesLimited", "TempoRetentionStuck"];

for (const [which, { rules, dashboards }] of [
  ["", product()],
  [" of a distributed Tempo", distributedProduct()],
] as const)
  describe(`an alert${which}`, () => {
    it("leads to a panel that asks for what it asks for", () => {
      for (const { alert, expr, annotations } of toldBy(rules)) {
        const panel = panelAt(annotations["dashboard_url"]!, dashboards);
        assert.ok(panel, alert);
        const shown = panel.targets!.flatMap((target) => (target.expr ? seriesIn(target.expr) : []));
        const isShown = seriesIn(expr).some((name) => shown.includes(name));
        assert.equal(isShown, !shownOtherwise.includes(alert), `${alert} leads to ${panel.title}`);
      }
    });

    it("has a severity, the environment, and words with a unit for what it found", () => {
      for (const { alert, labels, annotations } of toldBy(rules)) {
        assert.match(labels["severity"]!, /^(critical|warning)$/, alert);
        assert.equal(labels["environment"], "dev");
        for (const word of ["summary", "description"])
          assert.match(annotations[word]!, /^[A-Z{].*\.$/, alert);
      }
    });

    it("names no label in its words that its answer does not have", () => {
      for (const { alert, expr, labels, annotations } of toldBy(rules))
        for (const [, label] of Object.values(annotations)
          .join(" ")
          .matchAll(/\$labels\.(\w+)/g))
          assert.ok(
            label! in labels || new RegExp(`by \\(.*\\b${label}\\b.*\\)`).test(expr),
            `${alert}: ${label}`,
          );
    });
  });

describe("the alerts' links", () => {
  const { rules } = product();

  it("lead to panels below Grafana's address, or below whatever the reader's Grafana has", () => {
    const url = "https://grafana.example.org/sub";
    const absolute = toldBy(product({ grafana: { url: `${url}/` } }).rules);
    toldBy(rules).forEach(({ alert, annotations }, index) => {
      assert.match(annotations["dashboard_url"]!, /^\/d\//, alert);
      assert.equal(absolute[index]!.annotations["dashboard_url"], url + annotations["dashboard_url"]);
    });
  });

  it("lead to runbooks where the settings say that they are", () => {
    const runbooks = "https://git.example.org/tracing/docs/runbooks.md";
    for (const { alert, annotations } of toldBy(product({ alerts: { runbooks } }).rules))
      assert.equal(annotations["runbook_url"], `${runbooks}#${alert.toLowerCase()}`);
  });

  it("to a panel that is not there stop the program", () =>
    assert.throws(
      () => panelAddress([], "")({ dashboard: "llm-tracing", title: "Request Rate" }),
      /^Error: There is no panel "Request Rate" in the dashboard llm-tracing\.$/,
    ));
});

describe("the objective of the first token", () => {
  const alert = "LLMFirstTokenBudgetBurn";

  it("is there with the collector, through which LiteLLM counts, and nowhere without it", () => {
    const there = JSON.stringify(product());
    const without = JSON.stringify(
      product({ collector: { enabled: false }, privacy: { mode: "off", reason: "a test" } }),
    );
    for (const word of [alert, "llm_streams_begun", "llm_streams_late", "First token budget left"])
      assert.deepEqual(
        [there, without].map((text) => text.includes(word)),
        [true, false],
        word,
      );
  });
});

describe("the PrometheusRule", () => {
  it("has the labels by which the operator selects it, beside the stack's own, in Tempo's namespace", async () => {
    const result = await run("dev", {
      prometheus: { operatorLabels: { prometheus: "main" } },
      namespace: { name: "observability" },
    });
    const { metadata } = objectOf(result, "PrometheusRule");
    assert.equal(metadata.namespace, "observability");
    assert.equal(metadata.labels["prometheus"], "main");
    assert.equal(metadata.labels["release"], undefined);
    assert.equal(metadata.labels["app.kubernetes.io/name"], "llm-tracing-rules");
  });

  it("follows the objectives: budget, bound and least number of requests", () => {
    const text = (slo: Record<string, unknown>) => JSON.stringify(product({ slo }).rules);
    assert.match(text({ availability: 99 }), /> 0\.144\b/);
    assert.match(text({ latency: { target: 99, under: "60s" } }), /le=\\"60\\"/);
    assert.match(text({ firstToken: { target: 99, under: "20s" } }), /le=\\"20\\"/);
    assert.match(text({ firstToken: { target: 99.9 } }), /llm_streams_begun[^>]*> 0\.0144\b/);
    assert.match(text({ latency: { under: "60s" } }), /after more than 10 s/);
    assert.match(text({ latency: { under: "2.5s" } }), /after more than 2 s/);
    assert.match(text({ minimumRequests: 77 }), />= 77\b/);
  });
});
