import type { Settings } from "../../settings.ts";
import { goDuration } from "../../settings/units.ts";
import { dataFolder } from "./ports.ts";

/** The sections that take spans in, keep them and delete them: what Tempo 3 changed. Either line refuses the other's. */
export function ingestSections(tempo: Settings["tempo"]): Record<string, unknown> {
  const retention = { block_retention: goDuration(tempo.retention) };
  // Keeps the spans of one answer together; no later than the 30 s after which a search sees them anyway.
  const idle = "15s";
  switch (tempo.line) {
    case "3.0":
      return {
        live_store: {
          wal: { path: `${dataFolder}/live-store/traces` },
          shutdown_marker_dir: `${dataFolder}/live-store/shutdown-marker`,
          max_trace_idle: idle,
          max_trace_live: goDuration({ seconds: Math.max(30, tempo.longestAnswer.seconds) }),
        },
        // Retention jobs read the worker's value; the scheduler's twin is accepted, and compaction reads it.
        backend_worker: { compaction: retention },
        backend_scheduler: {
          local_work_path: dataFolder,
          provider: { compaction: { compaction: retention } },
        },
      };
    case "2.10":
      return {
        ingester: {
          trace_idle_period: idle,
          // A single ingester has nobody to wait for; else each restart is 15 s longer.
          lifecycler: { min_ready_duration: "0s" },
        },
        compactor: { compaction: retention },
      };
  }
}
