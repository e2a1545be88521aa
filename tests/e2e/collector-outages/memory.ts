import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ownMetric } from "../own-metrics.ts";
import { memoryOf, type Replica, type Rig } from "./rig.ts";

/** Looks at a collector's memory until it is stopped. */
export interface MemoryWatch {
  stop(): Promise<void>;
  /** The most until now, in MiB, of the heap and of the process's own. */
  most(): { readonly heap: number; readonly own: number; readonly limit: number };
  /** Fails if it was ever more than its container has. */
  isWithin(): void;
}

/**
 * Begins to look. What counts is the heap, by which the collector limits itself, and what the process has of its own: the
 * queue's file, which it maps, is given back when memory is short.
 */
export function memoryWatch(rig: Rig, replica: Replica, pauseSeconds = 0.5): MemoryWatch {
  const most = { heap: 0, own: 0 };
  let stopped = false;
  const watch = async () => {
    for (; !stopped; await sleep(pauseSeconds * 1000)) {
      most.own = Math.max(most.own, memoryOf(rig, replica));
      most.heap = Math.max(
        most.heap,
        await ownMetric(replica.own, "otelcol_process_runtime_heap_alloc_bytes"),
      );
    }
  };
  const watching = watch();
  watching.catch(() => undefined);
  const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20);
  const mostOf = () => ({
    heap: mebibytes(most.heap),
    own: mebibytes(most.own),
    limit: mebibytes(replica.memoryBytes),
  });
  return {
    most: mostOf,
    stop: () => {
      stopped = true;
      return watching;
    },
    isWithin: () => {
      const { heap, own, limit } = mostOf();
      console.log(`        heap up to ${heap} MiB, memory of its own up to ${own} MiB, of ${limit} MiB`);
      assert.ok(heap > 0 && heap <= limit && own <= limit);
    },
  };
}
