import assert from "node:assert/strict";
import { correlations, traceOfLine } from "../../../components/grafana/correlations.ts";
import type { Correlation } from "../../../components/grafana/datasource.ts";

const args = {
  uids: { tempo: "t", prometheus: "p", openobserve: "o2" },
  logs: { organization: "acme & sons", stream: "chat_logs" },
};

/** What Grafana's trace view knows of a span. */
const span = {
  traceID: "0af7651916cd43dd8448eb211c80319c",
  spanID: "00f067aa0ba902b7",
  serviceName: "litellm",
  __from: "1700000000000",
  __to: "1700003600000",
};

/** As Grafana fills variables in: those it does not know become empty. */
const interpolate = (text: string): string =>
  text.replace(/\$\{([\w.]+)\}/g, (_, name: string) => (span as Record<string, string>)[name] ?? "");

const find = (label: string, grafanaUrl?: string): Correlation =>
  correlations({ ...args, grafanaUrl }).find((each) => each.label === label)!;

/** Grafana finds the value of the field among the span's. */
const fields = ["traceID", "spanID"];

describe("the button Logs for this span", () => {
  const { type, config, ...rest } = find("Logs for this span");

  it("asks OpenObserve beside the trace for the same service and the same trace", () => {
    assert.equal(type, "query");
    assert.equal((rest as { targetUID: string }).targetUID, "o2");
    assert.ok(fields.includes(config.field));
    assert.equal(
      interpolate((config.target as { query: string }).query),
      `SELECT * FROM "chat_logs" WHERE trace_id = '${span.traceID}' AND service_name = 'litellm' ORDER BY _timestamp`,
    );
  });

  it("says organization, stream and mode, else the plugin's editor starts afresh", () => {
    const { organization, stream, sqlMode } = config.target as Record<string, unknown>;
    assert.deepEqual([organization, stream, sqlMode], ["acme & sons", "chat_logs", true]);
  });
});

describe("the button Logs for this trace", () => {
  const urlOf = (grafanaUrl?: string): string =>
    (find("Logs for this trace", grafanaUrl).config.target as { url: string }).url;

  it("opens Explore with OpenObserve, all services of the trace and the range that is shown", () => {
    const { searchParams } = new URL(interpolate(urlOf()), "http://grafana/");
    assert.equal(searchParams.get("schemaVersion"), "1");
    assert.deepEqual(JSON.parse(searchParams.get("panes")!), {
      a: {
        datasource: "o2",
        queries: [
          {
            refId: "A",
            datasource: { type: "openobserve", uid: "o2" },
            organization: "acme & sons",
            stream: "chat_logs",
            sqlMode: true,
            query: `SELECT * FROM "chat_logs" WHERE trace_id = '${span.traceID}' ORDER BY _timestamp`,
            displayMode: "logs",
          },
        ],
        range: { from: span.__from, to: span.__to },
      },
    });
  });

  it("leaves Grafana's variables as they are and encodes everything else", () => {
    const url = urlOf();
    assert.deepEqual([...url.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name).toSorted(), [
      "__from",
      "__to",
      "traceID",
    ]);
    assert.match(url.replaceAll(/\$\{\w+\}/g, ""), /^explore\?schemaVersion=1&panes=[\w%.~!*'()-]+$/);
  });

  it("stays below a sub path: relative without a leading slash, or Grafana's own address", () => {
    assert.ok(urlOf().startsWith("explore?"));
    assert.ok(urlOf("https://example.org/grafana").startsWith("https://example.org/grafana/explore?"));
  });
});

describe("the buttons on a span", () => {
  it("have all that Grafana needs: label, description, and type beside config, not in it", () => {
    const list = correlations(args);
    assert.deepEqual(
      list.map(({ label }) => label),
      ["Logs for this span", "Logs for this trace"],
    );
    for (const { description, type, config } of list) {
      assert.ok(description.length > 20);
      assert.ok(["query", "external"].includes(type));
      assert.ok(!("type" in config));
    }
  });
});

describe("the link Trace of a line of logs", () => {
  const { config, ...rest } = traceOfLine({ tempo: "t" });
  const { field, target, transformations } = config as Extract<Correlation, { type: "query" }>["config"];

  /** As Grafana's page does it: the last match of each expression, ignoring case (`getTransformationVars`). */
  const variablesOf = (content: string) =>
    transformations!.flatMap(({ expression }) => [...content.matchAll(new RegExp(expression, "gi"))]).at(-1)
      ?.groups;

  it("is on the field that each line has, whatever else the plugin knows of the stream", () =>
    assert.equal(field, "Content"));

  it("opens the line's trace in Tempo", () => {
    assert.equal((rest as { targetUID: string }).targetUID, "t");
    const { trace } = variablesOf(JSON.stringify({ body: "hello", trace_id: span.traceID }))!;
    assert.deepEqual(
      { ...target, query: (target as { query: string }).query.replace("${trace}", trace!) },
      { queryType: "traceql", query: span.traceID },
    );
  });

  it("is not there on a line without a trace, whatever its text says", () => {
    for (const body of [
      "hello",
      `"trace_id":"${span.traceID}"`,
      JSON.stringify({ trace_id: span.traceID }),
    ]) {
      assert.equal(variablesOf(JSON.stringify({ body })), undefined, body);
    }
  });
});
