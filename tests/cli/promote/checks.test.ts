import assert from "node:assert/strict";
import {
  describeMove,
  requireNoDrift,
  requireNothingPending,
  requireRoute,
  requireSameRelease,
} from "../../../cli/promote/checks.ts";
import { UserError } from "../../../errors.ts";

const old = { stackVersion: "0.1.0", bundleDigest: "1111" };
const next = { stackVersion: "0.2.0", bundleDigest: "2222" };
const pinned = (digit: string) => ({
  ...next,
  tempoImage: `docker.io/grafana/tempo:3.0.3@sha256:${digit.repeat(64)}`,
});

describe("a promotion is refused", () => {
  for (const [rule, check, exitCode, says] of [
    [
      "on another way than the settings name",
      () => requireRoute("dev", "prod", "staging"),
      2,
      '"prod" is promoted from "staging" (promotion.from), not from "dev".',
    ],
    [
      "to the first environment",
      () => requireRoute("prod", "dev", undefined),
      2,
      '"dev" is promoted from nowhere (promotion.from is not set): deploy it with pulumi up --stack dev.',
    ],
    [
      "when there is nothing upstream",
      () => requireSameRelease("staging", undefined, next),
      1,
      '"staging" was never deployed, so there is nothing to promote: pulumi up --stack staging.',
    ],
    [
      "when the working tree is not what upstream runs",
      () => requireSameRelease("staging", old, next),
      1,
      '"staging" runs version 0.1.0, bundle 1111, but this working tree is version 0.2.0, bundle 2222: ' +
        'check out what "staging" runs, or deploy this there first (pulumi up --stack staging).',
    ],
    [
      "when the working tree names another digest than upstream runs",
      () => requireSameRelease("staging", pinned("a"), pinned("b")),
      1,
      `"staging" runs version 0.2.0, bundle 2222, Tempo's image sha256:${"a".repeat(64)}, but this working tree is ` +
        `version 0.2.0, bundle 2222, Tempo's image sha256:${"b".repeat(64)}: ` +
        'check out what "staging" runs, or deploy this there first (pulumi up --stack staging).',
    ],
    [
      "when upstream has drifted",
      () => requireNoDrift("staging", { same: 9, update: 1, delete: 1 }),
      1,
      '"staging" has drifted: 2 resources are not as deployed, so it shows nothing about what would be promoted. ' +
        "See which: pulumi refresh --preview-only --diff --stack staging. Mend it: pulumi up --refresh --stack staging.",
    ],
    [
      "when upstream is not up to date",
      () => requireNothingPending("staging", { same: 9, create: 1 }),
      1,
      '"staging" is not up to date: 1 resource is to change. Deploy it first: pulumi up --stack staging.',
    ],
  ] as const) {
    it(rule, () => {
      assert.throws(check, (error: unknown) => {
        assert.ok(error instanceof UserError, String(error));
        assert.equal(error.message, says);
        assert.equal(error.exitCode, exitCode);
        return true;
      });
    });
  }

  it("for none of these when all is in order", () => {
    requireRoute("staging", "prod", "staging");
    requireNoDrift("staging", { same: 10 });
    requireNothingPending("staging", { same: 10, update: 0 });
    assert.equal(
      requireSameRelease("staging", { ...next, stackVersion: "0.1.9" }, next).stackVersion,
      "0.1.9",
    );
  });
});

describe("what a promotion would do", () => {
  for (const [rule, deployed, coming, says] of [
    [
      "to a new environment",
      undefined,
      next,
      '"prod" runs nothing yet; it would get version 0.2.0, bundle 2222.',
    ],
    [
      "to one that runs another bundle",
      old,
      next,
      '"prod" runs version 0.1.0, bundle 1111; it would get version 0.2.0, bundle 2222.',
    ],
    [
      "back to an older version, by its name",
      next,
      old,
      '"prod" runs version 0.2.0, bundle 2222; it would get version 0.1.0, bundle 1111. This is a downgrade.',
    ],
    [
      "to one that has it, and may get another mirror or a digest",
      { ...next, tempoImage: "docker.io/grafana/tempo:3.0.3" },
      pinned("a"),
      '"prod" runs version 0.2.0, bundle 2222 already; only its own settings may have changed.',
    ],
    [
      "to one that would get another image behind the same tag",
      pinned("a"),
      pinned("b"),
      `"prod" runs version 0.2.0, bundle 2222, Tempo's image sha256:${"a".repeat(64)}; ` +
        `it would get version 0.2.0, bundle 2222, Tempo's image sha256:${"b".repeat(64)}.`,
    ],
  ] as const) {
    it(`is said ${rule}`, () => assert.equal(describeMove("prod", deployed, coming), says));
  }
});
