import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../../clients/wait.ts";
import { labels, names } from "../../../telemetry/metrics.ts";
import { prometheus } from "../../../sandbox/backend-services.ts";
import type { Backends } from "../../../sandbox/trace-backends.ts";
import type { TestCluster } from "../harness.ts";
import { killBackend, startAgain } from "../restart/kubelet.ts";
import { model, steadySender, tempoItself, type Sender } from "../restart/senders.ts";
import { number } from "../values/measure.ts";

/** The calls that the sender makes, as Tempo counts them. */
export const calls = `${names.calls}{${labels.providerModel}="${model.provider}/${model.deployment}"}`;

/** Seconds between two collections of Tempo's. */
export const collectionSeconds = 15;

/** Prometheus was away under traffic; moments in seconds since 1970. */
export interface Away {
  readonly backends: Backends;
  readonly sender: Sender;
  readonly began: number;
  readonly gone: number;
  readonly back: number;
  /** From its being ready to the newest samples being there. */
  readonly caughtUpAfter: number;
}

/** Kills the Prometheus of a pair under traffic, and starts it again. */
export async function prometheusAway(
  cluster: TestCluster,
  pair: string,
  backends: Backends,
  seconds: number,
): Promise<Away> {
  const began = Date.now() / 1000;
  const sender = steadySender(tempoItself(backends), 0.5);
  await waitFor(
    "calls to be counted",
    90,
    async () => (await number(backends.prometheus, `sum(${calls})`)) > 0,
  );
  const gone = Date.now() / 1000;
  await killBackend(cluster, pair, prometheus);
  await sleep(gone * 1000 + seconds * 1000 - Date.now());
  await startAgain(cluster, pair, prometheus);
  const back = Date.now() / 1000;
  await sender.stop();
  const newest = `max(timestamp(${calls}))`;
  await waitFor("Prometheus to be told all", 60, async () => {
    return (await number(backends.prometheus, newest)) > back - collectionSeconds;
  });
  const caughtUpAfter = Date.now() / 1000 - back;
  return { backends, sender, began, gone, back, caughtUpAfter };
}
