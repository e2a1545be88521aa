import { parse, stringify } from "yaml";
import { kinds, labels, names } from "../../../telemetry/metrics.ts";
import type { Backends } from "../../../sandbox/trace-backends.ts";
import { waitFor } from "../../../clients/wait.ts";
import { edges, requestCounts } from "../../../traffic/expected.ts";
import { replay } from "../../../traffic/replay.ts";
import type { Trace } from "../../../traffic/span.ts";
import { chats, referenceTraces, slowChat } from "../../../traffic/chats.ts";
import type { TestCluster } from "../harness.ts";
import { instant, lastCollection, number, seriesCount } from "./measure.ts";
import { generator } from "./product.ts";
import type { Run } from "./run.ts";
import { compress, isIdle } from "./traffic.ts";

/** The same traffic at a Tempo with its own defaults and at one with our settings. */
export interface Comparison {
  readonly ours: Backends;
  readonly defaults: Backends;
  /** Series that each made of one of each reference trace. */
  readonly series: { readonly ours: number; readonly defaults: number };
  /** The second round of those traces, and when each counted it. */
  readonly traces: readonly Trace[];
  readonly windows: { readonly ours: Run["window"]; readonly defaults: Run["window"] };
  /** What {@link outwait} found at ours. */
  readonly callsByClient: Readonly<Record<string, number>>;
}

/** Service names of a chat that streams for longer than Tempo waits, and of one that does not. */
export const impatient = { openWebui: "open-webui-slow", litellm: "litellm-slow" };
export const patient = { openWebui: "open-webui-quick", litellm: "litellm-quick" };

/** Makes the sandbox's cluster mount a Tempo configuration in which span metrics and service graph have no settings. */
export async function deployDefaults({ sandbox: { api } }: TestCluster): Promise<void> {
  const [namespace, name] = ["tracing", "tempo-config-defaults"];
  const configMaps = await api.list({ apiVersion: "v1", kind: "ConfigMap", namespace });
  const deployed = configMaps.find(({ metadata }) => metadata.name.startsWith("tempo-config-"))!;
  const config = parse((deployed["data"] as Record<string, string>)["tempo.yaml"]!) as {
    metrics_generator: { processor: Record<string, unknown> };
  };
  const { processor } = config.metrics_generator;
  delete processor["span_metrics"];
  delete processor["service_graphs"];
  await api.apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
    data: { "tempo.yaml": stringify(config) },
  });
  const spec = { template: { spec: { volumes: [{ name: "config", configMap: { name } }] } } };
  await api.apply({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "tempo", namespace },
    spec,
  });
}

/** Sends the reference traces to both, twice: the first round makes the series, the second is counted. */
export async function compare(ours: Backends, defaults: Backends): Promise<Comparison> {
  const both = [
    { backends: ours, peerAttributes: generator.peerAttributes },
    { backends: defaults, peerAttributes: defaultPeerAttributes },
  ];
  const countedIn = (traces: readonly Trace[]) =>
    Promise.all(both.map((tempo) => roundCounted(tempo, traces)));
  const first = await round([ours, defaults], "first");
  const begins = await countedIn(first);
  const series = await Promise.all([ours, defaults].map(({ prometheus }) => seriesCount(prometheus)));
  const [traces, callsByClient] = await Promise.all([round([ours, defaults], "second"), outwait(ours)]);
  const ends = await countedIn([...first, ...traces]);
  return {
    ours,
    defaults,
    series: { ours: series[0]!, defaults: series[1]! },
    traces,
    windows: { ours: [begins[0]!, ends[0]!], defaults: [begins[1]!, ends[1]!] },
    callsByClient,
  };
}

/** Attributes by which Tempo names the other side of a call, unless told otherwise. */
const defaultPeerAttributes = ["peer.service", "db.name", "db.system"];

/** Sends one of each reference trace to every Tempo; the slow ones last 40 s. */
async function round(backends: readonly Backends[], name: string): Promise<Trace[]> {
  const slow = { slowChat: longChat, another: longChat, third: longChat };
  const traces = Object.entries({ ...referenceTraces, ...slow }).map(([kind, build]) =>
    build({ seed: `${name} ${kind}` }),
  );
  const visits = traces.map((trace, index) => ({ trace, at: 0.1 * index * compress }));
  await Promise.all(backends.map(({ otlpHttp: endpoint }) => replay(visits, { endpoint, compress })));
  return traces.filter((trace) => !isIdle(trace));
}

const longChat = (identity: { seed: string }): Trace => slowChat({ ...identity, duration: 40 });

/**
 * Waits until the requests of these traces are counted, and their calls from and to what sends no spans: Tempo counts
 * those last.
 *
 * @returns the moment of that collection
 */
function roundCounted(
  { backends: { prometheus }, peerAttributes }: { backends: Backends; peerAttributes: readonly string[] },
  traces: readonly Trace[],
): Promise<number> {
  const requests = Object.values(requestCounts(traces)).reduce((total, count) => total + count);
  const calls = edges(traces, peerAttributes)
    .filter(({ connectionType }) => connectionType !== "")
    .reduce((total, { count }) => total + count, 0);
  const others = [patient, impatient].flatMap((names) => Object.values(names)).join("|");
  return waitFor(`Prometheus to count ${requests} requests and ${calls} calls`, 120, async () => {
    const at = await lastCollection(prometheus);
    const found = await Promise.all([
      number(
        prometheus,
        `sum(${names.calls}{${labels.kind}="${kinds.server}",${labels.service}!~"${others}"})`,
        at,
      ),
      number(
        prometheus,
        `sum(${names.edges}{${labels.connection}!="",${labels.client}!~"${others}",${labels.server}!~"${others}"})`,
        at,
      ),
    ]);
    if (found[0] < requests || found[1] < calls) throw new Error(`${found.join(" and ")} so far`);
    return at;
  });
}

/**
 * Sends a chat that streams for 16 s and, when it is over, one of 3 s, to a Tempo that waits 10 s for the second half
 * of a call, and waits for the call of the latter.
 *
 * @returns calls between services, by caller
 */
async function outwait({ otlpHttp: endpoint, prometheus }: Backends): Promise<Record<string, number>> {
  await replay(
    [{ trace: chats.chat({ seed: "impatient", duration: 16, timeToFirstChunk: 1, ...impatient }), at: 0 }],
    {
      endpoint,
    },
  );
  await replay([{ trace: chats.chat({ seed: "patient", duration: 3, ...patient }), at: 0 }], { endpoint });
  const calls = (client: string, server: string) =>
    number(prometheus, `${names.edges}{${labels.client}="${client}",${labels.server}="${server}"}`);
  await waitFor(
    "the short chat's call to be counted",
    90,
    async () => (await calls(patient.openWebui, patient.litellm)) > 0,
  );
  const found = await instant(
    prometheus,
    `sum by (${labels.client}) (${names.edges}{${labels.client}=~"open-webui-.+",${labels.server}=~"litellm-.+"})`,
  );
  return Object.fromEntries(found.map(({ labels: of, value }) => [of[labels.client]!, value]));
}
