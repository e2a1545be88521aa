import type { TempoArgs } from "./args.ts";
import { goDuration } from "./duration.ts";
import { configFolder, dataFolder } from "./ports.ts";
import type { Tempo210, Tempo30 } from "./schema.ts";

type IngestArgs = Pick<TempoArgs, "retentionSeconds" | "longestAnswerSeconds">;

/** The sections that take spans in, keep them and delete them. */
export const ingestSections = {
  "3.0": ({
    retentionSeconds,
    longestAnswerSeconds,
  }: IngestArgs): Pick<Tempo30, "live_store" | "backend_worker" | "backend_scheduler"> => ({
    live_store: {
      wal: { path: `${dataFolder}/live-store/traces` },
      // Whoever may query Tempo may ask it to leave a marker here (`POST /live-store/prepare-downscale`), with which a
      // Tempo that was killed starts, but neither gets ready nor takes spans (modules/livestore/downscale.go).
      shutdown_marker_dir: configFolder,
      max_trace_idle: idle,
      max_trace_live: goDuration(Math.max(30, longestAnswerSeconds)),
    },
    // Retention jobs read the worker's value; the scheduler's twin is accepted, and compaction reads it.
    backend_worker: { compaction: { block_retention: goDuration(retentionSeconds) } },
    backend_scheduler: {
      local_work_path: dataFolder,
      provider: { compaction: { compaction: { block_retention: goDuration(retentionSeconds) } } },
    },
  }),
  "2.10": ({ retentionSeconds }: IngestArgs): Pick<Tempo210, "ingester" | "compactor"> => ({
    ingester: {
      trace_idle_period: idle,
      // A single ingester has nobody to wait for; else each restart is 15 s longer.
      lifecycler: { min_ready_duration: "0s" },
    },
    compactor: { compaction: { block_retention: goDuration(retentionSeconds) } },
  }),
};

/** Where these sections have the retention, as keys from the root of Tempo's configuration. */
export const retentionPaths = {
  "3.0": [
    "backend_worker.compaction.block_retention",
    "backend_scheduler.provider.compaction.compaction.block_retention",
  ],
  "2.10": ["compactor.compaction.block_retention"],
} as const;

/** Keeps the spans of one answer together; no later than the 30 s after which a search sees them anyway. */
const idle = "15s";
