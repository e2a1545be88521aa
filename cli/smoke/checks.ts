import type { Settings } from "../../settings.ts";
import { attributes, traceql } from "../../telemetry/attributes.ts";
import { exemplarLabels, label } from "../../telemetry/metrics.ts";
import { series } from "../../telemetry/signals/selectors.ts";
import { searchId } from "../../tests/fixtures/expected.ts";
import { ask, type Question } from "../ask.ts";
import { queryNow, type Sample } from "../ask/prometheus.ts";
import { getJson, urlBelow } from "../http.ts";
import * as causes from "./causes.ts";
import type { Cause, Testimony } from "./causes.ts";
import type { SmokeOptions } from "./options.ts";
import type { Attempt } from "./polling.ts";
import { countKey, type Probe } from "./probe.ts";

/** What the checks know. */
export interface Bench {
  readonly probe: Probe;
  readonly settings: Settings;
  readonly options: SmokeOptions;
  readonly longestAnswerSeconds: number;
  /** Calls from Open WebUI to LiteLLM before the trace was sent, by series; undefined when nobody told. */
  readonly callsBefore: readonly Sample[] | undefined;
}

/** Something that must come true after the trace was sent. */
export interface Check {
  readonly name: string;
  readonly attempt: (bench: Bench, timeoutSeconds: number) => Promise<Attempt>;
  /** Why it did not come true within `waited` seconds. */
  readonly cause: (testimony: Testimony, bench: Bench, waited: number) => Cause;
}

const ok = (found: string): Attempt => ({ ok: true, found });
const notYet = (seen: string): Attempt => ({ ok: false, seen });

/** The checks of what Tempo and Prometheus make of the trace. */
export const checks: readonly Check[] = [
  { name: "trace by its id", attempt: traceById, cause: causes.causeOfLostTrace },
  { name: "trace by search", attempt: traceBySearch, cause: causes.causeOfFailedSearch },
  { name: "span metrics", attempt: spanMetrics, cause: causes.causeOfMissingMetrics },
  { name: "exemplar", attempt: exemplar, cause: causes.causeOfMissingExemplar },
  { name: "edge Open WebUI → LiteLLM", attempt: edge, cause: causes.causeOfMissingEdge },
  {
    name: "edge LiteLLM → provider",
    attempt: providerEdge,
    cause: (testimony, bench, waited) =>
      causes.causeOfMissingNode(testimony, waited, bench.longestAnswerSeconds),
  },
];

const lately = (timeoutSeconds: number): Question => {
  const now = Date.now() / 1000;
  return { from: now - 3600, to: now + 60, variables: {}, timeoutSeconds };
};

async function traceById({ probe, options }: Bench, timeoutSeconds: number): Promise<Attempt> {
  const query = { language: "trace", text: probe.trace.id } as const;
  const answer = await ask(query, options, lately(timeoutSeconds));
  const count = answer.kind === "spans" ? answer.count : 0;
  const wanted = probe.trace.spans.length;
  return count >= wanted ? ok(`${count} spans`) : notYet(`Tempo has ${count} of its ${wanted} spans.`);
}

async function traceBySearch({ probe, options }: Bench, timeoutSeconds: number): Promise<Attempt> {
  const text = `{ ${traceql(attributes.requestModel)} = "${probe.id}" }`;
  const query = { language: "traceql", rows: "traces", limit: 20, text } as const;
  const answer = await ask(query, options, lately(timeoutSeconds));
  const found =
    answer.kind === "traces" && answer.traces.some(({ traceID }) => traceID === searchId(probe.trace.id));
  return found ? ok(text) : notYet(`${text} finds nothing.`);
}

async function spanMetrics({ probe, options }: Bench, timeoutSeconds: number): Promise<Attempt> {
  const operation = label(attributes.operation.name);
  const query = `sum by (span_kind, ${operation}) (${series.calls}{${ofModel(probe)}})`;
  const samples = await queryNow(options.prometheus, query, timeoutSeconds);
  const countOf = (key: string) =>
    samples.find(({ labels }) => countKey(labels["span_kind"] ?? "", labels[operation] ?? "") === key)
      ?.value ?? 0;
  const counts = [...probe.counted].map(([key, wanted]) => ({ key, wanted, count: countOf(key) }));
  const twice = counts.find(({ wanted, count }) => count > wanted);
  if (twice) {
    const seen =
      `${twice.key.trim()} of the trace is counted ${twice.count} times, not ${twice.wanted}: two Tempos or two ` +
      "collectors get the same spans, or two Prometheus answer as one.";
    return { ok: false, seen, final: true };
  }
  if (counts.every(({ wanted, count }) => count === wanted))
    return ok(`${counts.length} spans, each counted once`);
  const some = counts.filter(({ count }) => count > 0).length;
  return notYet(
    some === 0
      ? "Prometheus has no series of the trace."
      : `Prometheus has ${some} of ${counts.length} of its series.`,
  );
}

async function exemplar({ probe, options }: Bench, timeoutSeconds: number): Promise<Attempt> {
  const now = Date.now() / 1000;
  const url = urlBelow(options.prometheus, "/api/v1/query_exemplars", {
    query: `${series.latency}_bucket{${ofModel(probe)}}`,
    start: String(now - 3600),
    end: String(now + 3600),
  });
  const { data } = await getJson<{ data?: { exemplars: { labels: Record<string, string> }[] }[] }>(
    "Prometheus",
    url,
    { timeoutSeconds },
  );
  const all = (data ?? []).flatMap(({ exemplars }) => exemplars);
  const found = all.some(({ labels }) =>
    exemplarLabels.some(
      (name) => labels[name] !== undefined && searchId(labels[name]) === searchId(probe.trace.id),
    ),
  );
  return found ? ok("opens the trace") : notYet("No bucket of the trace's latency has an exemplar.");
}

/** Counter of the calls from Open WebUI to LiteLLM. */
export const callsToLitellm = ({ applications: { services } }: Settings): string =>
  `${series.edges}_total{client=${JSON.stringify(services.openWebui)},server=${JSON.stringify(services.litellm)}}`;

async function edge({ settings, options, callsBefore }: Bench, timeoutSeconds: number): Promise<Attempt> {
  const now = await queryNow(options.prometheus, callsToLitellm(settings), timeoutSeconds);
  if (!callsBefore) {
    return {
      ok: false,
      seen: "Prometheus did not tell the number of calls before the trace was sent.",
      final: true,
    };
  }
  const before = new Map(callsBefore.map(({ labels, value }) => [identityOf(labels), value]));
  const countBefore = (labels: Sample["labels"]) => before.get(identityOf(labels)) ?? 0;
  const risen = now.find(({ labels, value }) => value !== countBefore(labels));
  if (!risen) return notYet("Its number of calls has not risen.");
  const was = countBefore(risen.labels);
  return ok(was < risen.value ? `${was} → ${risen.value} calls` : `${risen.value} calls, counted anew`);
}

/** A series, whatever the order in which its labels are listed. */
const identityOf = (labels: Sample["labels"]): string => JSON.stringify(Object.entries(labels).sort());

async function providerEdge({ probe, settings, options }: Bench, timeoutSeconds: number): Promise<Attempt> {
  const litellm = JSON.stringify(settings.applications.services.litellm);
  const query = `sum(${series.edges}_total{client=${litellm},server="${probe.id}"})`;
  const [sample] = await queryNow(options.prometheus, query, timeoutSeconds);
  return sample ? ok(`${sample.value} call`) : notYet(`The service graph has no edge to ${probe.id}.`);
}

const ofModel = ({ id }: Probe): string => `${label(attributes.requestModel.name)}="${id}"`;
