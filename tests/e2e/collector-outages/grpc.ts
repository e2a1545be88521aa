import { readFileSync } from "node:fs";
import path from "node:path";
import { applicationEnv } from "../../../assembly/application-env.ts";
import { settingsOf } from "../../contract/product.ts";
import type { Guard } from "../../../processes/guard.ts";

/** What came of the batches of an exporter over gRPC. */
export interface Exported {
  /** Traces, of a span each, that were acknowledged, and when, in milliseconds since 1970. */
  readonly acknowledged: readonly {
    readonly trace: { readonly id: string; readonly spans: { readonly length: 1 } };
    readonly at: number;
  }[];
  /** Batches that were given up. */
  readonly failures: readonly string[];
  /** Statuses after which it tried again, and how often. */
  readonly triedAgain: Readonly<Record<string, number>>;
}

/** An exporter that runs. */
export interface Exporting {
  /** What came of its batches until now. */
  soFar(): Exported;
  /** Stops it, once it has sent what it has. */
  stop(): Promise<Exported>;
}

/** What starts one. */
interface Options {
  readonly guard: Guard;
  readonly name: string;
  /** Folder of Open WebUI's programs. */
  readonly programs: string;
  readonly folder: string;
  /** @default 5, the SDK's own */
  readonly secondsBetween?: number;
}

/** Starts Open WebUI's own exporter, with the variables that the stack gives it. */
export async function startGrpcExporter(
  grpc: string,
  { guard, name, programs, folder, secondsBetween = 5 }: Options,
): Promise<Exporting> {
  const { openWebui } = applicationEnv(settingsOf("dev"), { grpc, http: "" });
  const log = path.join(folder, `${name}.log`);
  const { pid, exited } = await guard.start({
    name,
    command: path.join(programs, "python"),
    arguments: [path.join(import.meta.dirname, "grpc_exporter.py")],
    directory: folder,
    environment: { ...openWebui, OTEL_BSP_SCHEDULE_DELAY: String(secondsBetween * 1000) },
    log,
  });
  const soFar = () => exportedIn(readFileSync(log, "utf8"));
  return {
    soFar,
    stop: async () => {
      process.kill(pid, "SIGTERM");
      const { code } = await exited;
      if (code !== 0) throw new Error(`The exporter ended with ${code}: ${log}`);
      return soFar();
    },
  };
}

function exportedIn(text: string): Exported {
  const batches = text
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as { traces: string[]; taken: boolean; at: number });
  const triedAgain: Record<string, number> = {};
  for (const [, status] of text.matchAll(/Transient error StatusCode\.(\w+)/g)) {
    triedAgain[status!] = (triedAgain[status!] ?? 0) + 1;
  }
  return {
    acknowledged: batches
      .filter(({ taken }) => taken)
      .flatMap(({ traces, at }) =>
        traces.map((id) => ({ trace: { id, spans: { length: 1 as const } }, at })),
      ),
    failures: batches
      .filter(({ taken }) => !taken)
      .map(({ traces, at }) => `${traces.length} spans at ${new Date(at).toISOString()}`),
    triedAgain,
  };
}
