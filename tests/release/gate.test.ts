import assert from "node:assert/strict";
import { UserError } from "../../errors.ts";
import { judgePromotion, type Candidate } from "../../release/gate.ts";
import type { Release } from "../../release/version.ts";

const release = (stackVersion: string, bundleDigest: string): Release => ({ stackVersion, bundleDigest });
const pinned = (each: Release, digit: string): Release => ({
  ...each,
  tempoImage: `docker.io/grafana/tempo:3.0.3@sha256:${digit.repeat(64)}`,
});
const ours = release("0.2.0", "1111");
const candidate = (settings: Candidate["settings"] = { from: "staging" }): Candidate => ({
  stack: "prod",
  release: ours,
  settings,
});

function refusalOf(upstream: Release | undefined, own = ours): string {
  try {
    judgePromotion({ ...candidate(), release: own }, upstream);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail("the gate let it pass");
}

describe("the gate", () => {
  it("lets anything come to the first environment, and asks nobody", () => {
    assert.deepEqual(judgePromotion(candidate({}), undefined), { status: "first environment" });
  });

  it("lets come what runs upstream, and keeps what ran there", () => {
    assert.deepEqual(judgePromotion(candidate(), ours), {
      from: "staging",
      status: "equal",
      upstreamVersion: "0.2.0",
      upstreamDigest: "1111",
    });
  });

  it("goes by the bundle, not by the version's name", () => {
    assert.throws(() => judgePromotion(candidate(), release("0.2.0", "2222")), UserError);
    assert.equal(judgePromotion(candidate(), release("0.1.9", "1111")).status, "equal");
  });

  for (const [what, own, upstream] of [
    ["here alone", pinned(ours, "a"), { ...ours, tempoImage: "docker.io/grafana/tempo:3.0.3" }],
    ["upstream alone", ours, pinned(ours, "a")],
    [
      "in both, from another registry",
      pinned(ours, "a"),
      { ...ours, tempoImage: `registry.example.org/mirror/grafana/tempo:3.0.3@sha256:${"a".repeat(64)}` },
    ],
  ] as const) {
    it(`lets come an image that a digest pins ${what}`, () => {
      assert.equal(judgePromotion({ ...candidate(), release: own }, upstream).status, "equal");
    });
  }

  it("refuses another digest than upstream's behind the same tag, and says where to change it", () => {
    const [what, next] = refusalOf(pinned(ours, "a"), pinned(ours, "b")).split("\n");
    const named = (digit: string) => `version 0.2.0, bundle 1111, Tempo's image sha256:${digit.repeat(64)}`;
    assert.equal(
      what,
      `"prod" takes only what "staging" runs. "staging" runs ${named("a")}; this is ${named("b")}.`,
    );
    assert.equal(
      next,
      'Next: give tempo.image the same digest in the files of "staging" and "prod", and deploy "staging" first.',
    );
  });

  it("lets come for a reason what does not run upstream, and keeps the reason", () => {
    const overriding = candidate({ from: "staging", override: "hot fix" });
    assert.deepEqual(judgePromotion(overriding, release("0.1.0", "2222")), {
      from: "staging",
      status: "overridden",
      upstreamVersion: "0.1.0",
      upstreamDigest: "2222",
      reason: "hot fix",
    });
    assert.deepEqual(judgePromotion(overriding, undefined), {
      from: "staging",
      status: "overridden",
      reason: "hot fix",
    });
  });

  it("keeps no reason where none was needed", () => {
    const overriding = candidate({ from: "staging", override: "hot fix" });
    assert.deepEqual(judgePromotion(overriding, ours), judgePromotion(candidate(), ours));
  });

  for (const [rule, upstream, lines] of [
    [
      "what upstream does not run yet: what runs where, and what to run next",
      release("0.1.0", "2222"),
      [
        '"prod" takes only what "staging" runs. "staging" runs version 0.1.0, bundle 2222; this is version 0.2.0, bundle 1111.',
        'Next: pulumi up --stack staging, then this again for "prod".',
      ],
    ],
    [
      "a downgrade, by its name",
      release("0.10.0", "2222"),
      [
        '"prod" takes only what "staging" runs. "staging" runs version 0.10.0, bundle 2222; this is version 0.2.0, bundle 1111, a downgrade.',
        'Next: check out version 0.10.0 and run this again. To go back to 0.2.0 on purpose: pulumi up --stack staging, then this again for "prod".',
      ],
    ],
    [
      "anything while upstream was never deployed",
      undefined,
      [
        '"prod" takes only what "staging" runs. "staging" was never deployed, or by a version that did not tell its bundle; this is version 0.2.0, bundle 1111.',
        'Next: pulumi up --stack staging, then this again for "prod".',
      ],
    ],
  ] as const) {
    it(`refuses ${rule}`, () => {
      const [what, next, override, ...more] = refusalOf(upstream).split("\n");
      assert.deepEqual([what, next], lines);
      assert.equal(
        override,
        'To let it come all the same, say why: pulumi config set --stack prod --path promotion.override "<reason>"',
      );
      assert.deepEqual(more, []);
    });
  }
});
