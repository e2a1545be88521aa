import assert from "node:assert/strict";
import type { HistogramForm } from "../../../telemetry/generator.ts";
import { labels, names } from "../../../telemetry/metrics.ts";
import { histogram } from "../../../telemetry/signals/histogram.ts";
import { increase, sum } from "../../../telemetry/signals/promql.ts";
import { ask } from "../../../clients/ask.ts";
import type { MapEdge } from "../../../clients/prometheus.ts";
import { countedSpans, edges } from "../../../traffic/expected.ts";
import { agree } from "./agreement.ts";
import { atTheEnd, exactly, lines } from "./graphs.ts";
import { instant } from "./measure.ts";
import { generator, signals } from "./product.ts";
import type { Lines } from "./prometheus-panels.ts";
import { inWords, record } from "./record.ts";
import type { Run } from "./run.ts";

/** Labels that tell edges apart. */
const ends = [labels.client, labels.server, labels.connection];

/** Queries for what each metric says of an edge over a window. */
function metricsIn(form: HistogramForm) {
  const counted = (name: string) => (window: string) => sum(increase(name, "", window), ...ends);
  const added = (name: string) => (window: string) =>
    histogram(form, name, (series) => increase(series, "", window)).total(...ends);
  return [
    [names.edges, counted(names.edges), "count"],
    [names.failedEdges, counted(names.failedEdges), "failed"],
    [names.edgeClientSeconds, added(names.edgeClientSeconds), "clientSeconds"],
    [names.edgeServerSeconds, added(names.edgeServerSeconds), "serverSeconds"],
  ] as const;
}

/** The service graph, as the topology draws it and in each of its metrics. */
export function describeTopology(run: () => Run): void {
  describeEdges(run);

  it("names the user, both applications, the providers and the databases, by their hosts", async () => {
    const calls = await mapOf(run());
    const nodes = new Set(calls.flatMap(({ client, server }) => [client, server]));
    assert.deepEqual([...nodes].sort(), [
      "127.0.0.1",
      "litellm",
      "ollama_chat",
      "open-webui",
      "openai",
      "postgres",
      "user",
    ]);
  });
}

/** The same, whoever the nodes are. */
export function describeEdges(run: () => Run, form: HistogramForm = "classic"): void {
  it("draws who calls whom, how often, and how many of the calls failed", async () => {
    const { counted } = run();
    const calls = await mapOf(run());
    for (const what of ["calls", "failed"] as const) {
      const found = calls.map((edge) => [`${edge.client} → ${edge.server}`, edge[what]] as const);
      const expected = edges(counted, generator.peerAttributes).map(
        ({ client, server, count, failed }) =>
          [`${client} → ${server}`, what === "calls" ? count : failed] as const,
      );
      agree(Object.fromEntries(found), Object.fromEntries(expected));
      const title = `${signals.topology.title}, ${what}`;
      record(title, inWords(Object.fromEntries(expected)), inWords(Object.fromEntries(found)));
    }
  });

  for (const [metric, queryOver, value] of metricsIn(form)) {
    it(`tells databases and what sends no spans apart in ${metric}`, async () => {
      const { backends, counted, window } = run();
      const { variables } = atTheEnd(window);
      const query = `${exactly(queryOver(variables["interval"]!), run())} > 0`;
      const found = (await instant(backends.prometheus, query, window[1])).map(
        ({ labels: of, value: count }) => [ends.map((name) => of[name] ?? "").join(" "), count] as const,
      );
      const expected = edges(counted, generator.peerAttributes)
        .map((edge) => [[edge.client, edge.server, edge.connectionType].join(" "), edge[value]] as const)
        .filter(([, amount]) => amount > 0);
      agree(Object.fromEntries(found), Object.fromEntries(expected));
    });
  }

  it("counts the spans of a service for the link on each of its spans", async () => {
    const { backends, counted, window } = run();
    const [query] = signals.requestRateOfSpan.queries;
    const question = atTheEnd(window);
    const tags = { ...question, variables: { ...question.variables, __tags: `${labels.service}="litellm"` } };
    const spans = countedSpans(counted).filter(({ service }) => service.name === "litellm");
    const overAll = { ...query, text: exactly(query.text.replace("[5m]", "[$interval]"), run()) };
    const expected: Lines = { "": spans.length / (window[1] - window[0]) };
    const found = await lines(overAll, backends, tags);
    agree(found, expected);
    assert.deepEqual(Object.keys(await lines(query, backends, tags)), [""]);
    record("Request rate (link on a span), litellm", inWords(expected), inWords(found));
  });
}

/** The map of the window. It is read at points 15 s apart, hence to a while after, in which nothing was sent. */
async function mapOf({ backends, window: [from, to] }: Run): Promise<readonly MapEdge[]> {
  const answer = await ask(signals.topology.queries[0], backends, {
    from,
    to: to + 30,
    variables: { environment: "dev" },
  });
  assert.ok(answer.kind === "map");
  return answer.edges;
}
