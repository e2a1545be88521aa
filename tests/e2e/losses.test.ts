import assert from "node:assert/strict";
import type { ApiClient } from "../../clients/kubernetes.ts";
import { merge, type SettingsTree } from "../../engine/overrides.ts";
import { hasChanges, type EngineStack } from "../../engine/stack.ts";
import { UserError } from "../../errors.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { openTestCluster, type TestCluster } from "./harness.ts";

const bucket = "the bucket tempo at minio.storage.svc:9000";

describe("an update that would lose what is stored", () => {
  let cluster: TestCluster;
  let api: ApiClient;

  before(async function () {
    cluster = await openTestCluster(this, "losses");
    api = cluster.sandbox.api;
  });

  after(() => cluster?.close());

  const distributed = async (partitions: number, more: SettingsTree = {}) =>
    cluster.openStack(merge(merge(await sandboxSettings("distributed"), { kafka: { partitions } }), more));
  const refusalOf = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => assert.fail("was not refused"),
      (each: unknown) => each,
    );
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  };
  const shownBy = async (work: (show: { write(text: string): unknown }) => Promise<unknown>) => {
    let text = "";
    await work({ write: (piece) => (text += piece) });
    return text;
  };
  /** Twice: what a refused run leaves in the state must not let the next one pass. */
  const assertRefused = async (stack: EngineStack, words: string) => {
    const shown = await shownBy(async (show) => {
      assert.ok(hasChanges(await stack.preview({ show })));
    });
    assert.ok(shown.includes(`warning: Up will refuse this: ${words}`), shown);
    for (let run = 0; run < 2; run++) {
      const refusal = await refusalOf(stack.up());
      assert.ok(refusal.startsWith(words), refusal);
    }
  };
  const pods = async (name: string) => {
    const path = `/apis/apps/v1/namespaces/tracing/statefulsets/${name}`;
    return ((await api.get(path))?.["spec"] as { replicas: number } | undefined)?.replicas;
  };
  const storedIn = async (stack: EngineStack) => (await stack.outputs())["stored"];

  it("is none at first, which tells what it stores", async () => {
    const stack = await cluster.openStack({ tempo: { volume: { protect: true } } });
    const shown = await shownBy((show) => stack.up({ show }));
    assert.doesNotMatch(shown, /warning/);
    assert.deepEqual(await storedIn(stack), { mode: "monolithic", blocks: "its volume" });
  });

  it("is refused by Pulumi, whatever the reason, while the volume is protected", async () => {
    const stack = await distributed(4, { tempo: { acceptLoss: "nobody asks for them" } });
    assert.match(
      await refusalOf(stack.preview()),
      /PersistentVolumeClaim tracing\/tempo-data is protected.*deploy once with tempo\.volume\.protect: false/,
    );
    await (await cluster.openStack()).up();
  });

  const becomes =
    '"dev" would lose traces. Tempo is monolithic with traces in its volume; tempo.mode and tempo.storage make it distributed';

  it("is refused where a volume's traces would not be found by the roles", async () => {
    await assertRefused(await distributed(4), `${becomes} with traces in ${bucket}: `);
    assert.equal(await pods("tempo"), 1);
    assert.equal(await pods("tempo-block-builder"), undefined);
  });

  it("comes for a reason, which a preview shows", async () => {
    const stack = await distributed(4, { tempo: { acceptLoss: "nobody asks for them" } });
    const shown = await shownBy((show) => stack.preview({ show }));
    assert.match(shown, /warning: Loss accepted: nobody asks for them\. But Tempo is monolithic/);
    await stack.up();
    assert.deepEqual(await storedIn(stack), { mode: "distributed", blocks: bucket, partitions: 4 });
    assert.equal(await pods("tempo-block-builder"), 4);
  });

  it("is refused where partitions go that nobody says to be drained", async () => {
    const words = "Spans are written to 4 partitions, and kafka.partitions asks for 2: ";
    await assertRefused(await distributed(2), `"dev" would lose traces. ${words}`);
    assert.equal(await pods("tempo-block-builder"), 4);
  });

  it("comes once they are drained, and then wants the reason removed", async () => {
    const stack = await distributed(2, { tempo: { acceptLoss: "3 and 2 are drained" } });
    await stack.up();
    assert.equal(await pods("tempo-block-builder"), 2);
    const shown = await shownBy((show) => stack.preview({ show }));
    assert.match(shown, /warning: tempo\.acceptLoss is not needed: .* --path tempo\.acceptLoss/);
  });

  it("is refused on the way back to a volume", async () => {
    const words = `"dev" would lose traces. Tempo is distributed with traces in ${bucket}; tempo.mode and tempo.storage make it monolithic`;
    await assertRefused(await cluster.openStack(), words);
    assert.equal(await pods("tempo-block-builder"), 2);
  });
});
