import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { exportSpans } from "../../clients/otlp.ts";
import { search } from "../../clients/tempo.ts";
import { waitFor } from "../../clients/wait.ts";
import type { SettingsTree } from "../../engine/overrides.ts";
import { distributedPrograms } from "../../sandbox/distributed.ts";
import { objectStorageName } from "../../sandbox/object-storage.ts";
import { sandboxSettings, withoutRoles, type TempoMode } from "../../sandbox/settings.ts";
import { backendPrograms, type Backends } from "../../sandbox/trace-backends.ts";
import { chats } from "../../traffic/chats.ts";
import { payloadEnding } from "../../traffic/otlp.ts";
import type { Trace } from "../../traffic/span.ts";
import { missingOf } from "./distributed/traffic.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";

const missing = await withoutRoles();
const pair = "deployed";
const count = 20;

/** The way from one process to many, and back, on one bucket. Nobody sends while nobody is there: the collector holds that. */
describe("a Tempo with object storage, of one process, then of many, then of one", () => {
  if (missing !== undefined) {
    it(`NOT TESTED with its roles: ${missing}`, function () {
      this.skip();
    });
    return;
  }

  let cluster: TestCluster;
  let backends: Backends;
  const sent: Trace[] = [];

  before(async function () {
    cluster = await openTestCluster(this, "distributed-modes", [...backendPrograms, ...distributedPrograms]);
  });

  after(() => cluster?.close());

  const steps: readonly (readonly [what: string, TempoMode])[] = [
    ["stores what one process takes", "monolithic"],
    ["is found by many, which store more", "distributed"],
    ["is found by one process, and what the many stored with it", "monolithic"],
  ];
  for (const [what, mode] of steps) {
    it(what, async () => {
      await (await cluster.openStack(await settingsFor(mode))).up();
      backends = await cluster.startBackends(pair, {}, undefined, { hurried: true });
      assert.deepEqual(await missingOf([backends.tempo], "{}", sent, 60), []);
      const now = Date.now() / 1000;
      const lately = { from: now - 3600, to: now, variables: {} };
      const found = await search(backends.tempo, "{}", lately, { limit: 1000, spansPerTrace: 1 });
      console.log(`        of the ${sent.length} traces before, a search finds ${found.length} by now`);
      for (let n = 0; n < count; n++) {
        const trace = chats.apiChat({ seed: `${what} ${n}` });
        await exportSpans(backends.tempoOtlpHttp, payloadEnding(trace, Date.now()), 15);
        sent.push(trace);
      }
      // Before it is stopped all is in the bucket, and once: what it has elsewhere the next one does not find.
      await waitFor(`${sent.length} traces to be in the bucket`, 180, () => {
        assert.equal(tracesInBucket(), sent.length);
        return Promise.resolve(true);
      });
    }).timeout(600_000);
  }

  /** Traces in all blocks of the bucket that count: of those that were compacted it has another file. */
  function tracesInBucket(): number {
    const folder = path.join(cluster.pairFolder(pair), objectStorageName, "buckets");
    return globSync("*/*/*/meta.json", { cwd: folder })
      .map((file) => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as { totalObjects: number })
      .reduce((sum, { totalObjects }) => sum + totalObjects, 0);
  }
});

async function settingsFor(mode: TempoMode): Promise<SettingsTree> {
  const { tempo } = await sandboxSettings("distributed");
  return { ...(await sandboxSettings(mode)), tempo: { ...tempo, mode } };
}
