import type { Settings } from "../../settings.ts";
import { generator } from "../../telemetry/generator.ts";
import { selectors, type Signals } from "../../telemetry/signals.ts";
import { names } from "../../telemetry/metrics.ts";
import { ruleOptions } from "../../assembly/wiring.ts";
import { fewestBad, objectiveQueries } from "../../telemetry/signals/objectives.ts";
import { isFailed } from "../../traffic/span.ts";
import { answerRequests, edges, recentRequests, requestCounts, searchId } from "../../traffic/expected.ts";
import type { Sent } from "../../traffic/replay.ts";
import { ask, filled, unchosen } from "../../clients/ask.ts";
import type { Question, Servers } from "../../clients/question.ts";
import { evaluatedGroups, exactIncrease, queryRange } from "../../clients/prometheus.ts";
import { UnreachableError } from "../../clients/http.ts";
import { waitFor } from "../../clients/wait.ts";

/** Something that takes its time to become visible. */
export interface Visibility {
  /** Completes "waiting for". */
  readonly what: string;
  readonly usualSeconds: number;
  /** What is still missing; nothing when all is there. */
  readonly missing: () => Promise<string | undefined>;
}

/** Where and since when what was sent is to be seen. */
export interface Sight {
  readonly backends: Servers;
  readonly sent: readonly Sent[];
  /** Seconds since 1970, before the first trace was sent. */
  readonly since: number;
  readonly settings: Settings;
  readonly signals: Signals;
}

/** Seconds that one answer may take. */
const timeoutSeconds = 10;

/** Everything that must be visible before the panels are full, the soonest first. */
export function visibilities(sight: Sight): Visibility[] {
  const { backends, sent, since, settings, signals } = sight;
  const traces = sent.map(({ trace }) => trace);
  const { environment, applications } = settings;
  const variables = { ...unchosen, environment };
  const question = (): Question => ({ from: since, to: Date.now() / 1000, variables, timeoutSeconds });

  const newestTrace = async () => {
    const [newest] = recentRequests(sent, { limit: 1, litellm: applications.services.litellm });
    const id = searchId(newest!.traceId);
    const answer = await ask(signals.recentTraces.queries[0], backends, question());
    const found = answer.kind === "traces" && answer.traces.some(({ traceID }) => traceID === id);
    return found ? undefined : `the trace ${id} is not found`;
  };

  const requests = async () => {
    const counter = filled(`${names.calls}{${selectors(applications).requests}}`, question());
    const found = await exactIncrease(backends.prometheus, counter, ["service"], question());
    return shortfall(
      Object.entries(requestCounts(traces, applications.services)).map(([service, wanted]) => ({
        what: service,
        wanted,
        found: found.get(JSON.stringify([service])) ?? 0,
      })),
      "requests",
    );
  };

  const calls = async () => {
    const answer = await ask(signals.topology.queries[0], backends, question());
    const all = answer.kind === "map" ? answer.edges : [];
    return shortfall(
      edges(traces, generator(applications.services).peerAttributes).map(({ client, server, count }) => ({
        what: `${client} → ${server}`,
        wanted: count,
        found: all.find((edge) => edge.client === client && edge.server === server)?.calls ?? 0,
      })),
      "calls",
    );
  };

  const ownMetrics = async () => {
    // Searches are what Tempo tells the durations of.
    await ask(signals.recentTraces.queries[0], backends, question());
    const wanted = [
      ...(settings.prometheus.scrape === "none" ? [] : [signals.searchLatency]),
      ...(settings.alerts.rules === "none" ? [] : [signals.availability]),
    ];
    for (const { title, queries } of wanted) {
      const answer = await ask(queries[0], backends, question());
      if (answer.kind !== "series" || answer.series.length === 0) return `"${title}" has no series`;
    }
    return undefined;
  };

  const rules = async () => {
    const groups = await evaluatedGroups(backends.prometheus, timeoutSeconds);
    const evaluated = groups.map(({ lastEvaluation }) => Date.parse(lastEvaluation) / 1000);
    if (evaluated.length === 0) return undefined;
    const failed = answerRequests(traces, applications.services).filter(isFailed).length;
    const wanted = Math.min(fewestBad, failed);
    const at = Math.min(...evaluated);
    const text = objectiveQueries(ruleOptions(settings)).bad("availability", 3600);
    const [found] = await queryRange(backends.prometheus, text, { ...question(), from: at, to: at });
    const counted = found?.points[0]?.[1] ?? 0;
    return counted < wanted ? `they saw ${counted.toFixed(1)} of ${wanted} failures` : undefined;
  };

  return [
    { what: "the newest trace in Tempo's search", usualSeconds: 15, missing: newestTrace },
    { what: "every request in Prometheus", usualSeconds: 25, missing: requests },
    { what: "Tempo's metrics of itself, and the rules' first series", usualSeconds: 30, missing: ownMetrics },
    { what: "every call in the topology", usualSeconds: 45, missing: calls },
    { what: "the rules to have seen enough failures", usualSeconds: 40, missing: rules },
  ];
}

/** The first count that is not reached yet, in words. */
function shortfall(
  counts: readonly { readonly what: string; readonly wanted: number; readonly found: number }[],
  unit: string,
): string | undefined {
  const short = counts.find(({ wanted, found }) => found < wanted);
  return short && `${short.what} has ${Math.max(0, short.found)} of ${short.wanted} ${unit}`;
}

/**
 * Waits for it. A server that cannot be reached ends the wait at once; one that answers may be busy.
 *
 * @throws UserError after the deadline, with what is missing.
 */
export async function waitUntilVisible(
  { what, missing }: Visibility,
  deadlineSeconds: number,
): Promise<void> {
  const isThere = async () => {
    const still = await missing();
    if (still !== undefined) throw new Error(still);
    return true;
  };
  const isFinal = (failure: unknown) => failure instanceof UnreachableError;
  await waitFor(what, deadlineSeconds, isThere, { pauseSeconds: 1, isFinal });
}
