import type { Settings } from "../../settings.ts";
import { smokePrefix } from "../../telemetry/smoke.ts";
import { attributes, traceql } from "../../telemetry/attributes.ts";
import { exemplarLabels, labels, names, parts } from "../../telemetry/metrics.ts";
import { searchId } from "../../traffic/expected.ts";
import { ask } from "../../clients/ask.ts";
import type { Question } from "../../clients/question.ts";
import { getJson, urlBelow } from "../../clients/http.ts";
import * as causes from "./causes.ts";
import type { Cause, BeforeAfter } from "./causes.ts";
import type { SmokeOptions } from "./options.ts";
import { risesSince, type Reading, type Rise } from "./counters.ts";
import { countKey, probeServices, type Probe } from "./probe.ts";

/** What the checks know. */
export interface CheckContext {
  readonly probe: Probe;
  readonly settings: Settings;
  readonly options: SmokeOptions;
  readonly longestAnswerSeconds: number;
  /** The probes' counters before the trace was sent; undefined when nobody told. */
  readonly before: Readonly<Record<Counter, Reading>> | undefined;
  /** When they were read, in milliseconds since 1970. */
  readonly readAt: number;
}

/** What an attempt saw. `final`: a later attempt will see nothing else. */
export type Attempt =
  | { readonly ok: true; readonly found: string }
  | { readonly ok: false; readonly seen: string; readonly final?: boolean };

/** Something that must come true after the trace was sent. */
export interface Check {
  readonly name: string;
  readonly attempt: (context: CheckContext, timeoutSeconds: number) => Promise<Attempt>;
  /** Why it did not come true within `waited` seconds. */
  readonly cause: (evidence: BeforeAfter, context: CheckContext, waited: number) => Cause;
}

/** What is counted of probes. */
export type Counter = "calls" | "edges";

/** The counters of an environment's probes. */
export function counters({ environment }: Pick<Settings, "environment">): Record<Counter, string> {
  const here = `environment=${JSON.stringify(environment)}`;
  return {
    calls: `${names.calls}{${here},service=~"${smokePrefix}.*"}`,
    edges: `${names.edges}{${here},client=~"${smokePrefix}.*"}`,
  };
}

const ok = (found: string): Attempt => ({ ok: true, found });
const notYet = (seen: string): Attempt => ({ ok: false, seen });

/** The checks of what Tempo and Prometheus make of the trace. */
export const checks: readonly Check[] = [
  { name: "trace by its id", attempt: traceById, cause: causes.causeOfLostTrace },
  { name: "trace by search", attempt: traceBySearch, cause: causes.causeOfFailedSearch },
  { name: "span metrics", attempt: spanMetrics, cause: causes.causeOfMissingMetrics },
  { name: "exemplar", attempt: exemplar, cause: causes.causeOfMissingExemplar },
  {
    name: "edge Open WebUI → LiteLLM",
    attempt: edge("openWebui", "litellm"),
    cause: causes.causeOfMissingEdge,
  },
  {
    name: "edge LiteLLM → provider",
    attempt: edge("litellm", "provider"),
    cause: (evidence, context, waited) =>
      causes.causeOfMissingNode(evidence, waited, context.longestAnswerSeconds),
  },
];

const lately = (timeoutSeconds: number): Question => {
  const now = Date.now() / 1000;
  return { from: now - 3600, to: now + 60, variables: {}, timeoutSeconds };
};

async function traceById({ probe, options }: CheckContext, timeoutSeconds: number): Promise<Attempt> {
  const query = { language: "trace", text: probe.trace.id } as const;
  const answer = await ask(query, options, lately(timeoutSeconds));
  const count = answer.kind === "spans" ? answer.count : 0;
  const wanted = probe.trace.spans.length;
  return count >= wanted ? ok(`${count} spans`) : notYet(`Tempo has ${count} of its ${wanted} spans.`);
}

async function traceBySearch({ probe, options }: CheckContext, timeoutSeconds: number): Promise<Attempt> {
  const text = `{ ${traceql(attributes.conversation)} = "${probe.id}" }`;
  const query = { language: "traceql", limit: 20, spansPerTrace: 1, text } as const;
  const answer = await ask(query, options, lately(timeoutSeconds));
  const found =
    answer.kind === "traces" && answer.traces.some(({ traceID }) => traceID === searchId(probe.trace.id));
  return found ? ok(text) : notYet(`${text} finds nothing.`);
}

async function spanMetrics(context: CheckContext, timeoutSeconds: number): Promise<Attempt> {
  const rises = await risesOf(context, "calls", timeoutSeconds);
  if (!rises) return nothingBefore;
  const counts = [...context.probe.counted].map(([key, wanted]) => ({
    key,
    wanted,
    count: sum(
      rises.filter(
        ({ labels: of }) =>
          countKey(of[labels.service] ?? "", of[labels.kind] ?? "", of[labels.operation] ?? "") === key,
      ),
    ),
  }));
  const twice = counts.find(({ wanted, count }) => count > wanted);
  if (twice) {
    const seen =
      `${twice.key} of the trace is counted ${twice.count} times, not ${twice.wanted}: two Tempos or two ` +
      "collectors get the same spans, two Prometheus answer as one, or another smoke runs at the same time.";
    return { ok: false, seen, final: true };
  }
  if (counts.every(({ wanted, count }) => count === wanted))
    return ok(`${sum(counts)} spans, each counted once`);
  const some = counts.filter(({ count }) => count > 0).length;
  return notYet(
    some === 0
      ? "Prometheus has not counted the trace."
      : `Prometheus has counted ${some} of ${counts.length} kinds of its spans.`,
  );
}

async function exemplar({ probe, options }: CheckContext, timeoutSeconds: number): Promise<Attempt> {
  const now = Date.now() / 1000;
  // A classic histogram's stand on its buckets, a native one's on itself.
  const forms = [parts(names.latency).buckets, names.latency];
  const url = urlBelow(options.prometheus, "/api/v1/query_exemplars", {
    query: `{__name__=~"${forms.join("|")}",service=~"${smokePrefix}.*"}`,
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
  return found ? ok("opens the trace") : notYet("The trace's latency has no exemplar.");
}

/** How much the probes' counters rose since the trace was sent; undefined when nobody told where they stood. */
async function risesOf(
  { before, readAt, settings, options }: CheckContext,
  counter: Counter,
  timeoutSeconds: number,
): Promise<Rise[] | undefined> {
  // A series begins with a 0 at the end of the last minute.
  const seconds = (Date.now() - readAt) / 1000 + 120;
  const asked = { prometheus: options.prometheus, counter: counters(settings)[counter], seconds };
  const rises = await risesSince(before?.[counter] ?? new Map(), asked, timeoutSeconds);
  return before && rises;
}

const nothingBefore: Attempt = {
  ok: false,
  seen: "Prometheus did not tell where the counters stood before the trace was sent.",
  final: true,
};

function edge(from: keyof typeof probeServices, to: keyof typeof probeServices): Check["attempt"] {
  const [client, server] = [probeServices[from], probeServices[to]];
  return async (context, timeoutSeconds) => {
    const rises = await risesOf(context, "edges", timeoutSeconds);
    if (!rises) return nothingBefore;
    const calls = sum(
      rises.filter(({ labels }) => labels["client"] === client && labels["server"] === server),
    );
    return calls > 0
      ? ok(`${calls} ${calls === 1 ? "call" : "calls"}`)
      : notYet(`The service graph has no new call from ${client} to ${server}.`);
  };
}

const sum = (counted: readonly { readonly count: number }[]): number =>
  counted.reduce((total, { count }) => total + count, 0);
