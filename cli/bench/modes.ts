import type { SandboxFolder } from "../../sandbox/folder.ts";
import { kafkaName } from "../../sandbox/kafka.ts";
import { rolesIn } from "../../sandbox/distributed.ts";
import { tempo } from "../../sandbox/backend-services.ts";
import type { Backends } from "../../sandbox/trace-backends.ts";
import { ports } from "../../components/tempo/ports.ts";
import { UserError } from "../../errors.ts";
import { readRecords } from "../../processes/records.ts";
import { costs, ratio } from "./collector.ts";
import type { Report } from "./report.ts";
import { memoryMegabytes } from "./usage.ts";
import type { TwoWays, Way } from "./ways.ts";

/** A Tempo that runs. */
export interface Running {
  readonly backends: Backends;
  readonly folder: SandboxFolder;
}

/**
 * What a distributed Tempo costs beside one process, of this machine's cores: both in turn, so that whatever else this
 * machine does hits both, and of each round the ratio.
 */
export async function measureModes(report: Report, monolith: Running, distributed: Running): Promise<void> {
  await report.measure("sending to both modes", 120, async () => {
    const all = await costs(modes(monolith, distributed));
    const figure = (name: string, key: Parameters<typeof ratio>[2]) =>
      ratio(all, `distributed to one process: ${name}`, key);
    return [
      figure("spans a second, answered", "answered"),
      figure("spans a second, into Tempo", "arrived"),
      figure("CPU seconds of Tempo", "cpuSeconds"),
      figure("memory of Tempo", "memory"),
      { name: "Kafka's memory", values: [memoryMegabytes(pidOf(distributed, kafkaName))], unit: "MB" },
    ];
  });
}

/** Straight to one process, and to the first distributor. */
const modes = (monolith: Running, distributed: Running): TwoWays => ({
  straight: way("to one process", monolith, [tempo.name]),
  through: way(
    "to a distributed Tempo",
    distributed,
    // The distributor that is sent to is the first.
    rolesIn(distributed.folder)
      .toSorted((a, b) => Number(b.role === "distributor") - Number(a.role === "distributor"))
      .map(({ name }) => name),
  ),
});

/** Only the first program is asked for its metrics: to ask seventeen all the while would be a load of its own. */
function way(name: string, running: Running, programs: readonly string[]): Way {
  const { backends } = running;
  const { hostname } = new URL(backends.tempoOtlpHttp);
  const isOne = programs.length === 1;
  const metrics = isOne ? backends.tempo : `http://${hostname}:${ports.http}`;
  return {
    name,
    endpoint: backends.tempoOtlpHttp,
    programs: programs.map((program, index) => ({
      pid: pidOf(running, program),
      heap: "go_memstats_heap_alloc_bytes",
      ...(index === 0 && { metrics }),
    })),
  };
}

function pidOf({ folder }: Running, program: string): number {
  const record = readRecords(folder.run).find(({ name }) => name === program);
  if (!record) throw new UserError(`${program} does not run here: there are no two modes to compare.`);
  return record.pid;
}
