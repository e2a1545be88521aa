import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../errors.ts";
import program from "../../index.ts";
import type { Promotion } from "../../release/gate.ts";
import { run } from "../program/run.ts";

/** What the engine answers when it is asked for another stack's outputs, and how the program took it. */
interface Attempt {
  readonly asked: readonly string[];
  readonly registered: readonly string[];
  readonly promotion: Promotion | undefined;
  readonly failure: Error | undefined;
}

async function attempt(
  settings: object,
  answer: (stack: string) => object | null,
  { tempo = {}, preview = false }: { readonly tempo?: object; readonly preview?: boolean } = {},
): Promise<Attempt> {
  const asked: string[] = [];
  const registered: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type !== "pulumi:pulumi:Stack") registered.push(`${type} ${name}`);
        return { id: name, state: inputs as Record<string, unknown> };
      },
      call: ({ inputs }) => {
        const { name } = inputs as { name: string };
        asked.push(name);
        return { outputs: answer(name) };
      },
    },
    "llm-tracing",
    "prod",
    preview,
    "acme",
  );
  pulumi.runtime.setAllConfig({
    "llm-tracing:environment": "prod",
    "llm-tracing:cluster": JSON.stringify({ context: "prod" }),
    "llm-tracing:promotion": JSON.stringify(settings),
    "llm-tracing:tempo": JSON.stringify(tempo),
  });
  let failure: Error | undefined;
  let promotion: Promotion | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    try {
      ({ promotion } = await program());
    } catch (error) {
      failure = error as Error;
    }
    return {};
  });
  await pulumi.runtime.disconnect();
  return { asked, registered, promotion, failure };
}

/** An error as gRPC hands it over. */
const engineError = (details: string) => Object.assign(new Error(), { details });

const from = { from: "staging" };

describe("the program", () => {
  let own: { stackVersion: string; bundleDigest: string };

  before(async () => {
    const { stackVersion, bundleDigest } = (await run("prod")).outputs;
    own = { stackVersion, bundleDigest };
  });

  it("asks the stack before it, of the same project and organization, and deploys when that runs the same", async () => {
    const { asked, promotion, registered } = await attempt(from, () => own);
    assert.deepEqual(asked, ["acme/llm-tracing/staging"]);
    assert.equal(promotion?.status, "equal");
    assert.ok(registered.some((name) => name.startsWith("kubernetes:apps/v1:StatefulSet")));
  });

  it("asks nobody in the first environment", async () => {
    const { asked, promotion } = await attempt({}, () => assert.fail("asked"));
    assert.deepEqual(asked, []);
    assert.deepEqual(promotion, { status: "first environment" });
  });

  it("pins the image that the stack before it names by its tag, and refuses another than that pins", async () => {
    const image = (digit: string) => `docker.io/grafana/tempo:3.0.3@sha256:${digit.repeat(64)}`;
    const pinned = await attempt(from, () => own, { tempo: { image: image("a") } });
    assert.equal(pinned.promotion?.status, "equal");
    const other = await attempt(from, () => ({ ...own, tempoImage: image("b") }), {
      tempo: { image: image("a") },
    });
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
      const { failure, registered, promotion } = await attempt(from, answer, { preview: true });
      assert.equal(failure, undefined);
      assert.deepEqual([promotion?.from, promotion?.status], ["staging", "refused"]);
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
