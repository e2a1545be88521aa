import { collectorCounters, collectorMetrics, collectorTarget, items, type Item } from "../collector.ts";
import { all, increase, is, rate, sum, valuesOf } from "./promql.ts";
import { prom, type Signal, type SignalOptions } from "./signal.ts";

const interval = "$interval";

/** Words for what is counted. */
const words: Readonly<Record<Item, string>> = {
  spans: "spans",
  metric_points: "metric points",
  log_records: "log records",
};

/** Where telemetry goes to, of the labels of an exporter. */
const exporter = "exporter";

/**
 * Queries about how the collector does; those of a rate or growth take the window, such as `5m`. For alerts, and for the
 * dashboard "Tracing Health".
 */
export function collectorQueries({ namespace }: Pick<SignalOptions, "namespace">) {
  const target = collectorTarget(namespace);
  const { heap, queueSize, queueCapacity } = collectorMetrics;
  const now = (metric: { readonly name: string }) => `${metric.name}{${target}}`;
  const { accepted, refused, sent, dropped } = collectorCounters;
  /** One text for each kind of item; where their labels differ, the answers stand beside each other. */
  const each = (of: (item: Item, window: string) => string) =>
    items.map((item) => ({ items: words[item], text: (window: string) => of(item, window) }));
  const beside = (of: (item: Item) => string, some: readonly Item[] = items) => some.map(of).join(" or ");
  const filled = `${now(queueSize)} / ${now(queueCapacity)}`;
  const later = (window: string, aheadSeconds: number) =>
    `predict_linear(${now(queueSize)}[${window}], ${aheadSeconds}) / ${now(queueCapacity)}`;
  return {
    /** Replicas that are scraped. */
    replicas: `count(${now(heap)})`,
    /** 1 when none is scraped. */
    down: `absent(${now(heap)})`,
    heap: now(heap),
    /** What came in and went out per second, and what was refused, of each kind of item. */
    accepted: each((item, window) => sum(rate(accepted[item].name, target, window))),
    refused: each((item, window) => sum(increase(refused[item].name, target, window))),
    sent: each((item, window) => sum(rate(sent[item].name, target, window), exporter)),
    dropped: each((item, window) => sum(increase(dropped[item].name, target, window), exporter)),
    /** All that was refused. Series of one kind have the labels of another's. */
    refusedAll: (window: string) =>
      items.map((item) => `(${sum(increase(refused[item].name, target, window))} or vector(0))`).join(" + "),
    /** What is lost, with those that a series begins with: it has no 0 before them, so that they are no growth. */
    droppedOf: (some: readonly Item[], window: string, day: string) =>
      sum(
        beside((item) => {
          const series = `${dropped[item].name}{${target}}`;
          return `${series} unless last_over_time(${series}[${day}] offset ${window}) or ${increase(dropped[item].name, target, window)}`;
        }, some),
        exporter,
      ),
    /** Share of the fullest replica's queue that is filled, by exporter. */
    filled: `max by (${exporter}) (${filled})`,
    /** The same of one exporter, and all that was lost of its spans. */
    filledTo: (name: string) =>
      `max(${queueSize.name}{${all(target, is(exporter, name))}} / ${queueCapacity.name}{${all(target, is(exporter, name))}})`,
    droppedTo: (name: string) => sum(`${dropped.spans.name}{${all(target, is(exporter, name))}}`),
    /** Share that will be filled, if it goes on as it did over the window. */
    filledLater: (window: string, aheadSeconds: number) =>
      `max by (${exporter}) (${later(window, aheadSeconds)})`,
    /** Replicas in whose queue something waits all the time, while their exporter sends nothing. */
    stuck: (window: string) =>
      `count by (${exporter}) (${sum(`min_over_time(${now(queueSize)}[${window}])`, "pod", exporter)} > 0 unless on (pod, ${exporter}) ` +
      `${sum(
        beside((item) => increase(sent[item].name, target, window)),
        "pod",
        exporter,
      )} > 0)`,
  };
}

/** How the collector does, for those who run it. */
export function collectorSignals(options: Pick<SignalOptions, "namespace">) {
  const queries = collectorQueries(options);
  const shown = (list: typeof queries.sent, legend: (items: string) => string) =>
    list.map(({ items, text }) => prom(text(interval), legend(items)));
  return {
    collectors: {
      title: "Collectors",
      description: "Replicas of the collector that Prometheus reaches. Nothing: it reaches none.",
      unit: "short",
      queries: [prom(queries.replicas, "collectors")],
    },
    collectorReceived: {
      title: "Received by the collector",
      description:
        "What applications sent and the collector took, per second. It says so when it is in a queue on disk (metrics: in memory).",
      unit: "short",
      queries: shown(queries.accepted, (items) => items),
    },
    collectorRefused: {
      title: "Refused by the collector",
      description:
        "What it answered with an error within the interval, because a queue or its volume is full or memory is short. " +
        "Applications try again for a while, then drop it.",
      unit: "short",
      queries: shown(queries.refused, (items) => items),
    },
    collectorSent: {
      title: "Sent by the collector",
      description: "What each store took per second.",
      unit: "short",
      queries: shown(queries.sent, (items) => `${items} to ${valuesOf(exporter)}`),
    },
    collectorDropped: {
      title: "Lost at a store",
      description:
        "What a store refused for good within the interval: wrong credentials, a wrong address, what it cannot read; and points of metrics " +
        "that Prometheus did not take for ten minutes. It is not sent again.",
      unit: "short",
      queries: shown(queries.dropped, (items) => `${items} to ${valuesOf(exporter)}`),
    },
    collectorQueue: {
      title: "Queues filled",
      description:
        "How full the fullest replica's queue is, by where it leads. Near 0 while the store takes what comes; at 100 % the collector refuses.",
      unit: "percent",
      queries: [prom(`100 * ${queries.filled}`, valuesOf(exporter))],
    },
    collectorMemory: {
      title: "Memory of the collectors",
      description:
        "Memory that counts against the collector's own limit, by replica. Above 55 % of collector.resources.limits.memory it refuses.",
      unit: "bytes",
      queries: [prom(queries.heap, valuesOf("pod"))],
    },
  } as const satisfies Record<string, Signal>;
}
