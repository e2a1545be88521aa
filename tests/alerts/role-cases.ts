import type { AlertCase } from "./case.ts";
import { series } from "./series.ts";

const of = (pod: string, name: string, labels: Readonly<Record<string, string>> = {}) =>
  series(name, { namespace: "tracing", pod: `tempo-${pod}`, ...labels });

const generator = (replica: number) => `metrics-generator-${replica}`;
const liveStore = (zone: string, partition: number) => `live-store-zone-${zone}-${partition}`;

/** Pods as a cluster names them: those of StatefulSets by number, those of Deployments by chance. */
const pods = {
  distributor: ["distributor-7d9f4c5b8-2xkqp", "distributor-7d9f4c5b8-9lmzr", "distributor-7d9f4c5b8-t6wvn"],
  "live-store": [liveStore("a", 0), liveStore("a", 1), liveStore("b", 0), liveStore("b", 1)],
  "block-builder": ["block-builder-0", "block-builder-1"],
  "metrics-generator": [generator(0), generator(1)],
  "query-frontend": ["query-frontend-6c8d7f9-4hjkl", "query-frontend-6c8d7f9-x2c3v"],
  querier: ["querier-5f6b7c8d9-mnbvc", "querier-5f6b7c8d9-qwert"],
  "backend-scheduler": ["backend-scheduler-0"],
  "backend-worker": ["backend-worker-0"],
} as const;

const up = (pod: string) => of(pod, "up", { instance: `${pod}:3200` });
const distributors = pods.distributor.map(up);

/** All pods up, but for some. */
const running = (but: Readonly<Record<string, string>> = {}) => ({
  ...Object.fromEntries(
    Object.values(pods)
      .flat()
      .map((pod) => [up(pod), "1x120"]),
  ),
  ...but,
});

const started = (pod: string) => of(pod, "process_start_time_seconds", { instance: `${pod}:3200` });
const newest = (replica: number) =>
  of(generator(replica), "prometheus_remote_storage_highest_timestamp_in_seconds", {
    tenant: "single-tenant",
  });
const sent = (replica: number) =>
  of(generator(replica), "prometheus_remote_storage_queue_highest_sent_timestamp_seconds", {
    tenant: "single-tenant",
    remote_name: "a1",
  });
const created = (pod: string) =>
  of(pod, "tempo_live_store_traces_created_total", { tenant: "single-tenant" });
const cut = (pod: string) => of(pod, "tempo_live_store_blocks_cut_total", { reason: "time" });
const volume = (name: string, zone = "a", partition = 0) =>
  series(`kubelet_volume_stats_${name}_bytes`, {
    namespace: "tracing",
    persistentvolumeclaim: `data-tempo-live-store-zone-${zone}-${partition}`,
    node: "worker-1",
  });

/** Alerts that say something else, or of something else, where Tempo is distributed. */
const changed: readonly AlertCase[] = [
  {
    alert: "TempoDown",
    what: "Prometheus reaches none of the pods",
    series: running(
      Object.fromEntries(Object.values(pods).flatMap((all) => all.map((pod) => [up(pod), "1x20 0x60"]))),
    ),
    at: {
      "9m": [],
      "16m": [
        {
          summary: "Tempo is down, or Prometheus does not reach it.",
          description:
            "No Tempo in the namespace tracing has been scraped for 5 minutes. While it is down, the collectors keep the spans until their queues are full, and the dashboards stand still.",
        },
      ],
    },
  },
  {
    alert: "TempoDown",
    what: "a role is away",
    series: running(Object.fromEntries(distributors.map((pod) => [pod, "1x20 0x60"]))),
    at: { "16m": [], "30m": [] },
  },
  {
    alert: "TempoRestarting",
    what: "one live-store begins twice anew, the second time elsewhere; another once",
    series: {
      [started(liveStore("a", 0))]: "0x20 600x20 stale",
      [started(liveStore("a", 0)).replace(":3200", "-moved:3200")]: "_x44 1300x80",
      [started(liveStore("b", 0))]: "0x30 900x100",
    },
    at: {
      "15m": [],
      "25m": [
        {
          labels: { pod: "tempo-live-store-zone-a-0" },
          summary: "tempo-live-store-zone-a-0 restarts again and again.",
          description: "tempo-live-store-zone-a-0 began 2 times anew within an hour.",
        },
      ],
    },
  },
  {
    alert: "TempoRestarting",
    what: "an update: each StatefulSet's pod once, each Deployment's under another name",
    series: {
      [started(generator(0))]: "0x20 600x100",
      [started(generator(1))]: "0x24 720x100",
      [started(pods.distributor[0])]: "0x20 stale",
      [started("distributor-9b8c7d6e5-aaaaa")]: "_x20 600x100",
      [started(pods.distributor[1])]: "0x22 stale",
      [started("distributor-9b8c7d6e5-bbbbb")]: "_x22 660x100",
    },
    at: { "12m": [], "25m": [], "50m": [] },
  },
  {
    alert: "TempoRemoteWriteBehind",
    what: "one generator delivers nothing any more, the other does",
    series: {
      [started(generator(0))]: "0x60",
      [started(generator(1))]: "0x60",
      [newest(0)]: "0+30x60",
      [newest(1)]: "0+30x60",
      [sent(0)]: "0+30x60",
      [sent(1)]: "0+30x20 600x40",
    },
    at: {
      "16m": [],
      "18m": [
        {
          labels: { pod: "tempo-metrics-generator-1", remote_name: "a1" },
          summary: "Tempo's metrics reach Prometheus late.",
          description:
            "What Prometheus has of Tempo's metrics is 8m 0s old. tempo-metrics-generator-1 keeps what is not sent while it lives, and sends it later.",
        },
      ],
    },
  },
  {
    alert: "TempoRemoteWriteBehind",
    what: "one that delivered nothing since it began",
    series: {
      [started(generator(0))]: "600x60",
      [newest(0)]: "600+30x60",
      [sent(0)]: "0x60",
    },
    at: {
      "6m": [],
      "8m": [
        {
          labels: { pod: "tempo-metrics-generator-0", remote_name: "a1" },
          summary: "Tempo's metrics reach Prometheus late.",
          description:
            "What Prometheus has of Tempo's metrics is 8m 0s old. tempo-metrics-generator-0 keeps what is not sent while it lives, and sends it later.",
        },
      ],
    },
  },
  {
    alert: "TempoRemoteWriteBehind",
    what: "one that is idle, and has been for long; the other makes and delivers",
    series: {
      [started(generator(0))]: "0x60",
      [started(generator(1))]: "0x60",
      [newest(0)]: "0+30x20 600x40",
      [newest(1)]: "0+30x60",
      [sent(0)]: "0+30x19 570x41",
      [sent(1)]: "0+30x60",
    },
    at: { "15m": [], "28m": [] },
  },
  {
    alert: "TempoBlocksNotStored",
    what: "attempts of two live-stores fail",
    series: {
      [of(liveStore("a", 0), "tempo_live_store_failed_completions_total")]: "0x20 1x3 2x3 3x60",
      [of(liveStore("b", 0), "tempo_live_store_failed_completions_total")]: "0x20 1x3 2x60",
    },
    at: {
      "15m": [],
      "22m": [
        {
          summary: "Live-stores cannot complete what they received.",
          description:
            "5 attempts to complete or store a block failed within an hour. The traces are in Kafka, and block-builders store them; on the live-stores' volumes they pile up.",
        },
      ],
      "45m": [],
    },
  },
  {
    alert: "TempoBlocksNotStored",
    what: "one attempt of each of two",
    series: {
      [of(liveStore("a", 0), "tempo_live_store_failed_completions_total")]: "0x20 1x60",
      [of(liveStore("b", 0), "tempo_live_store_failed_completions_total")]: "0x20 1x60",
    },
    at: { "15m": [], "25m": [] },
  },
  {
    alert: "TempoTracesNotWritten",
    what: "one live-store writes nothing of what it reads, the other zone's does",
    series: {
      [created(liveStore("a", 0))]: "0+2x60",
      [created(liveStore("b", 0))]: "0+2x60",
      [cut(liveStore("a", 0))]: "0+1x20 20x40",
      [cut(liveStore("b", 0))]: "0+1x60",
    },
    at: {
      "14m": [],
      "21m": [
        {
          labels: { pod: "tempo-live-store-zone-a-0" },
          summary: "tempo-live-store-zone-a-0 writes down nothing of what it reads.",
          description:
            "tempo-live-store-zone-a-0 read 20 traces within 5 minutes, and wrote none of them to its volume. " +
            "Block-builders store them all the same; the newest ones are found through the other zone alone. Only a restart mends it.",
        },
      ],
    },
  },
  {
    alert: "TempoTracesNotWritten",
    what: "one reads nothing, the other writes",
    series: {
      [created(liveStore("a", 0))]: "40x60",
      [created(liveStore("b", 0))]: "0+2x60",
      [cut(liveStore("a", 0))]: "20x60",
      [cut(liveStore("b", 0))]: "0+1x60",
    },
    at: { "14m": [], "21m": [] },
  },
  {
    alert: "TempoVolumeFull",
    what: "4 % left of one live-store's, half of another's",
    series: {
      [volume("available")]: "6e9x10 4e9x30",
      [volume("capacity")]: "1e11x40",
      [volume("available", "b")]: "5e10x40",
      [volume("capacity", "b")]: "1e11x40",
    },
    at: {
      "5m": [],
      "7m": [
        {
          labels: { persistentvolumeclaim: "data-tempo-live-store-zone-a-0" },
          summary: "The volume of a live-store is full.",
          description:
            "4% of the volume data-tempo-live-store-zone-a-0 in tracing is left. When it is full, its live-store finds no new traces; block-builders store them all the same.",
        },
      ],
    },
  },
  {
    alert: "TempoVolumeFull",
    what: "exactly 5 % left, and another Tempo's volume that is full",
    series: {
      [volume("available")]: "5e9x40",
      [volume("capacity")]: "1e11x40",
      [volume("available").replace('"tracing"', '"other"')]: "0x40",
      [volume("capacity").replace('"tracing"', '"other"')]: "1e11x40",
    },
    at: { "10m": [], "20m": [] },
  },
  {
    alert: "TempoVolumeFilling",
    what: "two gigabytes an hour, of forty that are left of one",
    every: "5m",
    series: {
      [volume("available", "b", 1)]: "5.2e10-1.6667e8x84",
      [volume("capacity", "b", 1)]: "1e11x84",
      [volume("available")]: "4e10x84",
      [volume("capacity")]: "1e11x84",
    },
    at: {
      "1h": [],
      "6h": [
        {
          labels: { persistentvolumeclaim: "data-tempo-live-store-zone-b-1" },
          summary: "The volume of a live-store will be full within a day.",
          description:
            "40% of the volume data-tempo-live-store-zone-b-1 in tracing is left. If it fills on as in the last 6 hours, it is full within 24 hours; then its live-store finds no new traces.",
        },
      ],
    },
  },
  {
    alert: "TempoVolumeFilling",
    what: "a young volume that fills fast, and later what stays as it is",
    every: "5m",
    series: { [volume("available")]: "1e11-4e8x100 4.5e10x100", [volume("capacity")]: "1e11x200" },
    at: { "3h": [], "8h": [], "15h": [] },
  },
];

const presence: readonly AlertCase[] = [
  {
    alert: "TempoRoleDown",
    what: "all distributors end, and all else runs",
    series: running(Object.fromEntries(distributors.map((pod) => [pod, "1x20 0x10 stale"]))),
    at: {
      "9m": [],
      "15m": [],
      "16m": [
        {
          labels: { role: "distributor" },
          summary: "No distributor of Tempo runs, or Prometheus reaches none.",
          description:
            "No distributor in the namespace tracing has been scraped for 5 minutes, while other roles are. No spans are taken.",
        },
      ],
    },
  },
  {
    alert: "TempoRoleDown",
    what: "one live-store of four is left; one distributor after the other is another pod",
    series: running({
      ...Object.fromEntries(pods["live-store"].slice(1).map((pod) => [up(pod), "1x20 0x80"])),
      ...Object.fromEntries(distributors.map((pod, index) => [pod, `1x${20 + 4 * index} stale`])),
      [up("distributor-9b8c7d6e5-aaaaa")]: "_x26 1x90",
    }),
    at: { "16m": [], "30m": [] },
  },
  {
    alert: "TempoRoleDown",
    what: "no pod of any role is reached: that Tempo is down says it all",
    series: Object.fromEntries(
      Object.values(pods).flatMap((all) => all.map((pod) => [up(pod), "1x20 0x60"])),
    ),
    at: { "20m": [], "35m": [] },
  },
  {
    alert: "TempoReplicaMissing",
    what: "two distributors of three, one gone and not scraped any more; a live-store that is scraped and down",
    series: running({ [distributors[0]!]: "1x20 stale", [up(liveStore("b", 1))]: "1x20 0x80" }),
    at: {
      "24m": [],
      "27m": [
        {
          labels: { role: "distributor" },
          summary: "A replica of Tempo's distributor is missing.",
          description:
            "2 of 3 pods of the role distributor in tracing could be scraped within 10 minutes, for 5 minutes.",
        },
        {
          labels: { role: "live-store" },
          summary: "A replica of Tempo's live-store is missing.",
          description:
            "3 of 4 pods of the role live-store in tracing could be scraped within 10 minutes, for 5 minutes.",
        },
      ],
    },
  },
  {
    alert: "TempoReplicaMissing",
    what: "an update: one pod after the other is away for some minutes, without a break; a Deployment's come under other names",
    series: running({
      [up(liveStore("a", 0))]: "1x20 0x16 1x80",
      [up(liveStore("a", 1))]: "1x36 0x16 1x70",
      [up(liveStore("b", 0))]: "1x52 0x16 1x60",
      [up(liveStore("b", 1))]: "1x68 0x16 1x60",
      [distributors[0]!]: "1x20 stale",
      [up("distributor-9b8c7d6e5-aaaaa")]: "_x20 1x100",
    }),
    at: { "14m": [], "19m": [], "26m": [], "34m": [], "42m": [] },
  },
];

const lag = (pod: string, group: string, partition: number) =>
  of(pod, "tempo_ingest_group_partition_lag_seconds", { group, partition: String(partition) });
const generatorLag = (partition: number) => lag(generator(partition), "metrics-generator", partition);
const builderLag = (partition: number) => lag(`block-builder-${partition}`, "block-builder", partition);
const liveLag = (zone: string, partition: number) =>
  lag(liveStore(zone, partition), `tempo-live-store-zone-${zone}`, partition);

const received = of(pods.distributor[0], "tempo_distributor_spans_received_total");
const read = (replica: number) => of(generator(replica), "tempo_metrics_generator_spans_received_total");

const blocksBehind = (words: string) => ({
  labels: { partition: "1" },
  summary: "Blocks are behind what comes in.",
  description: `The block-builder of partition 1 is ${words} behind. What it has not read by the end of Kafka's retention is lost.`,
});

const lags: readonly AlertCase[] = [
  {
    alert: "TempoMetricsGeneratorPartitionLagCritical",
    what: "a quarter of an hour and more, in one of two partitions",
    series: { [generatorLag(0)]: "2x80", [generatorLag(1)]: "2x20 1000x60" },
    at: {
      "14m": [],
      "16m": [
        {
          labels: { partition: "1" },
          summary: "Graphs are behind what comes in.",
          description:
            "The metrics-generator of partition 1 is 16m 40s behind. Spans that are so late are stored and not counted: alerts about chats see nothing of them.",
        },
      ],
    },
  },
  {
    alert: "TempoMetricsGeneratorPartitionLagCritical",
    what: "exactly that much; a peak; and another's reader that is later",
    series: {
      [generatorLag(0)]: "900x80",
      [generatorLag(1)]: "2x20 1500x8 2x60",
      [builderLag(0)]: "2000x80",
    },
    at: { "14m": [], "16m": [], "30m": [] },
  },
  {
    alert: "TempoMetricsGeneratorReadsNothing",
    what: "spans come in, and both generators stand still",
    series: { [received]: "0+100x60", [read(0)]: "0+60x20 1200x40", [read(1)]: "0+40x20 800x40" },
    at: {
      "19m": [],
      "21m": [
        {
          summary: "Spans come in, and no generator reads them.",
          description:
            "1000 spans came in within 5 minutes, and no metrics-generator read any. Graphs stand still, and alerts about chats are blind.",
        },
      ],
    },
  },
  {
    alert: "TempoMetricsGeneratorReadsNothing",
    what: "one has taken over from the other; and later nothing comes in",
    series: {
      [received]: "0+100x40 4000x40",
      [read(0)]: "0+60x20 stale",
      [read(1)]: "0+40x20 800+100x20 2800x40",
    },
    at: { "19m": [], "30m": [], "38m": [] },
  },
  {
    alert: "TempoBlockBuilderPartitionLagWarning",
    what: "four minutes, in one of two partitions",
    series: { [builderLag(0)]: "5x80", [builderLag(1)]: "5x20 250x60" },
    at: { "19m": [], "25m": [blocksBehind("4m 10s")] },
  },
  {
    alert: "TempoBlockBuilderPartitionLagWarning",
    what: "exactly 200 s; and a cycle that began late",
    series: { [builderLag(0)]: "200x80", [builderLag(1)]: "5x20 1000x2 5x60" },
    at: { "13m": [], "18m": [], "30m": [] },
  },
  {
    alert: "TempoBlockBuilderPartitionLagCritical",
    what: "seven minutes",
    series: { [builderLag(0)]: "5x80", [builderLag(1)]: "5x20 400x60" },
    at: { "19m": [], "25m": [blocksBehind("6m 40s")] },
  },
  {
    alert: "TempoBlockBuilderPartitionLagCritical",
    what: "exactly five minutes",
    series: { [builderLag(0)]: "300x80" },
    at: { "13m": [], "30m": [] },
  },
  {
    alert: "TempoLiveStorePartitionLagWarning",
    what: "one zone's, of one partition",
    series: {
      [liveLag("a", 0)]: "1x80",
      [liveLag("a", 1)]: "1x20 250x60",
      [liveLag("b", 0)]: "1x80",
      [liveLag("b", 1)]: "1x80",
    },
    at: {
      "19m": [],
      "25m": [
        {
          labels: { partition: "1", group: "tempo-live-store-zone-a" },
          summary: "A live-store is behind what comes in.",
          description:
            "tempo-live-store-zone-a is 4m 10s behind with partition 1. The other zone answers for it while it is not behind itself.",
        },
      ],
    },
  },
  {
    alert: "TempoLiveStorePartitionLagWarning",
    what: "one that began anew and reads in a minute what it missed; exactly 200 s",
    series: { [liveLag("a", 0)]: "1x20 _x2 600 300 1x60", [liveLag("b", 0)]: "200x80" },
    at: { "13m": [], "18m": [], "30m": [] },
  },
  {
    alert: "TempoLiveStoreSingleMemberLagHigh",
    what: "one zone's of one partition, by more than twenty minutes",
    series: {
      [liveLag("a", 0)]: "1x80",
      [liveLag("a", 1)]: "1x20 1500x60",
      [liveLag("b", 0)]: "1x80",
      [liveLag("b", 1)]: "1x80",
    },
    at: {
      "19m": [],
      "26m": [
        {
          labels: { partition: "1", group: "tempo-live-store-zone-a" },
          summary: "A live-store is behind what comes in.",
          description:
            "tempo-live-store-zone-a is 25m 0s behind with partition 1. The other zone answers for it while it is not behind itself.",
        },
      ],
    },
  },
  {
    alert: "TempoLiveStoreSingleMemberLagHigh",
    what: "exactly that much; one that began anew without its volume and catches up",
    series: { [liveLag("a", 0)]: "1200x80", [liveLag("b", 0)]: "1x20 2400-200x12 1x60" },
    at: { "13m": [], "18m": [], "24m": [], "30m": [] },
  },
  {
    alert: "TempoLiveStoreAllMembersLagging",
    what: "both zones' of one partition",
    series: {
      [liveLag("a", 0)]: "1x80",
      [liveLag("b", 0)]: "1x80",
      [liveLag("a", 1)]: "1x20 400x60",
      [liveLag("b", 1)]: "1x20 900x60",
    },
    at: {
      "16m": [],
      "20m": [
        {
          labels: { partition: "1" },
          summary: "New traces are not found.",
          description:
            "The live-stores of partition 1 are at least 6m 40s behind, in every zone. Its newest traces are not found; they are in Kafka.",
        },
      ],
    },
  },
  {
    alert: "TempoLiveStoreAllMembersLagging",
    what: "one zone's by far, the other's not at all; of another partition the other way round",
    series: {
      [liveLag("a", 0)]: "5000x80",
      [liveLag("b", 0)]: "1x80",
      [liveLag("a", 1)]: "1x80",
      [liveLag("b", 1)]: "5000x80",
    },
    at: { "15m": [], "30m": [] },
  },
];

const ring = (pod: string, state: string) =>
  of(pod, "tempo_partition_ring_partitions", { name: "livestore-partitions", state });
const seen = (active: string, inactive = "0x120") => ({
  [ring(pods.distributor[0], "Active")]: active,
  [ring(pods.distributor[0], "Inactive")]: inactive,
  [ring(pods.distributor[0], "Pending")]: "0x120",
  [ring(generator(0), "Active")]: active,
  [ring(generator(0), "Inactive")]: inactive,
});
const reads = (zone: string, partition: number) =>
  of(liveStore(zone, partition), "tempo_live_store_partition_owned", {
    partition: String(partition),
    zone: `tempo-live-store-zone-${zone}`,
  });
const builds = (partition: number, state = "PartitionActive") =>
  of(`block-builder-${partition}`, "tempo_block_builder_owned_partitions", {
    partition: String(partition),
    state,
  });

const partitions: readonly AlertCase[] = [
  {
    alert: "TempoLiveStoresPartitionsUnowned",
    what: "of one partition one zone's live-store stops, and the other's ends",
    series: {
      ...seen("2x120"),
      [reads("a", 0)]: "1x120",
      [reads("b", 0)]: "1x120",
      [reads("a", 1)]: "1x20 0x100",
      [reads("b", 1)]: "1x20 stale",
    },
    at: {
      "19m": [],
      "22m": [
        {
          summary: "No live-store reads some of the partitions.",
          description:
            "Of 2 partitions some are read by no live-store. Questions are answered with a 500, since each asks all of them.",
        },
      ],
    },
  },
  {
    alert: "TempoLiveStoresPartitionsUnowned",
    what: "all live-stores are gone",
    series: { ...seen("2x120"), [reads("a", 0)]: "1x20 stale", [reads("b", 1)]: "1x20 stale" },
    at: {
      "22m": [
        {
          summary: "No live-store reads some of the partitions.",
          description:
            "Of 2 partitions some are read by no live-store. Questions are answered with a 500, since each asks all of them.",
        },
      ],
    },
  },
  {
    alert: "TempoLiveStoresPartitionsUnowned",
    what: "a zone is away; and two partitions become one: inactive, then gone",
    series: {
      ...seen("2x40 1x80", "0x40 1x40 0x40"),
      [reads("a", 0)]: "1x120",
      [reads("a", 1)]: "1x80 stale",
    },
    at: { "15m": [], "35m": [], "50m": [], "58m": [] },
  },
  {
    alert: "TempoBlockBuildersPartitionsMismatch",
    what: "nobody builds one of two; the other is there twice, since it was inactive once",
    series: {
      ...seen("2x120"),
      [builds(0)]: "1x120",
      [builds(0, "PartitionInactive")]: "1x120",
      [builds(1)]: "1x20 stale",
    },
    at: {
      "19m": [],
      "22m": [
        {
          summary: "No block-builder reads some of the partitions.",
          description:
            "Of 2 partitions some are read by no block-builder. What they hold is lost at the end of Kafka's retention.",
        },
      ],
    },
  },
  {
    alert: "TempoBlockBuildersPartitionsMismatch",
    what: "an inactive one is built, too; a restart of some minutes",
    series: {
      ...seen("1x120", "1x120"),
      [builds(0)]: "1x120",
      [builds(1)]: "1x40 stale _x10 1x70",
      [builds(1, "PartitionInactive")]: "1x40 stale _x10 1x70",
    },
    at: { "15m": [], "26m": [], "50m": [] },
  },
  {
    alert: "TempoLiveStoreZoneSeverelyDegraded",
    what: "one zone reads one of four; the other one, later, none",
    series: {
      ...seen("4x120"),
      [reads("a", 0)]: "1x120",
      [reads("a", 1)]: "1x20 stale",
      [reads("a", 2)]: "1x20 stale",
      [reads("a", 3)]: "1x20 stale",
      ...Object.fromEntries([0, 1, 2, 3].map((partition) => [reads("b", partition), "1x60 stale"])),
    },
    at: {
      "19m": [],
      "22m": [
        {
          labels: { zone: "zone-a" },
          summary: "The live-stores of zone-a read few of the partitions.",
          description:
            "The live-stores of zone-a read 1 partitions, less than 40 % of those that there are. If the other zone loses a live-store, new traces are not found.",
        },
      ],
      "42m": [
        {
          labels: { zone: "zone-a" },
          summary: "The live-stores of zone-a read few of the partitions.",
          description:
            "The live-stores of zone-a read 1 partitions, less than 40 % of those that there are. If the other zone loses a live-store, new traces are not found.",
        },
        {
          labels: { zone: "zone-b" },
          summary: "The live-stores of zone-b read few of the partitions.",
          description:
            "The live-stores of zone-b read 0 partitions, less than 40 % of those that there are. If the other zone loses a live-store, new traces are not found.",
        },
      ],
    },
  },
  {
    alert: "TempoLiveStoreZoneSeverelyDegraded",
    what: "half of a zone; a whole one for five minutes",
    series: {
      ...seen("2x120"),
      [reads("a", 0)]: "1x120",
      [reads("a", 1)]: "1x20 0x100",
      [reads("b", 0)]: "1x40 stale _x10 1x70",
      [reads("b", 1)]: "1x40 stale _x10 1x70",
    },
    at: { "22m": [], "25m": [], "40m": [] },
  },
];

const job = (name: string) =>
  of(pods["backend-scheduler"][0], `tempo_backend_scheduler_jobs_${name}_total`, {
    job_type: "JOB_TYPE_COMPACTION",
    tenant: "single-tenant",
  });
const bad = of(pods["backend-worker"][0], "tempo_backend_worker_bad_jobs_received_total", {
  status: "no_tenant",
});

const jobs: readonly AlertCase[] = [
  {
    alert: "TempoBackendSchedulerJobsFailureRateHigh",
    what: "a tenth of the jobs",
    series: { [job("created")]: "0+10x80", [job("failed")]: "0+1x80" },
    at: {
      "9m": [],
      "15m": [
        {
          summary: "Jobs on blocks fail.",
          description:
            "10% of the jobs of 5 minutes failed. Blocks are not compacted, or old ones not deleted.",
        },
      ],
    },
  },
  {
    alert: "TempoBackendSchedulerJobsFailureRateHigh",
    what: "one of few; old ones before a restart; four of a hundred",
    series: {
      [job("created")]: "0+1x40 0+100x80",
      [job("failed")]: "9x10 10x30 0+4x80",
    },
    at: { "8m": [], "15m": [], "22m": [], "40m": [] },
  },
  {
    alert: "TempoBackendWorkerBadJobsRateHigh",
    what: "one after the other",
    series: { [bad]: "0+1x80" },
    at: {
      "9m": [],
      "15m": [
        {
          summary: "Workers get jobs that they cannot read.",
          description: "10 jobs of 5 minutes named no tenant. Scheduler and workers may be of two versions.",
        },
      ],
    },
  },
  {
    alert: "TempoBackendWorkerBadJobsRateHigh",
    what: "one, and old ones before a restart",
    series: { [bad]: "9x20 0x20 1x60" },
    at: { "15m": [], "22m": [], "32m": [] },
  },
];

/** What the alerts about a distributed Tempo must say, of pods as `wanted` has them. */
export const roleCases: readonly AlertCase[] = [...changed, ...presence, ...lags, ...partitions, ...jobs];

const onePod = 'pod="tempo-0"';

/** The pod of a distributed Tempo of which an alert's case tells that is written for one process. */
const podOf = (alert: string): string =>
  ({
    TempoReceivesNothing: pods.distributor[0],
    TempoRetentionStuck: pods["backend-scheduler"][0],
    TempoQueriesFailing: pods["query-frontend"][0],
  })[alert] ?? generator(0);

/** Cases for one process, as those of a distributed Tempo's pod, of the alerts that say the same of both. */
export const sameOfRoles = (cases: readonly AlertCase[]): readonly AlertCase[] =>
  cases
    .filter(({ alert }) => !roleCases.some((each) => each.alert === alert))
    .filter(({ series }) => Object.keys(series).some((name) => name.includes(onePod)))
    .map((each) => ({
      ...each,
      series: Object.fromEntries(
        Object.entries(each.series).map(([name, values]) => [
          name.replace(onePod, `pod="tempo-${podOf(each.alert)}"`),
          values,
        ]),
      ),
    }));
