import { readFileSync } from "node:fs";
import { request, urlBelow } from "../../clients/http.ts";

/** CPU seconds that a process has used, by Linux, which counts in hundredths for programs on every machine. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Memory of a process in MB without the files that it maps: the collector maps its queue, which is cache. */
export const memoryMegabytes = (pid: number): number =>
  Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

/** What a program tells of itself now. */
export interface Told {
  /** The sum of a metric's series; undefined when there is none. */
  sum(name: string): number | undefined;
}

/** Asks a program on this machine for its own metrics. */
export async function askItself(address: string): Promise<Told> {
  const { text } = await request("The program", urlBelow(address, "/metrics"));
  return {
    sum: (name) => {
      const series = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gm"))];
      return series.length === 0 ? undefined : series.reduce((sum, [, value]) => sum + Number(value), 0);
    },
  };
}
