import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { waitFor } from "../../../clients/wait.ts";
import { startRole, stopRole } from "../../../sandbox/distributed.ts";
import { addressesIn } from "../../../sandbox/loopback.ts";
import { roleConfigFile } from "../../../sandbox/tempo-role.ts";
import { ports } from "../../../components/tempo/ports.ts";
import { miscounted, problemsOf, refusedOf, unansweredOf, type Bounds } from "./bounds.ts";
import { changes, faults, type Case } from "./cases.ts";
import { callsOf, storedCalls } from "./counts.ts";
import { counted, podsOf, suffer, type Effects, type Place } from "./faults.ts";
import { printMatrix, printRow, rowOf } from "./matrix.ts";

/** What each fault and each change does to those who send and ask, and what is left of it in the end. */
export function describeFaults(cluster: string, place: () => Place): void {
  const suffered: {
    readonly effects: Effects;
    readonly bounds: Bounds;
    readonly counting: Promise<number>;
  }[] = [];

  const describeCases = (cases: readonly Case[]) => {
    for (const each of cases) {
      it(each.name, async () => {
        // What is lost with a generator is not another fault's.
        const effects = await suffer(each, place(), suffered.at(-1)?.counting);
        // Partitions of a generator that is gone are another's after three minutes; some are never counted.
        const patience = each.bounds.counted === "fewer" ? 20 : 240;
        suffered.push({ effects, bounds: each.bounds, counting: counted(effects, place(), patience) });
        printRow(rowOf(effects));
        const failed = [
          ...refusedOf(effects),
          ...unansweredOf(effects, "by id"),
          ...unansweredOf(effects, "search"),
        ];
        for (const words of new Set(failed.map(({ first }) => asKind(first))))
          console.log(`          ${words}`);
        assert.deepEqual(problemsOf(effects, each.bounds), []);
      }).timeout(900_000);
    }
  };

  describe("of which something is away amid traffic", () => describeCases(faults));
  describe("that is changed amid traffic", () => describeCases(changes));

  describe("after all that", () => {
    it("has each call once in its blocks and in Prometheus, unless a fault may say otherwise", async () => {
      await suffered.at(-1)?.counting;
      const frontend = await askingBlocksAlone(place());
      const rows: string[][] = [];
      const problems: string[] = [];
      for (const { effects, bounds, counting } of suffered) {
        const { fault, model, sent, calls } = effects;
        const moments = sent.map(({ at }) => at / 1000);
        const range = [Math.min(...moments) - 60, Math.max(...moments) + 30] as const;
        let stored = 0;
        const isStored = async () => {
          stored = await storedCalls(frontend, model, range);
          return stored >= calls;
        };
        await waitFor(`${calls} calls to be in blocks`, 120, isStored, { pauseSeconds: 1 }).catch(
          () => undefined,
        );
        const found = await counting;
        rows.push(rowOf(effects, { counted: found, stored }));
        // What was refused may have been stored all the same.
        const most = callsOf(
          model,
          sent.map(({ trace }) => trace),
        );
        problems.push(
          ...[
            ...miscounted(effects, found, bounds),
            ...(stored < calls || stored > most ? [`${stored} of ${calls} calls are stored`] : []),
          ].map((problem) => `${fault}: ${problem}`),
        );
      }
      printMatrix(cluster, rows);
      assert.deepEqual(problems, []);
    }).timeout(900_000);
  });
}

/** What was said, without what tells one block, trace or address from another. */
const asKind = (words: string): string =>
  words.replace(/[0-9a-f-]{32,36}|127[.\d]+(:\d+)?/g, "…").slice(0, 200);

/** A query-frontend that asks blocks for all but the last second, and no live-store. */
async function askingBlocksAlone(place: Place): Promise<string> {
  const [name] = podsOf(place, "query-frontend") as [string];
  const file = roleConfigFile(place.folder, name);
  const config = parse(readFileSync(file, "utf8")) as {
    query_frontend: { metrics: { query_backend_after?: string } };
  };
  config.query_frontend.metrics.query_backend_after = "1s";
  writeFileSync(file, stringify(config));
  await stopRole(place.folder, name, 0);
  await startRole(place, name);
  return `http://${addressesIn(place.folder)[name]}:${ports.http}`;
}
