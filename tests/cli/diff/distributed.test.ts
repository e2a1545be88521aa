import assert from "node:assert/strict";
import type { Files } from "../../../cli/diff/snapshot.ts";
import { merge, type SettingsTree } from "../../../engine/overrides.ts";
import type { ConfigValue } from "../../../engine/stack-files.ts";
import { committed, everywhere, line, rendered, report } from "./trees.ts";

/** The tree of a distributed Tempo of two partitions, with these sections laid over. */
const distributed = (sections: SettingsTree = {}): Promise<Files> =>
  rendered(
    merge(
      {
        "llm-tracing:tempo": { mode: "distributed", storage: { backend: "gcs", bucket: "b" } },
        "llm-tracing:kafka": { address: "kafka.kafka.svc:9092", partitions: 2 },
      },
      sections,
    ) as Record<string, ConfigValue>,
  );

/** Of Tempo's workloads and configuration, each line without the environments, with what it means. */
const costsOf = (base: Files, head: Files): string[] =>
  report(base, head)
    .changes.filter(({ subject }) => /^(Tempo|(Deployment|StatefulSet) tracing\/tempo.*)$/.test(subject))
    .map((change) =>
      [line(change).replace(`${everywhere.join()} | `, ""), change.note].filter(Boolean).join(": "),
    );

const kept = "Its volumes are deleted with it: what is in no block yet is in Kafka alone.";
const undrained = "Partitions that are not drained first make every question fail: docs/scale.md.";

describe("diff of a distributed Tempo", function () {
  this.timeout(60_000);
  let base: Files;
  before(async () => (base = await distributed()));

  for (const [what, sections, wanted] of [
    [
      "says that nothing restarts for more pods of a role",
      { "llm-tracing:tempo": { roles: { distributor: { replicas: 3 } } } },
      ["objects | changed | Deployment tracing/tempo-distributor | spec.replicas | 2 → 3 | in place"],
    ],
    [
      "says that a role falls to one pod where an autoscaler comes",
      { "llm-tracing:tempo": { roles: { querier: { autoscale: { max: 9 } } } } },
      [
        "objects | removed | Deployment tracing/tempo-querier | spec.replicas | 2 → - | roles restart: It falls to 1 until its autoscaler lifts it, within 15 s: docs/scale.md.",
      ],
    ],
    [
      "says that pods of a role restart where they become others",
      { "llm-tracing:tempo": { roles: { querier: { limits: { cpu: "3" } } } } },
      [
        'objects | changed | Deployment tracing/tempo-querier | spec.template.spec.containers[tempo].resources.limits.cpu | "1" → "3" | roles restart',
      ],
    ],
    [
      "says that all roles restart for another configuration",
      { "llm-tracing:tempo": { longestAnswer: "4m" } },
      ['"3m" → "4m" | roles restart'],
    ],
    [
      "says that a larger volume is a new one, in both zones",
      { "llm-tracing:tempo": { volume: { size: "30Gi" } } },
      ["zone-a", "zone-b"].map(
        (zone) =>
          `StatefulSet tracing/tempo-live-store-${zone} | spec.volumeClaimTemplates[0].spec.resources.requests.storage | "20Gi" → "30Gi" | data at risk + replaced: ${kept}`,
      ),
    ],
  ] as const satisfies readonly (readonly [string, SettingsTree, readonly string[]])[]) {
    it(what, async () => {
      const said = costsOf(base, await distributed(sections));
      for (const each of wanted) {
        assert.ok(
          said.some((found) => found.endsWith(each)),
          said.join("\n"),
        );
      }
      assert.ok(!said.some((each) => each.includes("Tempo restarts")), said.join("\n"));
    });
  }

  it("says that partitions are drained before there are fewer, and nothing of the kind where there are more", async () => {
    const more = await distributed({ "llm-tracing:kafka": { partitions: 4 } });
    const withPods = /tempo-(live-store-zone-[ab]|block-builder) /;
    const ofPartitions = (said: readonly string[]) => said.filter((each) => withPods.test(each));
    const [up, down] = [costsOf(base, more), costsOf(more, base)].map(ofPartitions);
    assert.deepEqual(
      up!.map((each) => each.split(" | ").slice(-2).join()),
      Array(3).fill("2 → 4,in place"),
    );
    assert.deepEqual(
      down!.map((each) => each.split(" | ").slice(-2).join()),
      Array(3).fill(`4 → 2,data at risk: ${undrained}`),
    );
  });

  it("says which role stops, and that the whole Tempo does where one process goes", () => {
    const without = new Map([...base].filter(([path]) => !path.includes("deployment-tempo-querier")));
    assert.deepEqual(costsOf(base, without), [
      "objects | removed | Deployment tracing/tempo-querier | roles restart: This Tempo's querier stops.",
    ]);
    const ended = costsOf(committed, base).filter((each) => each.includes("removed | StatefulSet"));
    assert.deepEqual(ended, [
      "objects | removed | StatefulSet tracing/tempo | Tempo restarts: This Tempo stops.",
    ]);
  });
});
