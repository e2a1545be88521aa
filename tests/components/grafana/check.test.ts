import assert from "node:assert/strict";
import { checkDatasources } from "../../../components/grafana/check.ts";
import { correlations } from "../../../components/grafana/correlations.ts";
import type { Correlation, Datasource } from "../../../components/grafana/datasource.ts";
import { parseSettings } from "../../../settings.ts";
import { datasourceList } from "./datasource-list.ts";

const good = Object.values(datasourceList(parseSettings({ environment: "dev" })));

/** The good data sources, Tempo's changed. */
const withTempo = (change: object): Datasource[] =>
  good.map((source) => (source.type === "tempo" ? { ...source, ...change } : source));

const [ofSpan, ofTrace] = correlations({
  uids: {
    tempo: "llm-tracing-tempo",
    prometheus: "llm-tracing-prometheus",
    openobserve: "llm-tracing-openobserve",
  },
  logs: { organization: "default", stream: "default" },
}) as [Correlation, Correlation];

const withCorrelation = (change: object) => withTempo({ correlations: [{ ...ofSpan, ...change }, ofTrace] });

const withTransformation = (transformation: object) =>
  withCorrelation({ config: { ...ofSpan.config, transformations: [transformation] } });

const metricsQuery = { name: "Request rate", query: "up" };

interface Refusal {
  readonly rule: string;
  readonly given: readonly Datasource[];
  readonly says: RegExp;
}

const refusals: readonly Refusal[] = [
  {
    rule: "a correlation without a label",
    given: withCorrelation({ label: undefined }),
    says: /correlation "without a label" of "Tempo" has no label/,
  },
  {
    rule: "a correlation without a description",
    given: withCorrelation({ description: undefined }),
    says: /correlation "Logs for this span" of "Tempo" has no description/,
  },
  {
    rule: "a correlation to a data source that is not provisioned with it",
    given: withCorrelation({ targetUID: "loki" }),
    says: /correlation "Logs for this span" of "Tempo" has the target "loki", which is not provisioned/,
  },
  {
    rule: "a correlation of a query without a target",
    given: withCorrelation({ targetUID: undefined }),
    says: /has the target "undefined", which is not provisioned/,
  },
  {
    rule: "a correlation with its type inside config",
    given: withCorrelation({ config: { ...ofSpan.config, type: "query" } }),
    says: /has its type inside config/,
  },
  {
    rule: "a correlation with a transformation of another kind",
    given: withTransformation({ type: "jq", expression: ".trace_id" }),
    says: /has a transformation of type "jq", which is no regex/,
  },
  {
    rule: "a correlation with a transformation without an expression",
    given: withTransformation({ type: "regex", expression: "" }),
    says: /has a transformation without an expression/,
  },
  {
    rule: "a correlation with a transformation that is no regular expression",
    given: withTransformation({ type: "regex", expression: "(?<trace>" }),
    says: /has a transformation that is no regular expression: \(\?<trace>/,
  },
  {
    rule: "a fourth link on a span, by a correlation",
    given: withTempo({ correlations: [ofSpan, ofTrace, ofTrace] }),
    says: /"Tempo" puts 4 links on every span; more than 3 become a menu/,
  },
  {
    rule: "a fourth link on a span, by a metrics query",
    given: withTempo({
      jsonData: {
        tracesToMetrics: { datasourceUid: "llm-tracing-prometheus", queries: [metricsQuery, metricsQuery] },
      },
    }),
    says: /puts 4 links on every span/,
  },
  {
    rule: "two data sources of one uid",
    given: [...good, { ...good[1]!, name: "Prometheus 2" }],
    says: /two data sources have the uid "llm-tracing-prometheus"/,
  },
  {
    rule: "two data sources of one name",
    given: [...good, { ...good[1]!, uid: "prometheus-2" }],
    says: /two data sources have the name "Prometheus \(LLM tracing\)"/,
  },
  {
    rule: "a service map from a data source that is not provisioned with it",
    given: withTempo({ jsonData: { serviceMap: { datasourceUid: "mimir" } } }),
    says: /"Tempo" refers to the data source "mimir", which is not provisioned/,
  },
  {
    rule: "exemplars to a data source that is not provisioned with it, deep in a list",
    given: good.filter(({ type }) => type !== "tempo"),
    says: /"Prometheus \(LLM tracing\)" refers to the data source "llm-tracing-tempo"/,
  },
];

describe("data sources with which Grafana would not start", () => {
  it("are none of ours", () => {
    assert.doesNotThrow(() => checkDatasources(good));
  });

  for (const { rule, given, says } of refusals) {
    it(`are refused: ${rule}`, () => {
      assert.throws(() => checkDatasources(given), says);
    });
  }

  it("are refused with every reason at once", () => {
    const given = [...withCorrelation({ label: undefined, targetUID: "loki" }), good[2]!];
    assert.throws(
      () => checkDatasources(given),
      (error: Error) => {
        assert.equal(error.message.split("\n").length, 1 + 4);
        return true;
      },
    );
  });

  it("may have a correlation to anywhere when it is a URL", () => {
    assert.doesNotThrow(() => checkDatasources(withTempo({ correlations: [ofTrace] })));
  });
});
