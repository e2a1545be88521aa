import type { Settings } from "../../settings.ts";
import type { Signal, Signals } from "../../telemetry/signals.ts";
import { originOf } from "../../telemetry/origin.ts";
import { recorded } from "../../telemetry/recordings.ts";

/** Why a panel may be empty, by its title. */
export type Excuses = Readonly<Record<string, string>>;

/**
 * Panels that may be empty in the sandbox.
 *
 * @param live - Whether the real LiteLLM runs, which has no database here.
 */
export const excuses = (
  { prometheus, alerts, collector }: Pick<Settings, "prometheus" | "alerts" | "collector">,
  signals: Signals,
  live: boolean,
): Excuses => {
  const all: readonly Signal[] = Object.values(signals);
  const of = (origin: ReturnType<typeof originOf>): Signal[] =>
    all.filter((signal) => originOf(signal) === origin);
  const ofStreams = all.filter((signal) => JSON.stringify(signal.queries).includes(recorded.begun));
  const { costByKey, costByTeam, tokensByKey, tokensByTeam } = signals;
  return {
    ...named([signals.storageFailures], "what did not fail has no series"),
    ...(!live &&
      named(
        [...of("applications"), ...ofStreams],
        "recorded chats have no metrics of the applications': LIVE=1 has",
      )),
    ...(prometheus.scrape === "none" && named(of("tempo"), "nobody scrapes Tempo (prometheus.scrape)")),
    ...named([signals.spansLost], "what was not discarded has no series"),
    ...(signals.backendJobs &&
      named(
        [signals.backendJobs],
        "there is no job before the first block, which is written after five minutes",
      )),
    ...named(
      [signals.collectorReceived, signals.collectorRefused, signals.collectorSent],
      "metric points and log records have no series until some came in",
    ),
    ...named([signals.collectorDropped], "what was not lost has no series"),
    ...((prometheus.scrape === "none" || !collector.enabled) &&
      named(of("collector"), "nobody scrapes a collector (prometheus.scrape, collector.enabled)")),
    ...(alerts.rules === "none" && named(of("rules"), "no rules are deployed (alerts.rules)")),
    ...named(of("kubelet"), "there is no kubelet here, which tells of volumes"),
    ...(live &&
      named(
        [costByKey, costByTeam, tokensByKey, tokensByTeam],
        "LiteLLM has no database here, and so no virtual keys",
      )),
  };
};

const named = (signals: readonly Signal[], why: string): Excuses =>
  Object.fromEntries(signals.map(({ title }) => [title, why]));
