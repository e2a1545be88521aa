import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../errors.ts";
import { lossesOf, storedBy, storedIn } from "../../release/stored.ts";
import { parseSettings } from "../../settings.ts";
import { attempt, engineError } from "./attempt.ts";

const s3 = { backend: "s3", bucket: "traces", endpoint: "s3.eu-central-1.amazonaws.com" };
const onVolume = {};
const inBucket = { tempo: { storage: s3 } };
const distributed = (partitions?: number, requestsPerMinute = 30) => ({
  tempo: { mode: "distributed", storage: s3 },
  kafka: { address: "kafka.kafka.svc:9092", ...(partitions !== undefined && { partitions }) },
  traffic: { requestsPerMinute },
});
type Sections = Readonly<Record<string, object>>;
const settingsOf = (sections: Sections) => parseSettings({ environment: "prod", ...sections });
const ran = (sections: Sections) => ({ stored: storedBy(settingsOf(sections)) });

/** So many chats take eight partitions. */
const eight = 24_000;

const bucket = "the bucket traces at s3.eu-central-1.amazonaws.com";
const notFound = "those that are stored are not found any more.";
const undrained =
  "what is in the others and undrained is not stored, and every question fails for 35 minutes.";

const losing: readonly (readonly [what: string, before: Sections, after: Sections, loss: string])[] = [
  [
    "a distributed Tempo in place of one with a volume",
    onVolume,
    distributed(),
    `Tempo is monolithic with traces in its volume; tempo.mode and tempo.storage make it distributed with traces in ${bucket}: ${notFound}`,
  ],
  [
    "one with a volume in place of a distributed Tempo",
    distributed(),
    onVolume,
    `Tempo is distributed with traces in ${bucket}; tempo.mode and tempo.storage make it monolithic with traces in its volume: ${notFound}`,
  ],
  [
    "a bucket in place of the volume",
    onVolume,
    inBucket,
    `Traces are in its volume, and tempo.storage puts them in ${bucket}: ${notFound}`,
  ],
  [
    "another bucket",
    { tempo: { storage: { backend: "gcs", bucket: "traces" } } },
    { tempo: { storage: { backend: "azure", container: "traces", account: "acme" } } },
    `Traces are in the bucket traces of Google Cloud Storage, and tempo.storage puts them in the container traces of the storage account acme: ${notFound}`,
  ],
  [
    "fewer partitions",
    distributed(4),
    distributed(3),
    `Spans are written to 4 partitions, and kafka.partitions asks for 3: ${undrained}`,
  ],
  [
    "fewer partitions by less traffic",
    distributed(undefined, eight),
    distributed(),
    `Spans are written to 8 partitions, and traffic (kafka.partitions is not set) asks for 2: ${undrained}`,
  ],
];

const asksFor = (sections: Sections, reason: string): Sections => ({
  ...sections,
  tempo: { ...sections["tempo"], acceptLoss: reason },
});

describe("what an update would lose of what is stored", () => {
  for (const [what, before, after, loss] of losing) {
    it(`is told of ${what}`, () => {
      assert.deepEqual(
        lossesOf(ran(before).stored, settingsOf(after)).map(({ what: told }) => told),
        [loss],
      );
    });
  }

  for (const [what, before, after] of [
    ["the same", onVolume, onVolume],
    ["a distributed Tempo on the same bucket", inBucket, distributed()],
    ["one process on the same bucket", distributed(4), inBucket],
    ["more partitions", distributed(2), distributed(4)],
    ["as many, once by traffic", distributed(8), distributed(undefined, eight)],
  ] as const) {
    it(`is nothing with ${what}`, () => {
      assert.deepEqual(lossesOf(ran(before).stored, settingsOf(after)), []);
    });
  }

  it("is told of all at once, and of the first command to drain, and of how to keep partitions", () => {
    const elsewhere = { ...s3, bucket: "other" };
    const after = { ...distributed(2), tempo: { mode: "distributed", storage: elsewhere } };
    const [place, partitions, ...more] = lossesOf(ran(distributed(4)).stored, settingsOf(after));
    assert.deepEqual(more, []);
    assert.match(place!.next, /^docs\/scale\.md, /);
    assert.match(
      partitions!.next,
      /^drain them, from the highest on: kubectl -n tracing port-forward pod\/tempo-live-store-zone-a-3 3200, .* pulumi config set --stack prod --path kafka\.partitions 4$/,
    );
  });

  for (const outputs of [
    undefined,
    null,
    {},
    { stored: "all" },
    { stored: { mode: "other", blocks: "b" } },
  ]) {
    it(`is unknown where a state says ${JSON.stringify(outputs)} of it`, () => {
      assert.equal(storedIn(outputs), undefined);
    });
  }

  it("is read as it was told", () => {
    for (const sections of [onVolume, distributed(4)]) {
      const told = ran(sections);
      assert.deepEqual(storedIn(told), told.stored);
    }
  });

  it("shows nothing of a state that a terminal would obey", () => {
    const [loss] = lossesOf({ mode: "monolithic", blocks: "a\u001b[2Jb" }, settingsOf(onVolume));
    assert.match(loss!.what, /^Traces are in a\\u001b\[2Jb, /);
  });
});

describe("the program of a stack that has stored traces", () => {
  let said: string[];
  const { warn } = pulumi.log;

  beforeEach(() => {
    said = [];
    Object.assign(pulumi.log, { warn: (text: string) => Promise.resolve(void said.push(text)) });
  });

  afterEach(() => Object.assign(pulumi.log, { warn }));

  for (const [what, before, after, loss] of losing) {
    it(`refuses ${what}, before anything is registered`, async () => {
      const { failure, registered } = await attempt(after, () => ran(before));
      assert.ok(failure instanceof UserError, String(failure));
      const [first, next, ...last] = failure.message.split("\n");
      assert.equal(first, `"prod" would lose traces. ${loss}`);
      assert.match(next!, /^Next: .*docs\/scale\.md/);
      assert.deepEqual(last, [
        'To let it come all the same, or when that is done, say why: pulumi config set --stack prod --path tempo.acceptLoss "<reason>"',
      ]);
      assert.deepEqual([registered, said], [[], []]);
    });

    it(`shows in a preview what ${what} would change, and that up will refuse it`, async () => {
      const { failure, registered } = await attempt(after, () => ran(before), { preview: true });
      assert.equal(failure, undefined);
      assert.ok(said[0]!.startsWith(`Up will refuse this: "prod" would lose traces. ${loss}\n`), said[0]);
      assert.deepEqual(registered, (await attempt(after, () => null)).registered);
    });

    it(`takes ${what} for a reason, which it repeats`, async () => {
      const { failure, outputs } = await attempt(asksFor(after, "it is drained"), () => ran(before));
      assert.equal(failure, undefined);
      assert.deepEqual(said, [`Loss accepted: it is drained. But ${loss}`]);
      assert.deepEqual(outputs?.stored, ran(after).stored);
    });
  }

  it("says of a reason that it is not needed, and how to remove it", async () => {
    await attempt(asksFor(distributed(4), "it is drained"), () => ran(distributed(4)));
    assert.deepEqual(said, [
      "tempo.acceptLoss is not needed: nothing is lost. Remove it: pulumi config rm --stack prod --path tempo.acceptLoss",
    ]);
  });

  for (const [what, answer] of [
    ["was never deployed", () => null],
    ["was deployed by a version that did not tell", () => ({ stackVersion: "0.1.0" })],
    [
      "is not there yet",
      () => {
        throw engineError('unknown stack "acme/llm-tracing/prod"');
      },
    ],
  ] as const) {
    it(`has nothing to say when it ${what}`, async () => {
      const { failure, outputs } = await attempt(asksFor(distributed(4), "a first one"), answer);
      assert.equal(failure, undefined);
      assert.deepEqual(said, []);
      assert.deepEqual(outputs?.stored, { mode: "distributed", blocks: bucket, partitions: 4 });
    });
  }

  it("goes on where the state cannot be read, and says so", async () => {
    const { failure, registered } = await attempt(distributed(2), () => {
      throw engineError("the backend is gone");
    });
    assert.equal(failure, undefined);
    assert.ok(registered.length > 10);
    assert.match(said.join(), /^Cannot tell what "prod" has stored, .*the backend is gone/);
  });
});
