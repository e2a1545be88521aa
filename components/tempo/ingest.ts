import type { Settings } from "../../settings.ts";
import { goDuration } from "../../settings/units.ts";
import { dataFolder } from "./ports.ts";
import type { Tempo210, Tempo30 } from "./schema.ts";

/** The sections that take spans in, keep them and delete them. */
export const ingestSections = {
  "3.0": ({
    retention,
    longestAnswer,
  }: Settings["tempo"]): Pick<Tempo30, "live_store" | "backend_worker" | "backend_scheduler"> => ({
    live_store: {
      wal: { path: `${dataFolder}/live-store/traces` },
      shutdown_marker_dir: `${dataFolder}/live-store/shutdown-marker`,
      max_trace_idle: idle,
      max_trace_live: goDuration({ seconds: Math.max(30, longestAnswer.seconds) }),
    },
    // Retention jobs read the worker's value; the scheduler's twin is accepted, and compaction reads it.
    backend_worker: { compaction: { block_retention: goDuration(retention) } },
    backend_scheduler: {
      local_work_path: dataFolder,
      provider: { compaction: { compaction: { block_retention: goDuration(retention) } } },
    },
  }),
  "2.10": ({ retention }: Settings["tempo"]): Pick<Tempo210, "ingester" | "compactor"> => ({
    ingester: {
      trace_idle_period: idle,
      // A single ingester has nobody to wait for; else each restart is 15 s longer.
      lifecycler: { min_ready_duration: "0s" },
    },
    compactor: { compaction: { block_retention: goDuration(retention) } },
  }),
};

/** Keeps the spans of one answer together; no later than the 30 s after which a search sees them anyway. */
const idle = "15s";
