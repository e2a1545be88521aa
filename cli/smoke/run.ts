import type { Settings } from "../../settings.ts";
import { labels, names } from "../../telemetry/metrics.ts";
import { exportSpans } from "../../clients/otlp.ts";
import { queryNow } from "../../clients/prometheus.ts";
import { carryOut, reach, reserveSeconds } from "./carry-out.ts";
import { checks, counters } from "./checks.ts";
import { read } from "./counters.ts";
import { gather } from "./evidence.ts";
import { notesOf } from "./notes.ts";
import { tlsFor, type SmokeOptions } from "./options.ts";
import { otlpAddress } from "../../assembly/wiring.ts";
import { timeoutBefore } from "./carry-out.ts";
import { probe, type Probe } from "./probe.ts";
import { problemOf } from "./result.ts";
import { timed, type Outcome, type SmokeReport, type Result } from "./result.ts";
import { askSignals } from "./signals.ts";

/** Hears how a run goes on. */
export interface Listener {
  readonly started: (probe: Probe) => void;
  /** A check has ended; `open` are those that have not. */
  readonly ended: (result: Result, open: readonly string[]) => void;
}

const exportCheck = "OTLP takes a trace";
const signalsCheck = "every signal answers";

/** The checks of a run, in the order of a report. */
export const checkNames: readonly string[] = [exportCheck, ...checks.map(({ name }) => name), signalsCheck];

/** Sends the probe, and runs every check to its end, before the deadline. */
export async function smoke(
  options: SmokeOptions,
  settings: Settings,
  { started, ended }: Listener,
): Promise<SmokeReport> {
  const begun = Date.now();
  const { deadlineSeconds } = options;
  const deadline = begun + 1000 * (deadlineSeconds - Math.min(reserveSeconds, deadlineSeconds / 4));
  const results: Result[] = [];
  const run = async (check: string, work: Promise<Outcome>) => {
    const outcome = await work;
    results.push({ check, ...outcome });
    const open = checkNames.filter((name) => !results.some((result) => result.check === name));
    ended(results.at(-1)!, open);
    return outcome;
  };

  const chat = probe(settings);
  started(chat);
  // A server that hangs must not take the time in which the others are asked.
  const share = deadlineSeconds / 4;
  const lookSeconds = Math.min(timeoutBefore(deadline), share);
  const { evidence, before, services } = await lookAround(options, settings, lookSeconds);
  const { status } = await run(exportCheck, delivery(chat, options, settings, deadline - 1000 * share));
  const longestAnswerSeconds = options.longestAnswerSeconds ?? settings.tempo.longestAnswer.seconds;
  const context = { probe: chat, settings, options, longestAnswerSeconds, before, readAt: begun };
  await Promise.all([
    ...checks.map((check) =>
      run(
        check.name,
        status === "ok" ? carryOut(check, context, evidence, deadline) : reach(check, context, deadline),
      ),
    ),
    run(signalsCheck, askSignals(context, deadline)),
  ]);
  return {
    environment: options.environment,
    id: chat.id,
    traceId: chat.trace.id,
    seconds: (Date.now() - begun) / 1000,
    results: results.toSorted((a, b) => checkNames.indexOf(a.check) - checkNames.indexOf(b.check)),
    notes: notesOf(settings, evidence, services),
  };
}

/** How things are before the probe is sent. A server that does not answer is named by the checks that ask it. */
async function lookAround(options: SmokeOptions, settings: Settings, timeoutSeconds: number) {
  const { prometheus } = options;
  const { calls, edges } = counters(settings);
  const [evidence, before, services] = await Promise.all([
    gather(options, settings, timeoutSeconds),
    Promise.all([read(prometheus, calls, timeoutSeconds), read(prometheus, edges, timeoutSeconds)])
      .then((readings) => ({ calls: readings[0], edges: readings[1] }))
      .catch(() => undefined),
    queryNow(prometheus, `group by (${labels.service}) (${names.calls})`, timeoutSeconds).catch(() => []),
  ]);
  return { evidence, before, services: services.map(({ labels }) => labels["service"] ?? "") };
}

const delivery = (
  chat: Probe,
  { otlp, otlpTls }: SmokeOptions,
  settings: Settings,
  deadline: number,
): Promise<Outcome> =>
  timed(async () => {
    try {
      // Once, never twice: a second export would be counted as well.
      const { hostname } = new URL(otlpAddress(settings).http);
      const tls = otlpTls && tlsFor(otlp, otlpTls, hostname);
      await exportSpans(otlp, chat.payload(), timeoutBefore(deadline), tls);
      return { status: "ok", found: `${chat.trace.spans.length} spans` };
    } catch (error) {
      return { status: "failed", failure: problemOf(error) };
    }
  });
