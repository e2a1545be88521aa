import assert from "node:assert/strict";
import { UserError } from "../../errors.ts";
import { run } from "../program/run.ts";
import { attempt, engineError } from "./attempt.ts";

const from = { promotion: { from: "staging" } };

describe("the program", () => {
  let own: { stackVersion: string; bundleDigest: string };

  before(async () => {
    const { stackVersion, bundleDigest } = (await run("prod")).outputs;
    own = { stackVersion, bundleDigest };
  });

  it("asks the stack before it, of the same project and organization, and deploys when that runs the same", async () => {
    const { asked, outputs, registered } = await attempt(from, () => own);
    assert.deepEqual(asked, ["acme/llm-tracing/staging", "acme/llm-tracing/prod"]);
    assert.equal(outputs?.promotion.status, "equal");
    assert.ok(registered.some((name) => name.startsWith("kubernetes:apps/v1:StatefulSet")));
  });

  it("asks nobody else in the first environment", async () => {
    const { asked, outputs } = await attempt({}, () => null);
    assert.deepEqual(asked, ["acme/llm-tracing/prod"]);
    assert.deepEqual(outputs?.promotion, { status: "first environment" });
  });

  it("pins the image that the stack before it names by its tag, and refuses another than that pins", async () => {
    const image = (digit: string) => `docker.io/grafana/tempo:3.0.3@sha256:${digit.repeat(64)}`;
    const pinned = { ...from, tempo: { image: image("a") } };
    assert.equal((await attempt(pinned, () => own)).outputs?.promotion.status, "equal");
    const other = await attempt(pinned, () => ({ ...own, tempoImage: image("b") }));
    assert.match(
      String(other.failure?.message),
      /Tempo's image sha256:b+; this is .*Tempo's image sha256:a+\.$/m,
    );
    assert.deepEqual(other.registered, []);
  });

  for (const [what, answer] of [
    ["runs another bundle", () => ({ ...own, bundleDigest: "other" })],
    ["has no outputs", () => ({})],
    ["has null for its outputs", () => null],
    ["tells no bundle", () => ({ stackVersion: own.stackVersion })],
    ["tells no version", () => ({ bundleDigest: own.bundleDigest })],
    [
      "does not exist",
      () => {
        throw engineError('unknown stack "acme/llm-tracing/staging"');
      },
    ],
  ] as const) {
    it(`refuses, before anything is registered, when the stack before it ${what}`, async () => {
      const { failure, registered } = await attempt(from, answer);
      assert.ok(failure instanceof UserError, String(failure));
      assert.match(failure.message, /^"prod" takes only what "staging" runs\./);
      assert.deepEqual(registered, []);
    });

    it(`shows in a preview what would change, as refused, when the stack before it ${what}`, async () => {
      const { failure, registered, outputs } = await attempt(from, answer, { preview: true });
      assert.equal(failure, undefined);
      assert.deepEqual([outputs?.promotion.from, outputs?.promotion.status], ["staging", "refused"]);
      assert.deepEqual(registered, (await attempt(from, () => own)).registered);
    });
  }

  it("refuses with the engine's words when it cannot ask", async () => {
    const { failure, registered } = await attempt(from, () => {
      throw engineError("the backend is gone");
    });
    assert.ok(failure instanceof UserError, String(failure));
    assert.match(failure.message, /^Cannot tell what "staging" runs, .*the backend is gone/);
    assert.deepEqual(registered, []);
  });
});

describe("rendering without an engine", () => {
  for (const [environment, promotion] of [
    ["dev", { status: "first environment" }],
    ["staging", { from: "dev", status: "not checked" }],
    ["prod", { from: "staging", status: "not checked" }],
  ] as const) {
    it(`takes the gate of ${environment} as passed, and does not say that it was checked`, async () => {
      assert.deepEqual((await run(environment)).outputs.promotion, promotion);
    });
  }
});
