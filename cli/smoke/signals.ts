import { telemetryContext } from "../../assembly/wiring.ts";
import type { Query, Signal } from "../../telemetry/signals.ts";
import { originOf } from "../../telemetry/origin.ts";
import { ask, unchosen } from "../../clients/ask.ts";
import type { Question } from "../../clients/question.ts";
import { UnreachableError } from "../../clients/http.ts";
import type { CheckContext } from "./checks.ts";
import { timeoutBefore } from "./carry-out.ts";
import { problemOf, type Problem } from "./result.ts";
import { timed, type Outcome } from "./result.ts";

interface Answered {
  readonly count: number;
  /** Whether any signal about Tempo itself has values: whether anybody scrapes it. */
  readonly isScraped: boolean;
  readonly failures: readonly { readonly signal: Signal; readonly problem: Problem }[];
}

/** Asks every signal's every query once: each must be answered, if only with nothing. */
export function askSignals(context: CheckContext, deadline: number): Promise<Outcome> {
  return timed(async () => {
    const { count, failures, isScraped } = await answersOf(context, deadline);
    const [first] = failures;
    const scraping = isScraped ? "" : "; Tempo itself is not scraped: Tracing Health is empty";
    if (!first) return { status: "ok", found: `${count} queries${scraping}` };
    const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
    const problem = `"${first.signal.title}": ${first.problem.problem}${more}`;
    return { status: "failed", failure: { ...first.problem, problem } };
  });
}

async function answersOf(context: CheckContext, deadline: number): Promise<Answered> {
  const all: readonly Signal[] = Object.values(telemetryContext(context.settings).signals);
  const silent = new Set<string>();
  const failures = [];
  let count = 0;
  let isScraped = false;
  for (const signal of all) {
    for (const query of signal.queries) {
      const server = serverOf(query);
      // A server that did not answer once is not asked again.
      if (server === undefined || silent.has(server)) continue;
      try {
        const answer = await ask(query, context.options, questionOf(context, deadline));
        count++;
        isScraped ||= answer.kind === "series" && answer.series.length > 0 && originOf(signal) === "tempo";
      } catch (error) {
        failures.push({ signal, problem: problemOf(error) });
        if (error instanceof UnreachableError) silent.add(server);
      }
    }
  }
  return { count, failures, isScraped };
}

function serverOf({ language }: Query): "Prometheus" | "Tempo" | undefined {
  switch (language) {
    case "promql":
    case "service-map":
      return "Prometheus";
    case "traceql":
    case "traceql-metrics":
    case "share":
    case "trace":
      return "Tempo";
    case "sql":
      return undefined;
  }
}

function questionOf({ probe, settings }: CheckContext, deadline: number): Question {
  const now = Date.now() / 1000;
  const service = JSON.stringify(settings.applications.services.litellm);
  const variables = {
    ...unchosen,
    environment: settings.environment,
    traceId: probe.trace.id,
    __tags: `service=${service}`,
  };
  return { from: now - 900, to: now, variables, timeoutSeconds: timeoutBefore(deadline) };
}
