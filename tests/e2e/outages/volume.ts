import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { waitFor } from "../../../clients/wait.ts";
import type { ToolPaths } from "../../../tools/ensure.ts";
import type { TestCluster } from "../harness.ts";

/** A volume for a pair's Tempo that can be filled. */
export interface SmallVolume {
  /** Tempo's program, which finds the volume where its data folder is. */
  readonly programs: Pick<ToolPaths, "tempo">;
  /**
   * Takes room, as somebody else's data would.
   *
   * @param megabytes - so much of it. @default what is left
   */
  fill(megabytes?: number): void;
  /** Gives it back. */
  free(): void;
  /** What is left and what there is, in bytes. */
  room(): { readonly available: number; readonly capacity: number };
}

/**
 * Mounts a volume where a pair's Tempo has its data. It is a tmpfs that only Tempo sees, in namespaces of its
 * own, which needs no root where the kernel lets users have them.
 *
 * @param megabytes - its size, in MiB
 * @returns why not, where it does not
 */
export async function smallVolume(
  cluster: TestCluster,
  pair: string,
  megabytes = 64,
): Promise<SmallVolume | string> {
  const folder = path.join(cluster.pairFolder(pair), "tempo");
  mkdirSync(folder, { recursive: true });
  const log = `${folder}-volume.log`;
  const mount = `mount -t tmpfs -o size=${megabytes}m none "$0" && echo mounted && exec sleep infinity`;
  const said = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
  let holder;
  try {
    holder = await cluster.guard.start({
      name: "volume",
      command: "unshare",
      arguments: ["--user", "--map-root-user", "--mount", "sh", "-c", mount, folder],
      directory: cluster.pairFolder(pair),
      environment: {},
      log,
    });
  } catch (error) {
    return String(error);
  }
  const { pid } = holder;
  await waitFor("the volume", 10, () =>
    Promise.resolve(holder.exit !== undefined || said().includes("mounted")),
  );
  if (holder.exit !== undefined) return said().trim();
  const tempo = `${folder}-on-its-volume`;
  const enter = `nsenter --preserve-credentials --user --mount --target ${pid}`;
  writeFileSync(tempo, `#!/bin/sh\nexec ${enter} '${cluster.tools.tempo}' "$@"\n`);
  chmodSync(tempo, 0o755);
  const inside = `/proc/${pid}/root${folder}`;
  const filler = `${inside}/filler`;
  return {
    programs: { tempo },
    fill: (wanted = megabytes) => {
      try {
        writeFileSync(filler, Buffer.alloc(wanted * 2 ** 20), { flag: "a" });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    free: () => rmSync(filler),
    room: () => {
      const { bavail, blocks, bsize } = statfsSync(inside);
      return { available: bavail * bsize, capacity: blocks * bsize };
    },
  };
}
