import assert from "node:assert/strict";
import { boundProblem, panelBoundProblems } from "./bounds.ts";
import { contractOf } from "./contract.ts";
import type { Dashboard, Panel } from "./dashboard-json.ts";
import { productOf, settingsOf } from "./product.ts";

const product = productOf(settingsOf("dev"));
const { metrics } = contractOf(product.generator);
const latency = metrics.find(({ name }) => name === "traces_spanmetrics_latency")!;

const dashboardOf = (panel: Partial<Panel>): Dashboard => ({
  uid: "d",
  title: "D",
  panels: [{ id: 1, type: "timeseries", title: "P", ...panel }],
});

const quantile = (metric: string) => [
  { expr: `histogram_quantile(0.95, sum by (le) (rate(${metric}_bucket[$interval])))` },
];

const thresholds = (unit: string, ...values: (number | null)[]) => ({
  defaults: { unit, thresholds: { steps: values.map((value) => ({ value })) } },
});

describe("a latency threshold", () => {
  it("of a slow request lies on a bound", () => {
    for (const environment of ["dev", "staging", "prod"]) {
      const { slowRequestSeconds } = productOf(settingsOf(environment));
      assert.equal(boundProblem(slowRequestSeconds, latency), undefined, environment);
    }
  });

  it("is refused between two bounds", () =>
    assert.match(boundProblem(7, latency)!, /^7 s is no bound of traces_spanmetrics_latency: 0.1, /));

  it("is refused above the top bound", () =>
    assert.equal(
      boundProblem(301, latency),
      "301 s is above the top bound of traces_spanmetrics_latency, 300 s",
    ));

  it("is taken at the top bound", () => assert.equal(boundProblem(300, latency), undefined));

  it("of the product's panels lies on bounds", () =>
    assert.deepEqual(
      product.dashboards.flatMap((dashboard) => panelBoundProblems(dashboard, metrics)),
      [],
    ));

  const cases: readonly { what: string; panel: Partial<Panel>; problems: number }[] = [
    {
      what: "between two bounds",
      panel: { targets: quantile("traces_spanmetrics_latency"), fieldConfig: thresholds("s", null, 7) },
      problems: 1,
    },
    {
      what: "above the top bound, in milliseconds",
      panel: { targets: quantile("traces_spanmetrics_latency"), fieldConfig: thresholds("ms", 400_000) },
      problems: 1,
    },
    {
      what: "that only the other histogram has",
      panel: {
        targets: quantile("traces_service_graph_request_client_seconds"),
        fieldConfig: thresholds("s", 20),
      },
      problems: 1,
    },
  ];
  for (const { what, panel, problems } of cases) {
    it(`${what} is refused, with the panel's name`, () => {
      const found = panelBoundProblems(dashboardOf(panel), metrics);
      assert.equal(found.length, problems);
      assert.match(found[0]!, /^D › P: threshold /);
    });
  }

  it("in a closed row is refused with the row's name", () => {
    const row = { type: "row", title: "R", panels: dashboardOf(cases[0]!.panel).panels };
    assert.match(panelBoundProblems(dashboardOf(row), metrics)[0]!, /^D › R › P: threshold 7 s/);
  });

  it("on a bound given in milliseconds is taken", () =>
    assert.deepEqual(
      panelBoundProblems(
        dashboardOf({ targets: quantile("traces_spanmetrics_latency"), fieldConfig: thresholds("ms", 2500) }),
        metrics,
      ),
      [],
    ));

  it("of an average is free, for it needs no buckets", () =>
    assert.deepEqual(
      panelBoundProblems(
        dashboardOf({
          targets: [
            { expr: "rate(traces_spanmetrics_latency_sum[5m]) / rate(traces_spanmetrics_latency_count[5m])" },
          ],
          fieldConfig: thresholds("s", 7),
        }),
        metrics,
      ),
      [],
    ));
});
