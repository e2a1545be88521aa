import assert from "node:assert/strict";
import { parse } from "yaml";
import { changedSettings } from "../../engine/overrides.ts";
import { renderEnvironment, type RenderedObject } from "../../engine/rendering.ts";
import { planOf } from "../../cli/up/plan.ts";

describe("make up", () => {
  const overrides = { tempo: { line: "2.10", longestAnswer: "1m" } };
  const configMap = (objects: readonly RenderedObject[]) =>
    objects.find(({ name }) => name.startsWith("tempo-config-"))!;

  it("shows the objects that it deploys, not those of the environment's own settings", async () => {
    const { objects, lines } = await planOf("dev", overrides);
    const own = await renderEnvironment("dev");
    const deployed = configMap(objects);
    assert.match(
      (parse(deployed.yaml) as { data: Record<string, string> }).data["tempo.yaml"]!,
      /wait: 1m\n/,
    );
    assert.ok(lines.some((line) => line.endsWith(` ${deployed.name}`)));
    assert.ok(!lines.some((line) => line.includes(configMap(own.objects).name)));
  });

  it("lays over an environment what takes a setting of its away", async () => {
    const { changes, objects } = await planOf("prod", { tempo: { volume: undefined } });
    assert.deepEqual(changes, [["tempo.volume", '{"size":"100Gi","protect":true} → not set']]);
    const claim = objects.find(({ kind }) => kind === "PersistentVolumeClaim")!;
    assert.match(claim.yaml, /storage: 20Gi\n/);
  });

  it("takes a section away as a whole", async () => {
    const { changes } = await planOf("prod", { promotion: undefined });
    assert.deepEqual(changes, [["promotion", '{"from":"staging"} → not set']]);
  });

  it("says nothing of a promotion, which only the engine checks", async () => {
    const { lines } = await planOf("prod", { promotion: { override: "this is the sandbox" } });
    assert.ok(!lines.some((line) => line.includes("promotion")));
  });
});

describe("what settings change that are laid over a stack file", () => {
  const file = { "llm-tracing:tempo": { retention: "72h", volume: { size: "10Gi" } } };
  for (const [what, overrides, changes] of [
    ["is told beside the file's value", { tempo: { retention: "24h" } }, [["tempo.retention", "72h → 24h"]]],
    [
      "is told beside the default where the file has none",
      { tempo: { longestAnswer: "1m" }, namespace: { create: false } },
      [
        ["tempo.longestAnswer", "3m → 1m"],
        ["namespace.create", "true → false"],
      ],
    ],
    [
      "is told beside nothing where there is no default either",
      { cluster: { context: "mine" } },
      [["cluster.context", "not set → mine"]],
    ],
    [
      "is told where a value is taken away",
      { tempo: { retention: undefined, volume: undefined } },
      [
        ["tempo.retention", "72h → not set"],
        ["tempo.volume", '{"size":"10Gi"} → not set'],
      ],
    ],
    [
      "is nothing where there is none to take away",
      { kafka: undefined, tempo: { roles: undefined, mode: undefined } },
      [],
    ],
    ["is nothing where the value is the same", { tempo: { line: "3.0", volume: { size: "10Gi" } } }, []],
  ] as const) {
    it(what, () => assert.deepEqual(changedSettings(file, overrides), changes));
  }
});
