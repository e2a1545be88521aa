import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../../clients/wait.ts";
import { applicationMetrics } from "../../../telemetry/application-metrics.ts";
import { collectorCounters, items } from "../../../telemetry/collector.ts";
import { foundLabels } from "../application-metrics/labels.ts";
import { ownMetric } from "../own-metrics.ts";
import { instant } from "../values/measure.ts";
import { allSeries, allTraces, bytesBelow, type Searched } from "./found.ts";
import type { Gateway, Stores } from "./gateway.ts";

/** What was found behind a gateway. */
export interface Found {
  readonly searched: Searched;
  /** Ids of all spans, in order. */
  readonly spans: readonly string[];
  /** Labels of what the applications measure. */
  readonly labels: Awaited<ReturnType<typeof foundLabels>>;
  /** What each metric of the applications came to: of LiteLLM's for one model. */
  readonly measured: Readonly<Record<string, number>>;
  /** What the gateway took, refused and lost. */
  readonly handled: Readonly<Record<"accepted" | "refused" | "dropped", readonly number[]>>;
}

/**
 * Looks into each store once all has arrived.
 *
 * @param queue - what was in the queue's files while the stores were away
 */
export async function searchAll(
  gateway: Gateway,
  stores: Stores,
  queue: string,
  began: number,
): Promise<Found> {
  let before = -1;
  const traces = await waitFor(
    `the traces of ${gateway.mode}`,
    180,
    async () => {
      const all = await allTraces(stores, began);
      // By their number: a trace that is being written down is found twice for a moment.
      const { length } = all.split("\n");
      const isAll = all !== "" && length === before;
      before = length;
      return isAll && all;
    },
    { pauseSeconds: 15 },
  );
  await sleep(20_000);
  const series = await allSeries(stores, began);
  const labels = await foundLabels(stores.prometheus);
  const measured = await measuredIn(stores);
  const handled = await handledBy(gateway);
  await gateway.closePrometheus();
  return {
    searched: {
      "queue files": queue,
      "log lines": readFileSync(gateway.logs, "latin1"),
      "traces by Tempo's API": traces,
      "Tempo's blocks and log": bytesBelow(gateway.data.tempo),
      "metrics by Prometheus' API": series,
      "Prometheus' data": bytesBelow(gateway.data.prometheus),
    },
    spans: [...new Set([...traces.matchAll(/"spanId":"([^"]+)"/g)].map(([, id]) => id!))].sort(),
    labels,
    measured,
    handled,
  };
}

async function measuredIn({ prometheus }: Stores): Promise<Found["measured"]> {
  const measured: Record<string, number> = {};
  for (const { name, application } of Object.values(applicationMetrics)) {
    const ofModel = `${name}_count{litellm_provider_model="ollama_chat/confiding:1b"}`;
    const series = application === "litellm" ? ofModel : name;
    const [sample] = await instant(prometheus, `sum(max_over_time(${series}[1h]))`);
    measured[name] = sample?.value ?? 0;
  }
  return measured;
}

async function handledBy({ own }: Gateway): Promise<Found["handled"]> {
  const { accepted, refused, dropped } = collectorCounters;
  const of = (counter: typeof accepted) =>
    Promise.all(items.map((item) => ownMetric(own, counter[item].name)));
  return { accepted: await of(accepted), refused: await of(refused), dropped: await of(dropped) };
}
